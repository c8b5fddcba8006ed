"""Recording an assessment with the keyboard alone, in a real browser."""

from urllib.parse import quote

import pytest

from commitments.models import Assessment
from tests.factories import make_published, make_source

pytestmark = pytest.mark.django_db(transaction=True)

# What an experienced typist needs for one stroke, and for looking where the next field is.
SECONDS_A_STROKE, SECONDS_A_STOP = 0.2, 0.5


class Keyboard:
    """A person with a keyboard and nothing else; counts the strokes that are no text, and the letters."""

    def __init__(self, page):
        self.page, self.stops, self.letters = page, 0, 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.stops += 1

    def type(self, text):
        self.page.keyboard.type(text)
        self.letters += len(text)

    def focused(self):
        """The id of the element that has the focus, or of the field that a search box stands for."""
        return self.page.evaluate(
            "() => { const one = document.activeElement;"
            " if (one.classList.contains('select2-hidden-accessible')) return 'a list that nobody sees';"
            " const box = one.closest('.select2');"
            " return one.id || (box && box.previousElementSibling?.id) || one.tagName.toLowerCase(); }"
        )

    def reach(self, name, most=8):
        """Press Tab until the focus is on the element ``name``; fail where that takes more than ``most`` strokes."""
        for _ in range(most + 1):
            if self.focused() == name:
                return
            self.press("Tab")
        pytest.fail(f"{name} is not within {most} strokes of Tab; the focus is on {self.focused()}")

    def choose(self, text):
        """Open the search field that has the focus, type, and take the first that is offered."""
        self.press("Enter")
        self.page.locator(".select2-container--open .select2-search__field:focus").wait_for()
        with self.page.expect_response(lambda answer: f"?term={quote(text)}" in answer.url.replace("+", "%20")):
            self.type(text)
        self.page.locator(".select2-results__option--highlighted", has_text=text).wait_for()
        self.press("Enter")


def test_assessment_with_a_new_source_is_recorded_by_keyboard_alone(live_server, page, enter):
    make_published("pledge-b", title="Another plan")
    make_published(
        "pledge-a", title="Loan to State A", target_quantity=900, target_unit="USD", target_measure="credits"
    )
    enter("editor")
    page.goto(f"{live_server.url}/admin/commitments/assessment/add/")
    keys, verdict = Keyboard(page), page.locator("#desk-verdict")

    keys.reach("id_commitment", most=2)
    keys.choose("Loan to")
    page.locator("#desk-promise", has_text="State A promised pledge-a.").wait_for()
    keys.reach("id_as_of", most=1)
    keys.type("2026-11-20")
    keys.reach("id_status_0", most=5)
    keys.press("Space")
    keys.reach("id_progress")
    keys.type("450")
    page.locator("#desk-measure", has_text="50 % of the target of 900 USD").wait_for()
    keys.reach("id_rationale", most=1)
    keys.type("The ministry reports that it was paid.")
    keys.reach("id_confidence", most=1)
    keys.type("H")
    keys.reach("id_evidence-0-source")
    page.locator("#desk-verdict", has_text="Evidence rule not met yet").wait_for()
    keys.reach("summary", most=2)
    keys.press("Enter")
    for field, text in (
        ("title", "Report on the payment"),
        ("publisher", "Ministry A"),
        ("url", "https://example.org/payment"),
        ("published", "2026-11-19"),
        ("kind", "Official d"),
        ("language", "en"),
    ):
        keys.reach(f"id_evidence-0-new-{field}", most=1)
        keys.type(text)
    keys.reach("id_evidence-0-bearing", most=3)
    keys.type("S")
    keys.reach("id_evidence-0-locator", most=1)
    keys.type("p. 2")
    keys.reach("id_evidence-0-shows", most=1)
    keys.type("It records the payment.")
    page.locator("#desk-verdict", has_text="Nothing stands against submitting it.").wait_for()
    assert "Evidence rule met" in verdict.inner_text()
    while page.evaluate("() => document.activeElement.name") != "_submit":
        keys.press("Tab")
        assert keys.stops < 80
    keys.press("Enter")

    page.locator(".messagelist", has_text="Submitted.").wait_for()
    draft = Assessment.objects.get()
    row = draft.evidence.get()
    assert (draft.state, draft.commitment.slug, draft.status, draft.progress) == (
        "submitted",
        "pledge-a",
        "fulfilled",
        450,
    )
    assert (draft.confidence, row.bearing, row.locator) == ("high", "supports", "p. 2")
    assert (row.source.key, row.source.kind) == ("ministry-a-2026-11-19", "official-document")
    assert keys.letters * SECONDS_A_STROKE + keys.stops * SECONDS_A_STOP < 60, (keys.letters, keys.stops)


def test_rows_are_added_by_keyboard_and_check_saves_nothing(live_server, page, enter):
    commitment = make_published("pledge-a", title="Loan to State A")
    make_source("report-a", title="Report A", publisher="Bureau A")
    enter("editor")
    page.goto(f"{live_server.url}/admin/commitments/assessment/add/?commitment={commitment.pk}")
    keys = Keyboard(page)

    page.locator("#id_as_of").fill("2026-11-20")
    page.get_by_label("In progress Work on it").check()
    page.get_by_role("button", name="Add another Evidence").focus()
    keys.press("Enter")
    assert keys.focused() == "id_evidence-1-source"
    keys.choose("Bureau A")
    keys.reach("id_evidence-1-bearing", most=4)
    keys.type("S")
    page.locator("#desk-verdict", has_text="Evidence rule met").wait_for()
    page.locator("#id_evidence-1-locator").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/verdict/")):
        keys.press("Enter")
    page.locator("#desk-verdict", has_text="Fill in “Rationale”.").wait_for()

    assert page.url.endswith(f"/add/?commitment={commitment.pk}")
    assert "Report A (Bureau A, 2006-06, News report)" in page.locator("#evidence-1").inner_text()
    assert not Assessment.objects.exists()
