"""What a reader typed, as terms."""

import pytest

from commitments.moment import BadParameter
from commitments.search.query import LONGEST, MOST_TERMS, parse


def forms(text):
    return [term.forms for term in parse(text).terms]


def one(*stems):
    return (stems,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("buyer's  Credits", [one("buyer"), one("credit")]),
        ("credit credits CREDIT", [one("credit")]),
        ('"business council" road', [one("busi", "council"), one("road")]),
        ("road “the business councils”", [one("road"), one("the", "busi", "council")]),
        ("«Банк развития»", [one("банк", "разв")]),
        ('road" council', [one("road"), one("council")]),
        ('"" road', [one("road")]),
        ("anti-terrorist", [(("anti", "terrorist"), ("antiterrorist",))]),
        ("24.kg", [one("24", "kg")]),
        ("road,rail;air", [one("road"), one("rail"), one("air")]),
        ("学校", [one("学", "校")]),
        ("$900m", [one("900", "million")]),
        ("900,000,000", [one("900000000")]),
        ("a\\b", [one("a", "b")]),
        ("50%_now", [one("50", "now")]),
        ("x' OR 1=1; --", [one("x"), one("1")]),
    ],
)
def test_terms_of_a_text(text, expected):
    assert forms(text) == expected


def test_common_words_are_left_out_where_others_tell_more():
    query = parse("What became of the 900 million?")

    assert [term.label for term in query.terms] == ["900", "million"]
    assert query.left_out == ("What", "became", "of", "the")


def test_common_words_are_searched_where_there_is_nothing_else():
    query = parse("The of")

    assert [term.forms for term in query.terms] == [one("the"), one("of")]
    assert query.left_out == ()


@pytest.mark.parametrize("text", ["%", "_", "\u0301", "…", "'\"\\", "-- ;", "🙂"])
def test_text_without_a_letter_or_digit_is_refused(text):
    with pytest.raises(BadParameter, match="Write at least one letter or digit"):
        parse(text)


def test_too_much_is_refused():
    with pytest.raises(BadParameter, match=f"Write {LONGEST} characters or fewer"):
        parse("a" * (LONGEST + 1))
    with pytest.raises(BadParameter, match=f"Write {MOST_TERMS} words or fewer"):
        parse(" ".join(f"x{number}" for number in range(MOST_TERMS + 1)))
    assert len(parse(" ".join(f"x{number}" for number in range(MOST_TERMS))).terms) == MOST_TERMS


def test_whole_query_as_one_phrase():
    assert parse("development banks").phrase.forms == one("develop", "bank")
    assert parse('road "development bank"').phrase is None
    assert parse("road").phrase is None
