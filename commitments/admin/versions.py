"""Three versions of one record, field by field and row by row: as opened, as saved meanwhile, as entered.

A version is plain data in the shape in which a browser sends it, so that it can travel through a page and back:
``{"fields": {name: [text, …]}, "rows": {prefix: [{name: [text, …], "id": [text]}, …]}}``.
"""

from dataclasses import dataclass, field

from concurrency.forms import VersionField
from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import UniqueConstraint
from django.forms.models import InlineForeignKeyField, ModelChoiceField, ModelMultipleChoiceField

from .forms import MOST_ROWS, in_words

MINE, THEIRS = "mine", "theirs"
# What a form sends besides what a person entered in it.
NOT_ENTERED = (VersionField, InlineForeignKeyField, forms.FileField)


def entered_names(form):
    """The names of a form's fields that a person fills in."""
    return [
        name
        for name, asked in form.fields.items()
        if name not in ("id", "DELETE") and not isinstance(asked, NOT_ENTERED)
    ]


def _sent(bound):
    """What a browser would send of a field that nobody touched."""
    value, widget = bound.value(), getattr(bound.field.widget, "widget", bound.field.widget)
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(bound.field, ModelMultipleChoiceField):
        return [str(getattr(one, "pk", one)) for one in value or ()]
    shown = widget.format_value(value)
    return [str(one) for one in shown] if isinstance(shown, list | tuple) else ["" if shown is None else str(shown)]


def as_stored(form, formsets):
    """The version that an unbound form and its formsets show."""
    return {
        "fields": {name: _sent(form[name]) for name in entered_names(form)},
        "rows": {
            one.prefix: [
                {name: _sent(row[name]) for name in ("id", *entered_names(row), *_counted(row))}
                for row in one.initial_forms
            ]
            for one in formsets
        },
    }


def _counted(row):
    return [name for name, asked in row.fields.items() if isinstance(asked, VersionField)]


def as_entered(data, form, formsets):
    """The version that was posted as ``data``; rows that somebody left empty are not in it."""
    rows = {}
    for one in formsets:
        names = ("id", "DELETE", *entered_names(one.empty_form))
        total = data.get(f"{one.prefix}-TOTAL_FORMS", "")
        found = [
            {name: data.getlist(f"{one.prefix}-{index}-{name}") for name in names}
            for index in range(min(int(total), MOST_ROWS) if total.isdecimal() else 0)
        ]
        blank = {name: _sent(one.empty_form[name]) for name in names[2:]}
        rows[one.prefix] = [
            row
            for row in found
            if any(row["id"]) or (not row["DELETE"] and not _same(one.empty_form, names[2:], row, blank))
        ]
    return {"fields": {name: data.getlist(name) for name in entered_names(form)}, "rows": rows}


def _settled(asked, values):
    """A posted value as Python compares it; the text itself where it cannot be read."""
    if isinstance(asked, ModelChoiceField):
        return sorted(value for value in values if value)
    if isinstance(asked, forms.BooleanField):
        return bool(values and values[-1] and values[-1].lower() != "false")
    text = values[-1].replace("\r\n", "\n").strip() if values else ""
    try:
        value = asked.to_python(text)
    except ValidationError:
        return text
    return text if value in (None, "") or isinstance(value, str) else value


def _same(form, names, one, other):
    return all(_settled(form.fields[name], one[name]) == _settled(form.fields[name], other[name]) for name in names)


def words(form, name, values):
    """A posted value as a person reads it."""
    asked = form.fields[name]
    if isinstance(asked, ModelChoiceField):
        numbers = [int(value) for value in values if value.isdecimal()]
        found = [str(one) for one in asked.queryset.model._base_manager.filter(pk__in=numbers)] if numbers else []
        return str(in_words(found or [value for value in values if value] or None))
    try:
        meta = form._meta.model._meta.get_field(name)
    except FieldDoesNotExist:
        meta = None
    return str(in_words(_settled(asked, values), meta))


