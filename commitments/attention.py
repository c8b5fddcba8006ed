"""What on the record needs somebody: the queues of the desk, each declared once.

The desk's first page counts them, its lists are filtered by them, check_data sums them up and the reminders tell of
them. What a queue asks is asked of record.py, reviews.py and the models, never written a second time.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.utils.formats import date_format
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import reviews
from commitments.models import Assessment, Commitment, Source, Standing
from commitments.record import marked, year_before

# How many days ahead a deadline is announced.
AHEAD = 90


@dataclass(frozen=True)
class Queue:
    """One thing that can need somebody.

    ``rows`` takes a Moment and gives the Standings (for queues about commitments) or Sources in question, each once.
    The oldest is the one with the earliest ``dated``; ``told`` says what that day is. ``about`` is the model whose
    list at the desk can be filtered by the queue.
    """

    name: str
    label: str
    meaning: str
    rows: Callable
    dated: str
    told: str
    about: type = Commitment

    @property
    def id_column(self):
        """The column of ``rows`` with the id of the record that the queue is about."""
        return "commitment" if self.about is Commitment else "pk"

    def records(self, moment):
        """A subquery of the ids of the records in the queue."""
        return self.rows(moment).order_by().values(self.id_column)

    def look(self, moment, *, visible=None, shown=1):
        """What is in the queue, a Found; ``visible`` are the records that the reader may see. One query."""
        rows = self.rows(moment)
        if visible is not None:
            rows = rows.filter(**{f"{self.id_column}__in": visible.order_by().values("pk")})
        name = "commitment__title" if self.about is Commitment else "title"
        # The number of all rows comes along with the first few, so that a queue is one query.
        first = (
            rows.annotate(number=Window(Count("pk")), since=F(self.dated))
            .order_by(F("since").asc(nulls_first=True), self.id_column)
            .values_list("number", self.id_column, name, "since")[:shown]
        )
        found = list(first)
        return Found(self, found[0][0] if found else 0, [Item(*row[1:]) for row in found])


@dataclass(frozen=True)
class Item:
    """One record of a queue: its id, its name, and the day by which it is old (None where no day is known)."""

    pk: int
    name: str
    since: datetime.date | None


@dataclass(frozen=True)
class Found:
    """What is in a Queue: how many, and the oldest of them first."""

    queue: Queue
    number: int
    items: list


def on_day(told, since, today):
    """A day with its age in words: "due on 30 November 2026 (in 6 days)"; '' where there is no day."""
    if since is None:
        return ""
    if isinstance(since, datetime.datetime):
        since = since.astimezone(datetime.UTC).date()
    if since == today:
        age = _("today")
    elif since < today:
        age = _("%(age)s ago") % {"age": timesince(since, today, depth=1)}
    else:
        age = _("in %(age)s") % {"age": timeuntil(since, today, depth=1)}
    return f"{told % {'day': date_format(since, 'j F Y')}} ({age})"


def _deadlines(moment):
    # What would be overdue by then if nothing came: the same rule of what is open.
    last = moment.today + datetime.timedelta(AHEAD + 1)
    return Standing.objects.at(moment).overdue(last).filter(due__gte=moment.today)


def _overdue_unjudged(moment):
    judged = Assessment.objects.standing().filter(
        commitment=OuterRef("commitment"), as_of__gt=OuterRef("due"), as_of__gte=year_before(moment.today)
    )
    return Standing.objects.at(moment).overdue(moment.today).filter(~Exists(judged))


def _marked(name):
    """The rows of one mark of record.py."""

    def rows(moment):
        return marked(Standing.objects.at(moment), name, moment.today).filter(**{f"mark_{name}": True})

    return rows


def _computed(name):
    """The rows of one of the computed yes-or-no columns of a Standing."""

    def rows(moment):
        return Standing.objects.at(moment).filter(Q(**{name: True}))

    return rows


JUDGED = gettext_lazy("judged as of %(day)s")
QUEUES = (
    Queue(
        "deadline",
        gettext_lazy("Deadlines within 90 days"),
        gettext_lazy("Open, and due today or on one of the next 90 days."),
        _deadlines,
        "due",
        gettext_lazy("due on %(day)s"),
    ),
    Queue(
        "overdue",
        gettext_lazy("Overdue without a recent judgement"),
        gettext_lazy(
            "The deadline has passed, it is open, and no judgement describes a day that lies both after the deadline "
            "and within the last twelve months."
        ),
        _overdue_unjudged,
        "due",
        gettext_lazy("due on %(day)s"),
    ),
    Queue(
        "review",
        gettext_lazy("Due for review"),
        gettext_lazy("The day of its next review has come, set by hand or by the interval for its kind."),
        lambda moment: reviews.due(Standing.objects.at(moment), moment.today),
        "review_on",
        gettext_lazy("review due on %(day)s"),
    ),
    Queue(
        "stale",
        gettext_lazy("Not checked for 12 months"),
        gettext_lazy("Open, and the judgement that holds describes a day over twelve months ago."),
        _marked("stale"),
        "as_of",
        JUDGED,
    ),
    Queue(
        "single_source",
        gettext_lazy("Resting on one source only"),
        gettext_lazy("Exactly one source supports the judgement; a second could overturn it."),
        _marked("single_source"),
        "as_of",
        JUDGED,
    ),
    Queue(
        "self_reported",
        gettext_lazy("Self-reported only"),
        gettext_lazy("Every supporting source speaks for one of those who made the promise."),
        _computed("self_reported"),
        "as_of",
        JUDGED,
    ),
    Queue(
        "conflicting",
        gettext_lazy("Conflicting evidence"),
        gettext_lazy("At least one source speaks for the status given, and at least one against it."),
        _marked("conflicting"),
        "as_of",
        JUDGED,
    ),
    Queue(
        "flagged",
        gettext_lazy("Below the evidence rule"),
        gettext_lazy("Published with a flag: it falls short of the minimum of evidence for its status."),
        _computed("flagged"),
        "as_of",
        JUDGED,
    ),
    Queue(
        "dead_link",
        gettext_lazy("Sources with dead links"),
        gettext_lazy("When the address was last visited, a reader would have met no document there."),
        lambda _moment: Source.objects.dead(),
        "visited_at",
        gettext_lazy("visited on %(day)s"),
        Source,
    ),
)
BY_NAME = {queue.name: queue for queue in QUEUES}


def about(model):
    """The queues by which the desk's list of ``model`` can be filtered."""
    return [queue for queue in QUEUES if queue.about is model]
