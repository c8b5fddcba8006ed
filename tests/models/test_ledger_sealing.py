"""What the database itself asks of a draft in the moment in which it becomes public, from both sides.

workflow.py asks all of this first, and in sentences; here somebody goes past it.
"""

import datetime

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from commitments import workflow
from commitments.models import (
    Assessment,
    Edition,
    Evidence,
    MemberScore,
    PublishingLock,
    Reply,
    Retraction,
    Revision,
    Source,
)
from commitments.models.ledger import QUOTATION_MARKS, SEALED, lifted
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
)
from tests.models.ledger_rows import name

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def begin_edition(**fields):
    """The next edition, open for sealing, as workflow.publish begins one."""
    defaults = {"origin": "desk", "four_eyes": True, "day": timezone.localdate()}
    if "published_by" not in fields and fields.get("origin", "desk") == "desk":
        fields["published_by"] = make_person()
    PublishingLock.take()
    edition = Edition.objects.create(
        number=Edition.objects.newest_number() + 1, published_at=timezone.now(), **{**defaults, **fields}
    )
    PublishingLock.objects.update(open_edition=edition.number)
    return edition


def seal(row, edition):
    """Set the edition of a draft; returns how many rows were sealed."""
    values = {"edition": edition}
    if hasattr(row, "key"):
        values["key"] = f"{type(row).__name__}/{row.pk}"
    with transaction.atomic():
        return type(row)._base_manager.filter(pk=row.pk).update(**values)


def refuses(row, edition, message):
    with pytest.raises(IntegrityError, match=message):
        seal(row, edition)
    return not type(row)._base_manager.get(pk=row.pk).is_published


@pytest.mark.parametrize("model", SEALED, ids=name)
def test_draft_is_sealed_in_the_open_edition(drafts, model):
    assert seal(drafts[model], begin_edition()) == 1
    assert model._base_manager.get(pk=drafts[model].pk).is_published


@pytest.mark.parametrize("model", SEALED, ids=name)
def test_draft_is_not_sealed_in_an_edition_that_was_made_before(drafts, model):
    """A pinned page would change otherwise."""
    assert refuses(drafts[model], Edition.objects.newest(), "newest edition only, and only while that is being made")


@pytest.mark.parametrize("model", SEALED, ids=name)
def test_draft_is_not_sealed_in_an_older_edition_even_if_it_is_opened(drafts, model):
    older = begin_edition()
    begin_edition()
    PublishingLock.objects.update(open_edition=older.number)

    assert refuses(drafts[model], older, "newest edition only")


@pytest.mark.parametrize("role", ["author", "edited_by"])
@pytest.mark.parametrize("model", SEALED, ids=name)
def test_own_draft_is_not_sealed(drafts, model, role):
    writer = make_person()
    model._base_manager.filter(pk=drafts[model].pk).update(**{role: writer})

    assert refuses(drafts[model], begin_edition(published_by=writer), "does not publish it")


@pytest.mark.parametrize("place", ["{} 999 ", " 999{} ", " 998{} 999 "])
@pytest.mark.parametrize("model", SEALED, ids=name)
def test_draft_that_one_edited_in_between_is_not_sealed(drafts, model, place):
    writer = make_person()
    model._base_manager.filter(pk=drafts[model].pk).update(earlier_writers=place.format(f" {writer.pk}"))

    assert refuses(drafts[model], begin_edition(published_by=writer), "or a part of it, does not publish it")


@pytest.mark.parametrize("model", SEALED, ids=name)
def test_draft_of_another_person_is_sealed(drafts, model):
    model._base_manager.filter(pk=drafts[model].pk).update(
        author=make_person(), edited_by=make_person(), earlier_writers=f" {make_person().pk} "
    )

    assert seal(drafts[model], begin_edition()) == 1


