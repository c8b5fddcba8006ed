"""/charts/, /charts/<name>/, .svg and .png; and the figure that other pages show."""

import datetime
import re
import struct
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.charts.gallery import CHARTS
from commitments.models import MemberScore
from tests.acts import correct, judge, reload, retract, revise
from tests.factories import (
    AS_OF,
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.pages import Page, main_of, page_at
from tests.registers import make_register

pytestmark = pytest.mark.django_db

NAMES = list(CHARTS)
SINCE = {"AA": "2001-06-15", "BB": "2001-06-15", "CC": "2017-06-09"}


@pytest.fixture
def register():
    """On water two fulfilled and one not assessed, on roads one stalled and one left out."""
    water, roads = make_theme("water", name="Water", position=1), make_theme("roads", name="Roads", position=2)
    north = make_summit("north-2005", name="North 2005")
    make_published("one", theme=water, summit=north, assessments=[{"status": "fulfilled"}])
    make_published("two", theme=water, summit=north, assessments=[{"status": "fulfilled"}])
    make_published("three", theme=water, summit=make_summit("south-2005", name="South 2005"))
    make_published("four", theme=roads, summit=north, assessments=[{"status": "stalled"}])
    make_published("five", theme=roads, summit=north, basis="call-on-others", assessments=[{"status": "stalled"}])


def tell():
    """Two more: one is measured against its target, the other restates it."""
    target = {"target_quantity": 200, "target_unit": "wells", "target_measure": "Wells dug"}
    first = make_published("first", title="Dig wells", due=datetime.date(2008, 1, 1), **target)
    judge(first, as_of=datetime.date(2006, 1, 10), progress=50)
    judge(first, as_of=datetime.date(2007, 1, 10), progress=150, status="partly_fulfilled")
    second = make_commitment("second", title="Dig more wells", made_on=datetime.date(2009, 5, 1), **target)
    second.restates.add(reload(first))
    publish(reload(second))
    return first, second


def figure(client, address):
    return main_of(client, address).one("figure")


def numbers(found):
    """{row: {head: number}} of the table of a figure."""
    table = found.one("details").one("table")
    return {
        row.one("th").text: {cell.get("data-label"): cell.text for cell in row.all("td")}
        for row in table.one("tbody").all("tr")
    }


def drawings(found):
    return [one for one in found.all("svg", role="group") if "drawing" in one.get("class")]


def test_theme_chart_states_its_finding_its_numbers_and_the_lists_behind_them(client, register):
    found = figure(client, "/charts/status-by-theme/")

    assert found.one("figcaption").text == "Where they stand, by theme"
    assert found.one("p", class_="chart-finding").text == (
        "Of 4 counted: Water 3, 2 of them fulfilled (67 %) and 1 not assessed; Roads 1, 0 of them fulfilled (0 %)."
    )
    assert numbers(found) == {
        "Water": {"Counted": "3", "Fulfilled": "2", "Stalled": "0", "Not assessed": "1"},
        "Roads": {"Counted": "1", "Fulfilled": "0", "Stalled": "1", "Not assessed": "0"},
    }
    assert ("2", "/commitments/?totals=counted&theme=water&status=fulfilled") in found.one("table").links
    assert found.one("p", class_="chart-links").addresses == [
        "/charts/status-by-theme/", "/charts/status-by-theme.svg", "/charts/status-by-theme.png",
    ]  # fmt: skip


def test_time_chart_counts_each_year_and_not_assessed_is_a_band_of_its_own(client, register):
    found = figure(client, "/charts/status-over-time/")

    years = numbers(found)
    assert list(years) == [str(year) for year in range(2005, 2027)]
    assert years["2005"] == {"Counted": "4", "Fulfilled": "0", "Stalled": "0", "Not assessed": "4"}
    assert years["2006"] == years["2026"] == {"Counted": "4", "Fulfilled": "2", "Stalled": "1", "Not assessed": "1"}
    assert found.one("p", class_="chart-finding").text == (
        "On 24 November 2026, 4 commitments counted: 2 fulfilled (50 %), 1 stalled (25 %), 1 not assessed (25 %). "
        "Not yet assessed were at most 4 of 4, on 31 December 2005; at the end 1 of 4."
    )
    links = found.one("table").links
    assert ("4", "/commitments/?totals=counted&status=not_assessed&as_of=2005-12-31") in links
    # The last year ends now, and its list is the list of now.
    assert ("1", "/commitments/?totals=counted&status=stalled") in links


def test_summit_chart_has_the_newest_summit_first(client, register):
    make_published("later", summit=make_summit("west-2010", name="West 2010", date=datetime.date(2010, 1, 1)))

    assert list(numbers(figure(client, "/charts/status-by-summit/"))) == ["West 2010", "North 2005", "South 2005"]


@pytest.mark.parametrize("name", ["status-over-time", "status-by-theme", "status-by-summit"])
@pytest.mark.parametrize("query", ["", "?as_of=2006-01-01", "?edition=3", "?theme=water&totals=left-out", "?q=one"])
def test_every_number_is_the_length_of_the_list_it_opens(client, register, name, query):
    found = main_of(client, f"/charts/{name}/{query}").one("figure")
    opened = [(text, address) for text, address in found.links if text.isdigit()]

    assert opened or not found.all("details")
    for text, address in opened[-12:]:
        tables = main_of(client, address).all("table", class_="commitments")
        assert int(text) == sum(len(table.one("tbody").all("tr")) for table in tables), address


@pytest.mark.parametrize("name", ["status-over-time", "status-by-theme", "status-by-summit"])
def test_every_segment_leads_to_the_list_that_its_number_leads_to(client, register, name):
    found = figure(client, f"/charts/{name}/")
    in_table = set(found.one("table").addresses)

    for drawing in drawings(found):
        assert drawing.addresses
        assert set(drawing.addresses) <= in_table
        for link in drawing.all("a"):
            assert link.get("tabindex") == "-1"
            assert link.one("title").text


@pytest.mark.parametrize("name", NAMES)
def test_markup_asks_nothing_that_the_policy_refuses(client, register, name):
    page = page_at(client, f"/charts/{name}/")

    assert page.problems == []
    for element in page.one("main"):
        assert "style" not in element.attributes, element
        assert not any(one.startswith("on") for one in element.attributes), element
    assert page.all("style") == []
    # Data for machines is no program, and the policy lets it pass.
    assert {one.get("type") for one in page.all("script")} <= {"application/ld+json"}


@pytest.mark.parametrize("name", NAMES)
def test_svg_stands_by_itself_under_a_policy_of_its_own(client, register, name):
    response = client.get(f"/charts/{name}.svg")

    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    policy = dict(one.strip().split(" ", 1) for one in response["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'", "style-src": "'unsafe-inline'", "frame-ancestors": "'none'", "base-uri": "'none'",
    }  # fmt: skip
    assert not response.cookies
    page = Page(response.content.decode())
    assert page.problems == []
    svg = page.one("svg")
    assert svg.one("title", id="chart-title").text
    assert svg.one("desc", id="chart-finding").text
    assert "prefers-color-scheme:dark" in svg.one("style").text
    assert all(re.match("/(commitments|themes|summits)/", one) for one in svg.addresses)
    assert "SCO Commitment Tracker, as of 2026-11-24, edition" in svg.text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("shape", "width"), [("", 744), ("?shape=narrow", 384)])
def test_png_is_a_bitmap_of_twice_the_size(client, register, name, shape, width):
    response = client.get(f"/charts/{name}.png{shape}")

    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", response.content[16:20]) == (2 * width,)


def test_gallery_shows_every_picture_for_the_same_list(client, register):
    main = main_of(client, "/charts/?theme=roads")

    assert [one.get("id") for one in main.all("figure")] == NAMES
    for found in main.all("figure"):
        for links in found.all("p", class_="chart-links"):
            assert parse_qs(urlsplit(links.addresses[0]).query)["theme"] == ["roads"]
    assert list(numbers(main.all("figure")[1])) == ["Roads"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_published_is_said_and_still_a_picture(client, name):
    main = main_of(client, f"/charts/{name}/")

    assert main.one("p", class_="chart-finding").text.startswith("No commitment")
    assert main.all("svg") == []
    assert client.get(f"/charts/{name}.svg").status_code == 200
    assert client.get(f"/charts/{name}.png").content.startswith(b"\x89PNG")


def test_months_are_shown_where_asked(client, register):
    found = figure(client, "/charts/status-over-time/?by=month")

    # Only the months in which something changed.
    assert list(numbers(found)) == ["July 2005", "June 2006"]
    assert "by=month" in found.one("p", class_="chart-links").addresses[1]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/charts/?by=month", "The parameter “by” cannot be “month”."),
        ("/charts/status-over-time/?by=week", "Use one of: year, month."),
        ("/charts/status-over-time/?by=year&by=month", "Give it once."),
        ("/charts/status-by-theme/?by=year", "This page does not know it."),
        ("/charts/status-by-theme.svg?theme=nothing", "The parameter “theme” cannot be “nothing”."),
        ("/charts/status-by-theme.png?shape=round", "Use one of: wide, narrow."),
        ("/charts/status-by-theme/?page=2", "The parameter “page” cannot be “2”."),
        ("/charts/status-by-summit.svg?as_of=2030-01-01", "It lies in the future"),
        ("/charts/status-by-summit.png?edition=99", "The newest edition is 5."),
    ],
)
def test_wrong_parameter_is_refused_in_a_sentence(client, register, address, sentence):
    assert sentence in main_of(client, address, status=400).text


