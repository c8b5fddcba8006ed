"""The columns of the tables: each declared once, and the whole file the same on both databases."""

import csv
import datetime
import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.choices import UNCITABLE
from commitments.exports import columns
from commitments.exports.csv import stream, unguard
from commitments.models import Source, Standing
from commitments.moment import Moment
from tests.acts import judge, reload, revise
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.registers import make_organisation, make_register

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden_commitments.csv"
DAY = datetime.date


def written(**clocks):
    """The whole file at a moment, in the order of a list that asks for none."""
    moment = Moment.on(**clocks)
    return "".join(stream(columns.COMMITMENTS, columns.commitment_rows(Standing.objects.at(moment).in_order(), moment)))


def table(**clocks):
    """{key: {column: text}} of the file at a moment."""
    rows = csv.DictReader(io.StringIO(written(**clocks), newline=""), strict=True)
    return {row["slug"]: row for row in rows}


def make_nasty_register():
    """Cells that trip programs over: quotes, separators, line ends, formulas, other scripts, spaces at the edges."""
    organisation, states = make_organisation()
    far = make_party("ZZ")
    theme = make_theme("water")
    summit = make_summit("town-a-2005", country=far)
    paper = make_source(
        "paper-2005", title='The "Paper", final', url="https://example.org/a,b?c=1&d=2", kind="official-document"
    )
    secret = make_source("secret-2005", title="Secret title", publisher="Secret press", terms="no_citation")
    own = make_source("own-2006", kind="official-statement", issuer=states[0])
    shared = {"theme": theme, "summit": summit, "source": paper}
    money = make_commitment(
        "money",
        title='=SUM("A1";2)',
        summary='Line one\nline two, with "quotes"\r\nand a lone\rreturn',
        pledged_by=[states[0]],
        beneficiaries=[far, states[1]],
        target_quantity=Decimal("900000000.5"),
        target_unit="USD",
        target_measure="+lent",
        due=DAY(2007, 12, 31),
        responsible="@bank",
        locator="p. 3, § 2",
        note="-5 of them",
        **shared,
    )
    scripts = make_commitment(
        "scripts",
        title="Школы и 学校 🙂",
        summary="  =indented formula",
        basis="summit-document",
        obligation="continuing",
        kind="institution",
        checkable="partly",
        checkable_note="＝wide equals",
        pledged_by=[organisation],
        beneficiaries=[organisation, far],
        locator="'quoted already",
        superseded_by=money,
        **shared,
    )
    scripts.related.set([money])
    hidden = make_commitment(
        "hidden-source",
        title="tab\tinside; semicolon",
        summary="'=an apostrophe of its own",
        basis="analyst-recommendation",
        kind="policy",
        checkable="no",
        theme=theme,
        summit=None,
        source=secret,
        locator="Secret page 7",
        pledged_by=[],
        made_on=DAY(2006, 1, 1),
    )
    hidden.restates.set([money, scripts])
    publish(
        money,
        scripts,
        hidden,
        make_assessment(
            money,
            progress=Decimal("1200000000.25"),
            stage="agreed",
            rationale="Half,\nand more.",
            note="\t@note",
            sources=[own],
        ),
        make_assessment(
            scripts,
            status="fulfilled",
            below_rule="fulfilled needs an official text of the act or two independent sources: one paper, twice.",
            sources=[make_source("news-2006")],
        ),
    )


def test_file_is_the_golden_one_on_every_database():
    make_nasty_register()

    assert written().encode() == GOLDEN.read_bytes()


def test_golden_file_reads_back():
    rows = list(csv.DictReader(io.StringIO(GOLDEN.read_bytes().decode(), newline=""), strict=True))

    assert [row["slug"] for row in rows] == ["hidden-source", "money", "scripts"]
    money = rows[1]
    assert unguard(money["title"]) == '=SUM("A1";2)'
    assert money["summary"] == 'Line one\nline two, with "quotes"\r\nand a lone\rreturn'
    assert (money["target_quantity"], money["progress"], money["percent"]) == (
        "900000000.5",
        "1200000000.25",
        "133.33",
    )
    assert (money["overdue"], money["self_reported"], money["counted"]) == ("yes", "yes", "yes")
    assert not any(None in row for row in rows)


def test_columns_are_named_once_and_explained():
    for declared in (columns.COMMITMENTS, columns.CHANGES):
        names = [column.name for column in declared]
        assert len(names) == len(set(names))
        assert all(name.replace("_", "").isalpha() and name == name.lower() for name in names)
        assert all(str(column.meaning).endswith(".") for column in declared)
        types = {"text", "date", "datetime", "number", "integer", "boolean", "list"}
        assert {column.type for column in declared} <= types


PYTHON_TYPES = {
    "text": str,
    "date": datetime.date,
    "datetime": datetime.datetime,
    "number": Decimal,
    "integer": int,
    "boolean": bool,
    "list": list,
}


