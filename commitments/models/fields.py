"""Column types whose behaviour must be the same on SQLite and PostgreSQL."""

import calendar
import datetime
import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def span(text):
    """The first and the last day of a date given as YYYY, YYYY-MM or YYYY-MM-DD.

    Returns a pair of ``datetime.date``. Raises ValueError when ``text`` is none of the three or no real day.
    """
    found = PARTIAL_DATE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in found.groups())
    if day is not None:
        only = datetime.date(year, month, day)
        return only, only
    first = datetime.date(year, 1 if month is None else month, 1)
    last_month = 12 if month is None else month
    return first, datetime.date(year, last_month, calendar.monthrange(year, last_month)[1])


def validate_partial_date(text):
    """Raise ValidationError unless ``text`` is a date as ``span`` reads it."""
    try:
        span(text)
    except ValueError as error:
        raise ValidationError(
            _("“%(value)s” is not a date. Write a year (2006), a month (2006-09) or a day (2006-09-15)."),
            params={"value": text},
        ) from error


# SQLite keeps a decimal as a binary number, which is exact to so many digits; both databases take the same.
SIGNIFICANT_DIGITS = 15


def is_exact(value):
    """Whether both databases hold the number ``value`` to its last digit."""
    digits = len(Decimal(str(value)).normalize().as_tuple().digits)
    return abs(value) < 10**SIGNIFICANT_DIGITS and digits <= SIGNIFICANT_DIGITS


def validate_amount(value):
    """Raise ValidationError for an amount that the two databases would not hold alike."""
    if not is_exact(value):
        raise ValidationError(
            _("“%(value)s” has more digits than can be kept. Write a number of %(most)s digits at most."),
            params={"value": value, "most": SIGNIFICANT_DIGITS},
        )


def plain_number(value):
    """A Decimal as people write it: no exponent, no trailing zeros; '' for None. 900000000.0000 -> '900000000'."""
    if value is None:
        return ""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped_number(value):
    """A Decimal as readers see it, its thousands set apart by commas; '' for None. 900000000.0000 -> '900,000,000'."""
    text = plain_number(value)
    if not text:
        return ""
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}"


class BytewiseCharField(models.CharField):
    """Text that sorts by code point on both databases, so that a list has one order everywhere.

    SQLite compares bytes by itself; PostgreSQL would use the collation of the cluster.
    """

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


validate_key = RegexValidator(
    r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z",
    _("“%(value)s” is not a key. Write lower-case letters a to z and digits, words joined by single hyphens."),
)
validate_code = RegexValidator(
    r"\A[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\Z",
    _("“%(value)s” is not a code. Write letters A to Z and digits, parts joined by single hyphens."),
)


class KeyField(BytewiseCharField):
    """A public key that never changes: lower-case words of letters and digits, joined by single hyphens."""

    default_validators = [validate_key]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 100)
        super().__init__(*args, **kwargs)


class PartialDateField(BytewiseCharField):
    """A date as precise as its source: YYYY, YYYY-MM or YYYY-MM-DD, as text."""

    default_validators = [validate_partial_date]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 10)
        super().__init__(*args, **kwargs)
