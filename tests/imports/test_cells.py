"""One cell: what is read, and what is refused with a sentence that says how to mend it."""

import datetime
from decimal import Decimal

import pytest

from commitments.imports import cells

DAY = datetime.date(2006, 9, 15)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1500", 1500), (" 1.5 ", "1.5"), ("-3", -3), (900000000.0, 900000000), (0.1, "0.1"), (7, 7),
        ("0", 0), (1.125, "1.125"), ("1.5000", "1.5"),
    ],
)  # fmt: skip
def test_number_that_can_be_read_in_one_way_is_read(value, number):
    assert cells.read_number(value) == Decimal(number)


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("1,5", "A comma can stand for thousands or for decimals."),
        ("1,500", "A comma can stand for thousands or for decimals."),
        ("1.500", "This can be read in two ways."),
        ("1.000.000", "This can be read in two ways."),
        ("9E+08", "This is not a number."),
        ("900 000", "This is not a number."),
        ("many", "This is not a number."),
        ("١٢", "This is not a number."),
        (True, "This is not a number."),
        (DAY, "This is not a number."),
    ],
)
def test_number_that_cannot_is_refused_and_never_taken_for_nothing(value, mend):
    with pytest.raises(cells.Unreadable, match=mend):
        cells.read_number(value)


@pytest.mark.parametrize("value", ["2006-09-15", " 2006-09-15 ", DAY, datetime.datetime(2006, 9, 15)])  # noqa: DTZ001
def test_day_is_read_from_text_and_from_a_date_of_the_spreadsheet(value):
    assert cells.read_day(value) == DAY


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("15.09.2006", "can be read in one way only"),
        ("9/15/06", "can be read in one way only"),
        ("2006-9-15", "can be read in one way only"),
        ("2006-02-30", "There is no such day."),
        (38975, "This is a number, not a day."),
        (datetime.datetime(2006, 9, 15, 12), "It has a time of day."),  # noqa: DTZ001
        (cells.Month(DAY), "The cell shows a month."),
    ],
)
def test_day_that_is_none_is_refused(value, mend):
    with pytest.raises(cells.Unreadable, match=mend):
        cells.read_day(value)


@pytest.mark.parametrize(
    "read", [cells.read_number, cells.read_day, cells.read_yes_no, cells.read_text, cells.read_word]
)
def test_empty_cell_is_nothing_and_not_nought(read):
    assert read(None) is None


def test_partial_day_is_as_precise_as_the_cell():
    read = [cells.read_partial_day(value) for value in ("2006", 2006, "2006-09", cells.Month(DAY), DAY)]

    assert read == ["2006", "2006", "2006-09", "2006-09", "2006-09-15"]


@pytest.mark.parametrize("value", [DAY, datetime.datetime(2006, 9, 15), True, datetime.time(3, 4)])  # noqa: DTZ001
def test_text_that_the_spreadsheet_changed_is_refused(value):
    with pytest.raises(cells.Unreadable, match="Format the cell as text"):
        cells.read_text(value)


def test_text_with_a_character_that_cannot_be_stored_is_refused():
    with pytest.raises(cells.Unreadable, match="NUL"):
        cells.read_text("a\x00b")


def test_choice_takes_the_value_or_its_label():
    read = cells.read_choice([("in_progress", "In progress"), ("stalled", "Stalled")])

    assert [read("in_progress"), read(" In Progress "), read(None)] == ["in_progress", "in_progress", None]
    with pytest.raises(cells.Unreadable, match=r"Write one of: in_progress, stalled\."):
        read("going on")


def test_yes_and_no_are_read_and_nothing_else():
    assert [cells.read_yes_no(value) for value in ("yes", "No", True, False)] == [True, False, True, False]
    with pytest.raises(cells.Unreadable, match="Write yes or no"):
        cells.read_yes_no("1")


def test_list_names_each_once_and_spares_empty_parts():
    assert cells.read_list("KZ; UZ;KZ ;") == ["KZ", "UZ"]
    assert cells.read_list(None) == []


@pytest.mark.parametrize("value", [cells.Formula("=1+1"), cells.Fault("#REF!")])
def test_formula_and_error_are_refused_and_named(value):
    with pytest.raises(cells.Unreadable, match=r"Paste its result|Mend it"):
        cells.refuse_formula(value)
    assert cells.shown(value) == value.text