@pytest.mark.parametrize(
    "fields",
    [{"four_eyes": False}, {"origin": "import", "file_set": "tests", "four_eyes": False}],
    ids=["alone", "import"],
)
def test_own_draft_is_sealed_where_the_edition_says_so(drafts, fields):
    writer = make_person()
    Assessment.objects.filter(pk=drafts[Assessment].pk).update(author=writer)

    assert seal(drafts[Assessment], begin_edition(published_by=writer, **fields)) == 1


def test_assessment_of_today_is_sealed_and_one_of_tomorrow_is_not():
    commitment = make_published()
    today, tomorrow = (make_assessment(commitment, as_of=timezone.localdate() + DAY * days) for days in (0, 1))
    edition = begin_edition()

    assert seal(today, edition) == 1
    assert refuses(tomorrow, edition, "does not describe a day in the future")


def test_assessment_of_the_day_of_the_promise_is_sealed_and_one_before_it_is_not():
    commitment = make_published()
    same, before = (make_assessment(commitment, as_of=MADE_ON - DAY * days) for days in (0, 1))
    edition = begin_edition()

    assert seal(same, edition) == 1
    assert refuses(before, edition, "a day not before it was made")


def test_assessment_of_a_commitment_that_is_not_public_is_not_sealed():
    assert refuses(make_assessment(make_commitment()), begin_edition(), "needs a published commitment")


def test_assessment_is_held_against_the_newest_day_of_the_promise():
    commitment = make_published(made_on=MADE_ON)
    commitment.made_on = MADE_ON - 9 * DAY
    commitment.save()
    draft = make_assessment(commitment, as_of=MADE_ON - 5 * DAY)
    edition = begin_edition()

    assert refuses(draft, edition, "a day not before it was made")
    revision = commitment.revisions.get()
    revision.pk, revision._state.adding, revision.edition_id, revision.made_on = None, True, None, commitment.made_on
    revision.save()
    assert seal(revision, edition) == 1
    assert seal(draft, edition) == 1


def test_assessment_without_evidence_is_not_sealed():
    assert refuses(make_assessment(make_published(), sources=[]), begin_edition(), "at least one evidence row")


def test_silence_without_a_search_log_is_not_sealed():
    draft = make_assessment(make_published(), status="no_evidence")
    draft.search_log.all().delete()

    assert refuses(draft, begin_edition(), "no_evidence needs a search log")


def test_silence_with_a_search_log_is_sealed():
    assert seal(make_assessment(make_published(), status="no_evidence"), begin_edition()) == 1


def test_correction_of_an_earlier_assessment_is_sealed():
    commitment = make_published(assessments=[{}])

    assert seal(make_assessment(commitment, corrects=commitment.assessments.get()), begin_edition()) == 1


def test_correction_without_a_reason_is_not_sealed():
    commitment = make_published(assessments=[{}])
    draft = make_assessment(commitment, corrects=commitment.assessments.get(), correction_reason="")

    assert refuses(draft, begin_edition(), "a correction says what was mistaken")


def test_correction_of_another_commitments_assessment_is_not_sealed():
    other = make_published(assessments=[{}]).assessments.get()

    draft = make_assessment(make_published(), corrects=other)

    assert refuses(draft, begin_edition(), "names an assessment of the same commitment")


@pytest.mark.parametrize("sealed_with_it", [False, True], ids=["draft", "same-edition"])
def test_correction_of_what_no_earlier_edition_published_is_not_sealed(sealed_with_it):
    commitment = make_published()
    mistaken = make_assessment(commitment)
    draft = make_assessment(commitment, corrects=mistaken)
    edition = begin_edition()
    if sealed_with_it:
        seal(mistaken, edition)

    assert refuses(draft, edition, "that an earlier edition published")


def make_draft_revision(commitment, **fields):
    revision = commitment.revisions.exclude(edition=None).get()
    revision.pk, revision._state.adding, revision.edition_id = None, True, None
    for field, value in fields.items():
        setattr(revision, field, value)
    revision.save()
    return revision


