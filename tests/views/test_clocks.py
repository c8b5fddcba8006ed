"""The bar under the head of every page: what moment it is of, the door to another, and the way back."""

import datetime

import pytest

from commitments.moment import FEW_EDITIONS
from tests.acts import revise
from tests.factories import make_published, make_theme
from tests.pages import main_of, page_at

pytestmark = pytest.mark.django_db

TODAY = "2026-11-24"


def bar(client, address, status=200):
    return page_at(client, address, status).one("aside", class_="moment")


def fields(client, address):
    """{name: value} that the form of the bar sends when nothing is touched."""
    form = bar(client, address).one("form")
    sent = {one.get("name"): one.get("value") for one in form.all("input")}
    for select in form.all("select"):
        chosen = [option for option in select.all("option") if "selected" in option.attributes]
        sent[select.get("name")] = chosen[0].get("value") if chosen else select.all("option")[0].get("value")
    return sent


@pytest.fixture
def three_editions(clock):
    """Edition 1 of 1 January, 2 of 2 January 2026, 3 of today."""
    clock.move_to(datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC))
    well = make_published("well", theme=make_theme("water"))
    clock.move_to(datetime.datetime(2026, 1, 2, 12, tzinfo=datetime.UTC))
    revise(well, title="Dig more wells")
    clock.move_to(datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC))
    revise(well, title="Dig many wells")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "As of today, edition 3."),
        ("?as_of=2026-11-24", "As of 24 November 2026, by what has been published until today."),
        ("?as_of=2006-09-14", "As of 14 September 2006, by what has been published until today."),
        ("?edition=2", "As published by edition 2, on 2 January 2026."),
        ("?as_of=2006-09-14&edition=2", "As of 14 September 2006, as published by edition 2."),
    ],
)
def test_bar_says_what_moment_the_page_is_of(client, three_editions, query, said):
    one = bar(client, f"/commitments/{query}")

    assert one.one("summary").one("span", class_="moment-said").text == said
    assert "Another day or edition" in one.one("summary").text
    # A named clock is a banner with a way back, also where it names today.
    assert ("banner" in one.get("class").split()) is bool(query)
    assert ("Back to now", "/commitments/") in one.links or not query


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("", {"as_of": TODAY, "edition": "3"}),
        ("?as_of=2006-09-14", {"as_of": "2006-09-14", "edition": "3"}),
        ("?edition=2", {"as_of": "2026-01-02", "edition": "2"}),
        (
            "?theme=water&edition=1&q=&page=1&as_of=2006-09-14",
            {"theme": "water", "as_of": "2006-09-14", "edition": "1"},
        ),
    ],
)
def test_form_is_filled_with_the_moment_and_keeps_the_rest(client, three_editions, query, sent):
    form = bar(client, f"/commitments/{query}").one("form")

    assert (form.get("method"), form.get("action")) == ("get", "/commitments/")
    assert fields(client, f"/commitments/{query}") == sent
    assert form.one("input", name="as_of").get("max") == TODAY


def test_few_editions_are_picked_by_their_day(client, three_editions):
    options = bar(client, "/?edition=2").one("select").all("option")

    assert [(option.get("value"), option.text) for option in options] == [
        ("3", "edition 3 of 24 November 2026"),
        ("2", "edition 2 of 2 January 2026"),
        ("1", "edition 1 of 1 January 2026"),
    ]


def test_many_editions_are_typed(client):
    well = make_published("well")
    for number in range(FEW_EDITIONS - 1):
        revise(well, title=f"Dig {number} wells")
    assert len(bar(client, "/").one("select").all("option")) == FEW_EDITIONS

    revise(well, title="Dig many wells")

    assert bar(client, "/").all("select") == []
    field = bar(client, "/").one("input", name="edition")
    assert (field.get("type"), field.get("value"), field.get("min")) == ("number", "13", "1")


def test_way_back_keeps_what_narrows_the_page(client, three_editions):
    links = bar(client, "/commitments/?theme=water&as_of=2006-09-14&q=dig&page=1&edition=2").links

    assert ("Back to now", "/commitments/?theme=water&q=dig") in links


def test_bar_stands_before_the_main_part_on_every_page_about_a_moment(client, three_editions):
    for address in ("/", "/commitments/", "/commitments/well/", "/themes/water/", "/changes/", "/sources/"):
        page = page_at(client, address)
        tags = [(one.tag, one.get("class")) for one in page if one.tag in ("header", "aside", "main")]
        assert page.one("main").all("form", class_="clocks") == []
        assert tags.index(("aside", "moment")) < tags.index(("main", "frame")), address
    assert page_at(client, "/methodology/").all("aside", class_="moment") == []
    # Where nothing stood on that day, another one is offered.
    assert bar(client, "/commitments/well/?as_of=2005-07-04", status=404).one("form")


def test_before_the_first_edition_only_the_day_can_be_chosen(client):
    assert bar(client, "/").one("summary").text.startswith("As of today; nothing is published yet.")
    assert fields(client, "/") == {"as_of": TODAY}


def test_what_the_form_sends_is_answered(client, three_editions):
    sent = fields(client, "/commitments/?theme=water")

    assert main_of(client, f"/commitments/?{'&'.join(f'{name}={value}' for name, value in sent.items())}")
