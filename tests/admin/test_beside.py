"""Two texts beside each other: what is new or taken out is marked by an element and by words."""

import re

import pytest

from commitments.admin.beside import line, marked, rows


def spoken(html):
    """The HTML with the words for ears in brackets, so that it can be read here."""
    return re.sub(r'<span class="visually-hidden">(.*?) </span>', r"[\1]", html)


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("It was paid.", "It was paid.", "It was paid.", "It was paid."),
        (
            "The loan was paid in full.",
            "The loan was paid in part.",
            "The loan was paid in <del>[taken out:]full.</del>",
            "The loan was paid in <ins>[new:]part.</ins>",
        ),
        ("The loan was paid.", "The loan was paid. At last.", None, "The loan was paid. <ins>[new:]At last.</ins>"),
        ("—", "It was paid.", "—", "<ins>[new:]It was paid.</ins>"),
        ("It was paid.", "—", "<del>[taken out:]It was paid.</del>", "—"),
        ("Stalled", "Fulfilled", "<del>[taken out:]Stalled</del>", "<ins>[new:]Fulfilled</ins>"),
        ("All of one two three.", "Nothing in common here.", "<del>[taken out:]All of one two three.</del>", None),
        ("<b> one two", "<b> one & two", "&lt;b&gt; one two", "&lt;b&gt; one <ins>[new:]&amp;</ins> two"),
    ],
)
def test_words_that_differ_are_marked(before, after, old, new):
    found = [spoken(html) for html in marked(before, after)]

    assert found == [old or found[0], new or found[1]]


def test_nothing_of_either_text_is_lost():
    before, after = "One two\nthree four five.", "One two three\nsix five & seven."

    old, new = (
        re.sub(r'<span class="visually-hidden">.*?</span>|</?(ins|del)>', "", html) for html in marked(before, after)
    )

    assert (old, new) == (before, after.replace("&", "&amp;"))


def test_text_too_long_to_compare_is_marked_whole():
    before = "word " * 4000

    assert [html.count("visually-hidden") for html in marked(before, before + "more")] == [1, 1]


@pytest.mark.parametrize(
    ("now", "after", "state"),
    [("A", "A", "unchanged"), ("—", "A", "new"), ("A", "—", "taken out"), ("A", "B", "changed")],
)
def test_line_says_in_a_word_what_happened(now, after, state):
    assert str(line("field", now, after).state_label) == state


def test_rows_are_beside_those_they_take_the_place_of():
    old = [("a", "Same."), ("b", "It shows one."), ("c", "Gone.")]
    new = [("d", "Come."), ("b", "It shows two."), ("a", "Same.")]

    found = rows(old, new, key=lambda row: row[0], label=lambda row: f"Source {row[0]}", text=lambda row: row[1])

    assert [(one.label, one.state) for one in found] == [
        ("Source d", "new"),
        ("Source b", "changed"),
        ("Source a", "same"),
        ("Source c", "gone"),
    ]
