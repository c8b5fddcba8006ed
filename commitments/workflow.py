"""The only code that writes public state: submit, return, publish, correct, retract.

Four eyes, the evidence rule and the conflict check are enforced here, for every caller. Whatever is refused raises
Refused with sentences for a person, and nothing is written.
"""

from itertools import groupby

from concurrency.exceptions import RecordModifiedError
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from commitments import projection, readiness, scope, sealing
from commitments.choices import Origin
from commitments.models import (
    Assessment,
    Commitment,
    Edition,
    Evidence,
    MemberScore,
    PublishingLock,
    Reply,
    Retraction,
    Revision,
    SearchLogEntry,
)

# A revision goes before the judgements on it, these before the answers to them, and withdrawals come last.
PUBLISHING_ORDER = (Commitment, Assessment, Reply, Retraction)


class Refused(Exception):
    """What was asked for cannot be done; ``problems`` are the sentences that say why and how to mend it."""

    def __init__(self, *problems):
        self.problems = [str(problem) for problem in problems]
        super().__init__(" ".join(self.problems))


class Conflict(Refused):
    """Somebody else saved the same record in between; ``record`` is the one the caller holds."""

    def __init__(self, record):
        self.record = record
        super().__init__(_("“%(record)s” was changed by somebody else in the meantime.") % {"record": record})


def may_publish(person):
    """Whether the person holds the right to publish by group or by name; being a superuser does not give it."""
    if person is None or not person.is_active:
        return False
    codename = "publish_edition"
    return (
        person.user_permissions.filter(codename=codename).exists()
        or person.groups.filter(permissions__codename=codename).exists()
    )


def note_edit(record, *, by):
    """Stamp who writes a draft before it is saved; a submitted draft that is edited goes back to being a draft."""
    record.keep_writer(by)
    record.submitted_at = None


def _save(record, **kwargs):
    try:
        # A savepoint: the caller's transaction, if there is one, must stay usable to show the conflict.
        with transaction.atomic():
            record.save(**kwargs)
    except RecordModifiedError as error:
        raise Conflict(record) from error


def _check_scope(record, *, by):
    problem = scope.problem(by, scope.subject_of(record))
    if problem:
        raise Refused(problem)


def submit(record, *, by):
    """Hand a draft (Commitment, Assessment, Reply or Retraction) to a second person.

    Raises Refused with every reason why it could not be published as it stands, or because it lies outside what ``by``
    edits; Conflict when it was changed.
    """
    _check_scope(record, by=by)
    problems = readiness.problems(record, together_with=readiness.waiting_wordings())
    if problems:
        raise Refused(*problems)
    if not record.author_id:
        record.author = by
    record.submitted_at, record.return_reason = timezone.now(), ""
    _save(record)


def return_to_author(record, *, by, reason):
    """Send a submitted draft back with a reason that its author will see."""
    if not may_publish(by):
        raise Refused(_("Only a publisher returns a draft."))
    if not record.submitted_at:
        raise Refused(_("“%(record)s” is not waiting for a second person.") % {"record": record})
    if not reason.strip():
        raise Refused(_("Say why you return it; its author needs the reason."))
    record.submitted_at, record.return_reason = None, reason.strip()
    _save(record)


def draft_correction(assessment, *, by, reason=""):
    """A new draft that corrects a published assessment, with all its rows copied; returns the draft.

    ``reason`` says to readers what was mistaken; it may be written later, but not left out of what is submitted.
    Returns the draft that is there already where somebody began one.
    """
    _check_scope(assessment, by=by)
    with transaction.atomic():
        PublishingLock.take()
        assessment = Assessment.objects.get(pk=assessment.pk)
        begun = getattr(assessment, "correction", None)
        if begun is not None and not begun.is_published:
            return begun
        problem = readiness.withdrawal_problem(assessment)
        if problem:
            raise Refused(problem)
        copied = {
            field.name: getattr(assessment, field.name)
            for field in Assessment._meta.local_fields
            if field.name in readiness.JUDGEMENT_FIELDS
        }
        draft = Assessment(corrects=assessment, correction_reason=reason.strip(), author=by, edited_by=by, **copied)
        draft.save()
        for model in (Evidence, SearchLogEntry, MemberScore):
            copy_rows(model, assessment, draft, by=by)
    return draft


def copy_rows(model, old, new, *, by=None):
    """Copy the child rows of one assessment to another that is still a draft; the history says who did it."""
    rows = list(model.objects.filter(assessment=old))
    for row in rows:
        row.pk, row.assessment = None, new
        if model is Evidence:
            row.issuer, row.source_kind = None, ""
        row._state.adding = True
    bulk_create_with_history(rows, model, default_user=by)


def draft_retraction(target, *, by, reason):
    """Ask for the withdrawal of a published Assessment, Reply or Commitment; returns the submitted Retraction."""
    if not reason.strip():
        raise Refused(_("Say why it is retracted; readers will see the reason."))
    _check_scope(target, by=by)
    with transaction.atomic():
        PublishingLock.take()
        target = type(target).objects.get(pk=target.pk)
        problem = readiness.withdrawal_problem(target)
        if problem:
            raise Refused(problem)
        if getattr(target, "retraction", None) is not None:
            raise Refused(_("Somebody has asked for its retraction already; it waits for a second person."))
        retraction = Retraction(reason=reason.strip(), author=by, edited_by=by, submitted_at=timezone.now())
        setattr(retraction, type(target)._meta.model_name, target)
        retraction.save()
    return retraction


