"""Everything one commitment's page shows at a moment: standing, history, links, wordings, how to cite it."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Prefetch

from commitments.choices import LinkKind, PartyRole, Status
from commitments.exports.columns import with_rows
from commitments.ingredients import named_by
from commitments.models import (
    WORDING_FIELDS,
    Assessment,
    Evidence,
    MemberScore,
    Reply,
    Retraction,
    Revision,
    RevisionLink,
    RevisionParty,
    Standing,
)


class NotMadeYetError(Exception):
    """On the day asked for, the commitment had not been made; carries the Revision."""

    def __init__(self, revision):
        self.revision = revision
        super().__init__(revision.title)


class WithdrawnError(Exception):
    """By the edition asked for, the commitment had been retracted; carries the Retraction."""

    def __init__(self, retraction):
        self.retraction = retraction
        super().__init__(retraction.reason)


class UnknownError(Exception):
    """Nothing by that key was public by the edition asked for."""


@dataclass
class Entry:
    """One assessment in the history: what withdrew it by the moment's edition, if anything, and its replies."""

    assessment: Assessment
    withdrawn: object
    holds: bool
    replies: list
    day: datetime.date

    @property
    def is_corrected(self):
        return isinstance(self.withdrawn, Assessment)

    @property
    def correction_is_listed(self):
        """Whether the history has the correction too: one that describes a later day than the moment's is left out."""
        return self.is_corrected and self.withdrawn.as_of <= self.day

    @property
    def corrected_is_listed(self):
        """Whether the history has what this one corrects, in which case the two lead to each other."""
        return self.assessment.corrects_id is not None and self.assessment.corrects.as_of <= self.day

    @property
    def reason(self):
        """Why it was taken back; '' where nothing did so, or where one of the oldest corrections gave no reason."""
        return self.withdrawn.correction_reason if self.is_corrected else getattr(self.withdrawn, "reason", "")


@dataclass
class Detail:
    """What the page of one commitment reads."""

    standing: Standing
    moment: object
    pledgers: set
    entries: list
    links: dict
    wordings: list = field(default_factory=list)

    @property
    def revision(self):
        return self.standing.revision

    @property
    def names(self):
        """The Names of the wording: what it says of who, what, how much, by when, and how to check it."""
        return named_by(self.revision)

    @property
    def overdue(self):
        return self.standing.is_overdue(self.moment.as_of)

    @property
    def freshness(self):
        return self.standing.freshness(self.moment.as_of)

    @property
    def current(self):
        """The Entry that holds, or None."""
        return next((entry for entry in self.entries if entry.holds), None)

    @property
    def measured(self):
        """The judgements with a measured amount, oldest first, each with its percentage of the target."""
        rows = [
            entry.assessment for entry in self.entries if not entry.withdrawn and entry.assessment.progress is not None
        ]
        return [(one, self.revision.percent_of_target(one.progress)) for one in reversed(rows)]

    @property
    def has_family(self):
        """Whether it restates or supersedes another commitment, or another does so with it."""
        return any(kind != "related" for kind in self.links)

    @property
    def days_late(self):
        """Days from the deadline to the first judgement "fulfilled"; 0 or less is on time, None where either lacks."""
        days = [
            entry.assessment.as_of
            for entry in self.entries
            if not entry.withdrawn and entry.assessment.status == Status.FULFILLED
        ]
        return (min(days) - self.revision.due).days if days and self.revision.due else None


def detail(slug, moment):
    """The Detail of the commitment with that key at a Moment. A constant number of queries.

    Raises UnknownError, NotMadeYetError or WithdrawnError where it has no standing.
    """
    standing = with_rows(Standing.objects.at(moment).filter(slug=slug)).first()
    if standing is None:
        raise _absence(slug, moment)
    pledgers = {row.party_id for row in standing.revision.parties.all() if row.role == PartyRole.PLEDGER}
    return Detail(
        standing=standing,
        moment=moment,
        pledgers=pledgers,
        entries=_entries(standing, moment),
        links=_links(standing, moment),
        wordings=_wordings(standing.commitment_id, moment),
    )


