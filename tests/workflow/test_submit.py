"""Handing a draft to a second person, and getting it back."""

import datetime

import pytest
from django.utils import timezone

from commitments import workflow
from commitments.models import Assessment, Commitment, Reply
from tests.factories import make_assessment, make_commitment, make_person, make_published, make_reply, publish
from tests.workflow.desk import make_editor, make_publisher, submitted, submitted_assessment

pytestmark = pytest.mark.django_db


def test_submitted_draft_waits_with_its_author_on_record():
    author = make_editor()
    draft = make_assessment(make_published())

    workflow.submit(draft, by=author)

    draft.refresh_from_db()
    assert (draft.author, draft.submitted_at, draft.return_reason) == (author, timezone.now(), "")
    assert list(Assessment.objects.submitted()) == [draft]


def test_submitting_for_somebody_does_not_take_the_authorship():
    author, other = make_editor(), make_editor()
    draft = make_assessment(make_published(), author=author)

    workflow.submit(draft, by=other)

    assert Assessment.objects.get(pk=draft.pk).author == author


def test_draft_that_could_not_be_published_is_refused_with_every_reason():
    draft = make_assessment(make_published(), sources=[], as_of=timezone.localdate() + datetime.timedelta(days=1))

    with pytest.raises(workflow.Refused) as refusal:
        workflow.submit(draft, by=make_editor())

    assert refusal.value.problems == [
        "As of 2026-11-25 lies in the future; today is 2026-11-24.",
        "in_progress needs at least one evidence row.",
    ]
    assert not Assessment.objects.submitted().exists()


def test_published_record_is_not_submitted_again():
    assessment = make_published(assessments=[{}]).assessments.get()

    with pytest.raises(workflow.Refused, match="It is published already"):
        workflow.submit(assessment, by=make_editor())


def test_stale_draft_is_a_conflict_and_the_other_edit_stays():
    draft = make_assessment(make_published())
    mine, theirs = Assessment.objects.get(pk=draft.pk), Assessment.objects.get(pk=draft.pk)
    theirs.rationale = "Because of what they saw."
    theirs.save()

    with pytest.raises(workflow.Conflict, match="was changed by somebody else") as conflict:
        workflow.submit(mine, by=make_editor())

    assert conflict.value.record is mine
    stored = Assessment.objects.get(pk=draft.pk)
    assert (stored.rationale, stored.submitted_at) == ("Because of what they saw.", None)


def test_new_commitment_and_its_first_assessment_wait_together_and_go_public_in_one_edition():
    commitment = make_commitment()
    first = make_assessment(commitment)
    with pytest.raises(workflow.Refused, match="Its commitment is not published yet"):
        workflow.submit(first, by=make_editor())

    submitted(commitment)
    submitted(first)
    edition = workflow.publish([first, commitment], by=make_publisher())

    assert (commitment.revisions.get().edition, first.edition) == (edition, edition)


def test_link_to_a_commitment_that_waits_too_may_be_submitted():
    target, commitment = make_commitment(), make_commitment()
    commitment.related.add(target)
    with pytest.raises(workflow.Refused, match="which is not published"):
        workflow.submit(commitment, by=make_editor())

    submitted(target)
    submitted(commitment)

    assert Commitment.objects.submitted().count() == 2


def test_reply_is_submitted_and_published():
    reply = submitted(make_reply(make_published(assessments=[{}]).assessments.get()))

    edition = workflow.publish([reply], by=make_publisher())

    assert Reply.objects.get().edition == edition


def test_edit_of_a_submitted_draft_takes_it_back():
    draft = submitted_assessment()
    editor = make_editor()

    workflow.note_edit(draft, by=editor)
    draft.save()

    stored = Assessment.objects.get(pk=draft.pk)
    assert (stored.submitted_at, stored.edited_by) == (None, editor)
    assert stored.author != editor


def test_returned_draft_goes_back_with_the_reason():
    draft = submitted_assessment()

    workflow.return_to_author(draft, by=make_publisher(), reason=" Which loan? ")

    stored = Assessment.objects.get(pk=draft.pk)
    assert (stored.submitted_at, stored.return_reason, stored.state) == (None, "Which loan?", "returned")


def test_returned_draft_is_submitted_again_without_the_reason():
    draft = submitted_assessment()
    workflow.return_to_author(draft, by=make_publisher(), reason="Which loan?")

    workflow.submit(draft, by=make_editor())

    stored = Assessment.objects.get(pk=draft.pk)
    assert (stored.state, stored.return_reason) == ("submitted", "")


@pytest.mark.parametrize("reason", ["", "  \n"], ids=["empty", "blank"])
def test_return_without_a_reason_is_refused(reason):
    draft = submitted_assessment()

    with pytest.raises(workflow.Refused, match="Say why you return it"):
        workflow.return_to_author(draft, by=make_publisher(), reason=reason)

    assert Assessment.objects.get(pk=draft.pk).state == "submitted"


def test_return_of_what_does_not_wait_is_refused():
    with pytest.raises(workflow.Refused, match="is not waiting for a second person"):
        workflow.return_to_author(make_assessment(make_published()), by=make_publisher(), reason="Which loan?")


@pytest.mark.parametrize("group", [None, "Editor", "Administrator"])
def test_only_a_publisher_returns(group):
    draft = submitted_assessment()

    with pytest.raises(workflow.Refused, match="Only a publisher returns a draft"):
        workflow.return_to_author(draft, by=make_person(group=group), reason="Which loan?")


def test_return_of_a_draft_that_was_changed_is_a_conflict():
    draft = submitted_assessment()
    stale = Assessment.objects.get(pk=draft.pk)
    draft.rationale = "Because of something else."
    draft.save()

    with pytest.raises(workflow.Conflict):
        workflow.return_to_author(stale, by=make_publisher(), reason="Which loan?")

    assert Assessment.objects.get(pk=draft.pk).return_reason == ""


def test_state_in_words():
    draft = make_assessment(make_published())
    assert draft.state == "draft"
    submitted(draft)
    assert draft.state == "submitted"
    publish(draft)
    assert draft.state == "published"
