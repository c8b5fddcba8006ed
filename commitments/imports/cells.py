"""Reading one cell: what it says as a value, or a sentence that says how to mend it. Nothing is guessed."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from commitments.models.fields import plain_number

NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# One to three digits, then groups of three: fifteen hundred in one country, one and a half in another.
AMBIGUOUS = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_SHOWN = 60


class Unreadable(Exception):
    """A cell that does not say what its column asks for; the message is the sentence for a person."""


@dataclass(frozen=True)
class Formula:
    """A cell that a spreadsheet would work out; it is never evaluated here."""

    text: str


@dataclass(frozen=True)
class Fault:
    """A cell in which a spreadsheet shows an error, such as #REF!."""

    text: str


@dataclass(frozen=True)
class Month:
    """A cell that a spreadsheet keeps as a day and shows without it."""

    first: datetime.date

    def __str__(self):
        return f"{self.first:%Y-%m}"


def shown(value):
    """A cell as a sentence names it: its text, shortened."""
    text = value.text if isinstance(value, Formula | Fault) else str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def refuse_formula(value):
    """Raise Unreadable for a formula or an error of the spreadsheet."""
    if isinstance(value, Formula):
        raise Unreadable(_("This is a formula, and formulas are not worked out here. Paste its result as a value."))
    if isinstance(value, Fault):
        raise Unreadable(_("The spreadsheet shows an error here. Mend it, or enter the value itself."))


def _number_text(value):
    """A number of a spreadsheet as text without the ".0" of a whole one."""
    return plain_number(Decimal(repr(value))) if isinstance(value, float) else str(value)


def read_text(value):
    """Text exactly as it stands; None for an empty cell. A whole or decimal number is taken as its digits."""
    if value is None or isinstance(value, str):
        if value and "\x00" in value:
            raise Unreadable(_("It holds a character that no database keeps (NUL). Type the text anew."))
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable(
            _("The spreadsheet made something else of this text. Format the cell as text and type it again.")
        )
    return _number_text(value)


def read_word(value):
    """A key, a code or a value from a list, without the blanks around it; None for an empty cell."""
    text = read_text(value)
    return (text.strip() or None) if text is not None else None


def read_list(value):
    """The parts between semicolons as a list, each once."""
    text = read_text(value)
    parts = [part.strip() for part in (text or "").split(";")]
    return list(dict.fromkeys(part for part in parts if part))


def read_day(value):
    """A day: a date of the spreadsheet, or text as YYYY-MM-DD."""
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            raise Unreadable(_("It has a time of day. Write the day alone, like 2006-09-15."))
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, Month):
        raise Unreadable(_("The cell shows a month. Write the whole day, like 2006-09-15."))
    if isinstance(value, bool | int | float):
        raise Unreadable(_("This is a number, not a day. Format the cell as a date, or write it like 2006-09-15."))
    text = read_word(value)
    if text is None:
        return None
    if DAY.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError as error:
            raise Unreadable(_("There is no such day. Write year, month and day, like 2006-09-15.")) from error
    raise Unreadable(
        _("This is not a day that can be read in one way only. Write year, month and day, like 2006-09-15.")
    )


def read_partial_day(value):
    """A year, a month or a day as text; the model knows whether it is one."""
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, datetime.date):
        return read_day(value).isoformat()
    return read_word(value)


def read_number(value):
    """A number: one of the spreadsheet's, or digits with a point before decimals."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | None):
        raise Unreadable(_("This is not a number. Write digits, with a point before decimals, like 1500 or 1.5."))
    if isinstance(value, int | float):
        return Decimal(repr(value))
    text = read_word(value)
    if text is None:
        return None
    if AMBIGUOUS.fullmatch(text):
        raise Unreadable(
            _("This can be read in two ways. Write no separators of thousands, like 1500; for a decimal write four "
              "digits after the point, like 1.5000.")
        )  # fmt: skip
    if "," in text and NUMBER.fullmatch(text.replace(",", "")):
        raise Unreadable(
            _("A comma can stand for thousands or for decimals. Write a point before decimals and nothing between "
              "thousands, like 1500 or 1.5.")
        )  # fmt: skip
    if not NUMBER.fullmatch(text):
        raise Unreadable(_("This is not a number. Write digits, with a point before decimals, like 1500 or 1.5."))
    return Decimal(text)


def read_yes_no(value):
    """yes or no, or a spreadsheet's own true and false."""
    if isinstance(value, bool):
        return value
    text = read_word(value)
    if text is None:
        return None
    if text.lower() not in {"yes", "no"}:
        raise Unreadable(_("Write yes or no."))
    return text.lower() == "yes"


def read_choice(choices):
    """A reader for one of ``choices``, (value, label) pairs: takes the value, or its label in any case."""
    values = {str(value): str(value) for value, _label in choices}
    labels = {str(label).casefold(): str(value) for value, label in choices}

    def read(value):
        text = read_word(value)
        if text is None or text in values:
            return text
        found = labels.get(text.casefold())
        if found is None:
            raise Unreadable(_("This is none of the values allowed. Write one of: %s.") % ", ".join(values))
        return found

    return read


# How a cell of a computed column is read before it is compared; text is taken as it stands.
READERS = {"number": read_number, "integer": read_number, "date": read_day, "boolean": read_yes_no, "list": read_list}
