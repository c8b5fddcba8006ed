"""The columns of the table of scores."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .base import Column


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
