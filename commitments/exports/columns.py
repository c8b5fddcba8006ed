"""Every column of every table, declared once: header, documentation and tests read it here. Columns are only added."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from commitments.choices import UNCITABLE, PartyRole
from commitments.models import RevisionLink, RevisionParty, Standing
from commitments.record import mark


@dataclass(frozen=True)
class Column:
    """One column: its name in the header, what it means, the type of its value and how a row gives it."""

    name: str
    type: str
    meaning: str
    value: Callable


@dataclass(frozen=True)
class Row:
    """What the columns of the commitments table read: a Standing with its revision and assessment, and the Moment."""

    standing: Standing
    moment: object
    visible: frozenset

    @property
    def revision(self):
        return self.standing.revision

    @property
    def assessment(self):
        return self.standing.assessment

    @property
    def source(self):
        """The source of the promise, None where it may not be named."""
        return self.revision.source if self.revision.source.is_citable else None

    def judged(self, name):
        """A field of the assessment, None where there is none."""
        return getattr(self.assessment, name) if self.assessment else None

    def links(self, kind):
        """The keys of linked commitments that are public at the moment."""
        linked = [link.target for link in self.revision.links.all() if link.kind == kind]
        return sorted(target.slug for target in linked if target.pk in self.visible)


def _named(role):
    return lambda row: [party.code for party in row.revision.named(role)]


def _bound(role):
    return lambda row: [party.code for party in row.revision.bound(role)]


def _cited(name):
    return lambda row: getattr(row.source, name) if row.source else None


def _link(kind):
    return lambda row: row.links(kind)


COMMITMENTS = (
    Column("slug", "text", _("The key of the commitment; it never changes."), lambda row: row.standing.slug),
    Column("title", "text", _("The promise in ten words or fewer."), lambda row: row.revision.title),
    Column("summary", "text", _("What was promised, by whom, to whom."), lambda row: row.revision.summary),
    Column("status", "text", _("What came of it at the moment."), lambda row: row.standing.status),
    Column("as_of", "date", _("The day the judgement describes."), lambda row: row.standing.as_of),
    Column("counted", "boolean", _("Whether it enters the totals."), lambda row: row.standing.counted),
    Column("basis", "text", _("What the promise rests on."), lambda row: row.revision.basis),
    Column("obligation", "text", _("One-off, continuing or aspirational."), lambda row: row.revision.obligation),
    Column("kind", "text", _("What sort of thing was promised."), lambda row: row.revision.kind),
    Column("theme", "text", _("The key of its theme."), lambda row: row.standing.theme.slug),
    Column(
        "summit",
        "text",
        _("The key of the summit where it was made."),
        lambda row: row.standing.summit.key if row.standing.summit else None,
    ),
    Column("made_on", "date", _("The day of the promise."), lambda row: row.revision.made_on),
    Column("pledged_by", "list", _("Codes of the parties named as making it."), _named(PartyRole.PLEDGER)),
    Column(
        "pledged_by_all",
        "list",
        _("The same, with the states that “all members” meant on the day."),
        _bound(PartyRole.PLEDGER),
    ),
    Column("beneficiaries", "list", _("Codes of the parties named as gaining."), _named(PartyRole.BENEFICIARY)),
    Column(
        "beneficiaries_all",
        "list",
        _("The same, with the states that “all members” meant on the day."),
        _bound(PartyRole.BENEFICIARY),
    ),
    Column(
        "target_quantity", "number", _("The promised amount as declared."), lambda row: row.revision.target_quantity
    ),
    Column("target_unit", "text", _("The unit of target and progress."), lambda row: row.revision.target_unit),
    Column("target_measure", "text", _("What is counted."), lambda row: row.revision.target_measure),
    Column("progress", "number", _("The measured amount in the target's unit."), lambda row: row.judged("progress")),
    Column(
        "percent",
        "number",
        _("Progress in per cent of the target, to two places; it may pass 100."),
        lambda row: None if row.standing.percent is None else round(row.standing.percent, 2),
    ),
    Column("due", "date", _("The deadline."), lambda row: row.revision.due),
    Column(
        "overdue",
        "boolean",
        _("Due before the day and not fulfilled, not_fulfilled or superseded."),
        lambda row: row.standing.is_overdue(row.moment.as_of),
    ),
    Column("stage", "text", _("How far promised money has come."), lambda row: row.judged("stage")),
    Column("confidence", "text", _("How firm the ground of the judgement is."), lambda row: row.judged("confidence")),
    Column("closure_reason", "text", _("Why it was closed."), lambda row: row.judged("closure_reason")),
    Column("rationale", "text", _("Why this status."), lambda row: row.judged("rationale")),
    Column(
        "self_reported",
        "boolean",
        _("Whether every supporting source speaks for one of those who made the promise."),
        lambda row: row.standing.self_reported,
    ),
    Column(
        "below_rule", "text", _("The evidence rule it falls short of, and why."), lambda row: row.judged("below_rule")
    ),
    Column("assessment_note", "text", _("A note on the judgement."), lambda row: row.judged("note")),
    Column("checkable", "text", _("Whether anybody could tell that it was done."), lambda row: row.revision.checkable),
    Column("checkable_note", "text", _("The reason for that."), lambda row: row.revision.checkable_note),
    Column("responsible", "text", _("The body in charge."), lambda row: row.revision.responsible),
    Column("source", "text", _("The key of the source of the promise, if it may be named."), _cited("key")),
    Column(
        "source_title",
        "text",
        _("The title of that source, or that it may not be cited."),
        lambda row: row.source.title if row.source else str(UNCITABLE),
    ),
    Column("source_url", "text", _("The address of that source."), _cited("url")),
    Column("locator", "text", _("Where in that source."), lambda row: row.revision.locator if row.source else None),
    Column("related", "list", _("Keys of commitments on the same matter."), _link("related")),
    Column("restates", "list", _("Keys of earlier commitments that it repeats or raises."), _link("restates")),
    Column("superseded_by", "list", _("Key of the later commitment that took its place."), _link("superseded_by")),
    Column("note", "text", _("A note on the promise."), lambda row: row.revision.note),
    Column("assessment", "text", _("The key of the judgement."), lambda row: row.judged("key")),
    Column(
        "assessment_edition",
        "integer",
        _("The edition that published the judgement."),
        lambda row: row.judged("edition_id"),
    ),
    Column(
        "wording_edition", "integer", _("The edition that published the wording."), lambda row: row.revision.edition_id
    ),
    Column("moment_as_of", "date", _("The day this row describes."), lambda row: row.moment.as_of),
    Column("moment_edition", "integer", _("The newest edition taken into account."), lambda row: row.moment.edition),
)

BATCH = 500


def with_rows(standings):
    """A Standing queryset with everything that the columns read."""
    related = standings.annotate(conflicting=mark("conflicting")).select_related(
        "revision__source", "assessment", "theme", "summit"
    )
    return related.prefetch_related(
        Prefetch("revision__parties", RevisionParty.objects.select_related("party")),
        Prefetch("revision__links", RevisionLink.objects.select_related("target")),
    )


def commitment_rows(standings, moment):
    """A Row per Standing, read in batches so that memory stays level; ``standings`` has an order."""
    visible = frozenset(Standing.objects.at(moment).values_list("commitment", flat=True))
    for standing in with_rows(standings).iterator(chunk_size=BATCH):
        yield Row(standing, moment, visible)


CHANGES = (
    Column(
        "edition", "integer", _("The edition; empty for a change of a name or address."), lambda row: row.edition_number
    ),
    Column("published_at", "datetime", _("When it became public, UTC."), lambda row: row.at),
    Column("origin", "text", _("desk or import; register for a name or address."), lambda row: row.origin),
    Column("kind", "text", _("The kind of change."), lambda row: row.kind),
    Column("commitment", "text", _("The key of the commitment concerned."), lambda row: row.slug),
    Column("title", "text", _("Its title by that edition."), lambda row: row.title),
    Column("record", "text", _("The key of the judgement, reply or other record."), lambda row: row.key),
    Column("as_of", "date", _("The day that a judgement describes."), lambda row: row.as_of),
    Column("status", "text", _("The status that a judgement gives."), lambda row: row.status),
    Column("status_before", "text", _("The standing on the edition's day before it."), lambda row: row.status_before),
    Column("status_after", "text", _("The standing on the edition's day after it."), lambda row: row.status_after),
    Column("text", "text", _("The reason: rationale, reason of a retraction, what changed."), lambda row: row.text),
)


@dataclass(frozen=True)
class ScoreRow:
    """What the columns of the scores read: a row of the matrix, one of its cells, and the Moment."""

    row: object
    cell: object
    moment: object

    @property
    def score(self):
        """The score where it enters the averages, else None."""
        return self.cell.score if self.cell.value is not None else None

    def scored(self, name):
        """A field of the score, None where there is none."""
        return getattr(self.score, name) if self.score else None


SCORES = (
    Column("commitment", "text", _("The key of the commitment."), lambda one: one.row.standing.slug),
    Column("title", "text", _("The promise in ten words or fewer."), lambda one: one.row.standing.revision.title),
    Column("made_on", "date", _("The day of the promise."), lambda one: one.row.standing.made_on),
    Column("party", "text", _("The code of the member."), lambda one: one.cell.party.code),
    Column(
        "cell",
        "text",
        _("scored, not_assessed, not_member (on the day of the promise) or not_bound (not among those who promised)."),
        lambda one: one.cell.state,
    ),
    Column("score", "integer", _("1, 0 or -1; empty unless scored."), lambda one: one.cell.value),
    Column("rationale", "text", _("What this member did or did not do."), lambda one: one.scored("rationale")),
    Column(
        "source",
        "text",
        _("The key of the source of the score, if it may be named."),
        lambda one: one.score.source.key if one.score and one.score.source.is_citable else None,
    ),
    Column(
        "assessment", "text", _("The key of the judgement that scores members."), lambda one: one.row.assessment.key
    ),
    Column("as_of", "date", _("The day that judgement describes."), lambda one: one.row.assessment.as_of),
    Column("moment_as_of", "date", _("The day this row describes."), lambda one: one.moment.as_of),
    Column("moment_edition", "integer", _("The newest edition taken into account."), lambda one: one.moment.edition),
)


def score_rows(matrix):
    """A ScoreRow for every member and commitment of a Matrix, commitment by commitment."""
    return (ScoreRow(row, cell, matrix.moment) for row in matrix.rows for cell in row.in_order)


def _at(side, name):
    """A field of the standing at one of two moments, None where it is not on record."""
    return lambda row: getattr(getattr(row, side), name) if getattr(row, side) else None


def _judgement(side, name):
    def value(row):
        standing = getattr(row, side)
        return getattr(standing.assessment, name) if standing and standing.assessment else None

    return value


def _wording(side):
    return lambda row: getattr(row, side).revision.edition_id if getattr(row, side) else None


BETWEEN = (
    Column("slug", "text", _("The key of the commitment."), lambda row: row.standing.slug),
    Column(
        "title",
        "text",
        _("Its title at the second moment, or the last it had."),
        lambda row: row.standing.revision.title,
    ),
    Column("changes", "list", _("What changed: status, new, withdrawn, wording, renewed."), lambda row: row.changes),
    Column(
        "status_before", "text", _("The status at the first moment; empty if not on record."), _at("before", "status")
    ),
    Column(
        "status_after", "text", _("The status at the second moment; empty if not on record."), _at("after", "status")
    ),
    Column("as_of_before", "date", _("The day that the first judgement describes."), _at("before", "as_of")),
    Column("as_of_after", "date", _("The day that the second judgement describes."), _at("after", "as_of")),
    Column("assessment_before", "text", _("The key of the first judgement."), _judgement("before", "key")),
    Column("assessment_after", "text", _("The key of the second judgement."), _judgement("after", "key")),
    Column("rationale", "text", _("Why the status of the second moment."), _judgement("after", "rationale")),
    Column("reworded", "list", _("The parts of the wording that changed."), lambda row: row.reworded),
    Column("wording_edition_before", "integer", _("The edition of the first wording."), _wording("before")),
    Column("wording_edition_after", "integer", _("The edition of the second wording."), _wording("after")),
    Column("reason", "text", _("Why it was withdrawn."), lambda row: row.reason),
    Column("since_as_of", "date", _("The day of the first moment."), lambda row: row.comparison.first.as_of),
    Column("since_edition", "integer", _("The edition of the first moment."), lambda row: row.comparison.first.edition),
    Column("moment_as_of", "date", _("The day of the second moment."), lambda row: row.comparison.second.as_of),
    Column(
        "moment_edition", "integer", _("The edition of the second moment."), lambda row: row.comparison.second.edition
    ),
)
