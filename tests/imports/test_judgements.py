"""Assessments with their evidence from a file: drafts by their number, published ones never, new ones once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.imports.apply import write
from commitments.imports.dry_run import finish
from commitments.models import Assessment, Evidence
from tests.acts import correct, judge
from tests.factories import make_assessment, make_published, make_source, publish
from tests.imports.sheets import book, carried_out, csv_file, exported, planned, rows_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(db):
    make_source("source-a")
    make_source("source-b")
    return make_published("pledge-a")


def judged(key="new-1", **fields):
    """What an editor enters for an assessment."""
    return {
        "key": key,
        "commitment": "pledge-a",
        "as_of": "2006-06-15",
        "status": "in_progress",
        "confidence": "medium",
        "rationale": "Work is reported.",
        **fields,
    }


def rests(source="source-a", **fields):
    return {"source": source, "bearing": "supports", "shows": "It shows a step.", **fields}


def told(record):
    return [(row.source.key, row.bearing, row.shows, row.locator) for row in record.evidence.all()]


def test_new_assessment_with_two_rows_of_evidence_from_one_table(editor, promise):
    content = csv_file(judged(**rests(locator="page 4")), {"key": "new-1", **rests("source-b", bearing="context")})

    plan = carried_out(content, "assessments", editor)

    made = Assessment.objects.get()
    assert (len(plan.new), made.author, made.edition, made.status) == (1, editor, None, "in_progress")
    assert told(made) == [
        ("source-a", "supports", "It shows a step.", "page 4"),
        ("source-b", "context", "It shows a step.", ""),
    ]
    assert made.history.get().history_user == editor
    again = planned(content, "assessments", editor)
    assert (said(again), again.entries, again.unchanged) == ([], [], ["new-1"])


def test_new_assessments_from_a_workbook_of_two_sheets(editor, promise):
    row, evidence = judged(as_of=datetime.date(2006, 6, 15), progress=None), rests()
    content = book(
        assessments=[list(row), list(row.values())],
        evidence=[["assessment", *evidence], ["new-1", *evidence.values()]],
        explanation=[["column"], ["Anything may stand here."]],
    )

    carried_out(content, "assessments", editor)

    assert told(Assessment.objects.get()) == [("source-a", "supports", "It shows a step.", "")]
    assert planned(content, "assessments", editor).unchanged == ["new-1"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_handed_in_again_changes_nothing(editor, promise, form):
    correct(judge(promise))
    make_assessment(promise, status="no_evidence")
    make_assessment(promise, sources=[make_source(), make_source()], rationale="=1", note="a\r\nb")

    plan = planned(exported("assessments", form), "assessments", editor)

    assert (said(plan), plan.entries, len(plan.unchanged)) == ([], [], 4)


def test_draft_is_changed_by_its_number_with_its_evidence(editor, promise):
    draft = make_assessment(promise, sources=[make_source("source-c"), make_source("source-d")])
    rows = rows_of(exported("assessments"))
    assert [row["key"] for row in rows] == [f"draft-{draft.pk}"] * 2
    kept = rows[0] | {"rationale": "Better said.", "shows": "It shows more."}

    plan = carried_out(csv_file(kept, {"key": kept["key"], **rests("source-b")}), "assessments", editor)

    (entry,) = plan.changed
    assert entry.changes == {
        "rationale": ("Because of in_progress.", "Better said."),
        "evidence source-c: shows": ("It shows a step.", "It shows more."),
        "evidence source-b": (None, "supports · It shows a step."),
        "evidence source-d": ("supports · It shows a step.", None),
    }
    draft.refresh_from_db()
    assert (draft.rationale, draft.edited_by) == ("Better said.", editor)
    kinds = sorted(Evidence.history.filter(history_user=editor).values_list("source__key", "history_type"))
    assert kinds == [("source-b", "+"), ("source-c", "~"), ("source-d", "-")]
    assert [row[::2] for row in told(draft)] == [("source-c", "It shows more."), ("source-b", "It shows a step.")]


def test_file_that_says_nothing_of_evidence_leaves_it_alone(editor, promise):
    draft = make_assessment(promise)

    carried_out(csv_file({"key": f"draft-{draft.pk}", "note": "A note."}), "assessments", editor)

    draft.refresh_from_db()
    assert (draft.note, draft.evidence.count()) == ("A note.", 1)


def test_published_assessment_never_changes(editor, promise):
    record = judge(promise, sources=[make_source("source-c")])
    (row,) = rows_of(exported("assessments"))

    reworded = planned(csv_file(row | {"rationale": "Otherwise."}), "assessments", editor)
    shown = planned(csv_file(row | {"shows": "Otherwise."}), "assessments", editor)

    assert [(one.column, one.value) for one in reworded.problems] == [("rationale", "Otherwise.")]
    assert "It is published and never changes; correct it instead" in said(reworded)[0]
    assert "Differs: evidence source-c: shows." in said(shown)[0]
    assert record.key == row["key"]


def test_draft_that_was_published_since_is_compared_with_what_is_published(editor, promise):
    draft = make_assessment(promise)
    (row,) = rows_of(exported("assessments"))
    publish(draft)

    same, other = (planned(csv_file(one), "assessments", editor) for one in (row, row | {"note": "Late."}))

    assert (said(same), same.entries) == ([], [])
    assert "It is published" in said(other)[0]


def test_new_one_beside_a_draft_of_the_same_day_is_told(editor, promise):
    draft = make_assessment(promise)

    plan = planned(csv_file(judged(**rests())), "assessments", editor)

    assert plan.is_ready
    assert "write its key instead of “new-1”" in plan.notices[0]
    assert f"draft-{draft.pk}" in plan.notices[0]


def test_every_problem_names_its_place(editor, promise):
    make_source("source-x", terms="no_quotation")
    rows = [
        judged("old/2006", **rests()),
        judged("draft-999999", **rests()),
        judged("new-1", status="done", **rests()),
        judged("new-2", confidence="", **rests()),
        judged("new-3", **rests("nowhere")),
        judged("new-4", **rests()),
        {"key": "new-4", "rationale": "Otherwise.", **rests("source-b")},
        {"key": "new-4", **rests("source-a")},
        judged("new-5", **rests("source-x", shows="It says “done”.")),
        judged("new-6", **rests(shows="")),
        judged("new-7", corrects="pledge-a/2001-01-01", **rests()),
        judged("new-8", progress="-1", **rests()),
    ]

    plan = planned(csv_file(*rows), "assessments", editor)

    assert [(one.row, one.column) for one in plan.problems] == [
        (2, "key"), (3, "key"), (4, "status"), (5, "confidence"), (6, "source"), (8, "rationale"), (9, "source"),
        (10, "shows"), (11, "shows"), (12, "corrects"), (13, "progress"),
    ]  # fmt: skip
    assert not Assessment.objects.exists()
    assert not Evidence.objects.exists()


def test_correction_is_drafted_once_and_only_of_what_stands(editor, promise):
    first = judge(promise)
    other = judge(make_published("pledge-b"))
    reason = {"correction_reason": "A slip."}
    wrong = planned(csv_file(judged(corrects=other.key, **reason)), "assessments", editor)
    twice = planned(
        csv_file(judged(corrects=first.key, **reason), judged("new-2", corrects=first.key, **reason)),
        "assessments",
        editor,
    )

    carried_out(csv_file(judged(corrects=first.key, **reason, **rests())), "assessments", editor)
    begun = planned(csv_file(judged(corrects=first.key, note="x", **reason)), "assessments", editor)

    assert "of another commitment" in said(wrong)[0]
    assert "Row 2 corrects it already." in said(twice)[0]
    assert Assessment.objects.get(corrects=first).correction_reason == "A slip."
    assert "Somebody began a correction of it already" in said(begun)[0]


def test_assessment_of_a_commitment_outside_the_persons_themes_is_refused(editor, promise):
    draft = make_assessment(promise)
    editor.themes.add(make_published("pledge-b").theme)

    plan = planned(
        csv_file(judged(), judged("new-2", commitment="pledge-b"), judged(f"draft-{draft.pk}")),
        "assessments",
        editor,
    )

    assert [(one.row, one.column, one.value) for one in plan.problems] == [
        (2, "commitment", "pledge-a"),
        (4, "commitment", "pledge-a"),
    ]


def test_row_of_evidence_without_its_assessment_is_told_with_its_sheet(editor, promise):
    row, evidence = judged(), rests()
    content = book(
        assessments=[list(row), list(row.values())],
        evidence=[["assessment", *evidence], ["new-9", *evidence.values()]],
    )

    assert said(planned(content, "assessments", editor)) == [
        "Sheet “evidence”, row 2, column “assessment”, “new-9”: The sheet “assessments” has no row with this key. Add "
        "it, or mend the key."
    ]


def test_workbook_whose_sheets_are_not_ours_is_refused(editor):
    plan = planned(book(one=[["key"]], two=[["key"]]), "assessments", editor)

    assert said(plan) == [
        "The workbook has the sheets “one”, “two”. Name the one to import “assessments”, or leave only that one."
    ]


def test_number_of_queries_does_not_grow_with_the_rows(editor, promise):
    asked, written = [], []
    for number in (2, 40):
        for _one in range(number):
            make_assessment(promise)
        rows = [
            row | {"note": f"Again {number}.", "shows": f"Again {number}."} for row in rows_of(exported("assessments"))
        ]
        new = [judged(f"new-{one}", note=f"{number}, {one}", **rests()) for one in range(number)]
        with CaptureQueriesContext(connection) as reading:
            plan = planned(csv_file(*rows, *new), "assessments", editor)
        assert (said(plan), len(plan.changed), len(plan.new)) == ([], len(rows), number)
        with CaptureQueriesContext(connection) as writing:
            finish(write(csv_file(*rows, *new), "assessments", by=editor, name="a", fingerprint=plan.fingerprint))
        asked.append(len(reading))
        written.append(len(writing))

    assert asked[0] == asked[1]
    # SQLite takes so many values at once; that makes a query for every 25 rows or so.
    assert written[1] <= written[0] + 10
