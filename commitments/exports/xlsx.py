"""XLSX as this tracker writes it: real dates and numbers, text as text, a last sheet that explains every column.

Text is written by the same rules as in the CSV, the guard included, so that either file is read back by one rule.
"""

import datetime
import re
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .csv import cell as text_form

EXPLANATION = "explanation"
LONGEST = 32_767
# What XML cannot hold or a reader would change, as the file format writes it: _x000D_; and what looks like that.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
WIDTHS = {"number": 14, "integer": 10, "date": 12, "boolean": 9, "list": 24}


class TooLong(Exception):
    """A text that no cell of a spreadsheet can hold; ``column`` is the name of its column."""

    def __init__(self, column):
        self.column = column
        super().__init__(f"A text in the column “{column}” is longer than a spreadsheet's cell holds.")


def escape(text):
    """The text as the file format writes it."""
    return UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescape(text):
    """The exact inverse of ``escape``; also what other programs wrote by the same rule."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _checked(value, column):
    """A value as its cell will hold it, text in the form of the file. Raises TooLong."""
    if value is None or value in ("", []):
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | int | datetime.date):
        value = escape(text_form(value))
        if len(value) > LONGEST:
            raise TooLong(column.name)
    return value


def _text_cell(sheet, written):
    made = WriteOnlyCell(sheet, value="")
    # Past the setter, which would make an error of "#N/A" and a formula of what begins with an equals sign.
    made._value, made.data_type, made.number_format = written, "s", "@"
    return made


def _cell(sheet, value):
    """A checked value as a cell: days are days, numbers are numbers, text is text."""
    if isinstance(value, str):
        return _text_cell(sheet, value)
    if isinstance(value, datetime.date):
        made = WriteOnlyCell(sheet, value=value)
        made.number_format = "yyyy-mm-dd"
        return made
    return value


def workbook(sheets, explanation):
    """The bytes of a workbook.

    ``sheets`` are (name, columns, rows) with Columns and what they read; ``explanation`` are rows of texts for the
    last sheet, the first of them its header. Raises TooLong.
    """
    # Before the workbook is begun: a half-written one would leave its file behind.
    read = [
        (name, columns, [[_checked(column.value(row), column) for column in columns] for row in rows])
        for name, columns, rows in sheets
    ]
    book = Workbook(write_only=True)
    for name, columns, rows in read:
        sheet = _sheet(book, name, [(column.name, WIDTHS.get(column.type, 28)) for column in columns])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    head, *lines = explanation
    sheet = _sheet(book, EXPLANATION, [(name, 48 if number > 2 else 18) for number, name in enumerate(head)])
    for line in lines:
        cells = [_text_cell(sheet, escape(text)) for text in line]
        for made in cells:
            made.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book, name, columns):
    """A new sheet whose header stays in sight; ``columns`` are (name, width)."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, (_name, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    header = [_text_cell(sheet, escape(name)) for name, _width in columns]
    for made in header:
        made.font = Font(bold=True)
    sheet.append(header)
    return sheet