@dataclass
class Line:
    """One difference with its choice; ``base``, ``theirs`` and ``mine`` are words, None where the row is not there.

    ``both`` tells that neither side left it as it was, or that nobody knows; ``kept`` is the choice to begin with.
    """

    key: str
    label: str
    base: str | None
    theirs: str | None
    mine: str | None
    kept: str = MINE
    both: bool = False
    known: bool = True


@dataclass
class Plan:
    """One row on its way into the merged version: with a ``line`` as a whole, else by its ``fields``."""

    theirs: dict | None
    mine: dict | None
    line: Line | None = None
    fields: dict = field(default_factory=dict)


class Comparison:
    """What differs between three versions of one record, and the version that follows from choices.

    ``parts`` are (title, lines), in the order of the form; ``base`` may be None where nobody knows it.
    """

    def __init__(self, form, formsets, *, base, theirs, mine):
        self.form, self.formsets = form, formsets
        self.base, self.theirs, self.mine = base, theirs, mine
        names = [name for name in entered_names(form) if name in theirs["fields"] and name in mine["fields"]]
        sides = [one and one["fields"] for one in (base, theirs, mine)]
        self.fields = self._field_lines(form, names, "keep", sides)
        self.plans = {one.prefix: list(self._row_plans(one)) for one in formsets}
        self.parts = [("", list(self.fields.values()))] if self.fields else []
        for one in formsets:
            lines = [line for plan in self.plans[one.prefix] for line in (plan.line, *plan.fields.values()) if line]
            if lines:
                self.parts.append((one.model._meta.verbose_name_plural, lines))

    @property
    def lines(self):
        """Every Line."""
        return [line for _title, lines in self.parts for line in lines]

    def _field_lines(self, form, names, key, sides, prefix=""):
        base, theirs, mine = sides
        found = {}
        for name in names:
            asked = form.fields[name]
            was, saved, now = (_settled(asked, one[name]) if one and name in one else None for one in sides)
            if saved == now:
                continue
            known = bool(base and name in base)
            both = not known or (was not in (saved, now))
            found[name] = Line(
                f"{key}-{name}",
                f"{prefix}{form.fields[name].label or name}",
                words(form, name, base[name]) if known else None,
                words(form, name, theirs[name]),
                words(form, name, mine[name]),
                THEIRS if known and was == now else MINE,
                both,
                known,
            )
        return found

    def _row_plans(self, formset):
        form, prefix = formset.empty_form, formset.prefix
        names = entered_names(form)
        was = {row["id"][0]: row for row in (self.base or {"rows": {}})["rows"].get(prefix, ())}
        entered = list(self.mine["rows"].get(prefix, ()))
        mine = {row["id"][0]: row for row in entered if any(row["id"])}
        new = [row for row in entered if not any(row["id"])]
        for theirs in self.theirs["rows"].get(prefix, ()):
            number = theirs["id"][0]
            row, before = mine.pop(number, None), was.get(number)
            if row is None and (twin := self._twin(formset, theirs, new)) is not None:
                new.remove(twin)
                row = twin
            if row is not None and not row.get("DELETE"):
                label = f"{self._named(formset, theirs)}: "
                lines = self._field_lines(form, names, f"keep-{prefix}-{number}", (before, theirs, row), label)
                yield Plan(theirs, row, None, lines)
            else:
                untouched = before is not None and _same(form, names, before, theirs)
                both = row is not None and not untouched
                yield Plan(theirs, None, self._row_line(formset, number, before, theirs, None, both, row is None))
        for number, row in mine.items():
            before = was.get(number)
            if not row.get("DELETE"):
                untouched = before is not None and _same(form, names, before, row)
                line = self._row_line(formset, number, before, None, row, not untouched, untouched)
                yield Plan(None, row, line)
        for index, row in enumerate(new):
            yield Plan(None, row, self._row_line(formset, f"new{index}", None, None, row, False, False))

    def _row_line(self, formset, number, base, theirs, mine, both, keep_theirs):
        return Line(
            f"keep-{formset.prefix}-{number}",
            self._named(formset, theirs or mine),
            base and self._told(formset, base),
            theirs and self._told(formset, theirs),
            mine and self._told(formset, mine),
            THEIRS if keep_theirs else MINE,
            both,
        )

    def _told(self, formset, row):
        form = formset.empty_form
        told = [(form.fields[name].label or name, words(form, name, row[name])) for name in entered_names(form)]
        return "\n".join(f"{str(label).capitalize()}: {text}" for label, text in told if text != "—")

    def _named(self, formset, row):
        """What a row is known by: the field that its constraint lets occur once, else its first."""
        names = _identity(formset) or entered_names(formset.empty_form)[:1]
        return ", ".join(words(formset.empty_form, name, row[name]) for name in names)

    def _twin(self, formset, row, others):
        """The row among ``others`` that stands for the same as ``row``."""
        names = _identity(formset) or entered_names(formset.empty_form)
        return next((one for one in others if _same(formset.empty_form, names, row, one)), None)

    def merged(self, choices):
        """The version that ``choices`` ({key of a line: "mine" or "theirs"}) make, as data for the form."""
        fields = {}
        for name in entered_names(self.form):
            line = self.fields.get(name)
            side = self.theirs if line and choices.get(line.key, line.kept) == THEIRS else self.mine
            fields[name] = side["fields"].get(name, self.theirs["fields"].get(name, []))
        for one in self.formsets:
            rows = [row for row in (self._chosen(one, plan, choices) for plan in self.plans[one.prefix]) if row]
            rows.sort(key=lambda row: not any(row["id"]))
            fields |= numbered(one.prefix, rows)
        return fields

    def _chosen(self, formset, plan, choices):
        if plan.line is None:
            kept = dict(plan.theirs)
            for name in entered_names(formset.empty_form):
                line = plan.fields.get(name)
                if line and choices.get(line.key, line.kept) == MINE:
                    kept[name] = plan.mine[name]
            return kept
        row = plan.theirs if choices.get(plan.line.key, plan.line.kept) == THEIRS else plan.mine
        if plan.theirs is not None:
            return plan.theirs if row is not None else {**plan.theirs, "DELETE": ["on"]}
        return None if row is None else {**row, "id": [""]}


