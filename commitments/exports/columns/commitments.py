"""The columns of the table of commitments."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from commitments.choices import UNCITABLE, PartyRole
from commitments.models import RevisionLink, RevisionParty, Standing
from commitments.record import mark

from .base import Column


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
