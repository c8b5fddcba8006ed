"""Genealogy: which commitment restates, raises or supersedes which, family by family."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import genealogy
from commitments.choices import LinkKind, Status

from . import spec
from .palette import MARKS, QUIET
from .picture import Cell, Picture, Table, in_words, nothing
from .progress import amount

ROW, APART, STEP = 40, 18, 22
NODE, TITLE, FACTS = 12, 12, 29


def picture(question):
    """The Picture of the families of the list, or of the one that ``commitment`` belongs to; a few queries."""
    found = genealogy.families(question.moment)
    if question.own["commitment"]:
        asked = question.standing
        found = [one for one in found if asked in one.members]
        title = _("What it restates, and what restates it")
        empty = _("It restates no other commitment, and none restates it.")
    else:
        title = question.titled(_("What restates, raises or supersedes what"))
        empty = _("No commitment that fits restates or supersedes another at this moment.")
        kept = set(question.chosen.rows().order_by().values_list("commitment_id", flat=True))
        found = [one for one in found if any(row.commitment_id in kept for row in one.members)]
    if not found:
        return nothing(title, empty)
    return Picture(
        title=title,
        finding=_finding(found),
        table=_table(question, found),
        specs={shape: _spec(shape, question, found) for shape in spec.WIDTHS},
        shapes=_statuses(found),
    )


def _statuses(families):
    found = {row.status for family in families for row in family.members}
    return tuple(status.value for status in Status if status.value in found)


def _finding(families):
    longest = max(families, key=lambda family: len(family.members))
    first, last = longest.members[0], longest.members[-1]
    said = _("%(n)s commitments, from “%(first)s” (%(since)s) to “%(last)s” (%(until)s).") % {
        "n": len(longest.members), "first": first.revision.title, "since": first.made_on.year,
        "last": last.revision.title, "until": last.made_on.year,
    }  # fmt: skip
    if len(families) == 1:
        return said
    number = sum(len(family.members) for family in families)
    found = ngettext("%(n)s family", "%(n)s families", len(families)) % {"n": len(families)}
    return _("%(families)s of %(number)s commitments in all. The longest has %(longest)s") % {
        "families": found, "number": number, "longest": said,
    }  # fmt: skip


def _facts(row):
    """The second line of a commitment: its day, what it promised in numbers, where it stands."""
    revision = row.revision
    parts = [in_words(row.made_on)]
    if revision.target_quantity is not None:
        parts.append(f"{amount(revision.target_quantity)} {revision.target_unit}")
    return " · ".join([*parts, str(row.status_label)])


def _spec(shape, question, families):
    places, y = {}, 0
    for family in families:
        for row in family.members:
            places[row.commitment_id] = (family.depth(row) * STEP + 8, y, row)
            y += ROW
        y += APART
    height = y - APART
    across = spec.number("x", (0, spec.WIDTHS[shape]))
    down = spec.downwards("y", height)
    address = {pk: question.at(row.get_absolute_url()) for pk, (_x, _y, row) in places.items()}
    # Down from the earlier one, then across to the later.
    lines, supersedes = [], []
    for bond in (bond for family in families for bond in family.bonds):
        (x, top, _row), (x2, end, _later) = places[bond.earlier], places[bond.later]
        pair = [
            {"x": x, "x2": x, "y": top + NODE, "y2": end + NODE},
            {"x": x, "x2": x2 - 8, "y": end + NODE, "y2": end + NODE},
        ]
        (supersedes if bond.kind == LinkKind.SUPERSEDED_BY else lines).extend(pair)
    ends = {"x": across, "x2": {"field": "x2"}, "y": down, "y2": {"field": "y2"}}
    nodes = [
        {
            "x": x,
            "y": y + NODE,
            "mark": MARKS[row.status],
            "url": address[pk],
            "said": f"{row.revision.title}: {row.status_label}",
        }
        for pk, (x, y, row) in places.items()
    ]
    titles = [
        {"x": x, "y": y + TITLE, "text": row.revision.title, "url": address[pk], "said": row.revision.title}
        for pk, (x, y, row) in places.items()
    ]
    facts = [{"x": x, "y": y + FACTS, "text": _facts(row)} for x, y, row in places.values()]
    deepest = max(x for x, _y, _row in places.values())
    room, beside = spec.WIDTHS[shape] - deepest - 20, {"dx": 13}
    layers = [
        spec.rules(lines, colour=QUIET, **ends),
        spec.rules(supersedes, colour=QUIET, mark={"strokeDash": [4, 3]}, **ends),
        spec.marks(nodes, x=across, y=down),
        spec.words(titles, linked=True, room=room, mark=beside, x=across, y=down),
        spec.words(facts, room=room, mark={**beside, "color": QUIET, "fontSize": 12}, x=across, y=down),
    ]
    return spec.specification(shape, height, layers)


def _table(question, families):
    heads = [_("Commitment"), _("Made"), _("Target"), _("Restates or raises"), _("Takes the place of"), _("Status")]
    rows = []
    for family in families:
        for row in family.members:
            revision = row.revision
            target = f"{amount(revision.target_quantity)} {revision.target_unit}" if revision.target_quantity else ""
            before = ["; ".join(one.revision.title for one in family.before(row, kind)) for kind in genealogy.KINDS]
            rows.append([
                Cell(revision.title, question.at(row.get_absolute_url())), Cell(in_words(row.made_on)), Cell(target),
                *(Cell(titles, words=True) for titles in before), Cell(str(row.status_label)),
            ])  # fmt: skip
    return Table(heads, rows)
