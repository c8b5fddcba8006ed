"""Totals of follow-through at a moment: querysets of standings in, plain data out.

The denominator is always ``counted``: promises of those who made them whose outcome can be told at least in part.
"""

from dataclasses import dataclass, field

from django.db.models import BooleanField, Case, Count, Value, When

from commitments.choices import HEADLINES, Status
from commitments.models import Standing, Summit, Theme

GROUPS = {"theme": Theme, "summit": Summit}
# The statuses that say something was done: where it matters most who says so.
DONE = (Status.FULFILLED.value, Status.PARTLY_FULFILLED.value)


@dataclass(frozen=True)
class StatusCount:
    """How many of the counted commitments have one status, and which share (per cent) of them that is."""

    status: Status
    count: int
    share: float

    @property
    def label(self):
        return self.status.label


@dataclass(frozen=True)
class Headline:
    """How many of the counted commitments have one of the ``statuses`` (values), and which share (per cent) it is."""

    statuses: tuple
    label: str
    count: int
    share: float

    @property
    def first(self):
        """The status whose shape stands for the group."""
        return self.statuses[0]


@dataclass
class Scorecard:
    """The totals of one set of standings.

    ``listed`` = ``counted`` + ``left_out``; ``overdue``, ``self_reported`` and ``rows`` are of the counted ones, and
    ``done_by_own_word`` are the self-reported among the ``done``.
    """

    listed: int = 0
    counted: int = 0
    overdue: int = 0
    self_reported: int = 0
    done_by_own_word: int = 0
    by_status: dict = field(default_factory=dict)

    @property
    def left_out(self):
        """Calls on others, recommendations, and what cannot be checked."""
        return self.listed - self.counted

    @property
    def not_assessed(self):
        return self.by_status.get(Status.NOT_ASSESSED.value, 0)

    @property
    def assessed(self):
        """Those with a judgement that holds, "no evidence found" included."""
        return self.counted - self.not_assessed

    @property
    def done(self):
        """Those fulfilled or partly fulfilled."""
        return sum(self.by_status.get(status, 0) for status in DONE)

    @property
    def rows(self):
        """A StatusCount for every status, in the order of display; nought is a count too."""
        return [self._row(status) for status in Status]

    @property
    def headlines(self):
        """A Headline for every group of statuses, nought included; together they are the counted ones."""
        sums = [(statuses, label, sum(self.by_status.get(one, 0) for one in statuses)) for statuses, label in HEADLINES]
        return [Headline(statuses, label, count, self.share(count)) for statuses, label, count in sums]

    @property
    def present(self):
        """The rows that are not nought."""
        return [row for row in self.rows if row.count]

    def _row(self, status):
        count = self.by_status.get(status.value, 0)
        return StatusCount(status, count, count * 100 / self.counted if self.counted else 0.0)

    def share(self, count):
        """``count`` as per cent of the counted ones; 0 where none is counted."""
        return count * 100 / self.counted if self.counted else 0.0

    def add(self, *, status, counted, self_reported, overdue, number):
        """Take ``number`` standings of one sort in."""
        self.listed += number
        if counted:
            self.counted += number
            self.overdue += number * bool(overdue)
            self.self_reported += number * bool(self_reported)
            self.done_by_own_word += number * bool(self_reported and status in DONE)
            self.by_status[status] = self.by_status.get(status, 0) + number


def _counts(standings, day, *columns):
    late = Case(
        When(Standing.overdue_condition(day), then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return (
        standings.order_by()
        .annotate(late=late)
        .values_list(*columns, "status", "counted", "self_reported", "late")
        .annotate(number=Count("pk"))
    )


def totals(standings, *, day):
    """The Scorecard of a Standing queryset, overdue as of ``day`` (a date). One query."""
    card = Scorecard()
    for status, counted, self_reported, late, number in _counts(standings, day):
        card.add(status=status, counted=counted, self_reported=self_reported, overdue=late, number=number)
    return card


def of(standings, *, day):
    """The Scorecard of Standings that have been read already, the same as ``totals`` of their queryset. No query."""
    card = Scorecard()
    for one in standings:
        late = one.is_overdue(day)
        card.add(status=one.status, counted=one.counted, self_reported=one.self_reported, overdue=late, number=1)
    return card


def by_party(standings, role, *, day):
    """{party id: Scorecard} of the parties that have a PartyRole in a Standing queryset, as members too. One query."""
    cards = {}
    parts = standings.filter(revision__parties__role=role)
    for pk, status, counted, self_reported, late, number in _counts(parts, day, "revision__parties__party"):
        card = cards.setdefault(pk, Scorecard())
        card.add(status=status, counted=counted, self_reported=self_reported, overdue=late, number=number)
    return cards


def by(standings, group, *, day):
    """[(Theme or Summit, Scorecard)] for ``group`` "theme" or "summit", in the order of the model. Two queries.

    Groups without a commitment are left out, and so are commitments without a summit.
    """
    cards = {}
    for pk, status, counted, self_reported, late, number in _counts(standings, day, f"{group}_id"):
        card = cards.setdefault(pk, Scorecard())
        card.add(status=status, counted=counted, self_reported=self_reported, overdue=late, number=number)
    # Grouped on ids and named here: grouping on the name is several times slower.
    return [(one, cards[one.pk]) for one in GROUPS[group].objects.all() if one.pk in cards]
