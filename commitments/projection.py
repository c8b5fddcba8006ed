"""From the ledger to the read model: which assessment holds for a commitment on each day, by each edition.

The rule (design, "Standing"): of the assessments published by an edition, not withdrawn by it and not later than the
day, any other status goes before no_evidence, then the newest as_of, then the later edition, then the higher id.
"""

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction

from commitments.choices import Bearing, PartyRole, Status
from commitments.models import (
    FAR_DAY,
    FAR_EDITION,
    Assessment,
    Commitment,
    Evidence,
    PublishingLock,
    Retraction,
    Revision,
    RevisionParty,
    Standing,
)
from commitments.models.fields import plain_number
from commitments.search.stems import column

BATCH = 500
COPIES = (
    "status", "as_of", "confidence", "self_reported", "flagged", "slug", "title_key", "theme_id", "summit_id",
    "made_on", "due", "basis", "obligation", "kind", "checkable", "counted", "search_title",
    "search_promise", "search_record", "search_history",
)  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """What of an assessment decides which one holds. ``withdrawn`` is the edition that took it back, or None."""

    pk: int
    as_of: object
    status: str
    edition: int
    withdrawn: int | None = None

    @property
    def rank(self):
        return (self.status != Status.NO_EVIDENCE, self.as_of, self.edition, self.pk)


@dataclass
class History:
    """The ledger of one commitment: ``revisions`` are (edition, pk, made_on), oldest edition first."""

    commitment: int
    revisions: list = field(default_factory=list)
    judgements: list = field(default_factory=list)
    withdrawn: int | None = None


@dataclass(frozen=True)
class Rectangle:
    """A span of days and editions over which one revision and one assessment (or none) hold.

    ``before`` are the other assessments that the whole span knows of, the newest first: the search reads them too.
    """

    valid_from: object
    valid_to: object
    edition_from: int
    edition_to: int
    revision: int
    assessment: int | None
    before: tuple = ()


def rectangles(history):
    """The Rectangles of a History, without overlap and without a gap from its first edition on."""
    cuts = {edition for edition, _pk, _made in history.revisions}
    cuts |= {judgement.edition for judgement in history.judgements}
    cuts |= {judgement.withdrawn for judgement in history.judgements if judgement.withdrawn}
    if history.withdrawn:
        cuts.add(history.withdrawn)
    opened, done = {}, []
    for edition in sorted(cuts):
        current = _spans(history, edition)
        ended = [span for span in opened if span not in current]
        done += [_rectangle(span, opened.pop(span), edition) for span in ended]
        for span in current:
            opened.setdefault(span, edition)
    done += [_rectangle(span, begun, FAR_EDITION) for span, begun in opened.items()]
    return sorted(done, key=lambda row: (row.edition_from, row.valid_from, row.edition_to))


def _rectangle(span, edition_from, edition_to):
    valid_from, valid_to, revision, assessment, before = span
    return Rectangle(valid_from, valid_to, edition_from, edition_to, revision, assessment, before)


def _spans(history, edition):
    """The days as edition ``edition`` saw them: (valid_from, valid_to, revision, assessment, before), in order."""
    position = bisect_right([number for number, _pk, _made in history.revisions], edition)
    if not position or (history.withdrawn and history.withdrawn <= edition):
        return []
    _number, revision, made_on = history.revisions[position - 1]
    live = sorted(
        (
            judgement
            for judgement in history.judgements
            if judgement.edition <= edition and not (judgement.withdrawn and judgement.withdrawn <= edition)
        ),
        key=lambda judgement: judgement.as_of,
    )
    spans, holds, start = [], None, made_on
    for judgement in live:
        if holds is not None and judgement.rank < holds.rank:
            continue
        if judgement.as_of > start:
            spans.append((start, judgement.as_of, revision, holds))
            start = judgement.as_of
        holds = judgement
    spans.append((start, FAR_DAY, revision, holds))
    return [
        (start, end, revision, holds.pk if holds else None, _known(live, start, holds))
        for start, end, revision, holds in spans
    ]


def _known(live, day, holds):
    """The ids of the judgements up to ``day`` besides the one that holds, the newest first."""
    return tuple(one.pk for one in reversed(live) if one is not holds and one.as_of <= day)


