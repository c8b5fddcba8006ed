"""From the bytes of an uploaded file to sheets of cells. What cannot be read safely and fully is refused in words."""

import csv
import datetime
import io
import zipfile
import zlib
from dataclasses import dataclass, field

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from commitments.exports.csv import unguard
from commitments.exports.xlsx import EXPLANATION, unescape

from .cells import Fault, Formula, Month

MOST_BYTES = 25_000_000
MOST_UNPACKED = 300_000_000
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_TEXT = 1_000_000
# No spreadsheet program counts further.
LAST_ROW = 1_048_576
MEGABYTE = 1_000_000
# What a file begins with: the old binary workbooks and locked ones; texts in other encodings.
OLD_WORKBOOK, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
WIDE_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"


class NotReadable(Exception):
    """A file that is refused as a whole; the message is the sentence for a person."""


@dataclass
class Line:
    """One row: its number as the spreadsheet counts, and {column name: cell}, None where empty."""

    number: int
    cells: dict


@dataclass
class Sheet:
    """A sheet as read: its name ("" in a CSV), its header as it stands, and its rows that are not empty."""

    name: str
    header: list
    lines: list = field(default_factory=list)


def read_file(content, expected):
    """The Sheets of an uploaded file; ``expected`` are the names of columns that it may have.

    Raises NotReadable.
    """
    if len(content) > MOST_BYTES:
        raise NotReadable(
            _("The file has more than %(most)s MB. Divide it and import the parts one after another.")
            % {"most": MOST_BYTES // MEGABYTE}
        )
    if not content.strip():
        raise NotReadable(_("The file is empty. Begin with a template; it has the header."))
    if content.startswith(OLD_WORKBOOK):
        raise NotReadable(
            _("This is an old Excel workbook (.xls) or one with a password. Save it as .xlsx without a password.")
        )
    if content.startswith(ZIP):
        return _read_workbook(content)
    return [_read_csv(content, set(expected))]


# CSV


def _read_csv(content, expected):
    if content.startswith(WIDE_ENCODINGS) or b"\x00" in content:
        raise NotReadable(_("The file is not text in UTF-8. Save it as “CSV UTF-8”, or as .xlsx."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotReadable(
            _("Line %(line)s holds a character that is not UTF-8. Save the file as “CSV UTF-8”, or as .xlsx.")
            % {"line": line}
        ) from error
    csv.field_size_limit(LONGEST_TEXT)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, expected), strict=True)
    try:
        return _sheet("", ((number, [_plain(one) for one in row]) for number, row in enumerate(rows, start=1)))
    except csv.Error as error:
        raise NotReadable(
            _("The file cannot be read as CSV near line %(line)s. Look there for a quotation mark that is not doubled "
              "or not closed, or save the file as .xlsx.") % {"line": rows.line_num}
        ) from error  # fmt: skip


def _delimiter(text, expected):
    """Which character parts the columns: the one by which most names of the header are known."""
    head = text.split("\n", 1)[0]
    return max(DELIMITERS, key=lambda one: len(expected & {name.strip('" \r') for name in head.split(one)}))


def _plain(text):
    return unguard(text) if text else None


# XLSX


def _read_workbook(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive)
        return _sheets(content)
    except NotReadable:
        raise
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        DefusedXmlException,
        SyntaxError,
        OSError,
        EOFError,
        zlib.error,
    ) as error:
        raise NotReadable(_damaged()) from error
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError, RuntimeError) as error:
        # What openpyxl raises for parts that are not there or do not fit together.
        raise NotReadable(_damaged()) from error


def _damaged():
    return _("The workbook is damaged or is none. Open it in a spreadsheet program and save it as .xlsx again.")


def _check_archive(archive):
    """Raise NotReadable for what is no plain workbook, or would unpack to more than a workbook of this size needs."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NotReadable(
            _("The workbook unpacks to far more than a table of this kind needs. Copy the rows into a new one.")
        )
    names = {part.filename for part in parts}
    if "mimetype" in names and "xl/workbook.xml" not in names:
        raise NotReadable(_("This is an OpenDocument file (.ods). Save it as .xlsx or as CSV."))
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise NotReadable(_("This is neither a CSV file nor an .xlsx workbook. Save the table as one of these."))
    if "xl/vbaProject.bin" in names or b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise NotReadable(_("The workbook has macros, which are never run here. Save it as .xlsx, without macros."))


def _sheets(content):
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        found = [sheet for sheet in book.worksheets if sheet.title.strip().lower() != EXPLANATION]
        return [_sheet(sheet.title.strip(), _rows(sheet)) for sheet in found]
    finally:
        book.close()


def _rows(sheet):
    # A sheet may claim more than it has; without this openpyxl would fill it up with empty cells.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > LAST_ROW:
            raise NotReadable(_damaged())
        yield number, [_typed(cell) for cell in row]


def _typed(cell):
    value, kind = cell.value, cell.data_type
    if value is None:
        return None
    if kind == "f":
        return Formula(str(value))
    if kind == "e":
        return Fault(str(value))
    if isinstance(value, str):
        return _plain(unescape(value))
    if isinstance(value, datetime.datetime) and value.day == 1 and "d" not in (cell.number_format or "d").lower():
        return Month(value.date())
    return value


# Both


def _sheet(name, rows):
    """A Sheet from (number, cells) pairs; the first that is not empty is its header."""
    rows = ((number, cells) for number, cells in rows if any(cell is not None for cell in cells))
    _number, head = next(rows, (0, []))
    while head and head[-1] is None:
        head.pop()
    if len(head) > MOST_COLUMNS:
        raise NotReadable(_("The header has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    sheet = Sheet(name, ["" if one is None else str(one).strip() for one in head])
    for number, cells in rows:
        if len(sheet.lines) == MOST_ROWS:
            raise NotReadable(
                _("The file has more than %(most)s rows. Divide it and import the parts one after another.")
                % {"most": MOST_ROWS}
            )
        beyond = [cell for cell in cells[len(head) :] if cell is not None]
        if beyond:
            raise NotReadable(
                _("Row %(row)s has more cells than the header has columns. Look for a separator that is not quoted.")
                % {"row": number}
            )
        # A row of a workbook ends with its last cell that is not empty.
        said = dict.fromkeys(sheet.header) | dict(zip(sheet.header, cells, strict=False))
        sheet.lines.append(Line(number, said))
    return sheet