def test_wording_of_a_promise_made_today_is_sealed_and_one_of_tomorrow_is_not():
    today, tomorrow = (
        make_draft_revision(make_published(), made_on=timezone.localdate() + DAY * days) for days in (0, 1)
    )
    edition = begin_edition()

    assert seal(today, edition) == 1
    assert refuses(tomorrow, edition, "not made in the future")


def test_promise_does_not_move_behind_a_judgement():
    commitment = make_published(assessments=[{"as_of": AS_OF}])
    same, later = (make_draft_revision(commitment, made_on=AS_OF + DAY * days) for days in (0, 1))
    edition = begin_edition()

    assert refuses(later, edition, "not made after a day that a published assessment describes")
    assert seal(same, edition) == 1


@pytest.mark.parametrize("way", ["retraction", "correction"])
def test_promise_moves_behind_a_judgement_that_was_withdrawn(way):
    commitment = make_published(assessments=[{"as_of": AS_OF}])
    mistaken = commitment.assessments.get()
    if way == "retraction":
        taken = Retraction.objects.create(assessment=mistaken, reason="A mistake.")
    else:
        taken = make_assessment(commitment, corrects=mistaken, as_of=AS_OF + 9 * DAY)
    edition = begin_edition()
    revision = make_draft_revision(commitment, made_on=AS_OF + DAY)

    assert refuses(revision, edition, "not made after")
    assert seal(taken, edition) == 1
    assert seal(revision, edition) == 1


def test_reply_to_a_draft_is_not_sealed():
    draft = make_assessment(make_published())
    reply = make_reply(draft)
    edition = begin_edition()

    assert refuses(reply, edition, "answers a published assessment")
    seal(draft, edition)
    assert seal(reply, edition) == 1


@pytest.mark.parametrize("kind", ["assessment", "reply", "commitment"])
def test_retraction_of_a_draft_is_not_sealed(kind):
    targets = {
        "assessment": lambda: make_assessment(make_published()),
        "reply": lambda: make_reply(make_published(assessments=[{}]).assessments.get()),
        "commitment": make_commitment,
    }
    retraction = Retraction.objects.create(reason="A mistake.", **{kind: targets[kind]()})

    assert refuses(retraction, begin_edition(), "withdraws a published record")


def test_retraction_of_a_published_reply_is_sealed():
    reply = make_reply(make_published(assessments=[{}]).assessments.get())
    seal(reply, begin_edition())

    assert seal(Retraction.objects.create(reason="A mistake.", reply=reply), begin_edition()) == 1


QUOTED = {
    "evidence": (Evidence, "shows", lambda source: make_assessment(make_published(), sources=[source]).evidence.get()),
    "locator": (Evidence, "locator", lambda source: make_assessment(make_published(), sources=[source]).evidence.get()),
    "reply": (
        Reply,
        "text",
        lambda source: make_reply(make_published(assessments=[{}]).assessments.get(), source=source),
    ),
    "score": (
        MemberScore,
        "rationale",
        lambda source: MemberScore.objects.create(
            assessment=make_assessment(make_published()), party=make_party(), score=0, rationale="So.", source=source
        ),
    ),
}


@pytest.mark.parametrize("terms", ["no_quotation", "no_citation"])
@pytest.mark.parametrize("what", QUOTED)
def test_excerpt_of_a_source_that_forbids_it_is_not_stored(what, terms):
    model, column, make = QUOTED[what]
    row = make(make_source(terms=terms))

    for mark in QUOTATION_MARKS:
        with pytest.raises(IntegrityError, match="forbid quotation"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**{column: f"It says {mark}a step."})
    assert model.objects.filter(pk=row.pk).update(**{column: "It's a step, in our words."}) == 1


