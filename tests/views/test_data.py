"""/data/"""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.exports.tables import TABLES, TYPES
from tests.acts import answer
from tests.factories import make_published, make_source
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def section(main, name):
    return main.one("section", aria_labelledby=name)


def test_each_file_is_there_with_its_rows_and_columns(client):
    make_published("well", assessments=[{}])
    make_published("road")

    table = section(main_of(client, "/data/"), "files").one("table")

    rows = table.one("tbody").all("tr")
    assert len(rows) == len(TABLES)
    for row, declared in zip(rows, TABLES, strict=True):
        now, pinned = row.addresses[0], row.addresses[-1]
        assert pinned == f"{now}?as_of=2026-11-24&edition=2"
        for address in (now, pinned):
            text = b"".join(client.get(address).streaming_content).decode()
            head, *lines = csv.reader(io.StringIO(text))
            said = [cell.text for cell in row.all("td", class_="number")]
            assert said == [str(len(lines)), str(len(head))]
            assert head == [column.name for column in declared.columns]


def test_dictionary_explains_every_column(client):
    main = main_of(client, "/data/")

    for declared in TABLES:
        table = main.one("div", aria_labelledby=f"columns-{declared.key}").one("table")
        found = [(row.one("th").text, *(cell.text for cell in row.all("td"))) for row in table.one("tbody").all("tr")]
        assert found == [(column.name, column.type, str(column.meaning)) for column in declared.columns]


def test_every_type_of_the_columns_is_explained(client):
    used = {column.type for table in TABLES for column in table.columns}

    assert used <= set(TYPES)
    explained = {one.one("dt").text for one in section(main_of(client, "/data/"), "form").one("dl").all("div")}
    assert explained == set(TYPES)


def test_record_is_counted_and_leads_to_its_pages(client):
    well = make_published("well", assessments=[{"sources": [make_source("a"), make_source("b", terms="no_citation")]}])
    answer(well.assessments.get())
    make_published("road")

    inventory = section(main_of(client, "/data/"), "inventory")

    found = {one.one("dt").text: one.one("dd").text for one in inventory.all("div")}
    assert found["Commitments"] == "2"
    assert found["Judgements, those withdrawn since included"] == "1"
    assert found["Pieces of evidence"] == "2"
    assert found["Replies"] == "1"
    assert found["Sources that may be cited"] == "4"
    assert ("2", "/commitments/") in inventory.links


def test_terms_and_citation_are_stated(client):
    make_published()

    main = main_of(client, "/data/")

    assert section(main, "terms").links == [("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")]
    assert "That does not reach the sources they name" in section(main, "terms").text
    assert "/commitments.csv?as_of=2026-11-24&edition=1" in section(main, "cite-commitment-csv").text


def test_nothing_published_is_said(client):
    main = main_of(client, "/data/")

    assert "Nothing has been published yet." in main.one("p", class_="lede").text
    assert main.all("section", aria_labelledby="cite-commitment-csv") == []


@pytest.mark.parametrize("clock", ["as_of=2006-01-01", "edition=1"])
def test_page_knows_no_clock(client, clock):
    make_published()

    text = main_of(client, f"/data/?{clock}", status=400).text

    assert "This page is not about a moment; leave it out." in text


def test_every_page_leads_here(client):
    make_published("well")

    for address in ("/", "/commitments/well/?edition=1", "/nowhere/"):
        assert 'href="/data/"' in client.get(address).content.decode()


def test_queries_are_the_same_for_few_and_many(client):
    counts = []
    for number in (1, 10):
        for _one in range(number):
            make_published(assessments=[{}])
        with CaptureQueriesContext(connection) as queries:
            client.get("/data/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 26
