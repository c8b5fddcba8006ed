"""Text as stems: what counts as the same word."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.search.stems import column, plain, stems_of, tokens


@pytest.mark.parametrize(
    "alike",
    [
        "credit Credits CREDIT credit's credits’ ｃｒｅｄｉｔ",
        "train trained training trains",
        "école Ecole écoles e\u0301cole",
        "Straße STRASSE strasse",
        "terrorism terror",
        "centre center centres",
        "organisation organizations",
        "Китай Китая Китаем китаю",
        "Таджикистан Таджикистану Таджикистана",
        "Ёлка елки",
        "1,500 1500 １５００ 1\u00a0500",
        "2.3 2.3",
        "billion bn",
        "Tromsø tromso",
        "Xi’an xian Xi'an",
    ],
)
def test_words_that_are_one_word(alike):
    assert len({stems_of(word) for word in alike.split(" ")}) == 1, [stems_of(word) for word in alike.split(" ")]


@pytest.mark.parametrize("different", ["road roam", "китай киты", "1500 150", "й и", "2.3 23"])
def test_words_that_are_not(different):
    one, other = different.split()

    assert plain(one) != plain(other)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("The roads of Tajikistan.", " the road of tajikistan | "),
        ("anti-terrorist act", " anti terrorist act | antiterrorist | "),
        ("USD 900m, or 2.5bn", " usd 900 million or 2.5 billion | "),
        ("在SCO框架", " 在 sco 框 架 | "),
        ("2006-06-15", " 2006 06 15 | "),
        ("24.kg a_b 50%", " 24 kg a b 50 | "),
        ("", " | "),
        ("%’'_\\", " | "),
    ],
)
def test_column_of_a_text(text, line):
    assert column(text) == line


def test_column_of_several_texts_keeps_them_apart():
    assert column("One road", "two roads") == " one road | two road | "
    assert column() == "  "


@given(st.text(max_size=60))
def test_any_text_has_tokens_in_order_inside_it(text):
    found = tokens(text)

    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(stem and " " not in stem and "|" not in stem for one in found for stem in one.stems)
    assert column(text).startswith(" ")
    assert column(text).endswith(" ")


def test_threads_do_not_disturb_each_other():
    """A stemmer keeps the word it is at in itself."""
    words = [f"{start}{end}" for start in ("form", "nation", "relat") for end in ("s", "ed", "ing", "al", "ation")]
    stems_of.cache_clear()
    alone = [stems_of(word) for word in words]
    wrong = []

    def stem_all():
        for _round in range(40):
            stems_of.cache_clear()
            wrong.extend(word for word, stems in zip(words, alone, strict=True) if stems_of(word) != stems)

    threads = [threading.Thread(target=stem_all) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
