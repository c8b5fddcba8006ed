"""The desk's own tables: working copies, drafts and sources as editors see them, in the columns of the public tables.

Unlike the public CSV they name sources that may not be cited. Only the desk shows them.
"""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from commitments.models import Assessment, Commitment, Evidence, Source, Standing
from commitments.moment import Moment

from .columns import ASSESSMENTS, COMMITMENTS, EVIDENCE, SOURCES, Column, with_rows

BATCH = 500


class _Held:
    """What holds for a commitment now, for the columns to read: all empty where nothing of it is public."""

    def __init__(self, commitment, standing):
        self.slug, self.theme, self.summit = commitment.slug, commitment.theme, commitment.summit
        self._standing = standing

    def __getattr__(self, name):
        return getattr(self._standing, name) if self._standing else None

    def is_overdue(self, day):
        return self._standing.is_overdue(day) if self._standing else None


@dataclass(frozen=True)
class DeskRow:
    """What the columns of the commitments table read at the desk: the working copy, and what holds now."""

    commitment: Commitment
    held: Standing | None
    moment: Moment

    @property
    def standing(self):
        return _Held(self.commitment, self.held)

    @property
    def assessment(self):
        return self.held.assessment if self.held else None

    @property
    def revision(self):
        """Itself: it answers for the wording as the working copy has it."""
        return self

    @property
    def edition_id(self):
        return self.held.revision.edition_id if self.held else None

    def __getattr__(self, name):
        return getattr(self.commitment, name)

    def judged(self, name):
        return getattr(self.assessment, name) if self.assessment else None

    def named(self, role):
        side = self.commitment.pledged_by if role == "pledger" else self.commitment.beneficiaries
        return list(side.all())

    def bound(self, role):
        """As the published wording has it: computed when it is published."""
        return self.held.revision.bound(role) if self.held else []

    def links(self, kind):
        if kind == "superseded_by":
            return [self.commitment.superseded_by.slug] if self.commitment.superseded_by else []
        return sorted(target.slug for target in getattr(self.commitment, kind).all())


def commitment_rows(commitments):
    """A DeskRow for each Commitment of a queryset, in batches; a constant number of queries for each batch."""
    moment = Moment.now()
    related = commitments.select_related("theme", "summit", "source", "superseded_by").prefetch_related(
        "pledged_by", "beneficiaries", "related", "restates"
    )
    batch = []
    for commitment in related.iterator(chunk_size=BATCH):
        batch.append(commitment)
        if len(batch) == BATCH:
            yield from desk_rows(batch, moment)
            batch = []
    yield from desk_rows(batch, moment)


def desk_rows(commitments, moment):
    """A DeskRow for each of a list of Commitments that have been read with what they point to."""
    if not commitments:
        return
    held = with_rows(Standing.objects.at(moment).filter(commitment__in=[one.pk for one in commitments]))
    standings = {standing.commitment_id: standing for standing in held}
    for commitment in commitments:
        yield DeskRow(commitment, standings.get(commitment.pk), moment)


def source_rows(sources):
    """The Sources of a queryset with their issuers."""
    return sources.select_related("issuer").iterator(chunk_size=BATCH)


def assessment_rows(assessments):
    """The Assessments of a queryset with what their columns name."""
    return assessments.select_related("commitment", "corrects").iterator(chunk_size=BATCH)


def evidence_rows(evidence):
    """The Evidence of a queryset with what its columns name."""
    return evidence.select_related("assessment", "source").iterator(chunk_size=BATCH)


def _of_first(column):
    return Column(column.name, column.type, column.meaning, lambda pair: column.value(pair[0]))


def _of_second(column):
    return Column(
        column.name, column.type, column.meaning, lambda pair: None if pair[1] is None else column.value(pair[1])
    )


# In one table: a row for each piece of evidence, with the judgement repeated.
EVIDENCE_PARTS = EVIDENCE[1:]
JUDGEMENTS = (*map(_of_first, ASSESSMENTS), *map(_of_second, EVIDENCE_PARTS))


def judgement_rows(assessments):
    """(Assessment, Evidence) for every piece of evidence; (Assessment, None) where there is none."""
    rows = Prefetch("evidence", Evidence.objects.select_related("source"))
    related = assessments.select_related("commitment", "corrects").prefetch_related(rows)
    for assessment in related.iterator(chunk_size=BATCH):
        for one in assessment.evidence.all() or [None]:
            yield assessment, one


@dataclass(frozen=True)
class DeskTable:
    """A table as the desk takes it out: ``sheets`` are (name, columns, rows) for a workbook, ``columns`` and ``rows``
    those of its CSV; rows are functions without arguments."""  # fmt: skip

    key: str
    model: type
    columns: tuple
    rows: object
    sheets: tuple = field(default=())


def _commitments():
    return commitment_rows(Commitment.objects.order_by("-made_on", "slug"))


def _sources():
    return source_rows(Source.objects.order_by("key"))


def _in_order():
    return Assessment.objects.order_by("commitment__slug", "as_of", "pk")


DESK_TABLES = {
    table.key: table
    for table in (
        DeskTable("commitments", Commitment, COMMITMENTS, _commitments, (("commitments", COMMITMENTS, _commitments),)),
        DeskTable("sources", Source, SOURCES, _sources, (("sources", SOURCES, _sources),)),
        DeskTable(
            "assessments",
            Assessment,
            JUDGEMENTS,
            lambda: judgement_rows(_in_order()),
            (
                ("assessments", ASSESSMENTS, lambda: assessment_rows(_in_order())),
                (
                    "evidence",
                    EVIDENCE,
                    lambda: evidence_rows(
                        Evidence.objects.order_by(
                            "assessment__commitment__slug", "assessment__as_of", "assessment", "position", "pk"
                        )
                    ),
                ),
            ),
        ),
    )
}
