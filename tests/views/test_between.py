"""/between/ and /between.csv: two moments, the lines behind every number, and the same rows as a file."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.exports.columns import BETWEEN
from commitments.models import Commitment
from commitments.views import between as view
from tests.acts import judge, reload, retract, revise
from tests.factories import make_commitment, make_published, make_theme, publish
from tests.pages import main_of, page_at
from tests.registers import make_register

pytestmark = pytest.mark.django_db

DAY = datetime.date
URL, CSV = "/between/", "/between.csv"


@pytest.fixture
def story(clock):
    """Edition 1 of 2010: a well, a dam. Of 2011, 2: a pump; 3 and 4: the well judged, reworded; 5: no dam any more."""
    clock.move_to(datetime.datetime(2010, 1, 1, 12, tzinfo=datetime.UTC))
    publish(
        *(make_commitment(slug, title=f"Dig the {slug}", theme=make_theme(f"of-{slug}")) for slug in ("dam", "well"))
    )
    clock.move_to(datetime.datetime(2011, 1, 1, 12, tzinfo=datetime.UTC))
    make_published("pump")
    well = Commitment.objects.get(slug="well")
    judge(well, as_of=DAY(2006, 6, 15), status="stalled", rationale="It stopped.")
    revise(reload(well), title="Dig a deeper well")
    retract(Commitment.objects.get(slug="dam"), "It was recorded twice.")
    clock.move_to(datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC))


def downloaded(client, query):
    response = client.get(f"{CSV}?{query}")
    assert response.status_code == 200, response.content
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def lines(main):
    """[(heading of the section, title)] of every line of a page."""
    return [
        (section.one("h2").text, item.one("h3").text)
        for section in main.all("section")
        for ul in section.all("ul", class_="between-lines")
        for item in ul.all("li")
    ]


def test_page_says_the_finding_and_each_line(client, story):
    page = page_at(client, f"{URL}?since_edition=1")
    main = page.one("main")

    assert page.problems == []
    assert main.one("h1").text == "Between 1 January 2010 (edition 1) and today: 1 changed status"
    assert lines(main) == [
        ("Changed status", "Dig a deeper well"),
        ("Newly on record", "Promise pump"),
        ("Withdrawn", "Dig the dam"),
    ]
    (well, pump, dam) = [item for ul in main.all("ul", class_="between-lines") for item in ul.all("li")]
    assert "Not assessed → became Stalled" in well.text
    assert "It stopped. Judged as of 15 June 2006: well/2006-06-15, edition 3." in well.text
    assert "Wording changed in edition 4: title." in well.text
    assert "Promised on 5 July 2005, recorded since." in pump.text
    assert "It was recorded twice." in dam.text
    assert dam.one("h3").addresses == ["/commitments/dam/?as_of=2010-01-01&edition=1"]
    assert page_at(client, dam.one("h3").addresses[0]).one("h1").text == "Dig the dam"


def test_every_number_opens_the_lines_behind_it(client, story):
    main = main_of(client, f"{URL}?since_edition=1&as_of=2026-11-24")
    opened = 0
    for link in [*main.one("ul", class_="between-counts").links, *main.one("table").links]:
        number = int(link[0].split()[0])
        found = main_of(client, URL + link[1])
        assert len(lines(found)) == number, link
        # The moment stays, and the whole is one click away.
        assert "as_of=2026-11-24" in link[1]
        assert "Everything that changed" in found.text
        opened += 1
    assert opened >= 12


def test_form_without_a_first_moment_offers_two(client, story):
    main = main_of(client, f"{URL}?theme=of-well&edition=4")

    presets = main.one("ul", class_="plain").links
    assert presets == [
        ("What happened in a year", "?theme=of-well&edition=4&since=2010-01-01"),
        ("What edition 4 changed", "?theme=of-well&edition=4&since=2011-01-01&since_edition=3"),
    ]
    assert [line[1] for line in lines(main_of(client, URL + presets[1][1]))] == ["Dig a deeper well"]
    assert main.all("section") == []


def test_form_keeps_the_second_moment_and_the_filters(client, story):
    form = main_of(client, f"{URL}?since_edition=1&theme=of-well&as_of=2012-01-01&change=status").one("form")
    sent = {one.get("name"): one.get("value") for one in form.all("input")}

    assert sent == {"since": "2010-01-01", "since_edition": "1", "theme": "of-well", "as_of": "2012-01-01"}


def test_both_clocks_can_be_taken_apart(client, story):
    main = main_of(client, f"{URL}?since_edition=1")
    links = dict(main.links)

    happened = main_of(client, URL + links["only what happened between the two days"])
    published = main_of(client, URL + links["only what the editions between published"])
    assert lines(happened) == []
    assert "Nothing changed between these moments." in happened.text
    assert published.one("h1").text == "Between edition 1 and edition 5: 1 changed status"


def test_judgements_renewed_are_folded_away(client, story):
    judge(Commitment.objects.get(slug="well"), as_of=DAY(2007, 6, 15), status="stalled")

    main = main_of(client, f"{URL}?since_edition=5")

    assert lines(main) == [("Judged anew, status unchanged", "Dig a deeper well")]
    assert main.one("details").one("summary").text == "1 judgement"
    assert main_of(client, f"{URL}?since_edition=5&change=renewed").all("details") == []


QUERIES = (
    "since_edition=1",
    "since_edition=1&change=new",
    "since=2006-01-01&theme=of-well",
    "since_edition=2&after=none",
)


@pytest.mark.parametrize("query", QUERIES)
def test_page_and_file_have_the_same_lines(client, story, monkeypatch, query):
    monkeypatch.setattr(view, "PER_PAGE", 2)
    main = main_of(client, f"{URL}?{query}")
    titles = [title for _heading, title in lines(main)]
    while following := main.all("a", rel="next"):
        main = main_of(client, URL + following[0].get("href"))
        titles += [title for _heading, title in lines(main)]

    rows = downloaded(client, query)
    assert [row["title"] for row in rows] == titles
    assert titles
    assert ("These lines as CSV", f"{CSV}?{query}") in main_of(client, f"{URL}?{query}").links


def test_file_says_everything_about_a_line(client, story):
    row, *_rest = downloaded(client, "since_edition=1")

    assert list(row) == [column.name for column in BETWEEN]
    assert row == {
        "slug": "well",
        "title": "Dig a deeper well",
        "changes": "status; wording",
        "status_before": "not_assessed",
        "status_after": "stalled",
        "as_of_before": "",
        "as_of_after": "2006-06-15",
        "assessment_before": "",
        "assessment_after": "well/2006-06-15",
        "rationale": "It stopped.",
        "reworded": "title",
        "wording_edition_before": "1",
        "wording_edition_after": "4",
        "reason": "",
        "since_as_of": "2010-01-01",
        "since_edition": "1",
        "moment_as_of": "2026-11-24",
        "moment_edition": "5",
    }
    assert client.get(f"{CSV}?since_edition=1")["Content-Disposition"] == (
        'attachment; filename="between-2026-11-24-edition-5.csv"'
    )


def test_citation_pins_both_moments(client, story):
    part = main_of(client, f"{URL}?since_edition=1&page=1").one("section", aria_labelledby="cite")
    pinned = "since=2010-01-01&since_edition=1&as_of=2026-11-24&edition=5"

    assert part.one("p", class_="citation").text == (
        "The tracker's editors, “Between 1 January 2010 (edition 1) and 24 November 2026 (edition 5): "
        f"1 changed status”, SCO Commitment Tracker, edition 5, as of 24 November 2026, http://testserver{URL}?{pinned}"
    )
    assert ("CSV that stays as it is", f"http://testserver{CSV}?{pinned}") in part.links
    assert client.get(f"/cite/bib{CSV}?{pinned}").status_code == 200


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=2006-13-40", "The parameter “since” cannot be “2006-13-40”. Write a day as YYYY-MM-DD"),
        ("since=2026-11-24&as_of=2006-09-14", "The parameter “since” cannot be “2026-11-24”. It lies after the second"),
        ("since_edition=9", "The parameter “since_edition” cannot be “9”. It is later than edition 5"),
        ("since=2006-09-14&theme=nothing", "The parameter “theme” cannot be “nothing”. Use one of: "),
        ("since=2006-09-14&change=lost", "The parameter “change” cannot be “lost”. Use one of: status, new, "),
        ("since=2006-09-14&colour=red", "The parameter “colour” cannot be “red”. This page does not know it."),
    ],
)
def test_bad_parameters_are_refused_by_page_and_file_alike(client, story, query, sentence):
    for address in (URL, CSV):
        assert sentence in main_of(client, f"{address}?{query}", status=400).text


def test_file_needs_a_first_moment(client, story):
    assert "Name the first moment" in main_of(client, CSV, status=400).text


@pytest.mark.parametrize("page", ["0", "2", "x"])
def test_page_that_does_not_exist_is_refused(client, story, page):
    assert "“page”" in main_of(client, f"{URL}?since_edition=1&page={page}", status=400).text


def test_door_is_in_the_bar_among_the_changes_and_on_the_list(client, story):
    away = page_at(client, "/commitments/?as_of=2006-09-14&edition=2&theme=of-well")

    since = f"{URL}?since=2006-09-14&since_edition=2"
    assert ("What has changed since then", since) in away.one("aside", class_="banner").links
    assert page_at(client, since).one("h1").text.startswith("Between 14 September 2006 (edition 2) and today")
    assert ("What changed in this list", f"{URL}?as_of=2006-09-14&edition=2&theme=of-well") in away.links
    assert URL in main_of(client, "/changes/").addresses
    assert ("What has changed since edition 3", f"{URL}?since_edition=3") in main_of(client, "/changes/").links


def test_before_the_first_edition_there_is_nothing_to_compare(client):
    assert main_of(client, URL).one("h1").text == "Two moments compared"
    assert "Nothing changed between these moments." in main_of(client, f"{URL}?since=2006-09-14").text
    assert "“since_edition”" in main_of(client, f"{URL}?since_edition=1", status=400).text


@pytest.mark.parametrize("address", [f"{URL}?since=2005-01-01", f"{CSV}?since=2005-01-01"])
def test_few_and_many_lines_take_the_same_queries(client, address):
    def queries():
        with CaptureQueriesContext(connection) as found:
            response = client.get(address)
            if response.streaming:
                b"".join(response.streaming_content)
        assert response.status_code == 200
        return len(found)

    make_register(9)
    few = queries()
    shared = {"theme": make_theme("late")}
    publish(*(make_commitment(f"late-{number}", **shared) for number in range(20)))

    assert queries() == few
