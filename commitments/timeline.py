"""What became of commitments, one after another: the day of each promise, its deadline, and every judgement that holds.

Standings at a moment in, plain data out, no request.
"""

import datetime
from dataclasses import dataclass, field
from statistics import median

from commitments.models import Assessment, Standing


@dataclass(frozen=True)
class Judgement:
    """One published judgement that nothing has withdrawn: its day, its status, and what it measured, if anything."""

    pk: int
    day: datetime.date
    status: str
    progress: object = None


@dataclass(frozen=True)
class Life:
    """One commitment from its promise on: its Standing with the wording, and its judgements, oldest first."""

    standing: Standing
    judgements: list = field(default_factory=list)

    @property
    def made_on(self):
        return self.standing.made_on

    @property
    def due(self):
        return self.standing.due

    @property
    def measured(self):
        """The judgements with a measured amount."""
        return [one for one in self.judgements if one.progress is not None]


def lives(standings, moment):
    """[Life] of the Standings at a Moment (a list, or a queryset in its order). Two queries, whatever their number."""
    if not isinstance(standings, list):
        standings = list(standings.select_related("revision"))
    found = {row.commitment_id: [] for row in standings}
    judged = (
        Assessment.objects.published_by(moment.edition)
        .filter(commitment__in=list(found), as_of__lte=moment.as_of)
        .select_related("correction", "retraction")
        .order_by("as_of", "edition", "pk")
    )
    for one in judged:
        if not one.withdrawn_at(moment.edition):
            found[one.commitment_id].append(Judgement(one.pk, one.as_of, one.status, one.progress))
    return [Life(row, found[row.commitment_id]) for row in standings]


def months_to_first_judgement(found):
    """The median of whole months from promise to the day of the first judgement; None where nothing is judged."""
    days = [(life.judgements[0].day - life.made_on).days for life in found if life.judgements]
    return int(median(days) / 30.44) if days else None
