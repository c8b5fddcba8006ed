"""CSV as this tracker writes it: UTF-8, header, RFC 4180 quoting, LF line ends, safe to open in a spreadsheet."""

import datetime
import io
import re
from decimal import Decimal

from commitments.models.fields import plain_number

CHUNK = 64 * 1024
# What a spreadsheet would run as a formula, with any apostrophes that guard it already. No \s: its meaning differs
# between languages that read this rule.
DANGEROUS = re.compile("'*[ \t\r\n\u00a0\u3000\ufeff]*[=+\\-@\t\r\n＝＋－＠]")

NEEDS_QUOTES = re.compile('[",\r\n]')


def guard(text):
    """The text with one more apostrophe in front where a spreadsheet would run it."""
    return f"'{text}" if DANGEROUS.match(text) else text


def unguard(text):
    """The exact inverse of ``guard``."""
    return text[1:] if text.startswith("'") and DANGEROUS.match(text[1:]) else text


def cell(value):
    """One value in its declared text form.

    '' for None, yes/no, YYYY-MM-DD, an instant as ISO 8601 in UTC to the second, numbers without separators and
    exponent, lists joined by "; ", text guarded.
    """
    for kind, write in FORMS:
        if isinstance(value, kind):
            return write(value)
    return guard(str(value))


# First match wins: a bool is an int, a datetime is a date.
FORMS = (
    (type(None), lambda _value: ""),
    (bool, lambda value: "yes" if value else "no"),
    (datetime.datetime, lambda value: value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
    (datetime.date, datetime.date.isoformat),
    (Decimal, plain_number),
    (int, str),
    ((list, tuple), lambda value: guard("; ".join(map(str, value)))),
)


def line(cells):
    """One line of cells in their text form, each quoted where it must be."""
    # Not csv.writer: with LF as the line end it leaves a lone carriage return unquoted.
    return ",".join(_quoted(text) if NEEDS_QUOTES.search(text) else text for text in cells) + "\n"


def _quoted(text):
    return '"' + text.replace('"', '""') + '"'


def stream(columns, rows):
    """Text chunks of about 64 KB: the header, then a line per row. ``columns`` are Columns, ``rows`` what they read."""
    buffer = io.StringIO()
    buffer.write(line(column.name for column in columns))
    for row in rows:
        buffer.write(line(cell(column.value(row)) for column in columns))
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
