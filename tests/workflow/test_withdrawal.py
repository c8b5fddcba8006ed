"""Corrections and retractions: a mistake stays on record beside what took its place."""

import pytest

from commitments import workflow
from commitments.models import Assessment, Edition, MemberScore, Retraction, Standing
from commitments.moment import Moment
from tests.factories import (
    AS_OF,
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_source,
    publish,
)
from tests.workflow.desk import make_editor, make_publisher, submitted

pytestmark = pytest.mark.django_db


def draft_correction(assessment, by):
    """A draft that says why it corrects."""
    return workflow.draft_correction(assessment, by=by, reason="It was mistaken.")


@pytest.fixture
def mistaken():
    return make_published("pledge", assessments=[{"status": "stalled"}]).assessments.get()


def status_now():
    return Standing.objects.at(Moment.now()).values_list("status", flat=True).get()


def retracted(target):
    retraction = workflow.draft_retraction(target, by=make_editor(), reason="It was a mistake.")
    publish(retraction)
    return retraction


def test_correction_begins_as_a_copy_with_all_its_rows():
    commitment = make_commitment(target_quantity=9, target_unit="USD", target_measure="Paid")
    original = make_assessment(
        commitment, progress=3, stage="agreed", note="Read on.", sources=[make_source(), make_source()]
    )
    MemberScore.objects.create(
        assessment=original, party=make_party(), score=1, rationale="It did.", source=make_source()
    )
    publish(commitment, original)
    editor = make_editor()

    draft = draft_correction(original, by=editor)

    for name in workflow.readiness.JUDGEMENT_FIELDS:
        assert getattr(draft, name) == getattr(Assessment.objects.get(pk=original.pk), name), name
    assert (draft.author, draft.edited_by, draft.edition, draft.key) == (editor, editor, None, None)
    shown = [list(one.evidence.values_list("source", "shows", "bearing", "position")) for one in (original, draft)]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 2
    assert draft.member_scores.get().rationale == "It did."
    assert original.evidence.count() == 2


def test_correction_of_a_silence_copies_the_search_log():
    silent = make_published(assessments=[{"status": "no_evidence"}]).assessments.get()

    draft = draft_correction(silent, by=make_editor())

    assert draft.search_log.get().where == "Archive A"
    assert silent.search_log.count() == 1


def test_correction_goes_through_the_desk_and_takes_the_place(mistaken):
    draft = draft_correction(mistaken, by=make_editor())
    draft.status = "in_progress"
    submitted(draft)

    edition = workflow.publish([draft], by=make_publisher())

    assert status_now() == "in_progress"
    mistaken = Assessment.objects.get(pk=mistaken.pk)
    assert mistaken.published_correction == draft
    assert mistaken.withdrawn_at(edition.number) == draft
    assert mistaken.withdrawn_at(edition.number - 1) is None


def test_draft_of_a_correction_withdraws_nothing(mistaken):
    draft_correction(mistaken, by=make_editor())

    assert status_now() == "stalled"
    assert Assessment.objects.get(pk=mistaken.pk).published_correction is None


def test_second_request_gives_the_draft_that_is_there(mistaken):
    first = draft_correction(mistaken, by=make_editor())

    assert draft_correction(mistaken, by=make_editor()) == first
    assert Assessment.objects.count() == 2


def test_what_was_corrected_is_not_corrected_again(mistaken):
    publish(draft_correction(mistaken, by=make_editor()))

    with pytest.raises(workflow.Refused, match="corrected already, by pledge/2006-06-15-2; correct that one"):
        draft_correction(mistaken, by=make_editor())


def test_correction_is_corrected_in_its_turn(mistaken):
    first = draft_correction(mistaken, by=make_editor())
    publish(first)
    second = draft_correction(first, by=make_editor())
    publish(second)

    assert Assessment.objects.get(pk=first.pk).published_correction == second
    assert Standing.objects.at(Moment.now()).get().assessment == second
    assert Standing.objects.at(Moment.on(edition=2)).get().assessment == first


def test_draft_is_not_corrected():
    with pytest.raises(workflow.Refused, match="It is not published; change the draft instead"):
        draft_correction(make_assessment(make_published()), by=make_editor())


def test_correction_moved_to_another_commitment_is_refused(mistaken):
    draft = draft_correction(mistaken, by=make_editor())
    draft.commitment = make_published()
    draft.save()

    with pytest.raises(workflow.Refused, match="It corrects an assessment of another commitment"):
        publish(draft)


def test_correction_of_what_was_retracted_since_is_refused(mistaken):
    draft = draft_correction(mistaken, by=make_editor())
    retracted(mistaken)

    with pytest.raises(workflow.Refused, match="It has been retracted already"):
        publish(draft)