@pytest.mark.parametrize("suffix", ["/", ".svg", ".png"])
def test_unknown_picture_is_named_with_those_there_are(client, suffix):
    text = main_of(client, f"/charts/nothing{suffix}", status=404).text

    assert "There is no picture “nothing”." in text
    assert "status-by-theme" in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", ["/", ".svg", ".png"])
def test_pinned_picture_never_changes(client, register, clock, name, suffix):
    address = f"/charts/{name}{suffix}?as_of=2026-11-24&edition=5"

    def answer():
        content = client.get(address).content
        return main_of(client, address).text if suffix == "/" else content

    before = answer()
    one = reload(judge(reload(make_published("new", made_on=AS_OF)), status="stalled"))
    correct(one, status="fulfilled")
    retract(make_published("mistaken"))
    revise(reload(one.commitment), title="Reworded")
    clock.shift(datetime.timedelta(days=40))

    assert answer() == before


@pytest.mark.parametrize("name", NAMES)
def test_second_reader_asks_the_database_for_no_rows(client, register, name):
    address = f"/charts/{name}.svg"
    with CaptureQueriesContext(connection) as first:
        client.get(address)
    with CaptureQueriesContext(connection) as second:
        client.get(address)

    assert len(second) < len(first)
    # The newest edition, and the state of the names.
    assert sum("commitments_standing" in one["sql"] for one in second) == 0
    assert len(second) <= 2