def fold(text):
    """Text without case, accents and width forms: the one form in which both databases sort."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def histories(commitments=None):
    """The History of each published commitment, by id; ``commitments`` narrows it to a collection of ids.

    Three queries, however many.
    """
    found = {}
    narrow = {} if commitments is None else {"commitment__in": commitments}
    revisions = Revision.objects.filter(edition__isnull=False, **narrow).order_by("edition")
    for pk, commitment, edition, made_on in revisions.values_list("pk", "commitment", "edition", "made_on"):
        found.setdefault(commitment, History(commitment)).revisions.append((edition, pk, made_on))
    judged = Assessment.objects.filter(edition__isnull=False, **narrow).order_by("pk")
    columns = ("pk", "commitment", "as_of", "status", "edition", "correction__edition", "retraction__edition")
    for pk, commitment, as_of, status, edition, corrected, retracted in judged.values_list(*columns):
        withdrawn = min((number for number in (corrected, retracted) if number), default=None)
        found[commitment].judgements.append(Judgement(pk, as_of, status, edition, withdrawn))
    withdrawn = Retraction.objects.filter(edition__isnull=False, commitment__isnull=False, **narrow)
    for commitment, edition in withdrawn.values_list("commitment", "edition"):
        found[commitment].withdrawn = edition
    return found


def desired(commitments=None):
    """Unsaved Standings, as the ledger says they must be, of the commitments with these ids (default: all)."""
    drawn = [(pk, row) for pk, history in histories(commitments).items() for row in rectangles(history)]
    revisions = Revision.objects.in_bulk({row.revision for _pk, row in drawn})
    judged = {row.assessment for _pk, row in drawn if row.assessment}.union(*(row.before for _pk, row in drawn))
    assessments = Assessment.objects.in_bulk(judged)
    slugs = dict(Commitment.objects.filter(pk__in={pk for pk, _row in drawn}).values_list("pk", "slug"))
    pledgers, evidence = defaultdict(set), defaultdict(list)
    for revision, party in RevisionParty.objects.filter(
        revision__in=revisions.keys(), role=PartyRole.PLEDGER
    ).values_list("revision", "party"):
        pledgers[revision].add(party)
    shown = Evidence.objects.filter(assessment__in=assessments.keys()).order_by("position", "pk")
    for assessment, *row in shown.values_list("assessment", "bearing", "issuer", "shows"):
        evidence[assessment].append(row)
    told = {pk: told_by(one, [shows for *_rest, shows in evidence[pk]]) for pk, one in assessments.items()}
    for pk, row in drawn:
        revision = revisions[row.revision]
        lines = search_lines(revision, slugs[pk], told.get(row.assessment, []), [told[one] for one in row.before])
        yield _standing(
            row, slugs[pk], pk, revision, assessments.get(row.assessment), pledgers[row.revision],
            evidence[row.assessment], lines,
        )  # fmt: skip


def told_by(assessment, shown):
    """The texts of an assessment in which the search looks; ``shown`` is what its evidence shows."""
    return [assessment.rationale, *shown, assessment.note]


def search_lines(revision, slug, told, told_before):
    """The lines of stems of a standing, by column: the wording, what holds, and what earlier judgements told."""
    amount = f"{plain_number(revision.target_quantity)} {revision.target_unit}"
    said = [revision.summary, revision.target_measure, amount, revision.responsible, revision.note, slug]
    return {
        "search_title": column(revision.title),
        "search_promise": column(*said),
        "search_record": column(*told),
        "search_history": column(*(text for one in told_before for text in one)),
    }


def _standing(row, slug, commitment, revision, assessment, pledgers, evidence, lines):
    issuers = [issuer for bearing, issuer, _shows in evidence if bearing == Bearing.SUPPORTS]
    return Standing(
        commitment_id=commitment,
        revision=revision,
        assessment=assessment,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        edition_from=row.edition_from,
        edition_to=row.edition_to,
        status=assessment.status if assessment else Status.NOT_ASSESSED,
        as_of=assessment.as_of if assessment else None,
        confidence=assessment.confidence if assessment else "",
        self_reported=bool(issuers) and all(issuer in pledgers for issuer in issuers),
        flagged=bool(assessment and assessment.below_rule),
        slug=slug,
        title_key=fold(revision.title)[:300],
        theme_id=revision.theme_id,
        summit_id=revision.summit_id,
        made_on=revision.made_on,
        due=revision.due,
        basis=revision.basis,
        obligation=revision.obligation,
        kind=revision.kind,
        checkable=revision.checkable,
        counted=revision.is_counted,
        **lines,
    )


@dataclass
class Difference:
    """How the stored standings of some commitments differ from what the ledger says."""

    missing: list
    changed: list
    stray: list

    def __bool__(self):
        return bool(self.missing or self.changed or self.stray)


def compare(commitments=None):
    """The Difference for the commitments with these ids (default: all); ``changed`` rows carry what is right."""
    stored = Standing.objects.all() if commitments is None else Standing.objects.filter(commitment__in=commitments)
    existing = {_identity(row): row for row in stored}
    missing, changed = [], []
    for wanted in desired(commitments):
        row = existing.pop(_identity(wanted), None)
        if row is None:
            missing.append(wanted)
        elif any(getattr(row, name) != getattr(wanted, name) for name in ("edition_to", *COPIES)):
            for name in ("edition_to", *COPIES):
                setattr(row, name, getattr(wanted, name))
            changed.append(row)
    return Difference(missing, changed, list(existing.values()))


def _identity(row):
    return (row.commitment_id, row.valid_from, row.valid_to, row.edition_from, row.revision_id, row.assessment_id)


def project(commitments):
    """Bring the standings of these commitments (a collection of ids) into line with the ledger; returns a Difference.

    Rows that end or are wrong go before new ones are written, so that no two ever overlap.
    """
    difference = compare(commitments)
    gone = [row.pk for row in (*difference.stray, *difference.changed)]
    if gone:
        Standing.objects.filter(pk__in=gone).delete()
    # A row that only ends keeps its number.
    Standing.objects.bulk_create([*difference.changed, *difference.missing], BATCH)
    return difference


def batches(size=BATCH):
    """Lists of commitment ids that together name every commitment of the ledger or the read model."""
    ids = list(Commitment.objects.order_by("pk").values_list("pk", flat=True))
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def rebuild():
    """Bring every standing into line with the ledger, all or nothing; returns how many were missing, wrong, stray."""
    missing = changed = stray = 0
    with transaction.atomic():
        PublishingLock.take()
        for ids in batches():
            difference = project(ids)
            missing += len(difference.missing)
            changed += len(difference.changed)
            stray += len(difference.stray)
    return missing, changed, stray
