"""Status over time: where the commitments stood at the end of each year or month since the first promise."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments import series
from commitments.choices import Status

from . import spec
from .palette import QUIET, TONES
from .picture import Cell, Picture, Table, in_words, listed, nothing, present


def picture(question):
    """The Picture; one query for the rows. ``by`` is "year" (default) or "month"."""
    by, moment = question.own.get("by", "year"), question.moment
    heading = _("Where they stood at the end of each month") if by == "month" else _("Where they stood, year by year")
    title = question.titled(heading)
    overdue = question.chosen.form.cleaned_data["overdue"]
    periods = series.over_time(question.through(), until=moment.as_of, by=by, overdue=overdue)
    if not any(period.total for period in periods):
        return nothing(title)
    columns = series.runs(periods) if by == "month" else [(one, one.first, one.last) for one in periods]
    statuses = present(period.counts for period, _first, _last in columns)
    rows = [row for column in columns for row in _segments(question, *column)]
    return Picture(
        title=title,
        finding=_finding(periods),
        table=_table(question, columns, statuses, by),
        specs={shape: _spec(shape, rows, columns, by) for shape in spec.WIDTHS},
        areas=statuses,
    )


def _finding(periods):
    now = periods[-1]
    most = max(periods, key=_silent)
    found = _("On %(day)s, %(total)s commitments counted: %(statuses)s.") % {
        "day": in_words(now.last), "total": now.total, "statuses": listed(now.counts, now.total),
    }  # fmt: skip
    if not _silent(most):
        return found
    said = _("Not yet assessed were at most %(number)s of %(total)s, on %(day)s; at the end %(now)s of %(all)s.")
    return f"{found} " + said % {
        "number": _silent(most), "total": most.total, "day": in_words(most.last), "now": _silent(now), "all": now.total,
    }  # fmt: skip


def _silent(period):
    return period.counts.get(Status.NOT_ASSESSED.value, 0)


def _segments(question, period, first, last):
    under = 0
    for status in Status:
        number = period.counts.get(status.value, 0)
        if number:
            said = _("%(day)s, %(status)s: %(number)s")
            yield {
                "x": spec.year_of(first),
                "x2": spec.year_of(last) + 1 / 366,
                "y": under,
                "y2": under + number,
                "tone": TONES[status.value],
                "url": question.list_url(on=period.last, status=status.value),
                "said": said % {"day": in_words(period.last), "status": status.label, "number": number},
            }
            under += number


def _spec(shape, rows, columns, by):
    first, last = columns[0][1], columns[-1][2]
    most = max(period.total for period, _first, _last in columns)
    step = 5 if shape == "wide" or last.year - first.year < 10 else 10
    span = last.year - first.year
    step = 1 if span < 8 else 2 if span < 15 and shape == "wide" else step
    # The last column has its numbers beside it; there is room for one more at the right.
    room = (last.year + 1 - first.year) * 0.06
    across = spec.number(
        "x", (first.year, last.year + 1 + room), axis=spec.year_axis(first.year, last.year, step=step), title=None
    )
    up = spec.number("y", (0, most), axis={"tickCount": 5, "title": None, "domain": False, "ticks": False}, title=None)
    ends = [
        {"x": last.year + 1 + room * 0.15, "y": (row["y"] + row["y2"]) / 2, "text": str(row["y2"] - row["y"])}
        for row in rows
        if row["x"] == spec.year_of(columns[-1][1]) and row["y2"] - row["y"] > most / 18
    ]
    areas = spec.segments(rows, x=across, x2={"field": "x2"}, y=up, y2={"field": "y2"})
    if by == "month":
        areas["mark"]["strokeWidth"] = 0
    under = [
        {"x": spec.year_of(start), "x2": spec.year_of(end) + 1 / 366, "y": 0, "y2": period.total}
        for period, start, end in columns
    ]
    ground = spec.ground(under, x=across, x2={"field": "x2"}, y=up, y2={"field": "y2"})
    numbers = spec.words(ends, mark={"color": QUIET}, x=across, y=up)
    return spec.specification(shape, 320 if shape == "wide" else 300, [ground, areas, numbers])


def _table(question, columns, statuses, by):
    heads = [_("Month") if by == "month" else _("Year"), _("Counted"), *(Status(one).label for one in statuses)]
    rows = []
    for period, _first, _last in columns:
        label = date_format(period.last, "F Y") if by == "month" else str(period.last.year)
        numbers = [
            Cell(str(number), question.list_url(on=period.last, status=status) if number else "")
            for status in statuses
            for number in [period.counts.get(status, 0)]
        ]
        rows.append([Cell(label), Cell(str(period.total), question.list_url(on=period.last)), *numbers])
    return Table(heads, rows)
