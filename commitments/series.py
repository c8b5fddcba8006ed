"""How many commitments had which status at the end of each year or month: standings in, plain data out, no request."""

import datetime
from bisect import bisect_left
from dataclasses import dataclass

from django.db.models import Count

from commitments.choices import CLOSED
from commitments.scorecard import GROUPS

PERIODS = ("year", "month")


@dataclass(frozen=True)
class Period:
    """What held on the last day of a period: its first day and that last one, and {status: number}."""

    first: datetime.date
    last: datetime.date
    counts: dict

    @property
    def total(self):
        return sum(self.counts.values())


def over_time(standings, *, until, by="year", overdue=""):
    """[Period] from the earliest standing of a queryset to the day ``until``, without a gap; the last may be cut short.

    The queryset holds standings of many days at one edition (``Standing.objects.through``). ``overdue`` "yes" or "no"
    keeps those that were, or were not, on each day. One query, whatever the number of periods.
    """
    spans = [
        (start, end, status)
        for row in standings.values_list("valid_from", "valid_to", "status", "due")
        for start, end, status in [_span(*row, overdue)]
        if start < end and start <= until
    ]
    if not spans:
        return []
    days = _days(min(start for start, _end, _status in spans), until, by)
    ends = [last for _first, last in days]
    steps = [{} for _day in range(len(days) + 1)]
    for start, end, status in spans:
        for day, change in ((start, 1), (end, -1)):
            at = steps[bisect_left(ends, day)]
            at[status] = at.get(status, 0) + change
    return list(_running(days, steps))


def _span(start, end, status, due, overdue):
    """The days on which a standing answers the question about deadlines."""
    if not overdue:
        return start, end, status
    late = due + datetime.timedelta(days=1) if due is not None and status not in CLOSED else end
    return (max(start, late), end, status) if overdue == "yes" else (start, min(end, max(start, late)), status)


def _days(first, until, by):
    """[(first day, last day)] of every period that has a day from ``first`` to ``until``."""
    found, start = [], datetime.date(first.year, first.month if by == "month" else 1, 1)
    while start <= until:
        months = start.year * 12 + start.month - 1 + (1 if by == "month" else 12)
        following = datetime.date(months // 12, months % 12 + 1, 1)
        found.append((start, min(following - datetime.timedelta(days=1), until)))
        start = following
    return found


def _running(days, steps):
    counts = {}
    for (first, last), step in zip(days, steps, strict=False):
        for status, change in step.items():
            counts[status] = counts.get(status, 0) + change
        yield Period(first, last, {status: number for status, number in counts.items() if number})


def runs(periods):
    """[(Period, first, last)] of the periods in which something changed, each up to the day before the next change.

    Each keeps the last day of its own first period, on which its numbers can be looked up.
    """
    found = []
    for period in periods:
        if found and found[-1][0].counts == period.counts:
            found[-1] = (found[-1][0], found[-1][1], period.last)
        else:
            found.append((period, period.first, period.last))
    return found


def by_group(standings, group):
    """[(Theme or Summit, {status: number})] of a queryset at one moment, for ``group`` "theme" or "summit".

    In the order of the model, without those that have no commitment. Two queries.
    """
    found = {}
    counted = standings.order_by().values_list(f"{group}_id", "status").annotate(number=Count("pk"))
    for pk, status, number in counted:
        found.setdefault(pk, {})[status] = number
    return [(one, found[one.pk]) for one in GROUPS[group].objects.all() if one.pk in found]
