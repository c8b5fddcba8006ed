"""/"""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.acts import judge, retract
from tests.factories import make_commitment, make_published, make_summit, make_theme, publish
from tests.pages import main_of, page_at

pytestmark = pytest.mark.django_db

BEFORE, AFTER = datetime.date(2026, 11, 23), datetime.date(2026, 11, 25)


def section(main, name):
    return main.one("section", aria_labelledby=name)


def rows(part):
    """[(heading, number, …)] of the table of a section."""
    table = part.one("table")
    return [[cell.text for cell in row.children if getattr(cell, "tag", "") in ("th", "td")] for row in table.all("tr")]


@pytest.fixture
def register():
    """Two fulfilled, one stalled and late, one not assessed, one left out: on two themes and at two summits."""
    water, roads = make_theme("water", name="Water", position=1), make_theme("roads", name="Roads", position=2)
    north = make_summit("north-2005", name="North 2005")
    south = make_summit("south-2006", name="South 2006", date=datetime.date(2006, 6, 15))
    at_north = {"summit": north, "theme": water}
    at_south = {"summit": south, "theme": roads, "made_on": datetime.date(2006, 6, 15)}
    make_published("one", **at_north, assessments=[{"status": "fulfilled"}])
    make_published("two", **at_south, assessments=[{"status": "fulfilled"}])
    make_published("three", **at_north, due=BEFORE, assessments=[{"status": "stalled"}])
    make_published("four", **at_south, due=AFTER)
    make_published("five", **at_north, due=BEFORE, basis="call-on-others", assessments=[{"status": "stalled"}])


def test_totals_have_their_denominator_and_open_the_lists_behind_them(client, register):
    main = main_of(client, "/")

    assert main.one("p", class_="lede").text.startswith("5 commitments are on record. 4 count in the totals; 1 do not,")
    totals = section(main, "totals")
    assert [one.text for one in totals.all("li", class_="headline")] == [
        "2 fulfilled 50 %",
        "0 partly fulfilled 0 %",
        "1 open 25 %",
        "0 not fulfilled 0 %",
        "0 superseded 0 %",
        "0 no evidence found 0 %",
        "1 not assessed 25 %",
    ]
    assert "Shares are of the 4 counted. 1 are overdue;" in totals.text
    assert ("2 fulfilled", "/commitments/?status=fulfilled&totals=counted") in totals.links
    opened = "/commitments/?status=in_progress&status=stalled&status=not_started&totals=counted"
    assert ("1 open", opened) in totals.links
    assert ("1", "/commitments/?totals=left-out") in totals.links


def test_every_part_of_a_bar_is_the_list_it_opens(client, register):
    main = main_of(client, "/")
    parts = [link for bar in main.all("svg", class_="bar") for link in bar.all("a")]

    assert len(parts) >= 9
    for link in parts:
        number = int(link.get("aria-label").rsplit(": ", 1)[1])
        listed = main_of(client, link.get("href")).all("table", class_="commitments")
        assert number == sum(len(table.one("tbody").all("tr")) for table in listed), link.get("href")


def test_picture_of_the_years_stands_on_the_page_with_its_numbers(client, register):
    figure = section(main_of(client, "/"), "over-time").one("figure", id="status-over-time")

    assert figure.all("svg")
    assert "/charts/status-over-time.svg" in figure.addresses
    assert [row[0] for row in rows(figure)][-1] == "2026"


def test_quality_of_the_promises_is_summed_up(client, register):
    make_published("vague", checkable="no", checkable_note="It names no act.", assessments=[{}])

    part = section(main_of(client, "/"), "checkable")

    assert part.one("p", class_="prose").text == (
        "Of 5 promises, 1 could never be checked and 0 only in part: their wording does not say enough."
    )
    assert part.links[1] == ("1", "/commitments/?promise=yes&checkable=no")
    assert "What those that could never be checked lack: 1 naming no amount" in part.text
    assert part.addresses[-1] == "/quality/"


def test_doors_answer_the_questions_that_readers_bring(client, register):
    doors = main_of(client, "/").one("section", class_="doors")

    forms = {
        form.all("label")[0].text: (form.get("action"), form.all("input")[0].get("name")) for form in doors.all("form")
    }
    assert forms == {
        "What became of …?": ("/commitments/", "q"),
        "What changed since my last visit on …?": ("/changes/", "from"),
        "What was known on …?": ("/", "as_of"),
    }
    assert doors.addresses[:3] == ["/summits/south-2006/", "/summits/north-2005/", "#by-summit"]
    assert len([one for one in doors.addresses if one.startswith("/parties/")]) == 5


