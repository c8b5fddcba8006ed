"""commitments/findings.py: what a page has found, in a title and a description."""

import datetime

import pytest

from commitments import findings
from commitments.scorecard import Scorecard
from tests.factories import make_published, make_source, make_summit
from tests.heads import metas
from tests.pages import page_at


def card(**counts):
    """A Scorecard with so many counted commitments of each status."""
    found = Scorecard()
    for status, number in counts.items():
        found.add(status=status, counted=True, self_reported=False, overdue=False, number=number)
    return found


def title_of(client, address):
    return page_at(client, address).one("head").one("title").text.removesuffix(" · SCO Commitment Tracker")


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "no promise that counts"),
        ({"fulfilled": 1}, "1 of 1 counted promise fulfilled"),
        ({"stalled": 3}, "0 of 3 counted promises fulfilled"),
        (
            {"fulfilled": 2, "partly_fulfilled": 3, "not_fulfilled": 1, "no_evidence": 4, "not_assessed": 5},
            "2 of 15 counted promises fulfilled, 3 partly, 1 not, 4 without evidence, 5 not assessed",
        ),
    ],
)
def test_tally_names_the_denominator_and_no_noughts(counts, said):
    assert findings.tally(card(**counts)) == said


def test_text_is_cut_between_words():
    assert findings.clip("one  two\nthree") == "one two three"
    assert findings.clip("one two, three", 10) == "one two…"
    assert len(findings.clip("word " * 100)) <= 160


def test_text_without_spaces_is_cut_all_the_same():
    assert findings.clip("水" * 200) == "水" * 159 + "…"


def test_description_takes_the_sentences_that_have_room():
    found = findings.finding("Title", "First.", "", "x" * 200)

    assert found.description.startswith("First. ")
    assert len(found.description) <= 160


@pytest.mark.django_db
def test_home_says_what_came_of_everything(client):
    make_published(assessments=[{"status": "fulfilled", "sources": [make_source(kind="official-document")]}])
    make_published(assessments=[{"status": "no_evidence"}])
    make_published(basis="call-on-others")

    page = page_at(client, "/")

    assert (
        page.one("head").one("title").text.startswith("1 of 2 counted summit promises fulfilled, 1 without evidence · ")
    )
    assert metas(page)["description"] == (
        "3 commitments are on record, 2 of them in the totals; of these 2 are assessed, 0 overdue, 0 self-reported. "
        "Each judgement is dated, sourced and reviewed."
    )


@pytest.mark.django_db
def test_home_without_anything_published_says_so(client):
    page = page_at(client, "/")

    assert page.one("head").one("title").text == "What summits promised, and what came of it · SCO Commitment Tracker"
    assert metas(page)["description"].startswith("No commitment is on record here.")


@pytest.mark.django_db
def test_commitment_says_what_came_of_it_and_why(client):
    north = make_summit("north-2005", name="North 2005")
    make_published("well", title="Dig wells", summit=north, assessments=[{"rationale": "Ninety <b>wells</b> & more."}])

    page = page_at(client, "/commitments/well/")

    assert page.one("head").one("title").text == "Dig wells — in progress as of 15 June 2006 · SCO Commitment Tracker"
    assert metas(page)["description"] == (
        "Ninety <b>wells</b> & more. Promised on 5 July 2005 at North 2005. State A promised well."
    )


@pytest.mark.django_db
def test_commitment_without_judgement_says_what_was_promised(client):
    make_published("well", title="Dig wells", summary="Two hundred wells were promised.")

    page = page_at(client, "/commitments/well/")

    assert page.one("head").one("title").text == "Dig wells — not assessed · SCO Commitment Tracker"
    assert metas(page)["description"].startswith("Two hundred wells were promised. Promised on 5 July 2005 at ")


@pytest.mark.django_db
def test_title_names_the_moment_when_it_is_not_now(client):
    make_published("well", title="Dig wells", assessments=[{}])

    day = title_of(client, "/commitments/well/?as_of=2006-01-01")
    edition = title_of(client, "/commitments/well/?edition=1")
    both = title_of(client, "/commitments/well/?as_of=2006-07-01&edition=1")

    assert day == "Dig wells — not assessed (1 January 2006)"
    assert edition == "Dig wells — in progress as of 15 June 2006 (edition 1)"
    assert both == "Dig wells — in progress as of 15 June 2006 (1 July 2006, edition 1)"


@pytest.mark.django_db
def test_groups_and_lists_say_what_came_of_theirs(client):
    north = make_summit("north-2005", name="North 2005", date=datetime.date(2005, 7, 5))
    one = make_published("one", summit=north, assessments=[{"status": "stalled"}])
    make_published("two")
    party, theme, source = one.pledged_by.get(), one.theme, one.source

    tally = "0 of 1 counted promise fulfilled"
    expected = {
        "/summits/north-2005/": f"North 2005: {tally}",
        f"/parties/{party.code}/": f"What {party} promised: {tally}",
        f"/themes/{theme.slug}/": f"{theme}: {tally}",
        f"/sources/{source.key}/": f"{source.title}: 1 record rests on it",
        "/commitments/": "2 commitments: 0 of 2 counted promises fulfilled, 1 not assessed",
        "/commitments/?status=stalled": "1 of 2 commitments: Stalled",
        "/summits/": "2 summits: 0 of 2 counted promises fulfilled, 1 not assessed",
        "/themes/": "2 themes: 0 of 2 counted promises fulfilled, 1 not assessed",
        "/parties/": "4 parties, 2 with a promise on record",
        "/sources/": "3 documents on which the record rests",
        "/sources/?q=nothing": "0 documents on which the record rests, with the words “nothing”",
        "/changes/": "What changed: 3 records published up to edition 2",
    }
    assert {address: title_of(client, address) for address in expected} == expected
