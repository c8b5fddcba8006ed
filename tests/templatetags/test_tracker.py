"""Links, statuses, numbers and days as templates write them."""

import datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from commitments import scorecard
from commitments.choices import UNCITABLE, Bearing, Status
from commitments.models import Standing
from commitments.moment import Moment
from commitments.templatetags.tracker import day, days_ago, percent, plain_number
from tests.factories import make_party, make_published, make_source, make_theme
from tests.pages import Page


def render(template, address="/somewhere/", **context):
    """The text of a template, rendered for a request of that address."""
    request = RequestFactory().get(address)
    if "moment" in context:
        request.moment = context.pop("moment")
    return Template("{% load tracker %}" + template).render(Context({"request": request, **context})).strip()


def moment(query=""):
    """A Moment of an address, as if edition 3 were the newest."""
    parameters = QueryDict(query)
    return Moment(
        as_of=datetime.date(2026, 11, 24),
        edition=3,
        is_newest=True,
        today=datetime.date(2026, 11, 24),
        asked_as_of="as_of" in parameters,
        asked_edition="edition" in parameters,
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("900000000.0000"), "900,000,000"),
        (Decimal("1234.5000"), "1,234.5"),
        (Decimal("0.2500"), "0.25"),
        (0, "0"),
        (999, "999"),
        (None, ""),
    ],
)
def test_number_is_written_plainly(value, written):
    assert plain_number(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime.date(2006, 6, 15), "15 June 2006"),
        ("2006-06-15", "15 June 2006"),
        ("2006-06", "June 2006"),
        ("2006", "2006"),
        ("", ""),
        (None, ""),
    ],
)
def test_day_is_written_as_precisely_as_it_is_known(value, written):
    assert day(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0, "0 %"),
        (Decimal("0.4"), "<1 %"),
        (33.4, "33 %"),
        (99.6, ">99 %"),
        (100, "100 %"),
        (Decimal("125"), "125 %"),
    ],
)
def test_share_is_never_rounded_to_nothing_or_to_all(value, written):
    assert percent(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, ""), (0, "0 days"), (1, "1 day"), (59, "59 days"), (60, "2 months"), (729, "24 months"), (730, "2 years")],
)
def test_age_is_said_in_the_unit_people_use(value, written):
    assert days_ago(value) == written


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_shape_and_its_label(status):
    page = Page(render("{% status_badge_for value %}", value=status.value))

    assert page.text == status.label
    assert page.one("svg").get("aria-hidden") == "true"
    assert page.one("svg").children


def test_no_two_statuses_share_a_shape():
    shapes = set()
    for status in Status:
        (shape,) = Page(render("{% status_badge_for value %}", value=status.value)).all("svg")
        shapes.add(tuple((one.tag, tuple(one.attributes.items())) for one in shape))

    assert len(shapes) == len(Status)


def test_continuing_fulfilled_is_for_the_period():
    once = Standing(status="fulfilled", obligation="one_off")
    again = Standing(status="fulfilled", obligation="continuing")

    assert Page(render("{% status_badge standing %}", standing=once)).text == "Fulfilled"
    assert Page(render("{% status_badge standing %}", standing=again)).text == "Fulfilled for the period"


def test_bearing_is_a_shape_and_a_word():
    shapes = set()
    for value in Bearing:
        page = Page(render("{% bearing value %}", value=value.value))
        assert page.text.endswith(f" {value.label}")
        shapes.add(page.one("span", aria_hidden="true").text)

    assert len(shapes) == len(Bearing)


def test_link_keeps_the_clocks_that_the_address_names():
    assert render('{% url_at "summit-list" %}', moment=moment()) == "/summits/"
    assert render('{% url_at "summit-list" %}', moment=moment("as_of=1")) == "/summits/?as_of=2026-11-24"
    assert render('{% url_at "summit-list" %}', moment=moment("edition=1")) == "/summits/?edition=3"
    assert render('{% url_at "summit-list" %}') == "/summits/"


def test_list_link_carries_filters_and_clocks():
    link = render('{% list_url status="stalled" theme=theme %}', moment=moment("edition=1"), theme="water")

    assert link == "/commitments/?status=stalled&amp;theme=water&amp;edition=3"