def test_new_edition_and_new_name_are_drawn_anew(client, register):
    before = client.get("/charts/status-by-theme.svg").content.decode()
    make_published(theme=make_theme("air", name="Air"))
    with_air = client.get("/charts/status-by-theme.svg").content.decode()
    air = make_commitment(theme=make_theme("fire")).theme
    publish(make_commitment(theme=air))
    air.name = "Earth"
    air.save()

    assert "Air" not in before
    assert "Air" in with_air
    assert "Earth" in client.get("/charts/status-by-theme.svg").content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_queries_are_the_same_for_few_and_many(client, name):
    counts = []
    for number in (2, 12):
        for _one in range(number):
            make_published(pledged_by=[make_party(), make_party()], assessments=[{}])
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/charts/{name}.svg")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_text_of_a_name_is_never_markup(client):
    make_published(theme=make_theme("odd", name="<b>Odd</b> & “so on”"))

    found = figure(client, "/charts/status-by-theme/")

    assert found.all("b") == []
    assert "<b>Odd</b> & “so on” · 1" in drawings(found)[0].text


def test_progress_of_one_commitment_has_every_measured_point_and_its_target(client, register):
    tell()

    found = figure(client, "/charts/progress/?commitment=first")

    assert found.one("p", class_="chart-finding").text == (
        "150 of 200 wells (75 %) by 10 January 2007: Wells dug. Measured 2 times since 10 January 2006."
    )
    shown = [(one.get("class"), one.get("width")) for one in drawings(found)[0].all("a")[1].all("use")]
    assert shown == [("status-partly_fulfilled", "14")]
    assert drawings(found)[0].all("a")[0].one("title").text == "10 January 2006: 50 wells, 25 % of the target"
    assert re.fullmatch(r"/commitments/first/#a\d+", drawings(found)[0].addresses[0])


def test_progress_of_all_puts_measured_pledges_on_one_scale(client, register):
    tell()

    found = figure(client, "/charts/progress/")

    assert found.one("p", class_="chart-finding").text == (
        "Sources measure 1 commitment with a target. The newest amount reaches the target for 0 of them."
    )
    assert [row.one("th").text for row in found.one("tbody").all("tr")] == ["Dig wells", "Dig wells"]


