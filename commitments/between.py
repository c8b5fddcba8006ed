"""Two moments compared: what came on record, what changed status or wording, what was judged anew, what was withdrawn.

Facts come to be and editions are published, so both clocks of the first moment are at most those of the second.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from commitments.choices import Status
from commitments.detail import changed_fields
from commitments.exports.columns import with_rows
from commitments.models import Edition, Retraction, Standing
from commitments.moment import BadParameter, Moment, day_in, number_in, single

FIRST_CLOCKS = ("since", "since_edition")
PARAMETERS = (*FIRST_CLOCKS, "change", "before", "after")
# Where a commitment is not on record at one of the moments.
ABSENT = "none"
STATUSES = [*Status.values, ABSENT]


class Change(TextChoices):
    """What may differ between two moments, in the order of the page."""

    STATUS = "status", _lazy("Changed status")
    NEW = "new", _lazy("Newly on record")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn")
    WORDING = "wording", _lazy("Wording changed")
    RENEWED = "renewed", _lazy("Judged anew, status unchanged")


@dataclass(frozen=True)
class Wanted:
    """Which lines to list: one Change, a status at the first moment, one at the second; '' for any."""

    change: str = ""
    before: str = ""
    after: str = ""

    def takes(self, pair):
        """Whether a Pair is one of them; without any wish, whatever changed is."""
        if not (self.change or self.before or self.after):
            return bool(pair.changes)
        return (
            (not self.change or self.change in pair.changes)
            and self.before in ("", pair.status_before)
            and self.after in ("", pair.status_after)
        )


@dataclass(frozen=True)
class Side:
    """What is compared of one standing: its row and status, and the wording and judgement it shows."""

    pk: int
    status: str
    revision: int
    assessment: int | None


@dataclass(frozen=True)
class Pair:
    """One commitment at both moments; a Side is None where it is not on record."""

    commitment: int
    before: Side | None
    after: Side | None

    @property
    def status_before(self):
        return self.before.status if self.before else ABSENT

    @property
    def status_after(self):
        return self.after.status if self.after else ABSENT

    @property
    def changes(self):
        """The Changes between the moments, the chief one first; empty where nothing differs."""
        if self.before is None:
            return (Change.NEW,)
        if self.after is None:
            return (Change.WITHDRAWN,)
        found = [Change.STATUS] if self.before.status != self.after.status else []
        if self.before.revision != self.after.revision:
            found.append(Change.WORDING)
        if self.before.assessment != self.after.assessment and Change.STATUS not in found:
            found.append(Change.RENEWED)
        return tuple(found)


@dataclass
class Line:
    """One commitment of the list: its Standings at both moments, what changed, and the reason of a withdrawal."""

    comparison: object
    changes: tuple
    before: Standing | None
    after: Standing | None
    reason: str = ""

    @property
    def chief(self):
        """The Change it is listed under; one that is asked for although nothing changed has none."""
        return self.changes[0] if self.changes else None

    @property
    def standing(self):
        return self.after or self.before

    @property
    def reworded(self):
        """The names of the fields whose wording changed."""
        if Change.WORDING not in self.changes:
            return []
        return changed_fields(self.before.revision, self.after.revision)

    @property
    def made_meanwhile(self):
        """Whether the promise itself is later than the first moment's day."""
        return self.standing.made_on > self.comparison.first.as_of


