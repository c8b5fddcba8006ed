"""Invariant 7: an edition makes everything public that was chosen, or nothing."""

import datetime

import pytest
from django.db import IntegrityError
from django.utils import timezone

from commitments import workflow
from commitments.models import (
    Assessment,
    Commitment,
    Edition,
    PublishingLock,
    Reply,
    Retraction,
    Revision,
    Standing,
)
from commitments.projection import compare
from tests.factories import (
    AS_OF,
    MADE_ON,
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_source,
    publish,
)
from tests.workflow.desk import make_publisher, submitted_assessment

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def test_editions_are_numbered_and_dated():
    one, two = publish(make_commitment()), publish(make_commitment())

    assert (one.number, two.number) == (1, 2)
    assert (one.published_at, one.day) == (timezone.now(), timezone.localdate())


def test_day_of_an_edition_is_a_utc_day(clock):
    clock.move_to(datetime.datetime(2026, 11, 30, 23, 59, tzinfo=datetime.UTC))

    assert publish(make_commitment()).day == datetime.date(2026, 11, 30)


def test_edition_is_not_dated_before_the_one_before(clock):
    """A clock set back would make pinned pages show what had not happened by their day."""
    publish(make_commitment())
    clock.shift(-DAY)

    with pytest.raises(
        workflow.Refused, match="Today is 2026-11-23 by this server's clock, and edition 1 is of 2026-11-24"
    ):
        publish(make_commitment())


def test_everything_at_once_in_whatever_order_it_is_given():
    earlier = make_published(assessments=[{}])
    mistaken = earlier.assessments.get()
    commitment = make_commitment()
    first, second = make_assessment(commitment), make_assessment(commitment, as_of=AS_OF + DAY)
    reply = make_reply(first)
    correction = make_assessment(earlier, corrects=mistaken, status="stalled")

    edition = publish(reply, second, correction, first, commitment)

    for record in (reply, second, correction, first, commitment.revisions.get()):
        assert type(record).objects.get(pk=record.pk).edition == edition
    assert not compare()


def test_callers_copies_are_brought_up_to_date():
    commitment = make_commitment()
    draft = make_assessment(commitment)

    edition = publish(commitment, draft)

    assert (draft.edition, draft.key, draft.version) == (
        edition,
        f"{commitment.slug}/2006-06-15",
        Assessment.objects.get().version,
    )
    assert commitment.version == Commitment.objects.get().version
    commitment.title = "Saved without a conflict"
    commitment.save()


def test_one_that_is_not_ready_stops_all_and_each_reason_names_its_record():
    commitment = make_published("pledge")
    good = make_assessment(commitment)
    bad = make_assessment(commitment, as_of=MADE_ON - DAY, sources=[])

    with pytest.raises(workflow.Refused) as refusal:
        publish(good, bad)

    assert refusal.value.problems == [
        f"pledge/{MADE_ON - DAY} (draft): As of {MADE_ON - DAY} lies before the promise, made on {MADE_ON}.",
        f"pledge/{MADE_ON - DAY} (draft): in_progress needs at least one evidence row.",
    ]
    assert Edition.objects.count() == 1
    assert not Assessment.objects.exclude(edition=None).exists()
    assert PublishingLock.objects.get().open_edition is None


def test_after_a_refusal_the_good_one_is_published_from_the_same_copy():
    commitment = make_published()
    good, bad = make_assessment(commitment), make_assessment(commitment, sources=[])
    with pytest.raises(workflow.Refused):
        publish(good, bad)

    assert good.version == Assessment.objects.get(pk=good.pk).version
    assert not good.is_published
    assert publish(good).number == 2


def test_nothing_chosen_is_refused():
    with pytest.raises(workflow.Refused, match="Choose at least one draft to publish"):
        publish()


def test_same_draft_twice_is_refused():
    draft = make_assessment(make_published())

    with pytest.raises(workflow.Refused, match="is in the list twice"):
        publish(draft, Assessment.objects.get(pk=draft.pk))

    assert publish(draft).number == 2


