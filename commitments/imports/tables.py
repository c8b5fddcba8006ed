"""What may be imported: sheets and columns, which of these are computed, how each cell is read and written."""

from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.utils.translation import gettext as _

from commitments.exports.columns import ASSESSMENTS, COMMITMENTS, EVIDENCE, SOURCES
from commitments.exports.desk import EVIDENCE_PARTS, JUDGEMENTS
from commitments.models import WORDING_FIELDS, Assessment, Commitment, Evidence, Party, Source, Summit, Theme
from commitments.models.fields import PartialDateField
from commitments.readiness import JUDGEMENT_FIELDS

from . import cells

# By what a file names a record of each kind.
KEYS = {Party: "code", Theme: "slug", Summit: "key", Source: "key", Commitment: "slug", Assessment: "key"}
# What only says when a file was made.
MOMENT = ("moment_as_of", "moment_edition")


@dataclass(frozen=True)
class Field:
    """One column that is imported: the Column, and the field of the model behind it."""

    column: object
    field: models.Field

    @property
    def name(self):
        return self.column.name

    @property
    def many(self):
        return self.field.many_to_many

    @property
    def remote(self):
        """The model that the field points to, None for a plain one."""
        return self.field.related_model if self.field.is_relation else None

    @property
    def required(self):
        return not self.field.blank and not self.many

    @cached_property
    def read(self):
        """The function that reads a cell of this column; it raises cells.Unreadable."""
        if self.many:
            return cells.read_list
        if self.remote:
            return cells.read_word
        if self.field.choices:
            return cells.read_choice(self.field.choices)
        if isinstance(self.field, PartialDateField):
            return cells.read_partial_day
        kinds = {models.DateField: cells.read_day, models.DecimalField: cells.read_number}
        address = isinstance(self.field, models.URLField) or self.name in ("language", "slug", "key")
        return kinds.get(type(self.field), cells.read_word if address else cells.read_text)

    def put(self, record, value, pk):
        """Set the value on a record; ``pk`` is that of what a reference names."""
        if self.remote:
            setattr(record, self.field.attname, pk)
        else:
            empty = "" if isinstance(self.field, models.CharField | models.TextField) else None
            setattr(record, self.name, empty if value is None else value)


@dataclass(frozen=True)
class Sheet:
    """One sheet that may be imported; ``key`` is the column that says which record a row is about."""

    name: str
    model: type
    columns: tuple
    key: str
    imported: tuple

    @cached_property
    def fields(self):
        """{column name: Field} of what is imported, the key left out."""
        by_name = {column.name: column for column in self.columns}
        return {name: Field(by_name[name], self.model._meta.get_field(name)) for name in self.imported}

    @cached_property
    def computed(self):
        """The Columns that are worked out and not imported, those that only date the file left out."""
        known = {self.key, *self.imported, *MOMENT}
        return [column for column in self.columns if column.name not in known]

    @property
    def names(self):
        return [column.name for column in self.columns]


COMMITMENT_SHEET = Sheet(
    "commitments",
    Commitment,
    COMMITMENTS,
    "slug",
    (*WORDING_FIELDS, "pledged_by", "beneficiaries", "related", "restates"),
)
SOURCE_SHEET = Sheet("sources", Source, SOURCES, "key", tuple(column.name for column in SOURCES[1:]))
ASSESSMENT_SHEET = Sheet(
    "assessments", Assessment, ASSESSMENTS, "key", (*JUDGEMENT_FIELDS, "corrects", "correction_reason")
)
EVIDENCE_SHEET = Sheet("evidence", Evidence, EVIDENCE, "assessment", tuple(column.name for column in EVIDENCE_PARTS))


@dataclass(frozen=True)
class Table:
    """What a person chooses to import; ``sheets`` are those of its workbook, ``columns`` those of its CSV."""

    key: str
    sheets: tuple
    columns: tuple

    @property
    def model(self):
        return self.sheets[0].model

    @property
    def model_name(self):
        return self.model._meta.model_name

    @property
    def label(self):
        return self.model._meta.verbose_name_plural

    @property
    def rights(self):
        """The rights that somebody needs to import it."""
        return [
            f"commitments.{action}_{sheet.model._meta.model_name}"
            for sheet in self.sheets
            for action in (("add", "change", "delete") if sheet is EVIDENCE_SHEET else ("add", "change"))
        ]


TABLES = {
    table.key: table
    for table in (
        Table("commitments", (COMMITMENT_SHEET,), COMMITMENTS),
        Table("sources", (SOURCE_SHEET,), SOURCES),
        Table("assessments", (ASSESSMENT_SHEET, EVIDENCE_SHEET), JUDGEMENTS),
    )
}


# What a template says of each column

TYPES = {
    "text": _("text"),
    "date": _("day, like 2006-09-15"),
    "number": _("number, with a point before decimals"),
    "integer": _("whole number"),
    "boolean": _("yes or no"),
    "list": _("keys or codes with “; ” between them"),
}


def explanation(table):
    """The rows of a template's last sheet, the header first: sheet, column, type, needed, meaning, allowed values."""
    rows = [[_("sheet"), _("column"), _("type"), _("meaning"), _("allowed values")]]
    for sheet in table.sheets:
        rows += [
            [sheet.name, column.name, str(TYPES[column.type]), str(column.meaning), _allowed(sheet, column)]
            for column in sheet.columns
        ]
    return rows


def _allowed(sheet, column):
    """What may stand in a column, in words."""
    if column.name == sheet.key:
        return _key_in_words(sheet)
    field = sheet.fields.get(column.name)
    if field is None:
        return _("Computed; leave it as it is or take the column out. It is not imported.")
    need = _("Needed for a new row. ") if field.required else _("May be empty. ")
    if field.remote:
        return need + _("%(key)s of %(what)s on record.") % {
            "key": KEYS[field.remote], "what": field.remote._meta.verbose_name_plural,
        }  # fmt: skip
    if field.field.choices:
        enum = {member.value: member for member in _vocabulary(field.field)}
        said = [f"{value}: {getattr(enum.get(value), 'meaning', label)}" for value, label in field.field.choices]
        return need + " ".join(said)
    longest = getattr(field.field, "max_length", None)
    return need + (_("At most %(most)s characters.") % {"most": longest} if longest else "")


def _key_in_words(sheet):
    if sheet is ASSESSMENT_SHEET:
        return _("Needed. A published one by its key, a draft as draft-12, a new one by a name of yours: new-1, new-2.")
    if sheet is EVIDENCE_SHEET:
        return _("Needed. What stands in “key” of the sheet “assessments”.")
    return _("Needed, once in the file. A key that is not on record makes a new row; it never changes afterwards.")


def _vocabulary(field):
    """The vocabulary whose values a field takes, for their meanings."""
    from commitments import choices

    wanted = {value for value, _label in field.choices}
    for one in vars(choices).values():
        if isinstance(one, type) and issubclass(one, models.TextChoices) and wanted <= set(one.values):
            return one
    return ()