@dataclass
class Comparison:
    """Two Moments and the Pairs of every commitment that is on record at one of them, in the order of the list."""

    first: Moment
    second: Moment
    pairs: list = field(repr=False)

    def __post_init__(self):
        self.counts = Counter(change for pair in self.pairs for change in pair.changes)
        self.transitions = Counter((pair.status_before, pair.status_after) for pair in self.pairs)
        self.unchanged = sum(not pair.changes for pair in self.pairs)
        self.first_judged = sum(
            pair.status_before == Status.NOT_ASSESSED for pair in self.pairs if Change.STATUS in pair.changes
        )

    @property
    def pinned(self):
        """The clocks of the first moment as a dict of parameters."""
        return {"since": self.first.as_of.isoformat(), "since_edition": str(self.first.edition)}

    @property
    def moves_day(self):
        return self.first.as_of != self.second.as_of

    @property
    def moves_edition(self):
        return self.first.edition != self.second.edition

    @property
    def moved(self):
        """Which clock was moved, in words."""
        edition, day = self.second.edition, _written(self.second.as_of)
        if self.moves_day and self.moves_edition:
            return _("Both clocks moved: what happened, and what was published meanwhile about any day.")
        if self.moves_day:
            return _("What happened: two days, both as published by edition %(edition)s.") % {"edition": edition}
        if self.moves_edition:
            return _("What was published: two editions, both as of %(day)s.") % {"day": day}
        return _("Both moments are the same.")

    def heading(self, *, last=""):
        """The finding in a line; ``last`` may say the second moment otherwise (“today”)."""
        first, second = _written(self.first.as_of), _written(self.second.as_of)
        if self.moves_edition:
            numbers = [_("edition %(number)s") % {"number": one.edition} for one in (self.first, self.second)]
            first = f"{first} ({numbers[0]})" if self.moves_day else numbers[0]
            second = f"{second} ({numbers[1]})" if self.moves_day else numbers[1]
        number = self.counts[Change.STATUS]
        said = ngettext(
            "Between %(first)s and %(second)s: %(number)s changed status",
            "Between %(first)s and %(second)s: %(number)s changed status",
            number,
        )
        return said % {"first": first, "second": last or second, "number": number}

    def wanted(self, wish):
        """The Pairs of a Wanted, those of one Change together, otherwise in the order of the list."""
        order = {change: place for place, change in enumerate(Change)}
        found = [pair for pair in self.pairs if wish.takes(pair)]
        return sorted(found, key=lambda pair: order[pair.changes[0]] if pair.changes else len(order))

    def lines(self, pairs):
        """The Lines of some Pairs, in their order. A constant number of queries."""
        wanted = {side.pk for pair in pairs for side in (pair.before, pair.after) if side}
        rows = with_rows(Standing.objects.filter(pk__in=wanted)).in_bulk()
        gone = [pair.commitment for pair in pairs if pair.after is None]
        retractions = Retraction.objects.filter(commitment__in=gone, edition__lte=self.second.edition)
        reasons = dict(retractions.values_list("commitment", "reason"))
        return [
            Line(
                comparison=self,
                changes=pair.changes,
                before=rows[pair.before.pk] if pair.before else None,
                after=rows[pair.after.pk] if pair.after else None,
                reason=reasons.get(pair.commitment, ""),
            )
            for pair in pairs
        ]

    def table(self):
        """[(status before, total before, [(status after, count)])]: only the rows and columns that occur."""
        after = self.statuses_after
        return [
            (
                before,
                sum(self.transitions[before, one] for one in after),
                [(one, self.transitions[before, one]) for one in after],
            )
            for before in STATUSES
            if any(self.transitions[before, one] for one in after)
        ]

    @property
    def statuses_after(self):
        """The statuses at the second moment that occur, in the order of display."""
        return [status for status in STATUSES if any(self.transitions[one, status] for one in STATUSES)]

    @property
    def totals_after(self):
        """[(status, count)] at the second moment."""
        return [(status, sum(self.transitions[one, status] for one in STATUSES)) for status in self.statuses_after]


def _written(day):
    return date_format(day, "j F Y")


def first_moment(parameters, second):
    """The Moment named by ``since`` and ``since_edition`` in a QueryDict, None where neither is given.

    As with a page's own clocks: the edition alone means its own day, the day alone the edition of ``second``. Raises
    BadParameter, also where one clock of it is later than that of ``second``.
    """
    day, number = (single(parameters, name) or "" for name in FIRST_CLOCKS)
    if not (day or number):
        return None
    edition = number_in("since_edition", number) if number else second.edition
    published = _published(edition, second) if number else second.edition_day
    as_of = day_in("since", day) if day else published
    if as_of > second.as_of:
        said = {"day": as_of.isoformat(), "second": second.as_of.isoformat()}
        if day:
            raise BadParameter("since", day, _("It lies after the second moment, %(second)s.") % said)
        mend = _("Its day, %(day)s, lies after the second moment, %(second)s; name an earlier day as “since”.") % said
        raise BadParameter("since_edition", number, mend)
    return Moment(
        as_of=as_of,
        edition=edition,
        # By ranges, whichever edition it is: the open rows know only the present.
        is_newest=False,
        today=second.today,
        asked_as_of=True,
        asked_edition=True,
        edition_day=published,
    )


def _published(number, second):
    """The day of an edition that is no later than that of ``second``."""
    if number > second.edition:
        mend = _("It is later than edition %(last)s, which the page is of.") % {"last": second.edition}
        raise BadParameter("since_edition", str(number), mend)
    day = Edition.objects.filter(number=number).values_list("day", flat=True).first()
    if day is None:
        raise BadParameter("since_edition", str(number), _("No edition has this number."))
    return day


def wish(parameters):
    """The Wanted of a QueryDict; raises BadParameter."""
    known = {"change": Change.values, "before": STATUSES, "after": STATUSES}
    given = {name: single(parameters, name) or "" for name in known}
    for name, value in given.items():
        if value and value not in known[name]:
            raise BadParameter(name, value, _("Use one of: %(known)s.") % {"known": ", ".join(known[name])})
    return Wanted(**given)


def compare(first, second, rows):
    """The Comparison of two Moments; ``rows`` is a function from a Moment to the Standings that are looked at.

    A commitment is looked at where it passes at the second moment, or at the first if it was withdrawn since.
    """
    before = dict(_sides(Standing.objects.at(first).order_by()))
    pairs = [Pair(pk, before.get(pk), side) for pk, side in _sides(rows(second))]
    left = rows(first).exclude(commitment__in=Standing.objects.at(second).values("commitment"))
    return Comparison(first, second, pairs + [Pair(pk, side, None) for pk, side in _sides(left)])


def _sides(standings):
    for commitment, *side in standings.values_list("commitment", "pk", "status", "revision", "assessment"):
        yield commitment, Side(*side)


def year_before(day):
    """The same day a year earlier, the last of the month where that year lacks it."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day - datetime.timedelta(366)
