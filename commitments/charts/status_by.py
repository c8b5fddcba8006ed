"""Status by theme and by summit: one bar for each that has commitments, as long as their number."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import series
from commitments.choices import Status

from . import spec
from .palette import GROUND, TONES
from .picture import Cell, Picture, Table, nothing, present, share

ROW, BAR_TOP, BAR_END = 48, 18, 38
# The statuses whose areas are plain and dark enough for a number in the ground's colour.
PLAIN = (Status.FULFILLED.value, Status.IN_PROGRESS.value)


def by_theme(question):
    """The Picture by theme; two queries for the rows."""
    return _picture(question, "theme", "slug", _("Where they stand, by theme"))


def by_summit(question):
    """The Picture by summit, newest first; two queries for the rows."""
    return _picture(question, "summit", "key", _("Where they stand, summit by summit"))


def _picture(question, group, key, heading):
    title = question.titled(heading)
    groups = series.by_group(question.rows, group)
    if not groups:
        return nothing(title)
    statuses = present(counts for _record, counts in groups)
    lines = [(record, {group: getattr(record, key)}, counts) for record, counts in groups]
    rows = [row for place, line in enumerate(lines) for row in _segments(question, place, *line)]
    names = [_name(question, place, *line) for place, line in enumerate(lines)]
    most = max(sum(counts.values()) for _record, counts in groups)
    return Picture(
        title=title,
        finding=_finding(group, groups),
        table=_table(question, group, lines, statuses),
        specs={shape: _spec(shape, rows, names, most) for shape in spec.WIDTHS},
        areas=statuses,
    )


def _finding(group, groups):
    def said(record, counts):
        total = sum(counts.values())
        silent = counts.get(Status.NOT_ASSESSED.value, 0)
        done = counts.get(Status.FULFILLED.value, 0)
        text = _("%(name)s %(total)s, %(done)s of them fulfilled (%(share)s)") % {
            "name": record, "total": total, "done": done, "share": share(done, total),
        }  # fmt: skip
        return text + (_(" and %(silent)s not assessed") % {"silent": silent} if silent else "")

    total = sum(sum(counts.values()) for _record, counts in groups)
    if group == "theme":
        return _("Of %(total)s counted: %(themes)s.") % {
            "total": total, "themes": "; ".join(said(*one) for one in groups),
        }  # fmt: skip
    most = max(groups, key=lambda one: sum(one[1].values()))
    found = ngettext(
        "%(total)s counted, from %(number)s summit.", "%(total)s counted, from %(number)s summits.", len(groups)
    ) % {"total": total, "number": len(groups)}
    return found + " " + _("Most come from %(summit)s.") % {"summit": said(*most)}


def _segments(question, place, record, narrowed, counts):
    start = 0
    for status in Status:
        number = counts.get(status.value, 0)
        if number:
            said = _("%(name)s, %(status)s: %(number)s")
            yield {
                "x": start,
                "x2": start + number,
                "y": place * ROW + BAR_TOP,
                "y2": place * ROW + BAR_END,
                "tone": TONES[status.value],
                "status": status.value,
                "url": question.list_url(**narrowed, status=status.value),
                "said": said % {"name": record, "status": status.label, "number": number},
            }
            start += number


def _name(question, place, record, narrowed, counts):
    total = sum(counts.values())
    return {
        "x": 0,
        "y": place * ROW + 8,
        "text": f"{record} · {total}",
        "url": question.at(record.get_absolute_url()),
        "said": str(record),
    }


def _spec(shape, rows, names, most):
    height = len(names) * ROW
    across, down = spec.number("x", (0, most)), spec.downwards("y", height)
    # A number is about as wide as a hundredth and a half of the picture.
    wide_enough = most * (0.035 if shape == "wide" else 0.06)
    numbers = [
        {"x": (row["x"] + row["x2"]) / 2, "y": (row["y"] + row["y2"]) / 2, "text": str(row["x2"] - row["x"])}
        for row in rows
        if row["x2"] - row["x"] >= wide_enough and row["status"] in PLAIN
    ]
    layers = [
        spec.segments(rows, x=across, x2={"field": "x2"}, y=down, y2={"field": "y2"}),
        spec.words(names, room=spec.WIDTHS[shape] * 0.9, linked=True, mark={"fontWeight": "bold"}, x=across, y=down),
        spec.words(numbers, mark={"align": "center", "color": GROUND, "fontWeight": "bold"}, x=across, y=down),
    ]
    return spec.specification(shape, height, layers)


def _table(question, group, lines, statuses):
    first = _("Theme") if group == "theme" else _("Summit")
    rows = []
    for record, narrowed, counts in lines:
        numbers = [
            Cell(str(number), question.list_url(**narrowed, status=status) if number else "")
            for status in statuses
            for number in [counts.get(status, 0)]
        ]
        total = Cell(str(sum(counts.values())), question.list_url(**narrowed))
        rows.append([Cell(str(record), question.at(record.get_absolute_url())), total, *numbers])
    return Table([first, _("Counted"), *(str(Status(one).label) for one in statuses)], rows)
