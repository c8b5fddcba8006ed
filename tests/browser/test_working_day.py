"""A whole day at the desk, in a real browser: recorded, returned, mended, published, corrected, retracted."""

import csv
import io

import pytest

from commitments import workflow
from commitments.models import Assessment, Retraction
from tests.acts import reload
from tests.browser.conftest import choose
from tests.factories import make_assessment, make_person, make_published, make_source

pytestmark = pytest.mark.django_db(transaction=True)


class Day:
    """One browser in which an editor and a publisher take turns, and readers look at what came of it."""

    def __init__(self, page, site, enter):
        self.page, self.site, self.enter = page, site, enter

    def said(self):
        """What the desk says at the top of the page."""
        return self.page.locator(".messagelist").inner_text()

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name):
        self.page.get_by_role("link", name=name).first.click()

    def publish(self, *records, note):
        """Review the submitted drafts of those names together and publish them as one edition."""
        self.enter("publisher")
        self.follow("Awaiting a second person")
        for record in records:
            self.page.get_by_label(f"Choose {record}").check()
        self.press("Review the chosen ones")
        self.page.get_by_label("Note to readers").fill(note)
        self.page.get_by_role("button", name="as one edition").click()

    def read(self, address):
        """The text of a public page."""
        self.page.goto(f"{self.site}{address}")
        return self.page.locator("main").inner_text()

    def rows(self, address):
        """The rows of a CSV."""
        return list(csv.DictReader(io.StringIO(self.page.request.get(f"{self.site}{address}").text())))

    def statuses(self):
        return {row["slug"]: row["status"] for row in self.rows("/commitments.csv")}


def submit_another(commitment):
    """A colleague's draft that waits for a second person."""
    colleague = make_person("colleague", "Editor")
    draft = make_assessment(commitment, status="stalled", author=colleague, edited_by=colleague)
    workflow.submit(draft, by=colleague)
    return reload(draft)


def record(day, commitment):
    """The editor records a judgement and submits it; returns it."""
    page = day.page
    day.enter("editor")
    page.goto(f"{day.site}/admin/commitments/assessment/add/?commitment={commitment.pk}")
    page.locator("#id_as_of").fill("2026-11-20")
    page.get_by_label("Fulfilled What was promised has been done.").check()
    page.get_by_label("Rationale").fill("The official text records the payment.")
    page.locator("#id_confidence").select_option("high")
    choose(page, "#id_evidence-0-source", "Report on the payment")
    page.locator("#id_evidence-0-bearing").select_option("supports")
    page.locator("#id_evidence-0-shows").fill("It records the payment in full.")
    day.press("Save and submit")
    assert "Submitted." in day.said()
    return Assessment.objects.get(commitment=commitment)


def send_back(day, judged):
    """The publisher looks at the page as it would be, and returns the draft."""
    day.enter("publisher")
    day.follow("Awaiting a second person")
    day.follow(str(judged))
    with day.page.expect_popup() as opened:
        day.press("Preview “Loan to State A”")
    opened.value.wait_for_load_state()
    assert "The official text records the payment." in opened.value.locator("main").inner_text()
    opened.value.close()
    day.page.get_by_label("Reason").fill("Name the page.")
    day.press("Return to the author")
    assert "Returned" in day.said()


def mend(day):
    """The editor finds the returned draft on the first page, mends it and submits it again."""
    day.enter("editor")
    needs = day.page.locator(".desk-needs")
    assert "Name the page." in needs.inner_text()
    needs.get_by_role("link", name="loan/").first.click()
    day.page.locator("#id_evidence-0-locator").fill("p. 4")
    day.press("Save and submit")
    assert "Submitted." in day.said()


def correct(day, judged):
    """The author, told of the publication, corrects what was mistaken; returns the correction."""
    page = day.page
    day.enter("editor")
    assert "Two judgements of this week." in page.locator("#content").inner_text()
    page.goto(f"{day.site}/admin/commitments/assessment/{judged.pk}/change/")
    day.press("Correct")
    page.get_by_label("Partly fulfilled A part of").check()
    page.get_by_label("Rationale").fill("Only a part was paid.")
    page.locator("#id_correction_reason").fill("The report was of one half.")
    day.press("Save and submit")
    assert "Submitted." in day.said()
    return Assessment.objects.get(corrects=judged)


def ask_for_retraction(day, judged):
    """The editor asks for the withdrawal at the published record; returns the retraction."""
    day.enter("editor")
    day.page.goto(f"{day.site}/admin/commitments/assessment/{judged.pk}/change/")
    day.page.get_by_role("link", name="Retract", exact=True).click()
    day.page.get_by_label("Reason").fill("It was about another road.")
    day.press("Ask for the retraction")
    assert "awaiting a second person" in day.said()
    return Retraction.objects.get(assessment=judged)


def test_day_at_the_desk_ends_where_readers_see_it(live_server, page, enter):
    loan = make_published("loan", title="Loan to State A")
    other = submit_another(make_published("road", title="Road to State B"))
    make_source("report", title="Report on the payment", kind="official-document")
    day = Day(page, live_server.url, enter)

    judged = record(day, loan)
    send_back(day, judged)
    assert day.statuses() == {"loan": "not_assessed", "road": "not_assessed"}

    mend(day)
    day.publish(reload(judged), other, note="Two judgements of this week.")
    assert "Published in edition 3: 2 drafts." in day.said()
    assert day.statuses() == {"loan": "fulfilled", "road": "stalled"}
    assert "p. 4" in day.read("/commitments/loan/")
    assert "Two judgements of this week." in day.read("/changes/")
    assert {row["commitment"] for row in day.rows("/changes.csv?from_edition=3")} == {"loan", "road"}

    day.publish(correct(day, judged), note="")
    assert day.statuses() == {"loan": "partly_fulfilled", "road": "stalled"}
    assert "The report was of one half." in day.read("/commitments/loan/")
    assert page.locator("main s, main del").first.is_visible()
    (corrected,) = day.rows("/changes.csv?corrections=yes")
    assert corrected["commitment"] == "loan"
    assert "The report was of one half." in corrected["text"]

    day.publish(ask_for_retraction(day, other), note="")
    assert day.statuses() == {"loan": "partly_fulfilled", "road": "not_assessed"}
    assert "It was about another road." in day.read("/commitments/road/")
