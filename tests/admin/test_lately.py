"""The author learns on the first page of the desk what became of their work."""

import datetime

import pytest

from commitments import workflow
from commitments.admin.lately import published_lately
from tests.factories import make_assessment, make_commitment, make_person, make_published, make_reply, publish

pytestmark = pytest.mark.django_db


def published_of(author, publisher, *records):
    """Have records of the author submitted and published by another, in one edition."""
    for record in records:
        workflow.note_edit(record, by=author)
        record.save()
        workflow.submit(record, by=author)
    return workflow.publish(list(records), by=publisher, note="Two steps.")


def test_every_kind_of_work_is_told_newest_first(editor, publisher):
    judged = make_published("pledge-b", assessments=[{}]).assessments.get()
    commitment = make_commitment("pledge-a", title="Loan to State A")
    published_of(editor, publisher, commitment)
    reply = make_reply(judged)
    published_of(editor, publisher, reply)
    retraction = workflow.draft_retraction(judged, by=editor, reason="It was mistaken.")
    workflow.publish([retraction], by=publisher)

    found = published_lately(editor)

    assert [(str(one.kind), one.name, one.edition.number) for one in found] == [
        ("retraction", "Promise pledge-b", 4),
        ("reply", reply.key, 3),
        ("commitment", "Loan to State A", 2),
    ]
    assert found[2].address == "/commitments/pledge-a/?edition=2"
    assert {one.edition.published_by for one in found} == {publisher}


def test_work_of_others_imports_drafts_and_old_editions_are_not_told(editor, publisher, clock):
    published_of(editor, publisher, make_assessment(make_published()))
    clock.shift(datetime.timedelta(days=31))
    commitment = make_published()
    published_of(make_person(), publisher, make_assessment(commitment))
    publish(make_assessment(commitment, author=editor))
    make_assessment(commitment, author=editor)

    assert published_lately(editor) == []


def test_who_edited_in_between_is_told_too(editor, publisher):
    draft = make_assessment(make_published())
    workflow.note_edit(draft, by=editor)
    published_of(make_person(), publisher, draft)

    assert [one.record for one in published_lately(editor)] == [draft]


@pytest.mark.parametrize("number", [1, 5])
def test_number_of_queries_does_not_grow(editor, publisher, number, django_assert_num_queries):
    published_of(editor, publisher, *(make_assessment(make_published()) for _number in range(number)))

    with django_assert_num_queries(4):
        assert [one.address for one in published_lately(editor)]


def test_first_page_tells_who_published_what_and_when(desk, editor, publisher):
    draft = make_assessment(make_published("pledge-a"))
    published_of(editor, publisher, draft)

    page = desk.get("/admin/").content.decode()

    assert "Published of yours lately" in page
    for part in (draft.key, "edition 2 of 24 November 2026", "published by publisher", "Two steps."):
        assert part in page
