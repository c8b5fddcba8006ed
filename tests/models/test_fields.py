"""Column types: dates as precise as their source, keys, numbers as people write them, one order on both databases."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CharField, Value

from commitments.models import Party, Theme
from commitments.models.fields import (
    KeyField,
    plain_number,
    span,
    validate_amount,
    validate_code,
    validate_key,
    validate_partial_date,
)
from tests.factories import make_theme


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2006", (2006, 1, 1), (2006, 12, 31)),
        ("2006-02", (2006, 2, 1), (2006, 2, 28)),
        ("2008-02", (2008, 2, 1), (2008, 2, 29)),
        ("2006-12", (2006, 12, 1), (2006, 12, 31)),
        ("2006-09-15", (2006, 9, 15), (2006, 9, 15)),
    ],
)
def test_span_of_a_date(text, first, last):
    assert span(text) == (datetime.date(*first), datetime.date(*last))
    assert validate_partial_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "06",
        "2006-13",
        "2006-00",
        "2006-09-00",
        "0000",
        "٢٠٠٦",
        "2006-02-30",
        "2006-9-1",
        "2006-09-15 ",
        "2006-09-15\n",
        "20060915",
        "soon",
    ],
)
def test_text_that_is_no_date_is_refused_with_its_value(text):
    with pytest.raises(ValidationError) as refusal:
        validate_partial_date(text)
    assert refusal.value.messages == [
        f"“{text}” is not a date. Write a year (2006), a month (2006-09) or a day (2006-09-15)."
    ]


def test_span_of_what_is_no_date_is_refused():
    with pytest.raises(ValueError, match="'soon' is not YYYY, YYYY-MM or YYYY-MM-DD"):
        span("soon")
    with pytest.raises(ValueError, match="month must be in"):
        span("2006-13")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (Decimal("900000000.0000"), "900000000"),
        (Decimal("0.5000"), "0.5"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.0000"), "0"),
        (Decimal("-3.10"), "-3.1"),
        (7, "7"),
    ],
)
def test_plain_number(value, text):
    assert plain_number(value) == text


@pytest.mark.parametrize("key", ["a", "pledge-1", "2006-town-a", "a1-b2-c3"])
def test_key(key):
    assert validate_key(key) is None
    assert validate_code(key.upper()) is None


@pytest.mark.parametrize("key", ["", "A", "a_b", "a--b", "-a", "a-", "a b", "ä", "a/b", "a\n", "a.b"])
def test_text_that_is_no_key_is_refused(key):
    """Such a key would have no address."""
    with pytest.raises(ValidationError, match="Write lower-case letters a to z and digits"):
        validate_key(key)


@pytest.mark.django_db
def test_keys_sort_by_code_point_on_either_database():
    for slug in ("b-1", "b", "a10", "a-1", "a1", "a2"):
        make_theme(slug)

    assert list(Theme.objects.order_by("slug").values_list("slug", flat=True)) == ["a-1", "a1", "a10", "a2", "b", "b-1"]


@pytest.mark.django_db
def test_text_that_is_not_a_key_sorts_with_capitals_first():
    for code in ("b", "B", "a", "A", "É", "Z"):
        Party.objects.create(code=code, name=code, short_name=code, kind="state")

    ordered = Party.objects.annotate(kept=Value("x", CharField())).order_by("code").values_list("code", flat=True)
    assert list(ordered) == ["A", "B", "Z", "a", "b", "É"]


def test_key_has_room_for_a_hundred_characters():
    assert KeyField().max_length == 100


@pytest.mark.parametrize("value", ["0", "900000000", "2300000000000", "99999999999.9999", "999999999999999"])
def test_amount_that_both_databases_hold_is_taken(value):
    assert validate_amount(Decimal(value)) is None


@pytest.mark.parametrize("value", ["1000000000000000", "99999999999999999999", "123456789012.3456"])
def test_amount_with_more_digits_than_can_be_kept_is_refused(value):
    with pytest.raises(ValidationError, match="15 digits at most"):
        validate_amount(Decimal(value))
