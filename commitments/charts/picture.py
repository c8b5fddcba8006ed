"""What a picture is: a finding, its numbers with the lists behind them, and the specification of its drawing."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from commitments import facets
from commitments.choices import Status
from commitments.filters import CommitmentFilter
from commitments.models import Standing
from commitments.moment import BadParameter


@dataclass(frozen=True)
class Cell:
    """One cell of the table of numbers: what it says, the address behind it ('' for none), and whether it is prose."""

    text: str
    url: str = ""
    words: bool = False


@dataclass(frozen=True)
class Table:
    """The numbers of a picture: the heads of its columns; each row begins with the Cell that names it."""

    heads: list
    rows: list

    @property
    def labelled(self):
        """[(first cell, [(head, cell)])] for templates."""
        return [(row[0], list(zip(self.heads[1:], row[1:], strict=True))) for row in self.rows]


@dataclass(frozen=True)
class Picture:
    """One picture at one moment, all plain data.

    ``specs`` has the Vega-Lite specification for each shape, "wide" and "narrow"; none where there is nothing to show,
    and then ``finding`` says so. ``areas`` and ``shapes`` are the statuses that the legend explains.
    """

    title: str
    finding: str
    table: Table
    specs: dict = field(default_factory=dict)
    areas: tuple = ()
    shapes: tuple = ()


class Question:
    """What a picture was asked: a moment, the list's filters, and parameters of its own."""

    def __init__(self, parameters, moment, own=None):
        self.parameters, self.moment, self.own = parameters, moment, own or {}

    @cached_property
    def chosen(self):
        """The checked CommitmentFilter; raises BadParameter."""
        chosen = CommitmentFilter(self.parameters, moment=self.moment)
        chosen.check()
        return chosen

    @property
    def counted_only(self):
        """Whether the totals' rule applies: unless the filters say which side of it is meant."""
        return not self.parameters.get("totals")

    @property
    def rows(self):
        """The Standings at the moment that the list with these filters counts."""
        found = self.chosen.rows()
        return found.counted() if self.counted_only else found

    @cached_property
    def standing(self):
        """The Standing of the one ``commitment`` asked for, counted or not; raises BadParameter."""
        # A wrong filter is refused even where one commitment makes it needless.
        self.chosen.check()
        slug = self.own["commitment"]
        found = Standing.objects.at(self.moment).filter(slug=slug).select_related("revision").first()
        if found is None:
            raise BadParameter("commitment", slug, _("No commitment of that key is public at this moment."))
        return found

    def through(self):
        """The Standings of every day up to the moment that pass the filters, those that ask about a day apart."""
        chosen = self.chosen
        chosen.queryset = Standing.objects.through(self.moment)
        found = chosen.rows(without="overdue").order_by()
        return found.counted() if self.counted_only else found

    @property
    def sentence(self):
        """The filters in words, '' without any."""
        return facets.sentence(self.chosen)

    def titled(self, title):
        """A title that says what the picture is narrowed to."""
        narrowed = self.sentence
        return f"{title}: {narrowed}" if narrowed else title

    def list_url(self, *, on=None, **filters):
        """The list behind a number: these filters, narrowed by ``filters``, at the moment or ``on`` another day."""
        query = QueryDict(mutable=True)
        for name, values in self.parameters.lists():
            if name not in ("sort", "page") and any(values):
                query.setlist(name, [value for value in values if value])
        if self.counted_only:
            query["totals"] = "counted"
        for name, value in filters.items():
            query[name] = value
        clocks = self.moment.parameters
        if on is not None and on != self.moment.as_of:
            clocks["as_of"] = on.isoformat()
        query.update(clocks)
        return f"{reverse('commitments:commitment-list')}?{query.urlencode()}"

    def at(self, address):
        """An address at the moment."""
        query = QueryDict(mutable=True)
        query.update(self.moment.parameters)
        return f"{address}?{query.urlencode()}" if query else address


def in_words(day):
    """A day as people write it: 15 June 2006."""
    return date_format(day, "j F Y")


def share(part, whole):
    """A share without decimals, but never rounded to nothing or to all."""
    if not whole:
        return "0 %"
    value = part * 100 / whole
    if 0 < value < 1:
        return "<1 %"
    return ">99 %" if 99 < value < 100 else f"{value:.0f} %"


def listed(counts, whole):
    """The statuses that occur, in words: "29 fulfilled (29 %), 2 stalled (2 %)"; ``counts`` is {status: number}."""
    parts = [
        _("%(number)s %(status)s (%(share)s)")
        % {"number": counts[status], "status": status.label.lower(), "share": share(counts[status], whole)}
        for status in Status
        if counts.get(status)
    ]
    return ", ".join(parts)


def present(many):
    """The statuses that occur in any of several {status: number}, in the order of display."""
    found = {status for counts in many for status, number in counts.items() if number}
    return tuple(status.value for status in Status if status.value in found)


def nothing(title, why=""):
    """The Picture of nothing to show, which says why."""
    return Picture(title, why or _("No commitment that counts fits at this moment."), Table([], []))
