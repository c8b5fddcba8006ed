"""What a file would do, as a Plan that the page and the command show and that apply.py carries out."""

import difflib
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from . import cells
from .rows import Problem, same

CHUNK = 500
# More rows than this are not named one by one.
NAMED = 12


@dataclass
class Plan:
    """What a file would do.

    ``entries`` are what is new or changed or could not be read, ``unchanged`` the keys of the rest; ``problems`` speak
    against it, and nothing is written while there is one; ``notices`` are sentences about what is not imported.
    """

    table: object
    digest: str
    problems: list = field(default_factory=list)
    notices: list = field(default_factory=list)
    entries: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    total: int = 0

    @property
    def new(self):
        return [entry for entry in self.entries if entry.is_new and not entry.failed]

    @property
    def changed(self):
        return [entry for entry in self.entries if not entry.is_new and not entry.failed]

    @property
    def is_ready(self):
        """Whether there is something to write and nothing against it."""
        return bool(self.entries) and not self.problems

    @property
    def fingerprint(self):
        """One text for these bytes and these records at these versions; another when either changes."""
        said = hashlib.sha256(f"{self.table.key} {self.digest}".encode())
        for entry in self.entries:
            record = entry.record
            state = (record.pk, getattr(record, "version", None)) if record is not None else None
            said.update(repr((entry.key, state, entry.changes)).encode())
        return said.hexdigest()


def check_header(read, columns, key, problems, *, named=False):
    """Note what is wrong with a header: names twice, names not known, the key missing. Returns whether it is sound."""
    known, place, before = [column.name for column in columns], read.name if named else "", len(problems)
    for name in dict.fromkeys(read.header):
        if not name:
            sentence = _("A column has no name. Give it one of the template's names, or take it out.")
        elif name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = _("Is it “%s”?") % near[0] if near else _("Take it out, or begin with a template.")
            sentence = _("There is no such column.") + f" {hint}"
        elif read.header.count(name) > 1:
            sentence = _("The column stands there twice. Leave one of them.")
        else:
            continue
        problems.append(Problem(place, 1, name, "", sentence))
    if key not in read.header:
        problems.append(Problem(place, 1, key, "", _("The column is missing; it says which record a row is about.")))
    if not read.lines and len(problems) == before:
        problems.append(Problem(place, 1, "", "", _("Below the header there are no rows.")))
    return len(problems) == before


def read_keys(sheet, lines, problems, *, named=False):
    """{key: Line} in the order of the file; a missing and a repeated key are noted."""
    found, place = {}, sheet.name if named else ""
    for line in lines:
        raw = line.cells.get(sheet.key)
        try:
            cells.refuse_formula(raw)
            key = cells.read_word(raw)
        except cells.Unreadable as unreadable:
            problems.append(Problem(place, line.number, sheet.key, cells.shown(raw), str(unreadable)))
            continue
        if key is None:
            problems.append(Problem(place, line.number, sheet.key, "", _("Say which record the row is about.")))
        elif key in found:
            sentence = _("Row %s is about the same record. Leave one of them.") % found[key].number
            problems.append(Problem(place, line.number, sheet.key, cells.shown(key), sentence))
        else:
            found[key] = line
    return found


def ask_for_columns(reader, entries):
    """New records need every column that may not be empty; told once, of the header."""
    if any(entry.is_new for entry in entries):
        for name in reader.absent:
            sentence = _("The column is missing; the file has new records, which need it.")
            reader.problems.append(Problem(reader.sheet.name if reader.named else "", 1, name, "", sentence))


class Computed:
    """What a file says in columns that are computed: it is compared, never imported, and a difference is told."""

    def __init__(self, sheet, header):
        self.columns = [column for column in sheet.computed if column.name in header]
        self.differing = defaultdict(list)
        dated = [name for name in header if name.startswith("moment_")]
        self.names = [column.name for column in self.columns] + dated

    def compare(self, line, row):
        """Note where a line differs from ``row`` (None: a new record)."""
        for column in self.columns:
            raw, now = line.cells[column.name], column.value(row) if row is not None else None
            try:
                said = cells.READERS.get(column.type, cells.read_text)(raw)
            except cells.Unreadable:
                said = cells.shown(raw)
            if not same(now, said):
                self.differing[column.name].append(line.number)

    def notices(self):
        """Sentences: what is computed, and where the file says otherwise."""
        if self.names:
            yield _("Computed and not imported: %s.") % ", ".join(self.names)
        for name, rows in self.differing.items():
            shown = ", ".join(map(str, rows[:NAMED])) + (
                _(" and %s more") % (len(rows) - NAMED) if rows[NAMED:] else ""
            )
            yield _("“%(column)s” is computed; not imported. The file differs from what it is in row %(rows)s.") % {
                "column": name, "rows": shown,
            }  # fmt: skip


def chunks(items):
    """Slices of CHUNK items of a list."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