def test_commitment_and_assessment_with_one_number_are_two_drafts():
    commitment = make_commitment()
    draft = make_assessment(commitment)
    Assessment.objects.filter(pk=draft.pk).exclude(pk=commitment.pk)

    assert publish(commitment, draft).number == 1


def test_published_record_is_not_published_again():
    assessment = make_published(assessments=[{}]).assessments.get()

    with pytest.raises(workflow.Refused, match="It is published already"):
        publish(assessment)

    assert Edition.objects.count() == 1


def test_draft_changed_since_the_publisher_read_it_is_a_conflict():
    draft = submitted_assessment()
    read = Assessment.objects.get(pk=draft.pk)
    draft.rationale = "Because of something else."
    draft.save()

    with pytest.raises(workflow.Conflict) as conflict:
        workflow.publish([read], by=make_publisher())

    assert conflict.value.record is read
    stored = Assessment.objects.get(pk=draft.pk)
    assert (stored.rationale, stored.edition) == ("Because of something else.", None)
    assert Edition.objects.count() == 1


def test_draft_that_was_deleted_in_the_meantime_is_a_conflict():
    draft = make_assessment(make_published(), status="no_evidence")
    read = Assessment.objects.get(pk=draft.pk)
    draft.search_log.all().delete()
    draft.delete()

    with pytest.raises(workflow.Conflict):
        publish(read)


def test_conflict_in_one_of_several_publishes_none():
    drafts = [make_assessment(make_published()) for _ in range(2)]
    theirs = Assessment.objects.get(pk=drafts[1].pk)
    theirs.note = "More."
    theirs.save()

    with pytest.raises(workflow.Conflict):
        publish(*drafts)

    assert Assessment.objects.filter(edition=None).count() == 2


def test_what_the_caller_changed_and_did_not_save_is_not_published():
    draft = make_assessment(make_published())
    draft.rationale = "Never saved."
    commitment = make_commitment(title="As saved")
    commitment.title = "Never saved"

    publish(draft, commitment)

    assert Assessment.objects.get().rationale == "Because of in_progress."
    assert commitment.revisions.get().title == "As saved"


def test_keys_name_the_commitment_and_the_day():
    commitment = make_published("pledge")
    drafts = [make_assessment(commitment) for _ in range(3)]
    other = make_assessment(commitment, as_of=AS_OF + DAY)

    publish(*drafts[:2], other)
    publish(drafts[2])

    keys = [Assessment.objects.get(pk=draft.pk).key for draft in [*drafts, other]]
    assert keys == ["pledge/2006-06-15", "pledge/2006-06-15-2", "pledge/2006-06-15-3", "pledge/2006-06-16"]


def test_key_of_an_import_is_kept_and_others_avoid_it():
    commitment = make_published("pledge")
    imported = make_assessment(commitment, key="pledge/2006-06-15")

    publish(make_assessment(commitment), imported)

    assert sorted(Assessment.objects.values_list("key", flat=True)) == ["pledge/2006-06-15", "pledge/2006-06-15-2"]


def test_keys_of_commitments_that_begin_alike_do_not_meddle():
    one, two = make_published("pledge"), make_published("pledge-2006")

    publish(make_assessment(two), make_assessment(one))

    assert sorted(Assessment.objects.values_list("key", flat=True)) == ["pledge-2006/2006-06-15", "pledge/2006-06-15"]


def test_keys_of_replies_name_the_party_and_the_day():
    assessment = make_published("pledge", assessments=[{}]).assessments.get()
    party = make_party("A1")

    publish(
        make_reply(assessment, party=party),
        make_reply(assessment, party=party),
        make_reply(assessment, party=make_party("B1")),
    )

    assert sorted(Reply.objects.values_list("key", flat=True)) == [
        "pledge/A1/2006-06-15",
        "pledge/A1/2006-06-15-2",
        "pledge/B1/2006-06-15",
    ]


