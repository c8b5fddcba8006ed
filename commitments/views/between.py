"""Two moments compared, as a page and as CSV."""

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from commitments import between, facets
from commitments.exports import columns
from commitments.exports.csv import stream
from commitments.filters import PARAMETERS as FILTERS
from commitments.filters import CommitmentFilter
from commitments.moment import BadParameter

from .paging import page_of
from .public import public, public_stream

PER_PAGE = 100
PARAMETERS = (*between.PARAMETERS, *FILTERS)


def _compared(request):
    """The Comparison that the address asks for, None where it names no first moment; raises BadParameter."""
    first = between.first_moment(request.GET, request.moment)
    if first is None:
        return None
    return between.compare(first, request.moment, lambda moment: CommitmentFilter(request.GET, moment=moment).rows())


def _presets(moment):
    """[(what it answers, first clocks)] for a reader who has named none."""
    day = moment.as_of.isoformat()
    found = [(_("What happened in a year"), {"since": between.year_before(moment.as_of).isoformat()})]
    if moment.edition > 1:
        newest = {"since": day, "since_edition": str(moment.edition - 1)}
        found.append((_("What edition %(number)s changed") % {"number": moment.edition}, newest))
    return found


def _narrowed(parameters, **values):
    """The query string of the page with other values of what picks lines or clocks; None takes one away."""
    kept = parameters.copy()
    for name in ("page", *values):
        kept.pop(name, None)
    for name, value in values.items():
        if value is not None:
            kept[name] = value
    return f"?{kept.urlencode()}"


def _table(comparison, parameters):
    """The transitions for the template: every number with the query string of the lines behind it."""
    return [
        {
            "before": before,
            "total": total,
            "url": _narrowed(parameters, change=None, before=before, after=None),
            "cells": [
                (after, number, _narrowed(parameters, change=None, before=before, after=after))
                for after, number in cells
            ],
        }
        for before, total, cells in comparison.table()
    ]


@public(parameters=PARAMETERS)
def comparison(request):
    """What changed between two moments; without the first, a form that asks for it."""
    wish, compared, given = between.wish(request.GET), _compared(request), request.GET
    chosen = CommitmentFilter(given, moment=request.moment)
    chosen.check()
    context = {
        "chips": facets.chips(chosen),
        "clear_url": _narrowed(given, **dict.fromkeys(FILTERS)),
        "presets": [(said, _narrowed(given, **clocks)) for said, clocks in _presets(request.moment)],
        "compared": compared,
    }
    if compared:
        context |= _answer(compared, wish, given, facets.sentence(chosen), now=request.moment.is_now)
    return TemplateResponse(request, "commitments/between.html", context)


def _answer(compared, wish, given, sentence, *, now):
    page = page_of(compared.wanted(wish), given, PER_PAGE)
    tail = f" ({sentence})" if sentence else ""
    first, second = compared.pinned, compared.second.pinned
    return {
        "heading": compared.heading(last=_("today") if now and compared.moves_day else "") + tail,
        "title": compared.heading() + tail,
        "page": page,
        "lines": compared.lines(page.object_list),
        "counts": [
            (change, compared.counts[change], _narrowed(given, change=change, before=None, after=None))
            for change in between.Change
        ],
        "table": _table(compared, given),
        "totals_after": [
            (status, number, _narrowed(given, change=None, before=None, after=status))
            for status, number in compared.totals_after
        ],
        "wish": wish,
        "all_url": _narrowed(given, change=None, before=None, after=None),
        "only_day_url": _narrowed(given, since=first["since"], since_edition=second["edition"]),
        "only_edition_url": _narrowed(given, since=second["as_of"], since_edition=first["since_edition"]),
    }


def _file_name(moment):
    return f"between-{moment.as_of.isoformat()}-edition-{moment.edition}.csv"


def _rows(compared, wish):
    pairs = compared.wanted(wish)
    for start in range(0, len(pairs), columns.BATCH):
        yield from compared.lines(pairs[start : start + columns.BATCH])


@public_stream(parameters=[name for name in PARAMETERS if name != "page"], filename=_file_name)
def comparison_csv(request):
    """Every line of the page with this query string."""
    wish, compared = between.wish(request.GET), _compared(request)
    if compared is None:
        raise BadParameter("since", "", _("Name the first moment: “since” (a day), “since_edition” or both."))
    yield from stream(columns.BETWEEN, _rows(compared, wish))
