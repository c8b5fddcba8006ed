"""The form of the CSV: what a cell looks like, what a spreadsheet must not run, and that nothing gets lost."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.exports.columns import Column
from commitments.exports.csv import CHUNK, cell, guard, line, stream, unguard

# No NUL and no lone surrogates: neither can be stored nor sent.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
risky = st.text(st.sampled_from("'=+-@ \t\r\n\u00a0\u3000\ufeff＝＋－＠a\",;"), max_size=8)


def read(text):
    """The rows of a CSV, as a program reads them."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "  =1", "\u00a0=1", "\u3000=1", "\ufeff=1", "'=1",
        "''=1", "＝1", "＋1", "－1", "＠1", "' =1", "\tx",
    ],
)  # fmt: skip
def test_text_that_would_run_gets_one_more_apostrophe(text):
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["", "a", "a=1", "'a", "'", "''", " a", "1-1", "“=1”", "—", "−1", "'a=1"])
def test_text_that_is_only_text_stays_as_it_is(text):
    assert guard(text) == text
    assert unguard(text) == text


@given(st.one_of(texts, risky))
def test_unguard_undoes_guard(text):
    assert unguard(guard(text)) == text


@given(st.one_of(texts, risky))
def test_guarded_text_begins_with_nothing_that_runs(text):
    assert guard(text).lstrip(" \u00a0\u3000\ufeff")[:1] not in tuple("=+-@\t\r\n＝＋－＠")


@given(st.lists(st.lists(st.one_of(texts, risky), min_size=2, max_size=4), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_csv_reader(rows):
    text = "".join(line(guard(one) for one in row) for row in rows)

    assert [[unguard(one) for one in row] for row in read(text)] == rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (-12, "-12"),
        (Decimal("900000000.0000"), "900000000"),
        (Decimal("0.5000"), "0.5"),
        (Decimal("-3.20"), "-3.2"),
        (Decimal("1E+3"), "1000"),
        (datetime.date(2006, 9, 4), "2006-09-04"),
        (datetime.datetime(2006, 9, 4, 5, 6, 7, 890, tzinfo=datetime.UTC), "2006-09-04T05:06:07Z"),
        (
            datetime.datetime(2006, 9, 4, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
            "2006-09-03T23:00:00Z",
        ),
        ([], ""),
        (["AA", "BB"], "AA; BB"),
        (["=A", "B"], "'=A; B"),
        ("-12", "'-12"),
        ("text", "text"),
    ],
    ids=repr,
)
def test_cell_has_one_form_for_each_type(value, text):
    assert cell(value) == text


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a", "b"], "a,b\n"),
        (["", ""], ",\n"),
        (["a,b", "c"], '"a,b",c\n'),
        (['say "x"', "c"], '"say ""x""",c\n'),
        (["a\nb", "c"], '"a\nb",c\n'),
        (["a\rb", "c"], '"a\rb",c\n'),
        ([" a ", "ö;ж水🙂"], " a ,ö;ж水🙂\n"),
    ],
)
def test_line_quotes_only_what_needs_it_and_ends_with_lf(cells, expected):
    assert line(cells) == expected


NAME = Column("name", "text", "A name.", lambda row: row)
SIZE = Column("size", "integer", "How long it is.", len)


def test_stream_begins_with_the_header():
    assert "".join(stream((NAME, SIZE), [])) == "name,size\n"
    assert "".join(stream((NAME, SIZE), ["a", "=b"])) == "name,size\na,1\n'=b,2\n"


def test_stream_sends_chunks_while_it_reads():
    read_so_far = []

    def rows():
        for number in range(1000):
            read_so_far.append(number)
            yield "x" * 1024

    chunks = stream((NAME, SIZE), rows())
    first = next(chunks)

    assert CHUNK <= len(first) < CHUNK + 2048
    assert len(read_so_far) < 100
    rest = list(chunks)
    assert all(len(chunk) < CHUNK + 2048 for chunk in rest)
    assert len(read(first + "".join(rest))) == 1001
