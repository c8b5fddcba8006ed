"""/compare/"""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_party, make_published, make_summit, make_theme
from tests.pages import main_of, page_at

pytestmark = pytest.mark.django_db


def row_of(main, name):
    """The cells of the first row that begins with a name."""
    rows = [row for row in main.all("tr") if row.all("th") and row.all("th")[0].text == name]
    return rows[0].all("td")


def said(main, name):
    return [cell.text for cell in row_of(main, name)]


@pytest.fixture
def register():
    """Two members and an outsider, three promises at two summits."""
    one, two = make_party("A", member_since="2001-06-15"), make_party("B", member_since="2017")
    make_party("C")
    water = make_theme("water", name="Water")
    north, south = make_summit("north-2005"), make_summit("south-2006", date=datetime.date(2006, 6, 15))
    make_published("well", pledged_by=[one, two], theme=water, summit=north, assessments=[{"status": "fulfilled"}])
    make_published("road", pledged_by=[one], theme=water, summit=south, checkable="no")
    make_published("dam", pledged_by=[two], theme=make_theme("air", name="Air"), summit=south)


def test_parties_stand_side_by_side_in_the_order_asked_for(client, register):
    main = main_of(client, "/compare/?party=B&party=A")

    assert main.one("h1").text == "State B, State A: side by side"
    assert [cell.text for cell in main.all("tr")[0]] == ["Measure", "State B", "State B", "State A", "State A"]
    assert said(main, "Role on this day") == ["Member since 2017", "Member since 15 June 2001"]
    assert said(main, "Listed") == ["2", "2"]
    assert said(main, "Counted in the totals") == ["2", "1"]
    assert said(main, "Fulfilled") == ["1 50 %", "1 100 %"]
    assert said(main, "Not assessed") == ["1 50 %", "0 0 %"]
    assert said(main, "Promised by all of them") == ["1 of 2", "1 of 2"]
    assert row_of(main, "Fulfilled")[0].addresses == ["/commitments/?pledger=B&totals=counted&status=fulfilled"]
    assert "Promise well" in main.one("section", aria_labelledby="shared").text
    assert "Promise road" not in main.one("section", aria_labelledby="shared").text


def test_themes_have_a_cell_for_each_side(client, register):
    main = main_of(client, "/compare/?party=A&party=B")

    assert [text.split()[0] for text in said(main, "Water")] == ["1", "1"]
    assert [text.split()[0] for text in said(main, "Air")] == ["0", "1"]
    assert row_of(main, "Air")[1].addresses[0] == "/commitments/?pledger=B&theme=air&totals=counted"


def test_summits_stand_side_by_side(client, register):
    main = main_of(client, "/compare/?summit=north-2005&summit=south-2006&as_of=2010-01-01")

    assert said(main, "Listed") == ["1", "2"]
    assert said(main, "Members on the day") == ["1", "1"]
    assert row_of(main, "Listed")[1].addresses == ["/commitments/?summit=south-2006&as_of=2010-01-01"]
    assert main.all("section", aria_labelledby="shared") == []


def test_without_parameters_it_offers_what_can_be_compared(client, register):
    page = page_at(client, "/compare/?as_of=2006-01-01")

    boxes = [(box.get("name"), box.get("value")) for box in page.all("input", type="checkbox")]
    assert boxes == [("party", "A"), ("party", "B"), ("summit", "south-2006"), ("summit", "north-2005")]
    assert [one.get("value") for one in page.one("main").all("input", type="hidden", name="as_of")][:2] == [
        "2006-01-01", "2006-01-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("party=A", "Name two to four of them; this is 1."),
        ("summit=north-2005", "Name two to four of them; this is 1."),
        ("party=A&party=A", "Name it once."),
        ("party=A&party=ZZ", "Use some of: A, B."),
        ("party=A&party=C", "Use some of: A, B."),
        ("party=A&party=", "Use some of: A, B."),
        ("summit=north-2005&summit=nowhere", "Use some of: south-2006, north-2005."),
        ("party=A&party=B&summit=north-2005", "Compare parties or summits, not both at once"),
        ("party=A&party=B&sort=listed", "This page does not know it."),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_mend(client, register, query, sentence):
    assert sentence in main_of(client, f"/compare/?{query}", status=400).text


def test_more_than_four_are_refused(client):
    parties = [make_party(code) for code in ("A", "B", "C", "D", "E")]
    make_published(pledged_by=parties)

    assert main_of(client, "/compare/?party=A&party=B&party=C&party=D").one("h1")
    text = main_of(client, "/compare/?party=A&party=B&party=C&party=D&party=E", status=400).text
    assert "Name two to four of them; this is 5." in text


@pytest.mark.parametrize("address", ["/compare/?party=A&party=B", "/compare/?summit=s-1&summit=s-2", "/compare/"])
def test_queries_are_the_same_for_few_and_many(client, address):
    one, two = make_party("A", member_since="2001"), make_party("B")
    summits = [make_summit("s-1"), make_summit("s-2")]
    counts = []
    for number in (1, 8):
        for _one in range(number):
            for summit in summits:
                make_published(pledged_by=[one, two], summit=summit, assessments=[{}])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 16
