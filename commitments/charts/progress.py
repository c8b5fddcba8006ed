"""Progress: every measured point of a quantified pledge against its target."""

from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import timeline
from commitments.choices import Status
from commitments.models.fields import plain_number

from . import spec
from .palette import LINE, MARKS, QUIET, TRACK
from .picture import Cell, Picture, Table, in_words, nothing, share

ROW, LABEL, BAR = 46, 8, 28
AXIS = 30
# A scale in words: people do not read 2.3T as they read 2.3 trillion.
SCALED = (
    "datum.value >= 1e12 ? format(datum.value / 1e12, ',') + ' tn' : datum.value >= 1e9 ? "
    "format(datum.value / 1e9, ',') + ' bn' : datum.value >= 1e6 ? format(datum.value / 1e6, ',') + ' m' : "
    "format(datum.value, ',')"
)


def picture(question):
    """The Picture of all measured pledges of the list, or of the one ``commitment``; a constant number of queries."""
    if question.own["commitment"]:
        return _one(question)
    title = question.titled(_("Measured progress against targets"))
    rows = question.chosen.rows().filter(revision__target_quantity__isnull=False)
    lives = [life for life in timeline.lives(rows, question.moment) if life.measured]
    if not lives:
        return nothing(title, _("No commitment with a target and a measured amount fits at this moment."))
    reached = sum(1 for life in lives if _part(life, life.measured[-1]) >= 100)
    found = ngettext(
        "Sources measure %(n)s commitment with a target.",
        "Sources measure %(n)s commitments with a target.",
        len(lives),
    )
    said = _("The newest amount reaches the target for %(reached)s of them.")
    return Picture(
        title=title,
        finding=found % {"n": len(lives)} + " " + said % {"reached": reached},
        table=_table(question, lives),
        specs={shape: _many(shape, question, lives) for shape in spec.WIDTHS},
        shapes=_statuses(lives),
    )


def _one(question):
    life = timeline.lives([question.standing], question.moment)[0]
    revision = life.standing.revision
    title = _("Progress against the target: %(title)s") % {"title": revision.title}
    if revision.target_quantity is None:
        return nothing(title, _("No target was named."))
    if not life.measured:
        return nothing(title, _("No source gives a measured amount."))
    last = life.measured[-1]
    found = _("%(amount)s of %(target)s %(unit)s (%(share)s) by %(day)s: %(measure)s.") % {
        "amount": amount(last.progress), "target": amount(revision.target_quantity), "unit": revision.target_unit,
        "share": _share(life, last), "day": in_words(last.day), "measure": revision.target_measure,
    }  # fmt: skip
    if len(life.measured) > 1:
        found += " " + _("Measured %(n)s times since %(day)s.") % {
            "n": len(life.measured), "day": in_words(life.measured[0].day),
        }  # fmt: skip
    return Picture(
        title=title,
        finding=found,
        table=_table(question, [life]),
        specs={shape: _single(shape, question, life) for shape in spec.WIDTHS},
        shapes=_statuses([life]),
    )


def amount(value):
    """A number with its thousands set apart: 900,000,000."""
    whole, dot, rest = plain_number(value).partition(".")
    return f"{int(whole):,}{dot}{rest}"


def _part(life, judgement):
    return judgement.progress * 100 / life.standing.revision.target_quantity


def _share(life, judgement):
    return share(judgement.progress, life.standing.revision.target_quantity)


def _statuses(lives):
    found = {one.status for life in lives for one in life.measured}
    return tuple(status.value for status in Status if status.value in found)


def _address(question, life, judgement=None):
    address = question.at(life.standing.get_absolute_url())
    return f"{address}#a{judgement.pk}" if judgement else address


def _said(life, judgement):
    return _("%(day)s: %(amount)s %(unit)s, %(share)s of the target") % {
        "day": in_words(judgement.day), "amount": amount(judgement.progress),
        "unit": life.standing.revision.target_unit, "share": _share(life, judgement),
    }  # fmt: skip


