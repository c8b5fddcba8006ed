"""/summits/ and /summits/<key>/"""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.acts import reload, retract
from tests.factories import make_commitment, make_party, make_published, make_source, make_summit, publish
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def test_list_shows_each_summit_with_its_totals(client):
    north = make_summit("north-2005", name="North 2005")
    make_summit("south-2006", name="South 2006", date=datetime.date(2006, 6, 15))
    make_published("one", summit=north, assessments=[{"status": "fulfilled"}])
    make_published("two", summit=north, checkable="no")

    table = main_of(client, "/summits/").one("table")

    first, second = table.one("tbody").all("tr")
    assert first.text == "South 2006 15 June 2006, Town A no commitment on record"
    assert [cell.text for cell in second.all("td", class_="number")] == ["2", "1", "1", "0", "0"]
    assert second.addresses[0] == "/summits/north-2005/"


def test_list_of_an_earlier_day_has_no_later_summit(client):
    make_summit("north-2005", name="North 2005")
    make_summit("south-2006", name="South 2006", date=datetime.date(2006, 6, 15))

    text = main_of(client, "/summits/?as_of=2006-01-01").text

    assert "North 2005" in text
    assert "South 2006" not in text


def test_page_shows_what_was_promised_and_what_came_of_it(client):
    host = make_party("A")
    source = make_source("minutes", title="The minutes")
    summit = make_summit(
        "north-2005", name="North 2005", country=host, source=source, end_date=datetime.date(2005, 7, 6)
    )
    make_published("one", title="Dig wells", summit=summit, assessments=[{"status": "fulfilled"}])
    make_published("other", title="Build roads")

    main = main_of(client, "/summits/north-2005/")

    assert main.one("h1").text == "North 2005"
    lede = main.one("p", class_="lede").text
    assert lede.startswith("Heads of state, Town A, State A, 5 July 2005 – 6 July 2005.")
    assert lede.endswith("1 commitment is on record.")
    assert "Dig wells" in main.one("table", class_="commitments").text
    assert "Build roads" not in main.text
    assert ("1", "/commitments/?status=fulfilled&totals=counted&summit=north-2005") in main.links
    assert "/sources/minutes/" in main.addresses
    assert "/commitments.csv?summit=north-2005" in main.addresses


def test_page_at_an_earlier_edition_shows_what_was_public_then(client):
    summit = make_summit("north-2005")
    one = make_published("one", title="Dig wells", summit=summit)
    make_published("two", title="Build roads", summit=summit)
    retract(one)

    assert "Build roads" not in main_of(client, "/summits/north-2005/?edition=1").text
    assert "Dig wells" in main_of(client, "/summits/north-2005/?edition=2").text
    assert "Dig wells" not in main_of(client, "/summits/north-2005/").text


def test_unknown_summit_is_named(client):
    assert "There is no summit “nowhere-1999”." in main_of(client, "/summits/nowhere-1999/", status=404).text


@pytest.mark.parametrize("address", ["/summits/", "/summits/north-2005/"])
def test_queries_are_the_same_for_few_and_many(client, address):
    summit = make_summit("north-2005", source=make_source())
    counts = []
    for number in (1, 10):
        for _one in range(number):
            make_published(summit=summit, pledged_by=[make_party(), make_party()], assessments=[{}])
            make_published(assessments=[{}])
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 19


def test_page_has_its_place_among_the_meetings_of_its_body(client):
    first, second = make_summit("north-2005"), make_summit("south-2006", date=datetime.date(2006, 6, 15))
    make_summit("third-2007", date=datetime.date(2007, 6, 15))
    make_summit("heads-2006", date=datetime.date(2006, 1, 10), body="heads-of-government")

    place = main_of(client, "/summits/south-2006/").one("nav", class_="pagination")
    then = main_of(client, "/summits/south-2006/?as_of=2006-12-31").one("nav", class_="pagination")

    assert place.text == "← North-2005 2 of 3 on record (heads of state) Third-2007 →"
    assert place.addresses == [first.get_absolute_url(), "/summits/third-2007/"]
    assert then.text == "← North-2005 2 of 2 on record (heads of state)"
    assert "had not been held" in main_of(client, f"{second.get_absolute_url()}?as_of=2006-01-01").text


def test_page_says_who_was_a_member_on_the_day(client):
    host = make_party("A", member_since="2001")
    make_party("B", member_since="2005-07-06")
    make_summit("north-2005", country=host)

    there = main_of(client, "/summits/north-2005/").one("section", aria_labelledby="there")

    assert there.text == "Who was a member on the day Member (1) State A"


def test_page_says_what_later_meetings_made_of_it_and_what_it_took_up(client):
    north, south = make_summit("north-2005"), make_summit("south-2006", date=datetime.date(2006, 6, 15))
    old = make_published("old", title="Dig wells", summit=north)
    fresh = make_commitment("fresh", title="Dig more wells", summit=south, made_on=datetime.date(2006, 6, 15))
    fresh.restates.add(old)
    replaced = make_commitment("replaced", title="Plan roads", summit=north, superseded_by=fresh)
    publish(reload(fresh), replaced)

    later = main_of(client, "/summits/north-2005/").one("section", aria_labelledby="later")
    earlier = main_of(client, "/summits/south-2006/").one("section", aria_labelledby="earlier")
    before = main_of(client, "/summits/north-2005/?edition=1")

    assert "Dig more wells" in later.text
    assert "restates or raises Dig wells" in later.text
    assert "takes the place of Plan roads" in later.text
    assert "restates or raises Dig wells" in earlier.text
    assert before.all("section", aria_labelledby="later") == []
