"""One row beside the record it is about: what it would change, and what speaks against it, in words."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from commitments.models.fields import plain_number
from commitments.refusals import SENTENCES

from . import cells, conditions
from .tables import KEYS


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place of the file, and how to mend it. ``row`` 0 means the file, 1 usually its header."""

    sheet: str
    row: int
    column: str
    value: str
    sentence: str

    def __str__(self):
        places = [
            _("Sheet “%s”") % self.sheet if self.sheet else "",
            _("row %s") % self.row if self.row else "",
            _("column “%s”") % self.column if self.column else "",
            f"“{self.value}”" if self.value else "",
        ]
        where = ", ".join(place for place in places if place)
        where = where[:1].upper() + where[1:]
        return f"{where}: {self.sentence}" if where else str(self.sentence)


@dataclass
class Entry:
    """One record that the file speaks of.

    ``record`` is the one on record or None, ``instance`` what it would become, ``changes`` are {name: (before, after)}
    in the values of the export, ``rows`` what becomes of its evidence.
    """

    sheet: object
    line: object
    key: str
    record: object = None
    instance: object = None
    changes: dict = field(default_factory=dict)
    many: dict = field(default_factory=dict)
    rows: list = field(default_factory=list)
    failed: bool = False
    title: str = ""

    @property
    def is_new(self):
        return self.record is None

    @property
    def label(self):
        """Its name for people, beside its key."""
        return self.title or (str(self.instance) if self.instance is not None else "")


class References:
    """The keys of what rows may point to, and their ids; one query for each kind that is asked for."""

    def __init__(self, in_file=None):
        self.in_file = in_file or {}
        self._known = {}

    def known(self, model):
        """{key: id} of every record of ``model``; for assessments, of what is published."""
        if model not in self._known:
            rows = model._base_manager.exclude(**{KEYS[model]: None}) if KEYS[model] == "key" else model._base_manager
            self._known[model] = dict(rows.values_list(KEYS[model], "pk"))
        return self._known[model]

    def missing(self, model, keys):
        """Those of ``keys`` that neither the register nor the file has."""
        known, here = self.known(model), self.in_file.get(model, ())
        return [key for key in keys if key not in known and key not in here]


def text_of(value):
    """A value of the export as a file holds it, without the guard against formulas."""
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _lines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def same(before, after):
    """Whether two values say the same: lists in any order, texts with any line ends."""
    if isinstance(before, list | tuple) or isinstance(after, list | tuple):
        return sorted(before or ()) == sorted(after or ())
    if before in (None, "") or after in (None, ""):
        return before in (None, "") and after in (None, "")
    if isinstance(before, str) and isinstance(after, str):
        return before == after or _lines(before) == _lines(after)
    return before == after


class Reader:
    """Reads rows of one sheet against records, and collects the Problems."""

    def __init__(self, sheet, references, problems, *, header, named=False):
        self.sheet, self.references, self.problems = sheet, references, problems
        # Columns that new records need and the file does not have; told once, of the header.
        self.absent = [
            name
            for name, one in sheet.fields.items()
            if one.required and name not in header and not one.field.has_default()
        ]
        # Where the file has several sheets, every problem says in which.
        self.named = named

    def problem(self, entry, column, sentence, value=None):
        """Note a Problem at a column of an entry's row."""
        entry.failed = True
        found = entry.line.cells.get(column) if value is None else value
        shown = cells.shown(found) if found is not None else ""
        self.problems.append(Problem(self.sheet.name if self.named else "", entry.line.number, column, shown, sentence))

    def compare(self, entry, row):
        """Fill ``entry.changes``: what the line says otherwise than ``row``, which the columns read (None: new)."""
        for name, one in self.sheet.fields.items():
            if name in entry.line.cells:
                self._compare_cell(entry, one, _before(one, row))

    def _compare_cell(self, entry, one, before):
        raw = entry.line.cells[one.name]
        if isinstance(raw, str) and raw == text_of(before):
            return
        try:
            cells.refuse_formula(raw)
            after = one.read(raw)
        except cells.Unreadable as unreadable:
            self.problem(entry, one.name, str(unreadable))
            return
        if same(before, after):
            return
        if one.required and (after is None or (isinstance(after, str) and not after.strip())):
            self.problem(entry, one.name, _("It is needed and must not be empty."))
            return
        if one.remote and not self._refers(entry, one, after):
            return
        entry.changes[one.name] = (before, after)

    def _refers(self, entry, one, after):
        keys = after if one.many else [after] if after else []
        missing = self.references.missing(one.remote, keys)
        for key in missing:
            self.problem(
                entry,
                one.name,
                _("There is no %(what)s with this key on record. Look for a slip, or add it first.")
                % {"what": one.remote._meta.verbose_name},
                value=key,
            )
        return not missing

    def build(self, entry, blank):
        """Make ``entry.instance`` from the record, or from ``blank`` for a new one, with the changes on it."""
        entry.instance = blank
        for name, (_was, after) in entry.changes.items():
            one = self.sheet.fields[name]
            if one.many:
                entry.many[name] = after
            else:
                one.put(blank, after, self.references.known(one.remote).get(after) if one.remote else None)

    def validate(self, entry):
        """Everything the model asks for, at its column."""
        if entry.is_new:
            self._ask_for_needed(entry)
            entry.failed = entry.failed or bool(self.absent)
        if entry.failed:
            return
        instance = entry.instance
        checked = {name for name, one in self.sheet.fields.items() if not one.remote}
        if not self.sheet.model._meta.get_field(self.sheet.key).is_relation:
            checked.add(self.sheet.key)
        names = {one.name for one in instance._meta.fields}
        try:
            instance.clean_fields(exclude=names - checked)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                for message in messages:
                    self.problem(entry, "" if name == NON_FIELD_ERRORS else name, message)
            return
        for constraint in conditions.breaches(instance):
            column, sentence = SENTENCES.get(constraint.name, ("", constraint.get_violation_error_message()))
            self.problem(entry, column if column in self.sheet.names else "", str(sentence))

    def _ask_for_needed(self, entry):
        for name, one in self.sheet.fields.items():
            # A column that is not there is told once, of the header.
            if one.required and name not in entry.changes and name in entry.line.cells and not self._told(entry, name):
                if one.field.has_default():
                    continue
                self.problem(entry, name, _("It is needed and must not be empty."))

    def _told(self, entry, name):
        return entry.failed and any(
            one.row == entry.line.number and one.column == name for one in reversed(self.problems[-40:])
        )


def _before(one, row):
    """The value of the export for one field, None for a new record; a link that can be only one by itself."""
    if row is None:
        return [] if one.many else None
    before = one.column.value(row)
    if isinstance(before, list) and not one.many:
        return before[0] if before else None
    return before