def test_timeline_shows_the_judgements_that_had_happened(client, register):
    tell()
    then = figure(client, "/charts/timeline/?commitment=first&as_of=2006-06-01")
    now = figure(client, "/charts/timeline/?commitment=first")

    assert now.one("p", class_="chart-finding").text == (
        "Promised on 5 July 2005. It was due on 1 January 2008. 2 judgements: "
        "10 January 2006, In progress; 10 January 2007, Partly fulfilled."
    )
    assert then.one("p", class_="chart-finding").text == (
        "Promised on 5 July 2005. It is due on 1 January 2008. 1 judgement: 10 January 2006, In progress."
    )
    assert [len(drawings(one)[0].all("a")) for one in (then, now)] == [1, 2]


def test_timeline_leaves_out_what_was_withdrawn(client, register):
    first, _second = tell()
    retract(first.assessments.order_by("as_of").last())

    assert "Partly fulfilled" not in figure(client, "/charts/timeline/?commitment=first").text
    assert "Partly fulfilled" in figure(client, "/charts/timeline/?commitment=first&edition=8").text


def test_timeline_takes_the_filters_and_the_order_of_the_list_and_says_what_it_left_out(client):
    make_register(18)

    found = figure(client, "/charts/timeline/?rows=12&sort=made_on")

    assert found.one("p", class_="chart-finding").text.startswith("The first 12 of 18 commitments in the list: ")
    assert len(found.one("tbody").all("tr")) == 12
    assert found.one("tbody").addresses[0] == "/commitments/pledge-000/"


def test_genealogy_draws_whole_families_with_what_was_raised(client, register):
    tell()

    found = figure(client, "/charts/genealogy/?commitment=second")

    assert found.one("p", class_="chart-finding").text == (
        "2 commitments, from “Dig wells” (2005) to “Dig more wells” (2009)."
    )
    rows = [[cell.text for cell in row.all("td")] for row in found.one("tbody").all("tr")]
    assert rows[0] == ["5 July 2005", "200 wells", "", "", "Partly fulfilled"]
    assert rows[1] == ["1 May 2009", "200 wells", "Dig wells", "", "Not assessed"]
    assert "5 July 2005 · 200 wells · Partly fulfilled" in drawings(found)[0].text
    # By the edition before the second was published there was no family.
    assert "restates no other" in figure(client, "/charts/genealogy/?commitment=first&edition=8").text


def test_scores_say_what_each_bound_member_did_and_who_is_not_assessed(client):
    one, two, late = (make_party(code, member_since=since) for code, since in SINCE.items())
    pledge = make_published("pledge", title="Open roads", pledged_by=[one, two, late])
    draft = make_assessment(pledge, status="fulfilled")
    MemberScore.objects.create(
        assessment=draft, party=one, score=-1, rationale="It stayed out.", source=make_source("paper")
    )
    publish(draft)

    found = figure(client, "/charts/scores/")

    assert found.one("p", class_="chart-finding").text == (
        "1 commitment binds members singly, 2 times in all: 0 scores of +1, 0 of 0, 1 of −1; 1 not assessed (50 %)."
    )
    assert [cell.text for cell in found.one("tbody").all("td")] == ["−1", "not assessed", "not a member then"]
    # Who was not a member then has no cell: a hole is not a score.
    titles = [link.one("title").text for link in drawings(found)[0].all("a")]
    assert titles == ["State AA, Open roads: −1", "State BB, Open roads: not assessed", "Open roads"]


def test_commitment_that_is_not_public_is_refused(client, register):
    make_commitment("draft")

    for name in ("progress", "timeline", "genealogy"):
        text = main_of(client, f"/charts/{name}/?commitment=draft", status=400).text
        assert "No commitment of that key is public at this moment." in text


def test_whole_register_draws_light_pictures(client):
    make_register(40)

    for name in NAMES:
        for drawing in drawings(figure(client, f"/charts/{name}/")):
            assert len(drawing.all("a")) < 400


@pytest.mark.parametrize("form", ["svg", "png"])
def test_sign_that_xml_cannot_hold_is_left_out_of_the_drawing(client, register, form):
    """A reader may ask for a control sign; the drawing's title says the words without it."""
    response = client.get(f"/charts/status-by-summit.{form}", {"q": "\x01wells"})

    assert response.status_code == 200
    assert form == "png" or b"\x01" not in response.content
