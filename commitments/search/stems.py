"""Text as stems: the one form in which the register and a reader's words are compared.

Case, accents and width do not count, nor do the endings of English and Russian words. Chinese is kept by the
character, so that a word is found as characters in a row.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

CHARACTER = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MARKS = "\u0300-\u036f"
LETTER = f"(?:[^\\W_{CHARACTER}]|[{MARKS}])"
TOKEN = re.compile(
    # 1,500 and 900,000,000 are one number, and so is 2.3; then a Chinese character, then a word with its apostrophes.
    rf"\d{{1,3}}(?:[,\u00a0\u2009\u202f]\d{{3}})+(?!\d)|\d+\.\d+(?:mn?|mln|bn|tn)?(?![.\w])|[{CHARACTER}]|{LETTER}+(?:['’ʼ＇]{LETTER}+)*"
)
COMPOUND = re.compile(rf"{LETTER}+(?:[-‐‑]{LETTER}+)+")
AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(mn?|mln|bn|tn)")
# Letters that no decomposition takes apart.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
# American spellings and short forms that readers type and the register does not use.
SPELLINGS = {
    "center": "centre", "centers": "centres", "program": "programme", "programs": "programmes",
    "defense": "defence", "labor": "labour", "neighbor": "neighbour", "neighbors": "neighbours",
    "neighborliness": "neighbourliness", "organization": "organisation", "organizations": "organisations",
    "mn": "million", "mln": "million", "bn": "billion", "tn": "trillion",
}  # fmt: skip
# Marks the end of one text within a column: no phrase reaches from one into the next.
BETWEEN = "|"

_english = snowballstemmer.stemmer("english")
_stem_russian = snowballstemmer.stemmer("russian").stemWord
# A stemmer keeps its word in itself, and the server answers in several threads.
_turn = Lock()


@dataclass(frozen=True)
class Token:
    """A word of a text: its stems (two for “900m”) and where it stands, from ``start`` to before ``end``."""

    stems: tuple
    start: int
    end: int


def plain(word):
    """A word in lower case, without accents and width forms; й stays a letter of its own, ё is е."""
    kept = []
    for char in unicodedata.normalize("NFKD", word).casefold():
        if not unicodedata.combining(char) or (char == "\u0306" and kept and kept[-1] == "и"):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(PLAIN)


@lru_cache(maxsize=100_000)
def stems_of(word):
    """The stems of one word as it is written."""
    text = re.sub("['’ʼ＇]s$", "", plain(word))
    text = re.sub(r"['’ʼ＇,\s]", "", text)
    amount = AMOUNT.fullmatch(text)
    if amount:
        return (amount[1], SPELLINGS.get(amount[2], "million"))
    text = SPELLINGS.get(text, text)
    if not text:
        return ()
    with _turn:
        return (_russian(text) if re.search("[\u0400-\u04ff]", text) else _english.stemWord(text),)


def _russian(word):
    """Stemmed until nothing more comes off: only so do Таджикистан and Таджикистану, Китай and Китая end alike."""
    shorter = _stem_russian(word)
    while shorter != word:
        word, shorter = shorter, _stem_russian(shorter)
    return word


def tokens(text):
    """The Tokens of a text, in order."""
    found = (Token(stems_of(match[0]), match.start(), match.end()) for match in TOKEN.finditer(text))
    return [token for token in found if token.stems]


def is_joined(text, before, after):
    """Whether two neighbouring Tokens of ``text`` are written as one: anti-terrorist, 24.kg, 学校."""
    gap = text[before.end : after.start]
    return not re.search(r"[\s,;:/|()\[\]{}!?&+=<>…]", gap)


def compounds(text):
    """The words of a text that are written with a hyphen, as one stem each: “anti-terrorist” as “antiterrorist”."""
    for match in COMPOUND.finditer(text):
        word = re.sub("[-‐‑]", "", match[0])
        if not word.isdigit():
            yield from stems_of(word)


def column(*texts):
    """Texts as one line of stems with a space on either side of each, as Standing keeps them; never empty."""
    words = []
    for text in texts:
        words += [stem for token in tokens(text) for stem in token.stems]
        joined = list(compounds(text))
        words += [BETWEEN, *joined, BETWEEN] if joined else [BETWEEN]
    return f" {' '.join(words)} "