@pytest.mark.parametrize("what", QUOTED)
def test_excerpt_of_an_open_source_is_stored_and_then_its_terms_do_not_close(what):
    model, column, make = QUOTED[what]
    source = make_source(terms="open")
    row = make(source)
    model.objects.filter(pk=row.pk).update(**{column: "It says “a step”."})

    with pytest.raises(IntegrityError, match="which the new terms forbid"), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(terms="no_quotation")
    model.objects.filter(pk=row.pk).update(**{column: "In our words."})
    assert Source.objects.filter(pk=source.pk).update(terms="no_quotation") == 1


def test_excerpt_is_not_inserted_or_moved_to_a_source_that_forbids_it():
    closed, assessment = make_source(terms="no_quotation"), make_assessment(make_published(), sources=[])
    words = {"assessment": assessment, "shows": "It says «a step».", "bearing": "supports"}

    with pytest.raises(IntegrityError, match="forbid quotation"), transaction.atomic():
        Evidence.objects.create(source=closed, **words)
    row = Evidence.objects.create(source=make_source(), **words)
    with pytest.raises(IntegrityError, match="forbid quotation"), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(source=closed)
    assert row.pk


@pytest.mark.parametrize(
    ("step", "days", "is_allowed"), [(1, 0, True), (1, 3, True), (0, 0, False), (2, 0, False), (1, -1, False)]
)
def test_editions_follow_each_other(step, days, is_allowed):
    make_published()
    newest = Edition.objects.newest()
    fields = {"origin": "import", "file_set": "tests", "four_eyes": False, "published_at": timezone.now()}

    def insert():
        with transaction.atomic():
            return Edition.objects.create(number=newest.number + step, day=newest.day + DAY * days, **fields)

    if is_allowed:
        assert insert().number == 2
    else:
        with pytest.raises(IntegrityError):
            insert()
        assert Edition.objects.count() == 1


def test_standings_of_one_commitment_never_overlap():
    standing = make_published(assessments=[{"as_of": AS_OF}]).standings.get(assessment=None)

    def insert(**fields):
        standing.pk, standing._state.adding = None, True
        for field, value in fields.items():
            setattr(standing, field, value)
        with transaction.atomic():
            standing.save(force_insert=True)
        return standing.pk

    with pytest.raises(IntegrityError, match="overlap"):
        insert()
    with pytest.raises(IntegrityError, match="overlap"):
        insert(valid_from=AS_OF - DAY, valid_to=AS_OF, edition_from=5)
    assert insert(valid_from=MADE_ON - DAY, valid_to=MADE_ON, edition_from=1)


def test_standing_does_not_grow_over_its_neighbour():
    earlier = make_published(assessments=[{"as_of": AS_OF}]).standings.get(assessment=None)

    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        type(earlier).objects.filter(pk=earlier.pk).update(valid_to=AS_OF + DAY)
    assert type(earlier).objects.filter(pk=earlier.pk).update(valid_to=AS_OF - DAY) == 1


def test_standings_of_two_commitments_may_cover_the_same_days():
    one, two = make_published().standings.get(), make_published().standings.get()

    assert (one.valid_from, one.valid_to) == (two.valid_from, two.valid_to)


def test_revision_of_a_person_who_edited_last_is_not_published_by_them():
    """The wording carries its writers into the ledger, so that the trigger can see them."""
    author, publisher = make_person(group="Editor"), make_person(group="Publisher")
    commitment = make_commitment()
    workflow.note_edit(commitment, by=author)
    commitment.save()
    workflow.submit(commitment, by=author)
    workflow.publish([commitment], by=publisher)

    revision = Revision.objects.get()
    assert (revision.author, revision.edited_by) == (author, author)
    assert settings.FOUR_EYES is True


def test_lifting_the_triggers_lets_a_flush_through_and_nothing_stays_open():
    evidence = make_published(assessments=[{}]).assessments.get().evidence
    connection.check_constraints()

    with lifted(connection):
        assert evidence.all().delete()[0] == 1
        connection.check_constraints()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        evidence.create(source=make_source(), shows="It shows a step.", bearing="supports")