def publish(records, *, by, note="", origin=Origin.DESK, file_set=""):
    """Make drafts public in one new edition, all of them or none; returns the Edition.

    ``records`` are Commitments (their working copy becomes a Revision), Assessments, Replies and Retractions as the
    publisher saw them; ``by`` is the Person who publishes. From the desk every draft must have been submitted, and by
    is none of those who wrote or edited it (unless FOUR_EYES is off, which the edition then says).

    Raises Refused with every reason, or Conflict when a draft changed since the caller read it.
    """
    records = sorted(records, key=lambda record: PUBLISHING_ORDER.index(type(record)))
    _check_list(records)
    with transaction.atomic():
        PublishingLock.take()
        if origin == Origin.DESK and not may_publish(by):
            raise Refused(_("You do not have the right to publish; ask an administrator for the group “Publisher”."))
        edition = _new_edition(by=by, note=note.strip(), origin=origin, file_set=file_set)
        with PublishingLock.opened(edition):
            sealed = _seal_all(records, edition)
        projection.project({_subject(record) for record in sealed})
    for record, one in zip(records, sealed, strict=True):
        _show_sealed(record, one)
    return edition


def _check_list(records):
    if not records:
        raise Refused(_("Choose at least one draft to publish."))
    if len({(type(record), record.pk) for record in records}) < len(records):
        raise Refused(_("A draft is in the list twice; choose each once."))


def _new_edition(**fields):
    now, newest = timezone.now(), Edition.objects.newest()
    day = timezone.localdate(now)
    if newest and day < newest.day:
        raise Refused(
            _("Today is %(today)s by this server's clock, and edition %(number)s is of %(day)s. Set the clock right.")
            % {"today": day, "number": newest.number, "day": newest.day}
        )
    return Edition.objects.create(
        number=newest.number + 1 if newest else 1,
        published_at=now,
        day=day,
        four_eyes=bool(settings.FOUR_EYES) and fields["origin"] == Origin.DESK,
        published_by=fields.pop("by"),
        **fields,
    )


def _seal_all(records, edition):
    """Check and seal the records, one kind after another; returns them as the database has them, in the same order."""
    together_with = {record.pk for record in records if isinstance(record, Commitment)}
    problems, sealed = [], []
    for model, group in groupby(records, key=type):
        drafts = _read_again(model, list(group))
        if model is Assessment:
            sealing.freeze_evidence(drafts)
        found = len(problems)
        for draft in drafts:
            reasons = readiness.problems(draft, together_with=together_with)
            problems += [f"{draft}: {reason}" for reason in reasons]
            if edition.origin == Origin.DESK:
                problems += _people_problems(draft, edition.published_by)
        if len(problems) == found:
            _seal(model, drafts, edition)
        sealed += drafts
    if problems:
        raise Refused(*problems)
    return sealed


def _read_again(model, records):
    """The drafts as they are stored, locked, with all that readiness looks at; Conflict where one has changed.

    The lock waits for whoever is adding evidence to one of them at this moment.
    """
    found = readiness.to_check(model).select_for_update(of=("self",)).in_bulk([record.pk for record in records])
    for record in records:
        stored = found.get(record.pk)
        if stored is None or stored.version != record.version:
            raise Conflict(record)
    return [found[record.pk] for record in records]


def _show_sealed(record, sealed):
    """Bring the caller's copy up to date."""
    for name in (
        "edition_id",
        "key",
        "version",
        "submitted_at",
        "return_reason",
        "author_id",
        "edited_by_id",
        "earlier_writers",
    ):
        if hasattr(sealed, name):
            setattr(record, name, getattr(sealed, name))


def _people_problems(draft, by):
    if not draft.submitted_at:
        yield _("“%(record)s” has not been submitted.") % {"record": draft}
    if settings.FOUR_EYES and by.pk in draft.writers:
        yield _("“%(record)s” is your own work; a second person publishes it.") % {"record": draft}


def _subject(record):
    """The id of the commitment whose standing a record touches."""
    if isinstance(record, Commitment):
        return record.pk
    if isinstance(record, Reply):
        return record.assessment.commitment_id
    return record.commitment_id if isinstance(record, Assessment) else record.subject.pk


def _seal(model, drafts, edition):
    if model in {Assessment, Reply}:
        sealing.give_keys(model, drafts, {_subject(draft) for draft in drafts})
    for draft in drafts:
        if model is Commitment:
            _seal_wording(draft, edition)
        else:
            _seal_row(draft, edition)


def _seal_row(draft, edition):
    values = {"edition": edition, "version": F("version") + 1, "submitted_at": None, "return_reason": ""}
    if hasattr(draft, "key"):
        values["key"] = draft.key
    taken = type(draft)._base_manager.filter(pk=draft.pk, version=draft.version, edition=None).update(**values)
    if not taken:
        raise Conflict(draft)
    draft.edition, draft.version, draft.submitted_at, draft.return_reason = edition, draft.version + 1, None, ""


def _seal_wording(commitment, edition):
    revision = sealing.new_revision(commitment)
    Revision.objects.filter(pk=revision.pk).update(edition=edition)
    taken = Commitment.objects.filter(pk=commitment.pk, version=commitment.version).update(
        version=F("version") + 1, submitted_at=None, return_reason="", author=None, edited_by=None, earlier_writers=""
    )
    if not taken:
        raise Conflict(commitment)
    commitment.version += 1
    commitment.submitted_at = commitment.author = commitment.edited_by = None
    commitment.return_reason = commitment.earlier_writers = ""