def test_list_link_leaves_empty_filters_out():
    assert render('{% list_url status="" theme=None %}', moment=moment()) == "/commitments/"


def test_csv_link_has_the_query_of_the_page():
    link = render(
        '{% csv_url "commitment-csv" %}', "/commitments/?status=stalled&status=fulfilled&page=2&as_of=2020-01-01"
    )

    assert link == "/commitments.csv?status=stalled&amp;status=fulfilled&amp;as_of=2020-01-01"
    assert render('{% csv_url "commitment-csv" %}', "/commitments/?page=2") == "/commitments.csv"


def test_hidden_inputs_keep_every_other_parameter():
    page = Page(
        render('{% hidden_parameters "as_of" "page" %}', "/?q=%22a%22&as_of=2020-01-01&status=a&status=b&page=2&kind=")
    )

    kept = [(one.get("type"), one.get("name"), one.get("value")) for one in page.all("input")]
    assert kept == [("hidden", "q", '"a"'), ("hidden", "status", "a"), ("hidden", "status", "b")]


@pytest.mark.django_db
def test_all_members_are_counted_as_of_the_promise():
    make_party("A", member_since="2001-06-15")
    make_party("B", member_since="2001-06-15")
    make_party("C", member_since="2017-06-09")
    organisation = make_party("ORG", kind="organisation", stands_for_members=True)
    commitment = make_published("well", pledged_by=[organisation])
    revision = commitment.revisions.get()

    page = Page(render('{% parties_in_words revision "pledged_by" %}', revision=revision, moment=moment()))

    assert page.links == [("all members (2 at the time)", "/parties/ORG/")]
    assert render('{% parties_in_words revision "beneficiaries" %}', revision=revision) == "nobody named"


@pytest.mark.django_db
def test_parties_are_linked_at_the_moment_or_only_named():
    commitment = make_published("well", pledged_by=[make_party("A", position=1), make_party("B", position=2)])
    revision = commitment.revisions.get()

    linked = Page(render('{% parties_in_words revision "pledged_by" %}', revision=revision, moment=moment("edition=1")))
    named = render('{% parties_in_words revision "pledged_by" link=False %}', revision=revision)

    assert linked.links == [("State A", "/parties/A/?edition=3"), ("State B", "/parties/B/?edition=3")]
    assert named == "State A, State B"


@pytest.mark.django_db
def test_source_shows_what_a_reader_needs_to_find_it():
    source = make_source(
        "paper",
        language="ru",
        kind="official-document",
        archived_url="https://archive.example.org/paper",
        title_note="ours",
    )

    page = Page(render('{% source_card source locator="page 3" %}', source=source, moment=moment("edition=1")))

    assert page.one("cite").get("lang") == "ru"
    assert page.addresses == ["/sources/paper/?edition=3", source.url, source.archived_url]
    for part in (source.title, source.publisher, "June 2006", "page 3", "Official document", "ru", "ours"):
        assert part in page.text


@pytest.mark.django_db
def test_source_that_may_not_be_cited_shows_nothing_of_itself():
    source = make_source("secret", terms="no_citation", archived_url="https://archive.example.org/secret")

    page = Page(render('{% source_card source locator="page 3" %}', source=source, moment=moment()))

    assert page.text == str(UNCITABLE)[0].upper() + str(UNCITABLE)[1:]
    assert page.links == []


@pytest.mark.django_db
def test_bar_names_every_part_and_fills_its_width():
    theme = make_theme()
    for number, status in enumerate(["fulfilled", "fulfilled", "stalled"]):
        make_published(f"pledge-{number}", theme=theme, assessments=[{"status": status}])
    make_published("silent", theme=theme)
    card = scorecard.totals(Standing.objects.at(Moment.now()), day=datetime.date(2026, 11, 24))

    page = Page(render("{% status_bar card label %}", card=card, label="All"))

    assert page.one("svg").get("aria-label") == "All: Fulfilled 2, Stalled 1, Not assessed 1"
    parts = [(one.get("class"), float(one.get("x"))) for one in page.all("rect")]
    assert parts == [("tone-fulfilled", 0.0), ("tone-stalled", 50.0), ("tone-not_assessed", 75.0)]


def test_bar_of_nothing_is_not_drawn():
    assert render("{% status_bar card label %}", card=scorecard.Scorecard(), label="All") == ""