def test_correction_and_retraction_of_one_assessment_in_one_edition_are_refused(mistaken):
    correction = draft_correction(mistaken, by=make_editor())
    retraction = workflow.draft_retraction(mistaken, by=make_editor(), reason="It was a mistake.")

    with pytest.raises(workflow.Refused, match="It has been corrected already"):
        publish(retraction, correction)
    assert Edition.objects.count() == 1


def test_retraction_waits_for_a_second_person_with_its_reason(mistaken):
    editor = make_editor()

    retraction = workflow.draft_retraction(mistaken, by=editor, reason=" It was a mistake. ")

    assert (retraction.reason, retraction.state, retraction.author) == ("It was a mistake.", "submitted", editor)
    assert (retraction.target, retraction.subject) == (mistaken, mistaken.commitment)
    assert status_now() == "stalled"
    assert Assessment.objects.get(pk=mistaken.pk).published_retraction is None


def test_retracted_assessment_gives_way_to_the_one_before_it(mistaken):
    later = make_assessment(mistaken.commitment, as_of=AS_OF.replace(year=2007), status="fulfilled")
    publish(later)
    assert status_now() == "fulfilled"

    retraction = retracted(later)

    assert status_now() == "stalled"
    assert Assessment.objects.get(pk=later.pk).published_retraction == retraction
    assert Assessment.objects.get(pk=later.pk).withdrawn_at(3) == retraction


def test_retracted_correction_revives_nothing(mistaken):
    correction = draft_correction(mistaken, by=make_editor())
    publish(correction)

    retracted(correction)

    assert status_now() == "not_assessed"
    assert not Assessment.objects.standing().exists()


def test_what_a_retracted_correction_corrected_is_not_corrected_again(mistaken):
    correction = draft_correction(mistaken, by=make_editor())
    publish(correction)
    retracted(correction)

    for target in (mistaken, correction):
        with pytest.raises(workflow.Refused, match="already"):
            draft_correction(target, by=make_editor())
    publish(make_assessment(mistaken.commitment, status="stalled"))
    assert status_now() == "stalled"


def test_reply_is_retracted(mistaken):
    reply = make_reply(mistaken)
    publish(reply)

    retraction = retracted(reply)

    assert (retraction.target, retraction.subject) == (reply, mistaken.commitment)
    assert status_now() == "stalled"


def test_commitment_is_retracted(mistaken):
    retraction = retracted(mistaken.commitment)

    assert (retraction.target, retraction.subject) == (mistaken.commitment, mistaken.commitment)
    assert not Standing.objects.at(Moment.now()).exists()


def test_nothing_new_is_published_on_a_retracted_commitment(mistaken):
    draft = make_assessment(mistaken.commitment)
    retracted(mistaken.commitment)

    with pytest.raises(workflow.Refused, match="Its commitment has been retracted"):
        publish(draft)


@pytest.mark.parametrize("reason", ["", " \n"], ids=["empty", "blank"])
def test_retraction_without_a_reason_is_refused(mistaken, reason):
    with pytest.raises(workflow.Refused, match="Say why it is retracted; readers will see the reason"):
        workflow.draft_retraction(mistaken, by=make_editor(), reason=reason)


def test_second_request_for_a_retraction_is_refused(mistaken):
    workflow.draft_retraction(mistaken, by=make_editor(), reason="It was a mistake.")

    with pytest.raises(workflow.Refused, match="Somebody has asked for its retraction already"):
        workflow.draft_retraction(mistaken, by=make_editor(), reason="I think so too.")
    assert Retraction.objects.count() == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_commitment, "It is not published; there is nothing to withdraw"),
        (lambda: make_assessment(make_published()), "It is not published; change the draft instead"),
        (lambda: make_reply(make_published(assessments=[{}]).assessments.get()), "It is not published"),
    ],
    ids=["commitment", "assessment", "reply"],
)
def test_draft_is_not_retracted(make, message):
    with pytest.raises(workflow.Refused, match=message):
        workflow.draft_retraction(make(), by=make_person(), reason="It was a mistake.")


def test_retracted_commitment_is_not_retracted_again(mistaken):
    retracted(mistaken.commitment)

    with pytest.raises(workflow.Refused, match="It has been retracted already"):
        workflow.draft_retraction(mistaken.commitment, by=make_editor(), reason="Once more.")


def test_retraction_may_be_returned_and_submitted_again(mistaken):
    retraction = workflow.draft_retraction(mistaken, by=make_editor(), reason="It was a mistake.")
    workflow.return_to_author(retraction, by=make_publisher(), reason="Which one?")

    workflow.submit(retraction, by=make_editor())

    assert workflow.publish([retraction], by=make_publisher()).number == 2
    assert status_now() == "not_assessed"
