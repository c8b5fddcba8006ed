"""/quality/"""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.acts import correct, judge, reload, retract
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.pages import main_of, page_at
from tests.registers import make_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    """One promise that nobody could check, one checkable in part, one in full, a call on others; one correction."""
    theme, summit = make_theme("water", name="Water"), make_summit("north-2005", name="North 2005")
    place = {"theme": theme, "summit": summit, "pledged_by": [make_party("AA")]}
    make_published(
        "vague", title="Strive", checkable="no", checkable_note="It names no act.", kind="policy",
        obligation="aspirational", **place,
    )  # fmt: skip
    make_published("some", title="Meet", checkable="partly", checkable_note="Meetings can be counted.", **place)
    make_published(
        "call", checkable="no", basis="call-on-others", checkable_note="Nobody promised.", theme=theme, summit=summit
    )
    well = make_published("well", due=datetime.date(2007, 1, 1), source=make_source("paper"), **place)
    correct(judge(well), status="stalled")
    retract(judge(reload(well), as_of=datetime.date(2006, 12, 1)))
    draft = make_commitment("draft", checkable="no", checkable_note="Not public yet.")
    make_assessment(draft)


def figures(main, name):
    """{first cell: the other cells} of the table that an id names."""
    table = main.one("div", class_="table-wrap", aria_labelledby=name).one("table")
    rows = [[cell.text for cell in row if cell.tag in ("th", "td")] for row in table.one("tbody").all("tr")]
    return {row[0]: row[1:] for row in rows}


def test_it_says_how_many_promises_could_never_be_checked(client, register):
    page = page_at(client, "/quality/")

    assert page.one("title").text.startswith("1 of 3 promises could never be checked")
    assert page.one("p", class_="lede").text == (
        "Of 3 promises, 1 could never be checked and 1 only in part: their wording does not say enough."
    )
    assert figures(page, "checkable") == {
        "Checkable": ["1", "33 %", "The outcome can be told from public facts."],
        "Partly checkable": ["1", "33 %", "A part of the outcome can be told from public facts."],
        "Not checkable": ["1", "33 %", "Nothing in the wording can be checked. Left out of totals."],
    }


def test_it_lists_the_reasons_and_leaves_others_and_drafts_out(client, register):
    main = main_of(client, "/quality/")
    never, partly = main.all("ul", class_="reasons")

    assert [one.text for one in never.all("li")] == ["Strive Water · North 2005, 5 July 2005 It names no act."]
    assert [one.text for one in partly.all("li")] == ["Meet Water · North 2005, 5 July 2005 Meetings can be counted."]
    assert [one.text for one in main.all("ul", class_="lacking")[0].all("li")] == [
        "1 naming an aim only",
        "1 naming no amount",
        "1 naming no deadline",
    ]
    assert "Calls on others and recommendations, 1 of them, are left out" in main.text
    assert "Not public yet." not in main.text


def test_ingredients_are_counted_with_a_bar_each(client, register):
    main = main_of(client, "/quality/")

    assert figures(main, "named") == {
        "Who Who is to act?": ["", "3", "0", "0"],
        "What What is to be done?": ["", "2", "0", "1"],
        "How much How much of it?": ["", "0", "", "3"],
        "By when By which day?": ["", "1", "", "2"],
        "Checkable how Could anybody tell that it was done, and by what?": ["", "1", "1", "1"],
    }
    bars = [one.get("aria-label") for one in main.all("svg", class_="bar")]
    assert bars[1] == "What: named 2, in part 0, not named 1"
    assert figures(main, "how-many")["1 of 5"] == ["1", "33 %"]


def test_our_own_record_is_measured_with_denominators(client, register):
    main = main_of(client, "/quality/")

    found = {name: cells[:3] for name, cells in figures(main, "record").items()}
    assert found["Judged"] == ["1", "2", "50 %"]
    assert found["Resting on an official source"] == ["1", "1", "100 %"]
    assert found["Resting on one source only"] == ["1", "1", "100 %"]
    assert found["Open, and judged over 12 months before"] == ["1", "1", "100 %"]
    kept = {name: cells[:4] for name, cells in figures(main, "sources").items()}
    assert [cells[0] for cells in kept.values()] == ["0", "0"]
    assert "1 corrections and 1 retractions stand against 2 published judgements." in main.text


def behind(client, address):
    """How many records the page at an address lists."""
    main = main_of(client, address)
    if address.startswith("/changes/"):
        return sum(len(table.one("tbody").all("tr")) for table in main.all("table"))
    words = main.one("p", class_="lede").text.split()
    return int(words[0])


@pytest.mark.parametrize("query", ["", "?as_of=2006-01-20", "?edition=3"])
def test_every_number_is_as_long_as_the_list_it_opens(client, register, query):
    numbers = [(text, address) for text, address in main_of(client, f"/quality/{query}").links if text.isdigit()]

    assert len(numbers) >= 50
    for text, address in numbers:
        assert int(text) == behind(client, address), address
        assert query[1:] in address, address


def test_an_earlier_moment_counts_only_what_held_then(client, register):
    before = main_of(client, "/quality/?edition=1")

    assert before.one("p", class_="lede").text.startswith("Of 1 promises, 1 could never be checked and 0 only in part")
    assert "1 corrections" not in before.text
    assert before.all("h3", id="sources")[0].text == "How our sources are kept"
    assert "known for the present only" in before.text


def test_sources_do_not_change_a_page_of_another_moment(client, register):
    pinned = "/quality/?as_of=2026-11-24&edition=6"
    before = main_of(client, pinned).text
    source = make_source("late", archived_url="https://example.org/copy")
    make_published("later", source=source, checkable="no")

    assert main_of(client, pinned).text == before
    assert main_of(client, "/quality/").text != before


def test_many_without_a_reason_to_stop_are_cut_and_lead_to_all(client):
    theme, summit, source = make_theme(), make_summit(), make_source()
    place = {"theme": theme, "summit": summit, "source": source, "pledged_by": [make_party()]}
    publish(*(make_commitment(checkable="no", **place) for _one in range(51)))

    main = main_of(client, "/quality/")

    assert len(main.one("ul", class_="reasons").all("li")) == 50
    assert ("All 51; these are the newest 50", "/commitments/?promise=yes&checkable=no") in main.links


def test_nothing_published_is_said(client):
    assert main_of(client, "/quality/").one("p", class_="lede").text == "Nothing has been published at this moment."


def test_wrong_parameter_is_refused(client):
    assert "The parameter “checkable” cannot be “no”." in main_of(client, "/quality/?checkable=no", status=400).text


def test_footer_leads_here_at_the_moment(client, register):
    footer = page_at(client, "/?edition=1").one("footer")

    assert ("How good the record is", "/quality/?edition=1") in footer.links


@pytest.mark.parametrize("number", [8, 40])
def test_few_and_many_take_the_same_queries(client, number):
    make_register(number)

    with CaptureQueriesContext(connection) as queries:
        client.get("/quality/")

    assert len(queries) == 14
