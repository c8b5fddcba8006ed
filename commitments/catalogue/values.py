"""What a single field of a catalogue record may hold."""

import datetime
import re
from decimal import Decimal

from commitments.models.fields import SIGNIFICANT_DIGITS, is_exact, span

KEY = r"[a-z0-9]+(-[a-z0-9]+)*"

# Each check takes a value and returns what to do about it, or None when it is right.


def text(value):
    """A non-empty text without blanks at its ends."""
    if not isinstance(value, str) or not value.strip():
        return "write a text that is not empty (in quotes, if it looks like a number, a date or yes/no)"
    if value != value.strip():
        return "take the blanks at its ends away"
    return "take the control characters out" if "\x00" in value else None


def short(longest, check=text):
    """What ``check`` takes, of no more characters than the column holds."""

    def check_length(value):
        return check(value) or (None if len(value) <= longest else f"use {longest} characters or fewer")

    return check_length


def matching(pattern, mend):
    """A text of that form."""

    def check(value):
        return None if isinstance(value, str) and re.fullmatch(pattern, value) else mend

    return check


key = short(100, matching(KEY, "use lower-case letters and digits in words joined by single hyphens"))
source_key = short(150, matching(KEY, "use lower-case letters and digits in words joined by single hyphens"))
party_code = matching(r"[A-Z0-9]{2,20}", "use capital letters, for a state its ISO 3166-1 alpha-2 code")
language = matching(r"[a-z]{2,3}", "use an ISO 639 code such as en, ru or zh")
address = short(1000, matching(r"https?://[^\s]+", "write an address that begins with http:// or https://"))


def day(value):
    """A date."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return None
    return "write a day as YYYY-MM-DD"


def partial_day(value):
    """A date as precise as its source."""
    if day(value) is None:
        return None
    try:
        span(str(value) if isinstance(value, int) and not isinstance(value, bool) else value)
    except (ValueError, TypeError):
        return "write a date as YYYY, YYYY-MM or YYYY-MM-DD"
    return None


def one_of(vocabulary):
    """A value of a vocabulary of choices.py, or of a list."""
    values = [value for value, _label in vocabulary] if isinstance(vocabulary, list) else vocabulary.values

    def check(value):
        return None if isinstance(value, str) and value in values else f"use one of {', '.join(values)}"

    return check


def flag(value):
    """True or false."""
    return None if isinstance(value, bool) else "write true or false"


def number(value):
    """A number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "write a number, without quotes, blanks or a unit"
    if not is_exact(value):
        return f"write a number of {SIGNIFICANT_DIGITS} digits at most"
    return None if round(Decimal(str(value)), 4) == Decimal(str(value)) else "write four decimal places at most"


def positive(value):
    """A number above nought."""
    return number(value) or (None if value > 0 else "write a number above 0")


def not_negative(value):
    """A number, nought included."""
    return number(value) or (None if value >= 0 else "write a number that is not below 0")


def score(value):
    """-1, 0 or 1."""
    return None if type(value) is int and value in (-1, 0, 1) else "write -1, 0 or 1"
