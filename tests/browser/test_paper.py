"""Printed by a real browser, a page is a briefing sheet; and its structured data passes the page's own policy."""

import io
import json
import unicodedata

import pytest
from pypdf import PdfReader

from tests.acts import judge, reload
from tests.factories import make_party, make_published, make_source, make_summit

pytestmark = pytest.mark.django_db(transaction=True)

NOT_ON_PAPER = ("How we judge", "Skip to the content", "No cookies", "As of the day", "All commitments as CSV")


@pytest.fixture
def register():
    """One promise with two judgements, its minutes, one source that may be named and one that may not."""
    minutes = make_source("minutes", title="Minutes of the meeting", url="https://example.org/the-minutes")
    well = make_published(
        "well",
        title="Dig two hundred wells",
        pledged_by=[make_party("A")],
        summit=make_summit("north-2005", name="North 2005", source=minutes),
        source=minutes,
        assessments=[{"rationale": "They had begun.", "sources": [make_source("old", title="An old report")]}],
    )
    report = make_source("report", title="Report on wells", url="https://example.org/wells-report")
    secret = make_source("zzsecret", title="Zzsecret title", publisher="Zzsecret publisher", terms="no_citation")
    judge(
        reload(well),
        status="stalled",
        as_of=well.assessments.get().as_of.replace(year=2007),
        rationale="The drill broke.",
        sources=[report, secret],
    )
    return well


def printed(page, address):
    """(text with single spaces, number of pages) of the sheet that the browser prints, in A4."""
    page.goto(address)
    reader = PdfReader(io.BytesIO(page.pdf(format="A4")))
    # Some fonts print "fi" as one sign.
    text = unicodedata.normalize("NFKC", " ".join(one.extract_text() for one in reader.pages))
    return " ".join(text.split()), len(reader.pages)


def test_commitment_fits_a_sheet_with_moment_address_and_sources(live_server, page, register):
    text, pages = printed(page, f"{live_server.url}/commitments/well/")

    assert pages <= 2
    assert "SCO Commitment Tracker" in text
    assert "As of 24 November 2026, as published by edition 2." in text
    assert f"{live_server.url}/commitments/well/?as_of=2026-11-24&edition=2" in text.replace("? as_of", "?as_of")
    for said in ("Dig two hundred wells", "Stalled", "The drill broke.", "They had begun.", "1 / "):
        assert said in text
    assert "Minutes of the meeting" in text
    for source in ("https://example.org/the-minutes", "https://example.org/wells-report"):
        assert source in "".join(text.split())
    assert "source that may not be cited without its author" in text
    assert "secret" not in text.casefold()
    assert [one for one in NOT_ON_PAPER if one in text] == []


def test_judgement_that_holds_comes_first_and_earlier_ones_are_short(live_server, page, register):
    text, _pages = printed(page, f"{live_server.url}/commitments/well/")

    history = text[text.index("The record, newest first") :]
    order = [history.index(one) for one in ("The drill broke.", "Report on wells", "in short", "They had begun.")]
    assert order == sorted(order)
    assert "An old report" not in text


@pytest.mark.parametrize("address", ["/summits/north-2005/", "/parties/A/"])
def test_summit_and_party_name_the_documents_of_their_promises(live_server, page, register, address):
    text, pages = printed(page, f"{live_server.url}{address}?edition=1")

    assert pages <= 2
    assert "Dig two hundred wells" in text
    assert "In progress" in text
    assert f"{address}?as_of=2026-11-24&edition=1" in text
    assert "Where these promises are recorded" in text
    assert "https://example.org/the-minutes" in "".join(text.split())
    assert [one for one in NOT_ON_PAPER if one in text] == []


def test_screen_does_not_show_what_is_for_paper(live_server, page, register):
    page.goto(f"{live_server.url}/summits/north-2005/")

    assert page.locator(".on-paper").count() >= 2
    assert not any(one.is_visible() for one in page.locator(".on-paper").all())


def test_structured_data_passes_the_policy(live_server, page, register):
    """The page fixture fails if the browser blocks anything."""
    page.goto(f"{live_server.url}/commitments/well/")

    found = json.loads(page.locator('script[type="application/ld+json"]').text_content())
    assert [node["@type"] for node in found["@graph"]] == ["WebPage", "BreadcrumbList"]