def test_issuer_and_kind_stay_as_they_were_when_the_source_card_changes():
    pledger, other = make_party(), make_party()
    source = make_source(kind="official-statement", issuer=pledger)
    commitment = make_published(pledged_by=[pledger], assessments=[{"sources": [source], "confidence": "high"}])
    assert Standing.objects.exclude(assessment=None).get().self_reported is True

    source.issuer, source.kind = other, "official-document"
    source.save()

    row = commitment.assessments.get().evidence.get()
    assert (row.issuer, row.source_kind) == (pledger, "official-statement")
    assert not compare()


def test_correction_takes_issuer_and_kind_from_the_card_of_its_own_day():
    source = make_source(kind="official-statement")
    commitment = make_published(assessments=[{"sources": [source]}])
    source.kind = "news"
    source.save()

    correction = workflow.draft_correction(commitment.assessments.get(), by=make_person(), reason="It was mistaken.")
    assert correction.evidence.get().source_kind == ""
    publish(correction)

    assert correction.evidence.get().source_kind == "news"


def test_evidence_of_a_refused_edition_stays_as_it_was():
    draft = make_assessment(make_published())
    bad = make_assessment(make_published(), sources=[])

    with pytest.raises(workflow.Refused):
        publish(draft, bad)

    assert draft.evidence.get().source_kind == ""


def test_reply_to_a_draft_is_refused_and_with_its_assessment_published():
    draft = make_assessment(make_published())
    reply = make_reply(draft)

    with pytest.raises(workflow.Refused, match="The assessment it answers is not published"):
        publish(reply)
    assert publish(reply, draft).number == 2


def test_reply_to_a_withdrawn_assessment_is_published():
    """Both stay visible, and so does the answer."""
    assessment = make_published(assessments=[{}]).assessments.get()
    publish(workflow.draft_retraction(assessment, by=make_person(), reason="A mistake."))

    assert publish(make_reply(assessment)).number == 3


def test_reply_on_a_retracted_commitment_is_refused():
    commitment = make_published(assessments=[{}])
    publish(workflow.draft_retraction(commitment, by=make_person(), reason="A mistake."))

    with pytest.raises(workflow.Refused, match="Its commitment has been retracted"):
        publish(make_reply(commitment.assessments.get()))


def test_database_refuses_what_gets_past_the_checks(monkeypatch):
    """Were readiness to miss something, the trigger speaks, and nothing is public."""
    draft = make_assessment(make_published(), sources=[])
    monkeypatch.setattr(workflow.readiness, "problems", lambda record, together_with=(): [])

    with pytest.raises(IntegrityError, match="at least one evidence row"):
        publish(draft)
    assert not Assessment.objects.exclude(edition=None).exists()


def queries_of_publishing(count_queries, number):
    """How many queries it takes to publish so many commitments, then three assessments of each."""
    source, pledger = make_source(kind="official-document"), make_party()
    commitments = [make_commitment(source=source, pledged_by=[pledger]) for _ in range(number)]
    drafts = [make_assessment(commitment, sources=[source]) for commitment in commitments for _ in range(3)]
    with count_queries(10_000, exact=False) as wordings:
        publish(*commitments)
    with count_queries(10_000, exact=False) as judgements:
        publish(*drafts)
    return len(wordings), len(judgements)


def test_publishing_grows_by_few_queries_for_each_record(django_assert_max_num_queries):
    """106 commitments and 316 assessments in one edition must take seconds."""

    def count_queries(number, exact):
        return django_assert_max_num_queries(number)

    few, many = queries_of_publishing(count_queries, 2), queries_of_publishing(count_queries, 12)

    assert (many[0] - few[0]) / 10 <= 9
    # One guarded update for each of the thirty more, and nothing else.
    assert many[1] - few[1] == 30


def test_revision_of_a_retracted_commitment_is_refused():
    commitment = make_published()
    publish(Retraction.objects.create(commitment=commitment, reason="A mistake."))
    commitment.title = "Another promise"
    commitment.save()

    with pytest.raises(workflow.Refused, match="a retracted commitment is not published again"):
        publish(commitment)
    assert Revision.objects.count() == 1
