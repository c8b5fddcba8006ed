"""The two clocks: the day the facts describe, and what this tracker had published by then."""

import datetime
import re
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments.models import Edition

PARAMETERS = ("as_of", "edition")
# As many editions as a reader can pick from a list; where there are more, the number is typed.
FEW_EDITIONS = 12


class BadParameter(Exception):
    """A query parameter that cannot be answered. ``str()`` is a sentence for the reader: name, value and mend."""

    def __init__(self, name, value, mend):
        self.name, self.value, self.mend = name, value, mend
        shown = value if len(value) <= 60 else f"{value[:60]}…"
        super().__init__(_("The parameter “%(name)s” cannot be “%(value)s”. %(mend)s") % {
            "name": name, "value": shown, "mend": mend,
        })  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """What a reader looks at.

    ``as_of`` is the day the facts describe, ``edition`` the number of the newest edition taken into account (0 before
    anything was published). ``is_newest`` says that the open standings answer: the newest edition, and no day before
    its own. ``asked_as_of`` and ``asked_edition`` tell which clock the address names; ``today`` is the request's day.
    ``edition_day`` is the day the edition was published, None before the first one. ``editions`` are (number, day) of
    every edition in use, newest first, and empty where they are too many to pick from.
    """

    as_of: datetime.date
    edition: int
    is_newest: bool
    today: datetime.date
    asked_as_of: bool = False
    asked_edition: bool = False
    edition_day: datetime.date | None = field(default=None, compare=False)
    editions: tuple = field(default=(), compare=False, repr=False)

    @classmethod
    def now(cls):
        """The present: today, the newest edition."""
        return cls._of(recent=_recent())

    @classmethod
    def on(cls, as_of=None, edition=None):
        """A moment from Python values; raises BadParameter like ``parse``."""
        return cls._of(recent=_recent(), as_of=as_of, edition=edition)

    @classmethod
    def parse(cls, parameters):
        """The moment named by ``as_of`` and ``edition`` in a QueryDict; its first query is the newest edition.

        Raises BadParameter for a day that is none or lies in the future, and for an edition that is not in use.
        """
        recent = _recent()
        given = {name: single(parameters, name) for name in PARAMETERS}
        as_of = day_in("as_of", given["as_of"]) if given["as_of"] is not None else None
        edition = number_in("edition", given["edition"]) if given["edition"] is not None else None
        return cls._of(recent=recent, as_of=as_of, edition=edition)

    @classmethod
    def _of(cls, *, recent, as_of=None, edition=None):
        today = timezone.localdate()
        newest = recent[0] if recent else None
        if as_of is not None and as_of > today:
            raise BadParameter(
                "as_of",
                as_of.isoformat(),
                _("It lies in the future; today is %(today)s.") % {"today": today.isoformat()},
            )
        last = newest.number if newest else 0
        chosen = newest
        if edition is not None and edition != last:
            chosen = Edition.objects.filter(number=edition).first()
        if edition is not None and (chosen is None or chosen.number != edition):
            mend = _("The newest edition is %(last)s.") % {"last": last} if last else _("Nothing is published yet.")
            raise BadParameter("edition", str(edition), mend)
        number = chosen.number if chosen else 0
        day = as_of or (chosen.day if edition is not None else today)
        return cls(
            as_of=day,
            edition=number,
            is_newest=number == last and (newest is None or day >= newest.day),
            today=today,
            asked_as_of=as_of is not None,
            asked_edition=edition is not None,
            edition_day=chosen.day if chosen else None,
            editions=tuple((one.number, one.day) for one in recent) if len(recent) <= FEW_EDITIONS else (),
        )

    @property
    def is_now(self):
        """Whether the address names neither clock."""
        return not (self.asked_as_of or self.asked_edition)

    @property
    def parameters(self):
        """The clocks that the address names, as a dict for links that keep the moment."""
        named = {}
        if self.asked_as_of:
            named["as_of"] = self.as_of.isoformat()
        if self.asked_edition:
            named["edition"] = str(self.edition)
        return named

    @property
    def pinned(self):
        """Both clocks as a dict: the address that gives the same answer for ever."""
        return {"as_of": self.as_of.isoformat(), "edition": str(self.edition)}

    def describe(self):
        """The moment in words, for a banner."""
        day = date_format(self.as_of, "j F Y")
        if self.asked_edition and self.asked_as_of:
            return _("As of %(day)s, as published by edition %(edition)s.") % {"day": day, "edition": self.edition}
        if self.asked_edition:
            return _("As published by edition %(edition)s, on %(day)s.") % {"edition": self.edition, "day": day}
        return _("As of %(day)s, by what has been published until today.") % {"day": day}


def _recent():
    """The newest editions, newest first, and one more than can be picked from."""
    return list(Edition.objects.order_by("-number")[: FEW_EDITIONS + 1])


def single(parameters, name):
    """The one value of ``name`` in a QueryDict, or None; raises BadParameter where it is given more than once."""
    values = parameters.getlist(name)
    if len(values) > 1:
        raise BadParameter(name, ", ".join(values), _("Give it once."))
    return values[0] if values else None


def day_in(name, text):
    """The day that ``text``, the value of the parameter ``name``, writes; raises BadParameter."""
    mend = _("Write a day as YYYY-MM-DD, for example 2006-09-14.")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise BadParameter(name, text, mend)
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise BadParameter(name, text, mend) from error


def number_in(name, text):
    """The number of an edition that ``text``, the value of the parameter ``name``, writes; raises BadParameter."""
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise BadParameter(name, text, _("Write the number of an edition, for example 1."))
    return int(text)
