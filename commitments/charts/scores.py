"""Scores: members across, commitments that bind them singly down, and what each did."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import scores

from . import spec
from .palette import ACCENT, GROUND, INK, LINE, QUIET, TRACK
from .picture import Cell, Picture, Table, nothing, share

ROW, LABEL, TOP, END, HEAD = 50, 8, 18, 42, 22
# A score's area and the colour of its sign on it; the sign says it without colour.
AREAS = {1: (ACCENT, GROUND), 0: (TRACK, INK), -1: (GROUND, INK)}
SIGNS = {1: "+1", 0: "0", -1: "−1"}


def picture(question):
    """The Picture of the commitments of the list that bind members singly; a constant number of queries."""
    title = question.titled(_("Who did what they were singly bound to"))
    kept = set(question.chosen.rows().order_by().values_list("commitment_id", flat=True))
    found = scores.matrix(question.moment)
    rows = [row for row in found.rows if row.standing.commitment_id in kept]
    if not rows:
        return nothing(title, _("No commitment that fits has scores of single members at this moment."))
    return Picture(
        title=title,
        finding=_finding(rows),
        table=_table(question, found.members, rows),
        specs={shape: _spec(shape, question, found.members, rows) for shape in spec.WIDTHS},
    )


def _finding(rows):
    bound = [cell for row in rows for cell in row.in_order if cell.is_bound]
    counts = {sign: sum(1 for cell in bound if cell.value == value) for value, sign in SIGNS.items()}
    silent = sum(1 for cell in bound if cell.value is None)
    said = ngettext(
        "%(rows)s commitment binds members singly,", "%(rows)s commitments bind members singly,", len(rows)
    ) % {"rows": len(rows)}
    return f"{said} " + _(
        "%(bound)s times in all: %(plus)s scores of +1, %(zero)s of 0, %(minus)s of −1; "
        "%(silent)s not assessed (%(share)s)."
    ) % {
        "bound": len(bound), "plus": counts["+1"], "zero": counts["0"], "minus": counts["−1"],
        "silent": silent, "share": share(silent, len(bound)),
    }  # fmt: skip


def _sign(cell):
    """What a cell says: a score, or a question mark where none is published, or nothing where none was due."""
    return SIGNS[cell.value] if cell.value is not None else "?" if cell.is_bound else ""


def _said(cell):
    return SIGNS[cell.value] if cell.value is not None else str(cell.label)


def _address(question, row):
    return f"{question.at(row.standing.get_absolute_url())}#a{row.assessment.pk}"


def _spec(shape, question, members, rows):
    height = HEAD + len(rows) * ROW
    across, down = spec.number("x", (0, len(members))), spec.downwards("y", height)
    column = {party.pk: place for place, party in enumerate(members)}
    areas, signs, names = [], [], []
    for place, row in enumerate(rows):
        top, url = HEAD + place * ROW, _address(question, row)
        title = row.standing.revision.title
        names.append({"x": 0, "y": top + LABEL, "text": title, "url": url, "said": title})
        for pk, cell in row.cells.items():
            x = column[pk]
            if cell.is_bound:
                tone, colour = AREAS.get(cell.value, (GROUND, QUIET))
                said = f"{cell.party.short_name}, {title}: {_said(cell)}"
                areas.append(
                    {"x": x, "x2": x + 1, "y": top + TOP, "y2": top + END, "tone": tone, "url": url, "said": said}
                )
                signs.append((colour, {"x": x + 0.5, "y": top + (TOP + END) / 2, "text": _sign(cell)}))
    heads = [{"x": place + 0.5, "y": 8, "text": party.code} for place, party in enumerate(members)]
    cells = spec.segments(areas, x=across, x2={"field": "x2"}, y=down, y2={"field": "y2"})
    cells["mark"]["stroke"] = LINE
    middle = {"align": "center"}
    layers = [
        cells,
        *(
            spec.words(
                [text for one, text in signs if one == colour], mark={**middle, "color": colour}, x=across, y=down
            )
            for colour in dict.fromkeys(one for one, _text in signs)
        ),
        spec.words(heads, mark={**middle, "color": QUIET}, x=across, y=down),
        spec.words(names, room=spec.WIDTHS[shape], linked=True, x=across, y=down),
    ]
    return spec.specification(shape, height, layers)


def _table(question, members, rows):
    heads = [_("Commitment"), *(party.short_name for party in members)]
    lines = [
        [
            Cell(row.standing.revision.title, _address(question, row)),
            *(Cell(_said(cell), words=True) for cell in row.in_order),
        ]
        for row in rows
    ]
    return Table(heads, lines)
