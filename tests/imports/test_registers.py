"""Commitments and sources from a file: the same file changes nothing, one cell changes one thing, all or nothing."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.exports.columns import COMMITMENTS, commitment_rows
from commitments.exports.csv import stream
from commitments.imports import apply
from commitments.imports.apply import NotWritten, write
from commitments.imports.dry_run import finish
from commitments.models import Commitment, Revision, Source, Standing
from commitments.moment import Moment
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.imports.sheets import book, carried_out, csv_file, exported, opened, planned, rows_of, said, saved

pytestmark = pytest.mark.django_db


def promise(slug="pledge-a", **fields):
    """What an editor enters for a new commitment."""
    return {
        "slug": slug,
        "title": "A promise",
        "summary": "State A promised it.",
        "basis": "leader-pledge",
        "obligation": "one_off",
        "checkable": "yes",
        "checkable_note": "It can be counted.",
        "kind": "finance",
        "theme": "theme-a",
        "summit": "summit-a",
        "made_on": "2005-07-05",
        "pledged_by": "XA",
        "source": "source-a",
        **fields,
    }


@pytest.fixture
def register(db):
    """What new commitments refer to."""
    make_theme("theme-a")
    make_summit("summit-a")
    make_source("source-a")
    make_party("XA")
    make_party("XB")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_handed_in_again_changes_nothing(editor, form):
    texts = {"summary": "=1+1", "note": '\'= a\r\n"b" _x000D_', "responsible": " Council, A "}
    first = make_commitment("pledge-a", beneficiaries=[make_party()], **texts)
    second = make_published(
        "pledge-b", target_quantity="1.125", target_unit="USD", target_measure="Money", due="2010-01-01",
        assessments=[{"progress": "0.5", "confidence": "low"}],
    )  # fmt: skip
    second.restates.add(first)
    first.superseded_by = second
    first.save()
    make_source("source-secret", terms="no_citation", published="2006")

    for table, count in (("commitments", 2), ("sources", Source.objects.count())):
        plan = planned(exported(table, form), table, editor)
        assert (said(plan), plan.entries, len(plan.unchanged)) == ([], [], count)
        assert not any("differs" in notice for notice in plan.notices)


def test_one_edited_cell_is_the_one_change_and_is_written_once(editor, register):
    made = make_published("pledge-a", pledged_by=[make_party("XC")])
    make_published("pledge-b")
    rows = rows_of(exported("commitments"))
    rows[-1 if rows[-1]["slug"] == "pledge-a" else 0]["title"] = "Another title"
    content = csv_file(*rows)

    plan = carried_out(content, "commitments", editor)

    assert [(one.key, one.changes) for one in plan.changed] == [
        ("pledge-a", {"title": ("Promise pledge-a", "Another title")})
    ]
    stored = Commitment.objects.get(slug="pledge-a")
    assert (stored.title, stored.author, stored.edited_by, stored.submitted_at) == (
        "Another title",
        editor,
        editor,
        None,
    )
    assert stored.version == Commitment.objects.get(slug="pledge-b").version + 1
    assert Standing.objects.at(Moment.now()).get(slug="pledge-a").revision.title == "Promise pledge-a"
    assert made.history.first().history_user == editor
    assert made.history.first().history_change_reason == "Imported from file.csv"
    assert [row.party.code for row in made.history.first().pledged_by.all()] == ["XC"]
    again = planned(content, "commitments", editor)
    assert (said(again), again.entries) == ([], [])


def test_new_commitments_are_drafts_that_may_point_to_each_other(editor, register):
    content = csv_file(
        promise(
            "pledge-a", superseded_by="pledge-b", target_quantity="1500", target_unit="USD", target_measure="Money"
        ),
        promise("pledge-b", related="pledge-a", pledged_by="XA; XB", due="2010-12-31"),
    )

    plan = carried_out(content, "commitments", editor)

    assert [one.key for one in plan.new] == ["pledge-a", "pledge-b"]
    first, second = Commitment.objects.get(slug="pledge-a"), Commitment.objects.get(slug="pledge-b")
    assert (first.superseded_by, first.target_quantity, first.author) == (second, Decimal(1500), editor)
    assert (list(second.related.all()), second.due, second.pledged_by.count()) == (
        [first],
        datetime.date(2010, 12, 31),
        2,
    )
    assert not Revision.objects.exists()
    assert (first.history.get().history_type, first.history.get().superseded_by) == ("+", second)
    assert second.history.get().pledged_by.count() == 2
    assert planned(content, "commitments", editor).entries == []


def test_every_problem_is_told_with_row_column_value_and_mend(editor, register):
    content = csv_file(
        promise("Pledge A"),
        promise("pledge-b", due="31.12.2020", target_quantity="1,5"),
        promise("pledge-c", theme="nothing", basis="a wish"),
        promise("pledge-d", title="", due="2004-01-01"),
        promise("pledge-e", due="2004-01-01"),
        promise("pledge-e"),
        promise("", title="x"),
        promise("pledge-f", title="x" * 201, target_quantity="5"),
        promise("pledge-g", target_quantity="5"),
        promise("pledge-h", pledged_by="XA; ZZ", summit=""),
    )

    plan = planned(content, "commitments", editor)

    found = [(one.row, one.column, one.value) for one in plan.problems]
    assert found == [
        (2, "slug", "Pledge A"),
        (3, "target_quantity", "1,5"),
        (3, "due", "31.12.2020"),
        (4, "basis", "a wish"),
        (4, "theme", "nothing"),
        (5, "title", ""),
        (6, "due", "2004-01-01"),
        (7, "slug", "pledge-e"),
        (8, "slug", ""),
        (9, "title", "x" * 59 + "…"),
        (10, "target_quantity", "5"),
        (11, "pledged_by", "ZZ"),
    ]
    assert said(plan)[2] == (
        "Row 3, column “due”, “31.12.2020”: This is not a day that can be read in one way only. Write year, month and "
        "day, like 2006-09-15."
    )
    assert "Write one of: summit-document, leader-pledge" in said(plan)[3]
    assert "The deadline lies before the day of the promise." in said(plan)[6]
    assert not plan.is_ready
    with pytest.raises(NotWritten):
        finish(write(content, "commitments", by=editor, name="a", fingerprint=plan.fingerprint))
    assert not Commitment.objects.exists()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"slug": "a", "titel": "x"}], "Is it “title”?"),
        ([{"title": "x"}], "it says which record a row is about"),
        ([{"slug": "pledge-a", "title": "x"}], "The column is missing; the file has new records"),
    ],
)
def test_header_that_is_wrong_is_told_of_the_header(editor, rows, sentence):
    plan = planned(csv_file(*rows), "commitments", editor)

    assert any(sentence in one for one in said(plan))
    assert {one.row for one in plan.problems} == {1}


def test_header_with_a_name_twice_and_header_without_rows_are_told(editor):
    twice = planned(b"slug,title,title\na,b,c\n", "commitments", editor)
    empty = planned(b"slug,title\n", "commitments", editor)

    assert said(twice) == ["Row 1, column “title”: The column stands there twice. Leave one of them."]
    assert said(empty) == ["Row 1: Below the header there are no rows."]


def test_computed_columns_are_ignored_and_what_differs_is_told(editor):
    make_published("pledge-a", assessments=[{"status": "stalled"}])
    (row,) = rows_of(exported("commitments"))

    plan = planned(csv_file(row | {"status": "fulfilled", "moment_as_of": "2001-01-01"}), "commitments", editor)

    assert plan.entries == []
    assert "“status” is computed; not imported. The file differs from what it is in row 2." in plan.notices
    assert not any("moment" in notice for notice in plan.notices[1:])


def test_column_that_is_left_out_is_left_alone_and_an_empty_cell_empties(editor):
    make_commitment("pledge-a", note="A note.", responsible="Council A")

    carried_out(csv_file({"slug": "pledge-a", "note": ""}), "commitments", editor)

    stored = Commitment.objects.get()
    assert (stored.note, stored.responsible) == ("", "Council A")


def test_public_csv_hides_a_source_and_its_import_leaves_that_source_alone(editor):
    secret = make_source(terms="no_citation")
    make_published("pledge-a", source=secret, locator="page 4")
    rows = commitment_rows(Standing.objects.at(Moment.now()), Moment.now())
    content = "".join(stream(COMMITMENTS, rows)).encode()

    plan = planned(content, "commitments", editor)

    assert (said(plan), plan.entries) == ([], [])


def test_row_of_a_workbook_may_end_before_its_header_does(editor, register):
    make_commitment("pledge-a", note="A note.")
    content = book(commitments=[["slug", "title", "note"], ["pledge-a", "Another title"]])

    plan = planned(content, "commitments", editor)

    (entry,) = plan.entries
    assert (said(plan), set(entry.changes)) == ([], {"title", "note"})


def test_formula_in_a_workbook_is_refused_and_dates_and_numbers_are_read(editor, register):
    rows = [
        promise(
            "pledge-a",
            made_on=datetime.date(2005, 7, 5),
            target_quantity=1500.5,
            target_unit="USD",
            target_measure="Money",
        )
    ]
    header = list(rows[0])
    content = book(commitments=[header, list(rows[0].values())])
    made = opened(content)
    made["commitments"].cell(2, header.index("title") + 1).value = "=1+1"

    assert planned(content, "commitments", editor).is_ready
    assert said(planned(saved(made), "commitments", editor)) == [
        "Row 2, column “title”, “=1+1”: This is a formula, and formulas are not worked out here. Paste its result as a "
        "value."
    ]


def test_change_in_between_refuses_and_writes_nothing(editor, register):
    make_commitment("pledge-a")
    content = csv_file({"slug": "pledge-a", "title": "Mine"})
    plan = planned(content, "commitments", editor)
    other = Commitment.objects.get()
    other.note = "Theirs."
    other.save()

    with pytest.raises(NotWritten, match="has changed since you looked") as refused:
        finish(write(content, "commitments", by=editor, name="a", fingerprint=plan.fingerprint))

    assert refused.value.plan.fingerprint != plan.fingerprint
    assert Commitment.objects.get().title == "Promise pledge-a"


def test_failure_at_the_end_leaves_nothing(editor, register, monkeypatch):
    content = csv_file(promise("pledge-a"), promise("pledge-b"))
    plan = planned(content, "commitments", editor)

    def broken(*args):
        raise apply.IntegrityError("no\nCONTEXT: inside")

    monkeypatch.setattr(apply, "_remember", broken)
    with pytest.raises(NotWritten, match=r"refuses it \(no\)"):
        finish(write(content, "commitments", by=editor, name="a", fingerprint=plan.fingerprint))
    assert not Commitment.objects.exists()


def test_edited_draft_goes_back_from_the_queue_and_all_its_writers_are_kept(editor):
    author = make_person()
    made = make_commitment(
        "pledge-a", author=author, edited_by=author, submitted_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    )

    carried_out(csv_file({"slug": "pledge-a", "note": "More."}), "commitments", editor)

    made.refresh_from_db()
    assert (made.submitted_at, made.writers) == (None, {author.pk, editor.pk})


def test_editor_limited_to_themes_changes_nothing_else(editor, register):
    mine, other = make_theme("theme-b"), make_commitment("pledge-a")
    make_commitment("pledge-b", theme=mine)
    editor.themes.add(mine)

    plan = planned(
        csv_file(
            {"slug": "pledge-a", "theme": other.theme.slug, "note": "x"},
            {"slug": "pledge-b", "theme": other.theme.slug},
        ),
        "commitments",
        editor,
    )
    new = planned(csv_file(promise("pledge-c"), promise("pledge-d", theme="theme-b")), "commitments", editor)

    assert [(one.row, one.column) for one in plan.problems] == [(2, "slug"), (3, "slug")]
    assert "is outside what you edit" in plan.problems[0].sentence
    assert [one.row for one in new.problems] == [2]


def test_editor_limited_to_a_party_may_change_what_all_members_promised(editor):
    member = make_party("XM", member_since="2001")
    everybody = make_party("XO", kind="organisation", stands_for_members=True)
    make_commitment("pledge-a", pledged_by=[everybody])
    make_commitment("pledge-b")
    editor.parties.add(member)
    content = csv_file({"slug": "pledge-a", "note": "x"}, {"slug": "pledge-b", "note": "x"})

    assert [one.row for one in planned(content, "commitments", editor).problems] == [3]


# Sources


def document(key="source-a", **fields):
    return {"key": key, "title": "Report A", "publisher": "Publisher A", "kind": "news", "language": "en", **fields}


def test_sources_are_made_and_changed(editor):
    make_party("XA")
    make_source("source-b", url="https://example.org/b")

    plan = carried_out(
        csv_file(
            document(published="2006-09", url="https://example.org/a", issuer="", last_checked="2026-11-01"),
            document("source-b", title="Report B", kind="official-statement", issuer="XA", url="https://example.org/b"),
        ),
        "sources",
        editor,
    )

    assert (len(plan.new), len(plan.changed)) == (1, 1)
    first, second = Source.objects.order_by("key")
    assert (first.published, first.terms, first.last_checked) == ("2006-09", "open", datetime.date(2026, 11, 1))
    assert (second.title, second.issuer.code) == ("Report B", "XA")
    assert second.history.first().history_user == editor
    assert "readers see its change at once" in plan.notices[-1]


@pytest.mark.parametrize(
    ("fields", "column", "sentence"),
    [
        ({"url": "https://example.org/b"}, "url", "belongs to the source “source-b” already"),
        ({"url": "http://www.example.org/b/#top"}, "url", "belongs to the source “source-b” already"),
        ({"url": "nowhere"}, "url", "Enter a valid URL."),
        ({"published": "9/2006"}, "published", "is not a date. Write a year (2006)"),
        ({"issuer": "XA"}, "issuer", "Only an official document or statement has an issuer."),
        ({"kind": "book"}, "kind", "Write one of: official-document"),
    ],
)
def test_source_that_the_form_would_refuse_is_refused_here(editor, fields, column, sentence):
    make_party("XA")
    make_source("source-b", url="https://example.org/b")

    plan = planned(csv_file(document(**fields)), "sources", editor)

    assert [one.column for one in plan.problems] == [column]
    assert sentence in plan.problems[0].sentence


def test_permission_is_not_recorded_by_a_file(editor):
    make_source("source-a", terms="no_citation")

    plan = planned(csv_file({"key": "source-a", "terms": "open"}), "sources", editor)

    assert [one.column for one in plan.problems] == ["terms"]


def test_terms_that_the_evidence_breaks_are_refused(editor):
    source = make_source("source-a")
    make_assessment(make_commitment(), sources=[source]).evidence.update(shows="It says “done”.")

    plan = planned(csv_file({"key": "source-a", "terms": "no_quotation"}), "sources", editor)

    assert "holds quotation marks" in plan.problems[0].sentence


@pytest.mark.parametrize("table", ["commitments", "sources"])
def test_number_of_queries_does_not_grow_with_the_rows(editor, table):
    asked, written = [], []
    for number in (2, 40):
        publish(*[make_commitment() for _one in range(number)])
        rows = rows_of(exported(table))
        for row in rows:
            row["title"] += " again"
        with CaptureQueriesContext(connection) as reading:
            plan = planned(csv_file(*rows), table, editor)
        with CaptureQueriesContext(connection) as writing:
            finish(write(csv_file(*rows), table, by=editor, name="a", fingerprint=plan.fingerprint))
        assert len(plan.changed) == len(rows)
        asked.append(len(reading))
        written.append(len(writing))

    assert asked[0] == asked[1]
    # SQLite takes so many values at once; that makes a query for every 25 rows or so.
    assert written[1] <= written[0] + 4
