"""/themes/ and /themes/<slug>/"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_party, make_published, make_theme
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def test_list_shows_each_theme_with_its_totals(client):
    water = make_theme("water", name="Water", position=1)
    make_theme("roads", name="Roads", position=2)
    make_published("one", theme=water, assessments=[{"status": "fulfilled"}])
    make_published("two", theme=water)

    first, second = main_of(client, "/themes/").one("tbody").all("tr")

    assert [cell.text for cell in first.all("td", class_="number")] == ["2", "2", "1", "0", "1"]
    assert first.addresses[0] == "/themes/water/"
    assert second.text == "Roads no commitment on record"


def test_page_shows_only_its_own_commitments(client):
    water = make_theme("water", name="Water")
    make_published("one", title="Dig wells", theme=water, assessments=[{"status": "stalled"}])
    make_published("other", title="Build roads")

    main = main_of(client, "/themes/water/")

    assert main.one("h1").text == "Theme: Water"
    assert "Dig wells" in main.one("table", class_="commitments").text
    assert "Build roads" not in main.text
    assert ("1", "/commitments/?status=stalled&totals=counted&theme=water") in main.links


def test_page_of_a_past_day_has_no_later_status(client):
    make_published("one", theme=make_theme("water"), assessments=[{"status": "stalled"}])

    then = main_of(client, "/themes/water/?as_of=2006-01-01").one("table", class_="commitments")

    assert "Not assessed" in then.text
    assert then.addresses[0] == "/commitments/one/?as_of=2006-01-01"


def test_unknown_theme_is_named(client):
    assert "There is no theme “nothing”." in main_of(client, "/themes/nothing/", status=404).text


@pytest.mark.parametrize("address", ["/themes/", "/themes/water/"])
def test_queries_are_the_same_for_few_and_many(client, address):
    theme = make_theme("water")
    counts = []
    for number in (1, 10):
        for _one in range(number):
            make_published(theme=theme, pledged_by=[make_party(), make_party()], assessments=[{}])
            make_published(assessments=[{}])
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 12