def _single(shape, question, life):
    """Days across, amounts up, the target as a line, the deadline as another."""
    revision, measured = life.standing.revision, life.measured
    target = float(revision.target_quantity)
    most = max(target, *(float(one.progress) for one in measured)) * 1.12
    days = [question.moment.as_of, life.made_on, *([life.due] if life.due else [])]
    first, last = min(days).year, max(days).year
    step = next(step for step in (1, 2, 5, 10, 20) if (last - first) / step <= (12 if shape == "wide" else 6))
    across = spec.number("x", (first, last + 1), axis=spec.year_axis(first, last, step=step), title=None)
    axis = {"tickCount": 4, "labelExpr": SCALED, "title": None, "domain": False, "ticks": False}
    up = spec.number("y", (0, most), axis=axis, title=None)
    points = [
        {
            "x": spec.year_of(one.day),
            "y": float(one.progress),
            "mark": MARKS[one.status],
            "url": _address(question, life, one),
            "said": _said(life, one),
        }
        for one in measured
    ]
    # Between two measurements nothing is known: the line only leads the eye from one to the next.
    steps = [{"x": one["x"], "x2": two["x"], "y": one["y"], "y2": two["y"]} for one, two in pairwise(points)]
    goal = [{"x": first, "x2": last + 1, "y": target}]
    said = _("Target: %(target)s %(unit)s") % {"target": amount(revision.target_quantity), "unit": revision.target_unit}
    layers = [
        spec.rules(goal, colour=QUIET, mark={"strokeWidth": 2}, x=across, x2={"field": "x2"}, y=up),
        spec.words([{"x": first, "y": target, "text": said}], mark={"dy": -9, "dx": 4}, x=across, y=up),
        spec.rules(
            steps,
            colour=LINE,
            mark={"strokeWidth": 2, "strokeDash": [2, 3]},
            x=across,
            x2={"field": "x2"},
            y=up,
            y2={"field": "y2"},
        ),
        spec.marks(points, x=across, y=up),
    ]
    if life.due:
        due = spec.year_of(life.due)
        said = _("Deadline")
        right = due - first > (last + 1 - first) / 2
        words = {"dx": -5 if right else 5, "align": "right" if right else "left", "color": QUIET}
        layers += [
            spec.rules(
                [{"x": due, "y": 0, "y2": most}], mark={"strokeDash": [4, 3]}, x=across, y=up, y2={"field": "y2"}
            ),
            spec.words([{"x": due, "y": most * 0.06, "text": said}], mark=words, x=across, y=up),
        ]
    return spec.specification(shape, 240, layers)


def _many(shape, question, lives):
    """One row for each pledge, in per cent of its target."""
    height = len(lives) * ROW + AXIS
    most = float(max(Decimal(100), *(_part(life, one) for life in lives for one in life.measured))) * 1.04
    axis = {"values": [0, 25, 50, 75, 100], "labelExpr": "datum.value + ' %'", "orient": "top", "title": None,
            "domain": False, "ticks": False, "grid": False}  # fmt: skip
    across = spec.number("x", (0, most), axis=axis, title=None)
    down = spec.downwards("y", height - AXIS)
    places = [(life, place * ROW + BAR) for place, life in enumerate(lives)]
    tracks = [{"x": 0, "x2": 100, "y": y} for _life, y in places]
    goals = [{"x": 100, "y": y - 9, "y2": y + 9} for _life, y in places]
    points = [
        {
            "x": float(_part(life, one)),
            "y": y,
            "mark": MARKS[one.status],
            "url": _address(question, life, one),
            "said": f"{life.standing.revision.title}: {_said(life, one)}",
        }
        for life, y in places
        for one in life.measured
    ]
    names = [
        {
            "x": 0,
            "y": y - BAR + LABEL,
            "text": life.standing.revision.title,
            "url": _address(question, life),
            "said": life.standing.revision.title,
        }
        for life, y in places
    ]
    layers = [
        spec.rules(tracks, colour=TRACK, mark={"strokeWidth": 3}, x=across, x2={"field": "x2"}, y=down),
        spec.rules(goals, colour=QUIET, mark={"strokeWidth": 2}, x=across, y=down, y2={"field": "y2"}),
        spec.marks(points, x=across, y=down),
        spec.words(names, room=spec.WIDTHS[shape], linked=True, x=across, y=down),
    ]
    return spec.specification(shape, height, layers)


def _table(question, lives):
    heads = [_("Commitment"), _("As of"), _("Measured"), _("Target"), _("Of the target")]
    rows = [
        [
            Cell(life.standing.revision.title, _address(question, life)),
            Cell(in_words(one.day), _address(question, life, one)),
            Cell(f"{amount(one.progress)} {life.standing.revision.target_unit}"),
            Cell(amount(life.standing.revision.target_quantity)),
            Cell(_share(life, one)),
        ]
        for life in lives
        for one in life.measured
    ]
    return Table(heads, rows)
