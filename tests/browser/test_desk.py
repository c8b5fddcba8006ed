"""The walk of an editor and a publisher through the desk, in a real browser that objects to nothing."""

import csv
import io

import pytest

from commitments.models import Assessment, Edition
from tests.factories import make_published, make_source

pytestmark = pytest.mark.django_db(transaction=True)


def choose(page, select, text):
    """Choose from an autocomplete field as a person does: open it, read, type, read, take the first that is offered.

    Whoever types before the first answer has come makes the browser drop that request, which it reports as failed.
    """
    with page.expect_response(lambda answer: "/autocomplete/" in answer.url):
        page.locator(f"{select} + .select2 .select2-selection").click()
    with page.expect_response(lambda answer: "/autocomplete/" in answer.url):
        page.locator(".select2-container--open .select2-search__field").fill(text)
    page.locator(".select2-results__option", has_text=text).first.click()


def record_judgement(page, live_server, commitment):
    """Fill in an assessment, its evidence from a source that is added on the way."""
    page.goto(f"{live_server.url}/admin/commitments/assessment/add/")
    choose(page, "#id_commitment", commitment.title)
    page.locator("#id_as_of").fill("2026-11-20")
    page.get_by_label("Fulfilled What was promised has been done.").check()
    page.get_by_label("Rationale").fill("The official text records the payment.")
    page.locator("#id_confidence").select_option("high")
    with page.expect_popup() as opened:
        page.locator("#add_id_evidence-0-source").click()
    popup = opened.value
    popup.get_by_label("Title:", exact=True).fill("Report on the payment")
    popup.get_by_label("Publisher:").fill("Ministry A")
    popup.get_by_label("Kind:").select_option("official-document")
    popup.get_by_label("Language:").fill("en")
    assert popup.get_by_label("Key:").input_value() == "ministry-a"
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Save", exact=True).click()
    page.locator("#id_evidence-0-bearing").select_option("supports")
    page.locator("#id_evidence-0-shows").fill("It records the payment in full.")


def test_editor_records_publisher_previews_and_publishes(live_server, page, enter):
    commitment = make_published("pledge-a", title="Loan to State A")

    enter("editor")
    record_judgement(page, live_server, commitment)
    page.get_by_role("button", name="Save and submit").click()
    assert "Submitted." in page.locator(".messagelist").inner_text()

    enter("publisher")
    page.get_by_role("link", name="Awaiting a second person").first.click()
    page.get_by_role("link", name="pledge-a/").click()
    assert "Fulfilled, as of 20 November 2026" in page.locator(".desk-standing").inner_text()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Preview “Loan to State A”").click()
    opened.value.wait_for_load_state()
    assert "The official text records the payment." in opened.value.locator("main").inner_text()
    opened.value.close()
    assert Edition.objects.newest_number() == 1

    page.get_by_label("Note to readers").fill("The loan was paid out.")
    page.get_by_role("button", name="Publish as one edition").click()
    assert "Published in edition 2" in page.locator(".messagelist").inner_text()

    for address in ("/commitments/pledge-a/", "/commitments/?status=fulfilled", "/changes/"):
        page.goto(f"{live_server.url}{address}")
        assert "Loan to State A" in page.locator("main").inner_text()
    rows = csv.DictReader(io.StringIO(page.request.get(f"{live_server.url}/commitments.csv").text()))
    assert [(row["slug"], row["status"]) for row in rows] == [("pledge-a", "fulfilled")]


def test_published_record_is_corrected_and_retracted(live_server, page, enter):
    judged = make_published(
        "pledge-a", assessments=[{"status": "fulfilled", "sources": [make_source(kind="official-document")]}]
    ).assessments.get()
    address = f"{live_server.url}/admin/commitments/assessment/{judged.pk}/change/"

    enter("editor")
    page.goto(address)
    assert page.locator("textarea").count() == 0
    page.get_by_role("button", name="Correct").click()
    page.get_by_label("Rationale").fill("Only a part was paid.")
    page.get_by_role("button", name="Save draft").click()
    assert Assessment.objects.get(corrects=judged).rationale == "Only a part was paid."

    page.goto(address)
    page.get_by_role("link", name="Retract", exact=True).click()
    page.get_by_label("Reason").fill("The report was on another loan.")
    page.get_by_role("button", name="Ask for the retraction").click()
    assert "awaiting a second person" in page.locator(".messagelist").inner_text()


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