def _identity(formset):
    """The fields by which two rows of one record are told apart, or ()."""
    names = entered_names(formset.empty_form)
    for constraint in formset.model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and formset.fk.name in constraint.fields:
            found = [name for name in constraint.fields if name != formset.fk.name]
            if set(found) <= set(names):
                return found
    return []


def numbered(prefix, rows):
    """Rows, the stored ones first, as the data of a formset."""
    data = {
        f"{prefix}-TOTAL_FORMS": [str(len(rows))],
        f"{prefix}-INITIAL_FORMS": [str(sum(any(row["id"]) for row in rows))],
        f"{prefix}-MIN_NUM_FORMS": ["0"],
        f"{prefix}-MAX_NUM_FORMS": [str(MOST_ROWS)],
    }
    for index, row in enumerate(rows):
        data |= {f"{prefix}-{index}-{name}": values for name, values in row.items() if values}
    return data


def nothing(version):
    """A version that says nothing where ``version`` says something, to compare with."""
    return {"fields": {name: [] for name in version["fields"]}, "rows": {}}


def as_new(version):
    """A version as the data of a form for a new record: none of its rows is there yet."""
    data = dict(version["fields"])
    for prefix, rows in version["rows"].items():
        data |= numbered(prefix, [{**row, "id": [""], "DELETE": []} for row in rows if not row.get("DELETE")])
    return data


def onto(version, formsets, stored):
    """``version`` with the ids of those rows of ``stored`` that stand for the same; others are new, or taken away."""
    rows = {}
    for one in formsets:
        names = _identity(one) or entered_names(one.empty_form)
        left, found = list(stored["rows"].get(one.prefix, ())), []
        for row in version["rows"].get(one.prefix, ()):
            if row.get("DELETE"):
                continue
            twin = next((other for other in left if _same(one.empty_form, names, row, other)), None)
            found.append({**row, "id": twin["id"] if twin else [""]})
            if twin:
                left.remove(twin)
        rows[one.prefix] = [*found, *({**row, "DELETE": ["on"]} for row in left)]
    return {"fields": version["fields"], "rows": rows}
