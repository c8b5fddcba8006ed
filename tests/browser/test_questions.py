"""The questions that readers bring, answered from the first page in at most two clicks, on the shipped catalogue.

A form that is filled in and sent counts as one click.
"""

import pytest

from commitments.catalogue.loader import load
from tests.catalogue.real import FOLDER

pytestmark = pytest.mark.django_db


def main_text(page):
    return " ".join(page.locator("main").inner_text().split())


def what_became_of_the_900_million(home):
    home.get_by_label("What became of …?").fill("900 million")
    home.get_by_label("What became of …?").press("Enter")
    home.wait_for_url("**/commitments/?*")
    home.locator("table.commitments tbody th a").first.click()
    home.wait_for_url("**/commitments/buyers-credit-900m/")

    said = main_text(home)
    assert "USD 900 million of Chinese buyer's credit" in said
    assert "Partly fulfilled" in said
    assert "606,547,451 of 900,000,000 USD (67 %)" in said


def what_the_astana_summit_has_come_to(home):
    home.locator("section[aria-labelledby=by-summit]").get_by_role("link", name="Astana summit 2005").click()
    home.wait_for_url("**/summits/astana-2005/")

    said = main_text(home)
    assert "24 commitments are on record" in said
    rows = home.locator("table.scorecard tbody tr").all_inner_texts()
    assert next(row.split() for row in rows) == ["Fulfilled", "2", "9", "%"]


def what_china_promised_and_who_says_it_was_done(home):
    home.locator(".doors").get_by_role("link", name="China").click()
    home.wait_for_url("**/parties/CN/")

    said = main_text(home)
    assert "It made 98 commitments on record, 49 of them alone" in said
    assert "rest only on the word of those who made the promise" in said


def what_changed_since_my_last_visit(home):
    home.get_by_label("What changed since my last visit on …?").fill("2026-11-01")
    home.locator("form.door", has=home.locator("#door-from")).get_by_role("button").click()
    home.wait_for_url("**/changes/?*")

    assert "Edition 1, 24 November 2026" in main_text(home)


def what_was_known_in_september_2006(home):
    home.get_by_label("What was known on …?").fill("2006-09-30")
    home.locator("form.door", has=home.locator("#door-as-of")).get_by_role("button").click()
    home.wait_for_url("**/?as_of=2006-09-30")

    assert "48 commitments are on record" in main_text(home)
    assert "As of 30 September 2006" in " ".join(home.locator(".moment").inner_text().split())


QUESTIONS = (
    what_became_of_the_900_million,
    what_the_astana_summit_has_come_to,
    what_china_promised_and_who_says_it_was_done,
    what_changed_since_my_last_visit,
    what_was_known_in_september_2006,
)


def test_every_question_is_answered_in_two_clicks(reader):
    load(FOLDER)

    for answered in QUESTIONS:
        reader.open("/")
        answered(reader.page)