def test_values_are_of_the_declared_type():
    make_nasty_register()
    moment = Moment.now()
    seen = set()

    for row in columns.commitment_rows(Standing.objects.at(moment), moment):
        for column in columns.COMMITMENTS:
            value = column.value(row)
            if value is not None:
                seen.add(column.name)
                assert isinstance(value, PYTHON_TYPES[column.type]), (column.name, value)
    assert seen == {column.name for column in columns.COMMITMENTS}


def test_organisation_is_one_code_and_its_members_of_the_day_are_beside_it():
    organisation, _states = make_organisation()
    make_published("all", pledged_by=[organisation])

    row = table()["all"]

    assert row["pledged_by"] == "ORG"
    assert sorted(row["pledged_by_all"].split("; ")) == ["AA", "BB", "CC", "ORG"]
    assert row["beneficiaries"] == row["beneficiaries_all"] == ""


def test_source_that_may_not_be_cited_is_hidden_until_its_terms_change():
    source = make_source("secret-key", title="Secret title", publisher="Secret press", terms="no_citation")
    make_published("promise", source=source, locator="Secret page")

    row = table()["promise"]
    assert (row["source"], row["source_url"], row["locator"]) == ("", "", "")
    assert row["source_title"] == UNCITABLE
    assert "secret" not in written().lower()
    Source.objects.filter(pk=source.pk).update(terms="open")
    row = table()["promise"]
    assert (row["source"], row["source_title"], row["locator"]) == ("secret-key", "Secret title", "Secret page")


def test_links_lead_only_to_what_is_public_at_the_moment(clock):
    early = make_published("early")
    late = make_published("late")
    working_copy = reload(early)
    working_copy.related.set([late])
    working_copy.superseded_by = late
    working_copy.save()
    publish(working_copy)

    assert (table()["early"]["related"], table()["early"]["superseded_by"]) == ("late", "late")
    assert table(edition=2)["early"]["related"] == ""


def test_link_to_a_promise_made_later_is_left_out():
    late = make_published("late", made_on=DAY(2006, 1, 1))
    early = make_commitment("early")
    early.related.set([late])
    publish(early)

    assert table(as_of=DAY(2005, 12, 31))["early"]["related"] == ""
    assert table(as_of=DAY(2006, 1, 1))["early"]["related"] == "late"


def test_both_clocks_are_in_every_row(clock):
    clock.move_to(datetime.datetime(2007, 1, 1, 12, tzinfo=datetime.UTC))
    promise = make_published("promise", title="First", due=DAY(2006, 12, 1))
    judge(promise, status="stalled")
    revise(promise, title="Second")

    rows = [table(edition=1), table(edition=2), table(), table(as_of=DAY(2006, 6, 14))]

    names = ("title", "status", "as_of", "overdue", "assessment", "assessment_edition", "wording_edition")
    assert [[row["promise"][name] for name in names] for row in rows] == [
        ["First", "not_assessed", "", "yes", "", "", "1"],
        ["First", "stalled", "2006-06-15", "yes", "promise/2006-06-15", "2", "1"],
        ["Second", "stalled", "2006-06-15", "yes", "promise/2006-06-15", "2", "3"],
        ["Second", "not_assessed", "", "no", "", "", "3"],
    ]
    assert [(row["promise"]["moment_as_of"], row["promise"]["moment_edition"]) for row in rows] == [
        ("2007-01-01", "1"),
        ("2007-01-01", "2"),
        ("2007-01-01", "3"),
        ("2006-06-14", "3"),
    ]


def test_drafts_and_working_copies_do_not_show():
    make_commitment("draft", title="Not public")
    promise = make_published("promise", title="Public")
    make_assessment(promise, rationale="Not public either")
    working_copy = reload(promise)
    working_copy.title, working_copy.in_seed = "Not public yet", True
    working_copy.save()

    assert list(table()) == ["promise"]
    assert "Not public" not in written()


@pytest.mark.parametrize("number", [4, 40])
def test_few_and_many_rows_take_the_same_queries(number):
    make_register(number)
    moment = Moment.now()
    standings = Standing.objects.at(moment).in_order()

    with CaptureQueriesContext(connection) as queries:
        rows = list(stream(columns.COMMITMENTS, columns.commitment_rows(standings, moment)))

    assert rows
    # What is public, the rows, their parties, their links.
    assert len(queries) == 4


def test_more_rows_than_a_batch_are_all_there(monkeypatch):
    monkeypatch.setattr(columns.commitments, "BATCH", 3)
    make_register(10)
    moment = Moment.now()

    with CaptureQueriesContext(connection) as queries:
        rows = list(columns.commitment_rows(Standing.objects.at(moment).in_order(), moment))

    assert len({row.standing.slug for row in rows}) == 10
    # Parties and links are fetched once for each batch of three.
    assert len(queries) == 2 + 4 * 2
