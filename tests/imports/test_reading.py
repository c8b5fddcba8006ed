"""Files: what is read as it stands, and what is refused as a whole, with a sentence."""

import datetime
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.exports.columns import Column
from commitments.exports.csv import stream
from commitments.exports.xlsx import TooLong, escape, unescape, workbook
from commitments.imports import reading
from commitments.imports.cells import Fault, Formula, Month
from commitments.imports.reading import NotReadable, read_file
from tests.imports.sheets import book, opened, saved

# No NUL and no lone surrogates: neither can be stored.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40)
risky = st.text(st.sampled_from("'=+-@ \t\r\n\u00a0\ufeff＝a_x05F\x0b\ufffe,;\"#N/A"), min_size=1, max_size=12)
COLUMNS = [Column(name, "text", "", lambda row, at=at: row[at]) for at, name in enumerate(("a", "b"))]


def cells_of(content):
    (sheet, *_others) = read_file(content, {"a", "b"})
    return [[line.cells[name] for name in sheet.header] for line in sheet.lines]


def packed(**parts):
    """A zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@given(st.lists(st.tuples(st.one_of(texts, risky), st.one_of(texts, risky)), min_size=1, max_size=3))
def test_any_text_comes_back_from_a_csv(rows):
    content = "".join(stream(COLUMNS, rows)).encode()

    assert cells_of(content) == [list(row) for row in rows]


@given(st.lists(st.tuples(st.one_of(texts, risky), st.one_of(texts, risky)), min_size=1, max_size=3))
def test_any_text_comes_back_from_a_workbook(rows):
    content = workbook([("sheet", COLUMNS, rows)], [["column"]])

    assert cells_of(content) == [list(row) for row in rows]


@given(st.one_of(texts, risky))
def test_unescape_undoes_escape(text):
    assert unescape(escape(text)) == text


def test_text_longer_than_a_cell_is_refused_and_not_cut():
    with pytest.raises(TooLong, match="“b”"):
        workbook([("sheet", COLUMNS, [("a", "x" * 32_768)])], [["column"]])


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_whatever_its_separators(start, separator, end):
    content = start + separator.join("ab").encode() + end.encode() + f'1{separator}"x; y, ž"{end}'.encode()

    assert cells_of(content) == [["1", "x; y, ž"]]


def test_rows_are_counted_as_the_spreadsheet_counts_them_and_empty_ones_left_out():
    (sheet,) = read_file(b"a,b\n\n,\n1,2\n", {"a", "b"})

    assert [(line.number, line.cells) for line in sheet.lines] == [(4, {"a": "1", "b": "2"})]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        ("a,b\nž,1\n".encode("cp1250"), "Line 2 holds a character that is not UTF-8."),
        ("a,b\n".encode("utf-16"), "The file is not text in UTF-8."),
        (b'a,b\n"1,2\n', "cannot be read as CSV"),
        (b"a,b\n1,2,3\n", "Row 2 has more cells than the header"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook"),
        (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
        (packed(**{"[Content_Types].xml": "", "xl/workbook.xml": "", "xl/vbaProject.bin": ""}), "has macros"),
        (packed(**{"[Content_Types].xml": "", "xl/workbook.xml": "<"}), "damaged"),
        (packed(a="b"), "neither a CSV file nor an .xlsx workbook"),
        (b"PK\x03\x04 and no more", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, sentence):
    with pytest.raises(NotReadable, match=sentence):
        read_file(content, {"a", "b"})


def test_entity_bomb_is_refused():
    made = book(sheet=[["a", "b"], ["1", "2"]])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    parts["xl/worksheets/sheet1.xml"] = bomb + parts["xl/worksheets/sheet1.xml"].split(b"?>")[-1]

    with pytest.raises(NotReadable, match="damaged"):
        read_file(packed(**parts), {"a", "b"})


@pytest.mark.parametrize(
    ("limit", "most", "sentence"),
    [
        ("MOST_BYTES", 4, "Divide it"),
        ("MOST_ROWS", 1, "more than 1 rows"),
        ("MOST_COLUMNS", 1, "more than 1 columns"),
    ],
)
def test_file_beyond_a_limit_is_refused(monkeypatch, limit, most, sentence):
    monkeypatch.setattr(reading, limit, most)

    with pytest.raises(NotReadable, match=sentence):
        read_file(b"a,b\n1,2\n3,4\n", {"a", "b"})


def test_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 100)

    with pytest.raises(NotReadable, match="unpacks to far more"):
        read_file(book(sheet=[["a"], ["1"]]), {"a", "b"})


def test_row_beyond_the_last_of_any_spreadsheet_is_refused(monkeypatch):
    made = book(sheet=[["a"], ["1"], ["2"], ["3"]])
    monkeypatch.setattr(reading, "LAST_ROW", 3)

    with pytest.raises(NotReadable, match="damaged"):
        read_file(made, {"a"})


def test_cells_of_a_workbook_keep_their_types():
    made = opened(book(sheet=[["a", "b"], ["=1+1", "'=1"], [2.5, "_x000D_"]]))
    made["sheet"]["A4"], made["sheet"]["B4"] = "#N/A", "2006"
    made["sheet"]["B4"] = datetime.date(2006, 9, 1)
    made["sheet"]["B4"].number_format = "mmm yyyy"

    assert cells_of(saved(made)) == [
        [Formula("=1+1"), "=1"],
        [2.5, "\r"],
        [Fault("#N/A"), Month(datetime.date(2006, 9, 1))],
    ]