def _absence(slug, moment):
    revision = (
        Revision.objects.filter(commitment__slug=slug, edition__lte=moment.edition)
        .select_related("commitment", "summit")
        .order_by("-edition")
        .first()
    )
    if revision is None:
        return UnknownError(slug)
    retraction = Retraction.objects.filter(commitment__slug=slug, edition__lte=moment.edition)
    retraction = retraction.select_related("edition").first()
    return WithdrawnError(retraction) if retraction else NotMadeYetError(revision)


def _entries(standing, moment):
    replies = Reply.objects.filter(edition__lte=moment.edition).select_related(
        "party", "source", "edition", "retraction"
    )
    found = (
        Assessment.objects.published_by(moment.edition)
        .filter(commitment=standing.commitment_id, as_of__lte=moment.as_of)
        .select_related("edition__published_by", "correction", "retraction", "corrects")
        .prefetch_related(
            Prefetch("evidence", Evidence.objects.select_related("source", "issuer")),
            "search_log",
            Prefetch("member_scores", MemberScore.objects.select_related("party", "source")),
            Prefetch("replies", replies),
        )
        .order_by("-as_of", "-edition", "-pk")
    )
    return [
        Entry(
            assessment=one,
            withdrawn=one.withdrawn_at(moment.edition),
            holds=one.pk == standing.assessment_id,
            day=moment.as_of,
            replies=[
                (reply, _retraction_of(reply, moment)) for reply in one.replies.all() if reply.date <= moment.as_of
            ],
        )
        for one in found
    ]


def _retraction_of(reply, moment):
    retraction = getattr(reply, "retraction", None)
    published = retraction is not None and retraction.edition_id and retraction.edition_id <= moment.edition
    return retraction if published else None


def _links(standing, moment):
    """{what the link says: [Standing]} both ways, only to commitments that are public at the moment."""
    visible = Standing.objects.at(moment)
    outward = [(link.kind, link.target_id) for link in standing.revision.links.all()]
    inward = RevisionLink.objects.filter(target=standing.commitment_id, revision__in=visible.values("revision"))
    inward = list(inward.values_list("kind", "revision__commitment"))
    wanted = {pk for _kind, pk in (*outward, *inward)}
    rows = {row.commitment_id: row for row in visible.filter(commitment__in=wanted).select_related("revision")}
    names = {LinkKind.RELATED: "related", LinkKind.RESTATES: "restates", LinkKind.SUPERSEDED_BY: "superseded_by"}
    backwards = {LinkKind.RELATED: "related", LinkKind.RESTATES: "restated_by", LinkKind.SUPERSEDED_BY: "supersedes"}
    found = {}
    for naming, pairs in ((names, outward), (backwards, inward)):
        for kind, pk in pairs:
            if pk in rows and rows[pk] not in found.get(naming[kind], []):
                found.setdefault(naming[kind], []).append(rows[pk])
    for linked in found.values():
        linked.sort(key=lambda row: (row.made_on, row.slug))
    return found


def _wordings(commitment, moment):
    """[(Revision, names of what it changed)] newest first; the first wording changed nothing."""
    revisions = list(
        Revision.objects.filter(commitment=commitment, edition__lte=moment.edition)
        .select_related("edition__published_by")
        .prefetch_related(Prefetch("parties", RevisionParty.objects.select_related("party")), "links")
        .order_by("edition")
    )
    found, before = [], None
    for revision in revisions:
        found.append((revision, changed_fields(before, revision) if before else []))
        before = revision
    return found[::-1]


def changed_fields(before, after):
    """The verbose names of the fields in which two wordings differ."""
    names = [name for name in WORDING_FIELDS if getattr(before, name) != getattr(after, name)]
    labels = [str(Revision._meta.get_field(name).verbose_name) for name in names]
    labels += [str(role.label) for role in PartyRole if before.named(role) != after.named(role)]
    kinds = (LinkKind.RELATED, LinkKind.RESTATES)
    return labels + [str(kind.label) for kind in kinds if _targets(before, kind) != _targets(after, kind)]


def _targets(revision, kind):
    return {link.target_id for link in revision.links.all() if link.kind == kind}
