"""Every list and form of the desk opens in a real browser that objects to nothing."""

import pytest

from tests.browser.conftest import choose
from tests.factories import make_published

pytestmark = pytest.mark.django_db(transaction=True)


def test_pages_of_the_desk_work_without_anything_that_the_policy_blocks(live_server, page, enter):
    commitment = make_published("pledge-a", assessments=[{}])

    enter("editor")
    page.get_by_role("button", name="Toggle theme").click()
    for noun in ("commitment", "assessment", "source", "summit", "party", "theme", "reply", "edition", "standing"):
        page.goto(f"{live_server.url}/admin/commitments/{noun}/")
        assert page.locator("#changelist").is_visible()
    page.goto(f"{live_server.url}/admin/commitments/commitment/{commitment.pk}/change/")
    choose(page, "#id_related", commitment.title)
    page.goto(f"{live_server.url}/admin/commitments/commitment/{commitment.pk}/history/")
    page.goto(f"{live_server.url}/admin/commitments/assessment/add/")
    page.get_by_role("button", name="Add another Evidence").click()
    assert page.locator("#id_evidence-1-shows").is_visible()
    page.locator(".field-as_of .datetimeshortcuts a").last.click()
    page.locator(".calendarbox:visible td a").first.click()
    assert page.locator("#id_as_of").input_value()
