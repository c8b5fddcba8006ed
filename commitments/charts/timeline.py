"""The timeline: commitments from promise to deadline, with each judgement that happened as the shape of its status."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import timeline
from commitments.choices import Status

from . import spec
from .palette import LINE, MARKS, QUIET
from .picture import Cell, Picture, Table, in_words, nothing

# How many commitments one picture takes; the first is the default.
ROWS = ("60", "12", "120")
HEIGHT, LABEL, TRACK = 46, 8, 28
AXIS = 34


def picture(question):
    """The Picture of the list with these filters, or of the one ``commitment``; a constant number of queries."""
    if question.own["commitment"]:
        return _one(question)
    title = question.titled(_("From promise to deadline"))
    rows, most = question.chosen.rows(), int(question.own["rows"])
    lives = timeline.lives(rows[:most], question.moment)
    if not lives:
        return nothing(title)
    return Picture(
        title=title,
        finding=_finding(lives, rows.count(), question.moment),
        table=_table(question, lives),
        specs={shape: _spec(shape, question, lives) for shape in spec.WIDTHS},
        shapes=_statuses(lives),
    )


def _one(question):
    life = timeline.lives([question.standing], question.moment)[0]
    return Picture(
        title=_("From promise to deadline: %(title)s") % {"title": life.standing.revision.title},
        finding=_story(life, question.moment),
        table=_table(question, [life]),
        specs={shape: _spec(shape, question, [life], named=False) for shape in spec.WIDTHS},
        shapes=_statuses([life]),
    )


def _statuses(lives):
    found = {one.status for life in lives for one in life.judgements}
    return tuple(status.value for status in Status if status.value in found)


def _finding(lives, total, moment):
    dated = [life for life in lives if life.due]
    late = [life for life in dated if life.standing.is_overdue(moment.as_of)]
    found = ngettext("%(number)s commitment", "%(number)s commitments", len(lives)) % {"number": len(lives)}
    if len(lives) < total:
        found = _("The first %(drawn)s of %(total)s commitments in the list") % {"drawn": len(lives), "total": total}
    found = _("%(found)s: %(dated)s with a deadline, %(late)s of them overdue.") % {
        "found": found, "dated": len(dated), "late": len(late),
    }  # fmt: skip
    months = timeline.months_to_first_judgement(lives)
    if months is None:
        return found + " " + _("None has been judged.")
    said = _("%(judged)s have been judged; in the median the first judgement describes a day %(months)s months later.")
    judged = sum(1 for life in lives if life.judgements)
    return found + " " + said % {"judged": judged, "months": months}


def _story(life, moment):
    parts = [_("Promised on %(day)s.") % {"day": in_words(life.made_on)}]
    if life.due:
        said = _("It was due on %(day)s.") if life.due < moment.as_of else _("It is due on %(day)s.")
        parts.append(said % {"day": in_words(life.due)})
    if not life.judgements:
        parts.append(_("Nobody has published a judgement on it."))
        return " ".join(parts)
    number = len(life.judgements)
    parts.append(ngettext("%(n)s judgement:", "%(n)s judgements:", number) % {"n": number})
    parts.append("; ".join(_said(one) for one in life.judgements) + ".")
    return " ".join(parts)


def _said(judgement):
    return f"{in_words(judgement.day)}, {Status(judgement.status).label}"


def _spec(shape, question, lives, *, named=True):
    row, track = (HEIGHT, TRACK) if named else (30, 14)
    height = len(lives) * row + AXIS
    days = [question.moment.as_of, *(life.made_on for life in lives), *(life.due for life in lives if life.due)]
    first, last = min(days).year, max(days).year
    span = last - first
    step = next(step for step in (1, 2, 5, 10, 20) if span / step <= (14 if shape == "wide" else 7) or step == 20)
    axis = spec.year_axis(first, last, step=step) | {"orient": "top", "domain": False}
    across = spec.number("x", (first, last + 1), axis=axis, title=None)
    down = spec.downwards("y", height - AXIS)
    places = [(life, place * row + track) for place, life in enumerate(lives)]
    lines = [
        {"x": spec.year_of(life.made_on), "x2": spec.year_of(life.due or question.moment.as_of), "y": y}
        for life, y in places
    ]
    ends = [
        {"x": spec.year_of(day), "y": y - 7, "y2": y + 7}
        for life, y in places
        for day in (life.made_on, life.due)
        if day
    ]
    points = [
        {
            "x": spec.year_of(one.day),
            "y": y,
            "mark": MARKS[one.status],
            "url": f"{_address(question, life)}#a{one.pk}",
            "said": f"{life.standing.revision.title}: {_said(one)}",
        }
        for life, y in places
        for one in life.judgements
    ]
    layers = [
        spec.rules(lines, colour=LINE, mark={"strokeWidth": 3}, x=across, x2={"field": "x2"}, y=down),
        spec.rules(ends, colour=QUIET, mark={"strokeWidth": 2}, x=across, y=down, y2={"field": "y2"}),
        spec.marks(points, x=across, y=down),
    ]
    if named:
        layers.append(_names(shape, question, places, across, down, first))
    return spec.specification(shape, height, layers)


def _names(shape, question, places, across, down, first):
    names = [
        {
            "x": first,
            "y": y - TRACK + LABEL,
            "text": life.standing.revision.title,
            "url": _address(question, life),
            "said": life.standing.revision.title,
        }
        for life, y in places
    ]
    return spec.words(names, room=spec.WIDTHS[shape], linked=True, x=across, y=down)


def _address(question, life):
    return question.at(life.standing.get_absolute_url())


def _table(question, lives):
    heads = [_("Commitment"), _("Promised"), _("Deadline"), _("Judgements")]
    rows = [
        [
            Cell(life.standing.revision.title, _address(question, life)),
            Cell(in_words(life.made_on)),
            Cell(in_words(life.due) if life.due else _("none")),
            Cell("; ".join(_said(one) for one in life.judgements) or _("none"), words=True),
        ]
        for life in lives
    ]
    return Table(heads, rows)
