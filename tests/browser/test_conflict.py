"""Two editors with one draft open, each in a browser of their own: the second to save chooses, and nothing is lost."""

import pytest

from commitments.models import Assessment
from tests.browser import tools
from tests.browser.conftest import PASSWORD, watch
from tests.browser.test_accessibility import RULES, RUN
from tests.factories import make_assessment, make_person, make_published, make_source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk_of(browser, live_server, people, complaints):
    """Open the desk of somebody in a new browser session, with axe-core in its pages."""
    contexts = []

    def desk_of(name):
        contexts.append(browser.new_context(locale="en-GB", timezone_id="UTC"))
        contexts[-1].add_init_script(path=tools.AXE)
        page = contexts[-1].new_page()
        watch(page, complaints)
        page.goto(f"{live_server.url}/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{live_server.url}/admin/")
        return page

    yield desk_of
    for context in contexts:
        context.close()
    assert complaints == []


def serious(page):
    """What axe-core finds serious or critical, on a wide and on a narrow screen."""
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found += [one for one in page.evaluate(RUN, [RULES, 100, False]) if one["impact"] in ("serious", "critical")]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return found


def test_second_editor_sees_both_versions_chooses_and_saves(desk_of, live_server):
    second = make_person("second", "Editor")
    second.set_password(PASSWORD)
    second.save()
    draft = make_assessment(make_published(), author=second, sources=[make_source(), make_source()])
    address = f"{live_server.url}/admin/commitments/assessment/{draft.pk}/change/"
    mine, theirs = desk_of("editor"), desk_of("second")
    for page in (mine, theirs):
        page.goto(address)

    theirs.get_by_label("Rationale").fill("Theirs.")
    theirs.locator("#id_evidence-0-shows").fill("They saw more.")
    theirs.get_by_role("button", name="Save draft").click()
    theirs.wait_for_selector(".messagelist .success")
    mine.get_by_label("Rationale").fill("Mine.\nOn two lines.")
    mine.locator("#id_note").fill("My note.")
    mine.locator("#id_evidence-1-DELETE").check()
    mine.get_by_role("button", name="Save draft").click()

    assert "Saved by second" in mine.locator("#content-main").inner_text()
    rationale = mine.get_by_role("group", name="Rationale")
    assert "changed on both sides" in rationale.inner_text()
    for text in ("Because of in_progress.", "Mine.\nOn two lines.", "Theirs."):
        assert text in rationale.inner_text()
    assert rationale.get_by_label("Keep mine").is_checked()
    assert mine.get_by_role("group", name="Note").get_by_label("Keep mine").is_checked()
    assert mine.get_by_role("group", name="Shows").get_by_label("Take theirs").is_checked()
    assert serious(mine) == []

    rationale.get_by_label("Take theirs").check()
    mine.get_by_role("button", name="Save as chosen").click()
    assert "Saved as a draft." in mine.locator(".messagelist").inner_text()
    stored = Assessment.objects.get(pk=draft.pk)
    assert (stored.rationale, stored.note) == ("Theirs.", "My note.")
    assert [row.shows for row in stored.evidence.all()] == ["They saw more."]

    mine.get_by_role("link", name="History").first.click()
    assert "editor deleted evidence" in mine.locator(".desk-trail").inner_text()
    assert serious(mine) == []
