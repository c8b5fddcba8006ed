"""/changes/ and /changes.csv: the same lines for the same query string."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import workflow
from commitments.exports.columns import CHANGES
from commitments.views import changes as view
from tests.acts import answer, correct, judge, reload, retract, revise
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_source,
    make_theme,
    publish,
)
from tests.pages import main_of, page_at
from tests.registers import make_register

pytestmark = pytest.mark.django_db

DAY = datetime.date
URL, CSV = "/changes/", "/changes.csv"


def downloaded(client, query=""):
    response = client.get(f"{CSV}?{query}")
    assert response.status_code == 200, response.content
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def lines(main):
    """[(edition heading, commitment, kind, why)] of the tables of a page."""
    return [
        (section.one("h2").text, row.one("th").text, *(row.all("td")[place].text for place in (0, 3)))
        for section in main.all("section")
        for table in section.all("table")
        for row in table.one("tbody").all("tr")
    ]


def all_lines(client, query=""):
    """The lines on every page, read by following "Next"."""
    main = main_of(client, f"{URL}?{query}")
    found = lines(main)
    while following := main.all("a", rel="next"):
        main = main_of(client, URL + following[0].get("href"))
        found += lines(main)
    return found


@pytest.fixture
def story(clock):
    """Five editions about one commitment, from 2007 on."""
    clock.move_to(datetime.datetime(2007, 1, 1, 12, tzinfo=datetime.UTC))
    theme = make_theme("water")
    promise = make_published("promise", title="First words", theme=theme)
    judgement = judge(promise, as_of=DAY(2006, 6, 1), status="stalled", rationale="It stands still.")
    clock.move_to(datetime.datetime(2008, 2, 3, 4, 5, tzinfo=datetime.UTC))
    corrected = correct(judgement, status="in_progress", rationale="It crawls.")
    revise(promise, title="Second words")
    retract(corrected, "The paper was forged.")
    theme.name = "Water and air"
    theme.save()


def test_page_tells_each_edition_with_its_reasons(client, story):
    page = page_at(client, URL)
    main = page.one("main")

    assert page.problems == []
    assert main.one("h1").text == "What changed"
    assert lines(main) == [
        ("Edition 5, 3 February 2008", "Second words", "Retraction", "The paper was forged."),
        ("Edition 4, 3 February 2008", "Second words", "Revised wording", "State A promised promise."),
        (
            "Edition 3, 3 February 2008",
            "First words",
            "Correction",
            "Corrects promise/2006-06-01: It was mistaken. It now says: It crawls.",
        ),
        ("Edition 2, 1 January 2007", "First words", "New assessment", "It stands still."),
        ("Edition 1, 1 January 2007", "First words", "New commitment", "State A promised promise."),
    ]
    assert "Imported, edition 3, 04:05 UTC." in main.text
    (_commitment, status, *_rest) = [cell.text for cell in main.all("tbody")[2].all("td")[1:]]
    assert status == "In progress Stalled → In progress"


def test_names_that_changed_are_told_on_the_first_page(client, story):
    section = main_of(client, URL).one("section", **{"aria-labelledby": "renamed"})

    assert [item.text for item in section.all("li")] == ["3 February 2008 theme water: name: Water → Water and air"]
    assert section.addresses == ["/themes/water/"]
    assert "Names and addresses" not in main_of(client, f"{URL}?edition=2").text
    assert lines(main_of(client, f"{URL}?kind=reference")) == []
    assert "Water and air" in main_of(client, f"{URL}?kind=reference").text


def test_file_has_the_lines_of_the_page_in_its_order(client, story):
    rows = downloaded(client)

    assert [row["edition"] for row in rows] == ["5", "4", "3", "2", "1", ""]
    assert rows[0] == {
        "edition": "5",
        "published_at": "2008-02-03T04:05:00Z",
        "origin": "import",
        "kind": "retraction",
        "commitment": "promise",
        "title": "Second words",
        "record": "promise/2006-06-01-2",
        "as_of": "",
        "status": "",
        "status_before": "in_progress",
        "status_after": "not_assessed",
        "text": "The paper was forged.",
    }
    assert (rows[-1]["origin"], rows[-1]["record"], rows[-1]["kind"]) == ("register", "theme water", "reference")


QUERIES = (
    "", "edition=3", "as_of=2006-05-31", "from=2008-01-01", "to=2007-12-31", "from_edition=2&to_edition=4",
    "kind=correction", "corrections=yes", "corrections=no", "corrections=yes&kind=correction",
    "kind=commitment", "kind=reply", "commitment=promise", "commitment=promise&kind=retraction",
    "from=&to=&kind=&corrections=&from_edition=&to_edition=&commitment=",
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_page_and_file_show_the_same_lines(client, story, monkeypatch, query):
    monkeypatch.setattr(view, "PER_PAGE", 2)

    on_pages = [(heading.split(",")[0], title, why) for heading, title, _kind, why in all_lines(client, query)]

    rows = downloaded(client, query)
    assert on_pages == [(f"Edition {row['edition']}", row["title"], row["text"]) for row in rows if row["edition"]]
    main = main_of(client, f"{URL}?{query}")
    names = [
        item.text for section in main.all("section", **{"aria-labelledby": "renamed"}) for item in section.all("li")
    ]
    assert [name.split(" ", 3)[3] for name in names] == [
        f"{row['record']}: {row['text']}" for row in rows if not row["edition"]
    ]


def test_corrections_and_retractions_are_a_link_away_and_back(client, story):
    main = main_of(client, f"{URL}?edition=5")
    address = dict(main.links)["Corrections and retractions"]

    only = main_of(client, address)

    assert address == f"{URL}?corrections=yes&edition=5"
    assert [line[2] for line in lines(only)] == ["Retraction", "Correction"]
    assert ("All changes", f"{URL}?edition=5") in only.links
    assert "Names and addresses" not in only.text
    (chosen,) = [option.text for option in only.all("option") if "selected" in option.attributes]
    assert chosen == "only these"
    others = {line[2] for line in lines(main_of(client, f"{URL}?corrections=no"))}
    assert others == {line[2] for line in lines(main)} - {"Retraction", "Correction"}


def test_narrowing_form_keeps_what_was_asked(client, story):
    main = main_of(client, f"{URL}?from=2007-01-01&to_edition=2&kind=assessment&commitment=promise&as_of=2008-01-01")
    form = main.one("form", class_="inline-form")

    assert (form.get("method"), form.get("action")) == ("get", URL)
    given = {field.get("name"): field.get("value") for field in form.all("input")}
    assert given == {
        "as_of": "2008-01-01",
        "from": "2007-01-01",
        "to": "",
        "from_edition": "",
        "to_edition": "2",
        "commitment": "promise",
    }
    assert [option.text for option in form.all("option") if "selected" in option.attributes] == ["New assessment"]
    assert [line[0] for line in lines(main)] == ["Edition 2, 1 January 2007"]


def test_csv_link_and_links_keep_the_query_and_the_moment(client, story):
    main = main_of(client, f"{URL}?kind=assessment&edition=3")

    assert ("This list as CSV", f"{CSV}?kind=assessment&edition=3") in main.links
    assert "/commitments/promise/?edition=3" in main.addresses


def test_hundred_lines_are_a_page(client):
    publish(*(make_commitment(f"promise-{i:03}") for i in range(101)))

    first, second = main_of(client, URL), main_of(client, f"{URL}?page=2")

    assert (len(lines(first)), len(lines(second))) == (100, 1)
    assert lines(second)[0][1] == "Promise promise-100"
    assert first.one("nav", class_="pagination").links == [("Next →", "?page=2")]
    assert len(downloaded(client)) == 101


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2006-13-40", "The parameter “from” cannot be “2006-13-40”. Write a day as YYYY-MM-DD."),
        ("to=yesterday", "The parameter “to” cannot be “yesterday”. Write a day as YYYY-MM-DD."),
        ("from=2007-01-02&to=2007-01-01", "The parameter “from” cannot be “2007-01-02”. It lies after “to”."),
        ("from_edition=0", "The parameter “from_edition” cannot be “0”. Write the number of an edition."),
        ("to_edition=one", "The parameter “to_edition” cannot be “one”. Write the number of an edition."),
        ("from_edition=6", "The parameter “from_edition” cannot be “6”. The newest edition here is 5."),
        ("to_edition=3&edition=2", "The parameter “to_edition” cannot be “3”. The newest edition here is 2."),
        ("from_edition=3&to_edition=2", "The parameter “from_edition” cannot be “3”. It lies after “to_edition”."),
        ("kind=nonsense", "The parameter “kind” cannot be “nonsense”. Use one of: commitment, revision, assessment, "),
        ("corrections=maybe", "The parameter “corrections” cannot be “maybe”. Write yes or no."),
        ("commitment=No Key", "The parameter “commitment” cannot be “No Key”. Write the key of a commitment"),
        ("commitment=nothing", "The parameter “commitment” cannot be “nothing”. No commitment with this key"),
        ("commitment=draft", "The parameter “commitment” cannot be “draft”. No commitment with this key"),
        ("kind=reply&kind=reply", "The parameter “kind” cannot be “reply, reply”. Give it once."),
        ("from=2007-01-01&from=2007-01-01", "The parameter “from” cannot be “2007-01-01, 2007-01-01”. Give it once."),
        ("status=stalled", "The parameter “status” cannot be “stalled”. This page does not know it. Known here: "),
        ("edition=6", "The parameter “edition” cannot be “6”. The newest edition is 5."),
    ],
)
def test_bad_parameters_are_refused_by_page_and_file_alike(client, story, query, sentence):
    make_commitment("draft")

    for address in (URL, CSV):
        assert sentence in main_of(client, f"{address}?{query}", status=400).text


@pytest.mark.parametrize("page", ["0", "2", "", "x"])
def test_page_that_does_not_exist_is_refused(client, story, page):
    assert "“page”" in main_of(client, f"{URL}?page={page}", status=400).text


def test_file_is_named_after_its_moment(client, story):
    response = client.get(f"{CSV}?edition=2")

    assert response["Content-Disposition"] == 'attachment; filename="changes-2007-01-01-edition-2.csv"'
    header = b"".join(response.streaming_content).decode().split("\n")[0]
    assert header == ",".join(column.name for column in CHANGES)
    assert b"".join(client.head(CSV).streaming_content) == b""


def test_nothing_published_is_said(client):
    make_commitment("draft")

    assert "No edition changed anything of that kind." in main_of(client, URL).text
    assert downloaded(client) == []


def test_formulas_are_defused(client):
    make_published("promise", title="=1+1", summary="+2")

    (row,) = downloaded(client)

    assert (row["title"], row["text"]) == ("'=1+1", "'+2")


def test_desk_edition_names_only_those_who_chose_it(client):
    writer = make_person("secret-writer", group="Editor", first_name="Secret", last_name="Writer")
    publisher = make_person("secret-publisher", group="Publisher", last_name="Secret")
    named = make_person("known-publisher", group="Publisher", public_name="K. Nown")
    for by in (publisher, named):
        commitment = make_commitment()
        workflow.note_edit(commitment, by=writer)
        commitment.save()
        workflow.submit(commitment, by=writer)
        workflow.publish([commitment], by=by, note="A note to readers.")

    text = main_of(client, URL).text

    assert "Published by a second person, 12:00 UTC. A note to readers." in text
    assert "Published by K. Nown, a second person, 12:00 UTC." in text
    for address in (URL, CSV):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"secret" not in body.lower(), address


def test_source_that_may_not_be_cited_is_named_nowhere(client):
    concealed = make_source("concealed-key", title="Concealed title", publisher="Concealed", terms="no_citation")
    promise = make_published("promise", source=concealed, locator="Concealed page")
    judgement = judge(promise, sources=[concealed])
    answer(judgement, party=make_party("AA"), source=concealed)
    concealed.title = "Concealed again"
    concealed.save()

    assert len(downloaded(client)) == 3
    for address in (URL, CSV):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"concealed" not in body.lower(), address


def test_drafts_do_not_show(client):
    promise = make_published("promise")
    make_assessment(promise, rationale="Secret")
    working_copy = reload(promise)
    working_copy.title = "Secret"
    working_copy.save()
    make_commitment("secret")

    assert len(lines(main_of(client, URL))) == 1
    assert "ecret" not in client.get(URL).content.decode()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address", [URL, CSV, f"{URL}?kind=assessment&commitment=pledge-000", f"{CSV}?as_of=2026-11-01"]
)
def test_few_and_many_lines_take_the_same_queries(client, address):
    make_register(4)
    few = queries_of(client, address)
    shared = {"theme": make_theme("late"), "source": make_source()}
    drafts = [make_commitment(f"late-{i}", **shared) for i in range(40)]
    publish(*drafts, *(make_assessment(draft) for draft in drafts))

    assert queries_of(client, address) == few