def test_doors_keep_the_moment(client, register):
    doors = main_of(client, "/?as_of=2006-09-14&edition=3").one("section", class_="doors")

    kept = [
        {one.get("name"): one.get("value") for one in form.all("input", type="hidden")} for form in doors.all("form")
    ]
    both = {"as_of": "2006-09-14", "edition": "3"}
    assert kept == [both, both, {"edition": "3"}]


def test_every_number_is_the_length_of_the_list_it_opens(client, register):
    main = main_of(client, "/")
    # "29 fulfilled" is a number, "31 December 2005" is a day.
    numbers = [(text.split()[0], address) for text, address in main.links if re.fullmatch(r"[0-9]+( [a-z ]+)?", text)]

    assert len(numbers) >= 20
    for text, address in numbers:
        listed = main_of(client, address).all("table", class_="commitments")
        assert int(text) == sum(len(table.one("tbody").all("tr")) for table in listed), address


def test_groups_are_counted_apart(client, register):
    main = main_of(client, "/")

    # Listed, counted, fulfilled, overdue, not assessed; the bar stands between.
    assert [row[:3] + row[4:] for row in rows(section(main, "by-theme"))[1:]] == [
        ["Water", "3", "2", "1", "1", "0"],
        ["Roads", "2", "2", "1", "0", "1"],
    ]
    assert [row[:3] + row[4:] for row in rows(section(main, "by-summit"))[1:]] == [
        ["South 2006 15 June 2006, Town A", "2", "2", "1", "0", "1"],
        ["North 2005 5 July 2005, Town A", "3", "2", "1", "1", "0"],
    ]
    assert section(main, "by-theme").all("svg")[0].get("aria-label") == "Water: Fulfilled 1, Stalled 1"


def test_deadlines_ahead_and_behind_are_listed_apart(client, register):
    main = main_of(client, "/")

    assert section(main, "due-next").addresses == ["/commitments/four/"]
    assert section(main, "overdue").addresses == [
        "/commitments/three/",
        "/commitments/?overdue=yes&totals=counted&sort=due",
    ]


def test_newest_changes_come_first(client, register):
    newest = section(main_of(client, "/"), "newest")

    assert "Edition 5" in newest.text
    assert newest.addresses[0] == "/commitments/five/"
    assert newest.addresses[-1] == "/changes/"


def test_search_box_asks_the_list_and_keeps_the_moment(client, register):
    form = main_of(client, "/?edition=3").one("form", class_="search")

    assert (form.get("method"), form.get("action")) == ("get", "/commitments/")
    assert form.one("input", name="q").get("type") == "search"
    assert form.one("input", type="hidden", name="edition").get("value") == "3"


def test_nothing_published_is_said(client):
    make_commitment("draft", title="Not public yet")

    main = main_of(client, "/")

    assert main.one("p", class_="lede").text == "Nothing has been published at this moment."
    assert "Not public yet" not in main.text


def test_earlier_moment_counts_only_what_held_then(client, register):
    on_day = main_of(client, "/?as_of=2006-01-01")
    at_edition = main_of(client, "/?edition=2")

    assert on_day.one("p", class_="lede").text.startswith("3 commitments are on record. 2 count")
    assert [one.text for one in on_day.all("li", class_="headline")][-1] == "2 not assessed 100 %"
    assert at_edition.one("p", class_="lede").text.startswith("2 commitments are on record. 2 count")
    assert all("edition=2" in address for address in at_edition.addresses if address.startswith("/commitments/"))


def test_changes_of_an_earlier_day_lead_only_to_promises_that_were_made(client, register):
    newest = section(main_of(client, "/?as_of=2006-01-01"), "newest")

    for address in newest.addresses:
        assert client.get(address).status_code == 200, address


def test_withdrawn_commitment_leaves_the_totals(client):
    one = make_published("one")
    make_published("two")
    retract(one)

    assert main_of(client, "/").one("p", class_="lede").text.startswith("1 commitments are on record")


def test_moment_is_told_on_the_page_with_a_way_back(client, register):
    page = page_at(client, "/?as_of=2006-09-14&edition=2")

    banner = page.one("aside", class_="banner")
    assert banner.one("span", class_="moment-said").text == "As of 14 September 2006, as published by edition 2."
    assert ("Back to now", "/") in banner.links
    assert page_at(client, "/").all("aside", class_="banner") == []


def fill(theme, number):
    commitments = [make_commitment(theme=theme, due=AFTER) for _one in range(number)]
    publish(*commitments)
    for commitment in commitments:
        judge(commitment)
    # Both kinds of change are among the newest, however many there are.
    make_published()


def test_queries_are_the_same_for_few_and_many(client):
    counts = []
    for number in (1, 12):
        fill(make_theme(), number)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 20
