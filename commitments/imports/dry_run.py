"""The dry run: from the bytes of a file to the Plan of what it would do."""

import hashlib

from django.utils.translation import gettext as _

from . import judgements, registers
from .plan import Plan
from .reading import NotReadable, read_file
from .rows import Problem
from .tables import TABLES


def draw_up(content, table, *, by, lock=False):
    """Compare a file with what is on record; a generator of (rows done, rows in all) that returns a Plan.

    ``content`` are the bytes, ``table`` the key of one of TABLES, ``by`` the Person who imports. ``lock`` holds the
    records until the transaction ends. A file that cannot be read at all is a Plan with one problem.
    """
    chosen = TABLES[table]
    plan = Plan(chosen, hashlib.sha256(content).hexdigest())
    try:
        sheets = match(read_file(content, {column.name for column in chosen.columns}), chosen)
    except NotReadable as refused:
        plan.problems.append(Problem("", 0, "", "", str(refused)))
        return plan
    drawn = judgements.draw if table == "assessments" else registers.draw
    yield from drawn(plan, sheets, by=by, lock=lock)
    if plan.problems:
        plan.problems.sort(key=lambda one: (one.row, one.sheet))
    return plan


def finish(steps, tell=None):
    """Run a generator of (done, total) to its end, calling ``tell`` at each step; returns what it returns."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return end.value
        if tell:
            tell(*step)


def match(sheets, table):
    """{name of a sheet of the table: the Sheet that was read for it}. Raises NotReadable."""
    wanted = [sheet.name for sheet in table.sheets]
    by_name = {sheet.name.lower(): sheet for sheet in sheets}
    found = {name: by_name[name] for name in wanted if name in by_name}
    if not found and len(sheets) == 1:
        found = {wanted[0]: sheets[0]}
    if wanted[0] not in found:
        raise NotReadable(
            _("The workbook has the sheets %(there)s. Name the one to import “%(wanted)s”, or leave only that one.")
            % {"there": ", ".join(f"“{sheet.name}”" for sheet in sheets) or "—", "wanted": wanted[0]}
        )
    if not found[wanted[0]].header:
        raise NotReadable(_("The table is empty. Begin with a template; it has the header."))
    return found
