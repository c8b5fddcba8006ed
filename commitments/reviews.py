"""When somebody should look at a commitment again: by hand, or by the interval after its last judgement.

For the desk only. The intervals are declared once; the list, the queue "due for review", the reminders and the desk's
page on how we judge read them. They are days and not months, so that both databases count alike.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.choices import Checkable, Obligation, Status
from commitments.models import Assessment, Commitment, Standing
from commitments.moment import Moment
from commitments.record import OPEN

BY_HAND = "by-hand"


@dataclass(frozen=True)
class Interval:
    """How long until the next look, for the Standings that meet ``condition``.

    ``after_judgement`` and ``after_due`` are days after the day last judged and after the deadline; the earlier of two
    holds. Neither of them with ``at_once`` means now, and without it never.
    """

    name: str
    label: str
    reason: str
    condition: Q
    after_judgement: int | None = None
    after_due: int | None = None
    at_once: bool = False

    @property
    def span(self):
        """The interval in words."""
        if self.at_once:
            return _("at once")
        after = [
            text % {"days": days}
            for text, days in (
                (_("%(days)s days after the deadline"), self.after_due),
                (_("%(days)s days after the day last judged"), self.after_judgement),
            )
            if days is not None
        ]
        return _(" or ").join(after) if after else _("never")

    @property
    def day(self):
        """The expression of the day for a Standing that ``with_review`` annotates."""
        if self.at_once:
            return F("made_on")
        days = [
            _later(name, days)
            for name, days in (("due", self.after_due), ("judged_on", self.after_judgement))
            if days is not None
        ]
        if not days:
            return Value(None, output_field=DateField())
        return days[0] if len(days) == 1 else Least(*days)


def _later(name, days):
    moved = ExpressionWrapper(F(name) + Value(datetime.timedelta(days)), output_field=DateTimeField())
    return Cast(moved, DateField())


# The first whose condition is met holds.
INTERVALS = (
    Interval(
        "settled",
        gettext_lazy("Closed for good"),
        gettext_lazy("Nothing more is expected of it."),
        ~OPEN,
    ),
    Interval(
        "uncheckable",
        gettext_lazy("Not checkable"),
        gettext_lazy("Nothing in its wording can be checked, so a second look finds no more than the first."),
        Q(checkable=Checkable.NO),
    ),
    Interval(
        "not-assessed",
        gettext_lazy("Not assessed"),
        gettext_lazy("Readers have been told nothing of it yet."),
        Q(status=Status.NOT_ASSESSED),
        at_once=True,
    ),
    Interval(
        "deadline-ahead",
        gettext_lazy("Open, its deadline not passed when it was last judged"),
        gettext_lazy("Two weeks after the deadline the first reports are out; a year without a look is too long."),
        Q(due__gte=F("judged_on")),
        after_judgement=365,
        after_due=14,
    ),
    Interval(
        "overdue",
        gettext_lazy("Open, its deadline passed when it was last judged"),
        gettext_lazy("What is late is done late or given up, and either is news."),
        Q(due__lt=F("judged_on")),
        after_judgement=182,
    ),
    Interval(
        "aspirational",
        gettext_lazy("Aspirational, without a deadline"),
        gettext_lazy("An aim without an end moves slowly."),
        Q(obligation=Obligation.ASPIRATIONAL),
        after_judgement=730,
    ),
    Interval(
        "continuing",
        gettext_lazy("Continuing, without a deadline"),
        gettext_lazy("It is judged for a period, and a period is a year."),
        Q(obligation=Obligation.CONTINUING),
        after_judgement=365,
    ),
    Interval(
        "one-off",
        gettext_lazy("One-off and open, without a deadline"),
        gettext_lazy("The record calls a judgement old after a year."),
        Q(),
        after_judgement=365,
    ),
)
BY_NAME = {one.name: one for one in INTERVALS}


def with_review(standings):
    """Standings of now, each with the day of its next review in ``review_on`` and what set it in ``review_rule``.

    ``review_on`` is None where none is expected. ``review_rule`` is the name of an Interval, or BY_HAND: a day that an
    editor set holds until a judgement is published on it or later. ``judged_on`` is the newest day that any judgement
    describes, "no evidence found" included, which may be later than that of the judgement that holds.
    """
    judged = Assessment.objects.standing().filter(commitment=OuterRef("commitment"))
    by_hand = Q(commitment__next_review__isnull=False) & ~Exists(
        judged.filter(edition__day__gte=OuterRef("commitment__next_review"))
    )
    standings = standings.annotate(judged_on=Subquery(judged.order_by("-as_of").values("as_of")[:1]))
    # A Q that is empty meets everything, and has to come last: When() refuses it.
    *cases, last = INTERVALS
    return standings.annotate(
        review_on=Case(
            When(by_hand, then=F("commitment__next_review")),
            *(When(one.condition, then=one.day) for one in cases),
            default=last.day,
            output_field=DateField(),
        ),
        review_rule=Case(
            When(by_hand, then=Value(BY_HAND)),
            *(When(one.condition, then=Value(one.name)) for one in cases),
            default=Value(last.name),
            output_field=CharField(),
        ),
    )


def due(standings, day):
    """Those Standings of now whose review is due by ``day`` (a date), with the day of it."""
    return with_review(standings).filter(review_on__lte=day)


def why(standing):
    """Why an annotated Standing is reviewed when it is, a sentence."""
    if standing.review_rule == BY_HAND:
        return _("Set by hand; it holds until a judgement is published on that day or later.")
    one = BY_NAME[standing.review_rule]
    return _("%(label)s: %(span)s. %(reason)s") % {"label": one.label, "span": one.span, "reason": one.reason}


def review_of(commitment):
    """The Standing of a published commitment with its review, as ``with_review`` has it; None where it has none."""
    return with_review(Standing.objects.at(Moment.now()).filter(commitment=commitment)).first()


def set_by_hand(commitment, day):
    """Keep the day of the next review (None: by the rule again). No wording changes, and no version of one."""
    with transaction.atomic():
        kept = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
        kept.next_review = day
        # The version stays out of this: a form or a review that is open elsewhere is not made a conflict.
        kept.save(update_fields=["next_review"])
    commitment.next_review = day
