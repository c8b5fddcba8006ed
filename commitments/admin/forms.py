"""What every form of the desk does: answers in sentences, and never loses what somebody typed."""

import datetime
import re
from decimal import Decimal

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commitments.models.fields import plain_number
from commitments.models.ledger import QUOTATION_MARKS
from commitments.refusals import SENTENCES
from commitments.scope import Scope

# More rows than this of one kind has no record; what is posted beyond is not read.
MOST_ROWS = 1000

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CODE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def in_words(value, field=None):
    """A field's value as a person reads it: a label for a choice, names for records, '—' for nothing."""
    if hasattr(value, "all"):
        value = value.all()
    if field is not None and getattr(field, "flatchoices", None):
        value = dict(field.flatchoices).get(value, value)
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    elif isinstance(value, datetime.date):
        value = date_format(value, "j F Y")
    elif isinstance(value, Decimal):
        value = plain_number(value)
    elif hasattr(value, "__iter__") and not isinstance(value, str | Promise):
        value = ", ".join(sorted(str(one) for one in value))
    return "—" if value is None or value == "" else str(value)


class Stale(Exception):
    """The record that a form was opened for has been saved, published or deleted by somebody else since."""


class DeskForm(forms.ModelForm):
    """A form whose refusals are sentences, those of the database included; it carries the version its reader saw.

    ``refusal`` is set by the admin on the class it makes for one request, where saving met the database's own refusal.
    Cleaning raises Stale where the record is no longer what the form was opened with.
    """

    refusal = None

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and "version" in self.fields:
            self.check_version()
        if self.refusal:
            self.add_error(None, self.refusal)
        return cleaned

    def check_version(self):
        """Raise Stale unless the record is stored as it was when the form was opened; it stays locked until then."""
        stored = type(self.instance)._base_manager.select_for_update().filter(pk=self.instance.pk).first()
        if stored is None or getattr(stored, "edition_id", None):
            raise Stale
        if self.cleaned_data.get("version") != stored.version:
            raise Stale

    def _update_errors(self, errors):
        """Say what the model's constraints ask for at the field to look at, and how to mend it."""
        names = {str(one.get_violation_error_message()): one.name for one in self._meta.model._meta.constraints}
        if NON_FIELD_ERRORS in getattr(errors, "error_dict", {}):
            left = []
            for error in errors.error_dict.pop(NON_FIELD_ERRORS):
                field, sentence = SENTENCES.get(names.get(str(error.message)), (None, None))
                if sentence is None:
                    left.append(error)
                elif field not in self.errors:
                    self.add_error(field if field in self.fields else None, sentence)
            if left:
                errors.error_dict[NON_FIELD_ERRORS] = left
        super()._update_errors(errors)


class OwnWordsForm(DeskForm):
    """A form about a source whose terms may forbid quotation; ``own_words`` are its fields in which that counts."""

    own_words = ()

    def named_source(self):
        """The Source that the cleaned fields name, or None."""
        return self.cleaned_data.get("source")

    def clean(self):
        cleaned = super().clean()
        source = self.named_source()
        if source and source.terms != "open":
            for name in self.own_words:
                if any(mark in cleaned.get(name, "") for mark in QUOTATION_MARKS):
                    sentence = _("The terms of “%(source)s” forbid quotation; say it without quotation marks.")
                    self.add_error(name, ValidationError(sentence, params={"source": source.title}))
        return cleaned


def clean_key(name, pattern=KEY):
    """A ``clean_<name>`` method that lets through only what can stand in an address."""

    def clean(self):
        value = self.cleaned_data[name]
        if not pattern.fullmatch(value):
            raise ValidationError(
                _("“%(value)s” cannot stand in an address. Write letters, digits and single hyphens, like %(ok)s."),
                params={"value": value, "ok": "loan-to-state-a" if pattern is KEY else "XA"},
            )
        return value

    return clean


class DraftForm(DeskForm):
    """The form of a record that waits for publication; what it is about lies within ``scope``, that of its writer."""

    scope = Scope()

    def clean(self):
        cleaned = super().clean()
        if self.scope.is_limited:
            name, problem = self._outside(cleaned)
            if problem:
                self.add_error(name, problem)
        return cleaned

    def _outside(self, cleaned):
        """The field to look at, and why what it names is not the writer's to edit."""
        if "theme" in self.fields:
            asked = ("theme", "pledged_by", "beneficiaries", "made_on")
            if set(asked) <= set(cleaned):
                theme, pledgers, beneficiaries, made_on = (cleaned[name] for name in asked)
                return None, self.scope.problem_with(theme, [*pledgers, *beneficiaries], made_on)
        elif cleaned.get("commitment"):
            return "commitment", self.scope.problem(cleaned["commitment"])
        elif cleaned.get("assessment"):
            return "assessment", self.scope.problem(cleaned["assessment"].commitment)
        return None, None


class RowFormSet(BaseInlineFormSet):
    """Rows of a draft. A row that somebody else took away in the meantime is kept, as a new one."""

    def __init__(self, data=None, files=None, instance=None, **kwargs):
        if data is not None and instance is not None and instance.pk:
            prefix = kwargs.get("prefix") or self.get_default_prefix()
            rows = self.model._base_manager.filter(**{self.fk.name: instance})
            data = keep_vanished(data, prefix, {str(pk) for pk in rows.values_list("pk", flat=True)})
        super().__init__(data, files, instance=instance, **kwargs)


def keep_vanished(data, prefix, there):
    """The posted ``data`` with those rows whose id is not in ``there`` moved behind the others, as new rows."""
    try:
        total, initial = (int(data[f"{prefix}-{name}_FORMS"]) for name in ("TOTAL", "INITIAL"))
    except (KeyError, ValueError):
        return data
    if total > MOST_ROWS or all(data.get(f"{prefix}-{index}-id") in there for index in range(min(initial, total))):
        return data
    rows = []
    for index in range(total):
        start = f"{prefix}-{index}-"
        rows.append({key.removeprefix(start): data.getlist(key) for key in data if key.startswith(start)})
    kept = [row for row in rows[:initial] if row.get("id", [""])[0] in there]
    gone = [row | {"id": [""]} for row in rows[:initial] if row not in kept and "DELETE" not in row]
    data = data.copy()
    for key in [key for key in data if re.match(rf"{re.escape(prefix)}-\d+-", key)]:
        del data[key]
    rows = [*kept, *gone, *rows[initial:]]
    for index, row in enumerate(rows):
        for key, values in row.items():
            data.setlist(f"{prefix}-{index}-{key}", values)
    data[f"{prefix}-INITIAL_FORMS"], data[f"{prefix}-TOTAL_FORMS"] = str(len(kept)), str(len(rows))
    return data
