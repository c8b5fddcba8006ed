"""What a reader typed, as Terms: words, phrases in quotation marks, words joined by hyphens."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from commitments.moment import BadParameter

from .stems import compounds, is_joined, stems_of, tokens

LONGEST = 200
MOST_TERMS = 24
QUOTED = re.compile('["“„«]([^"“”„«»]+)["”“»]')
# Words that say nothing about what is looked for. They count inside a phrase, and where nothing else was typed.
COMMON_WORDS = (
    "a about after all also an and any are as at be became become been before but by can did do does for from had has "
    "have how if in into is it its may more most no not of on or our out so than that the their them then there these "
    "they this those to under up was we were what when where which who whom whose why will with would you "
    "и в во на с со по о об от до для за из к ко у не что как это при или а но ли бы же"
)
COMMON = {stem for word in COMMON_WORDS.split() for stem in stems_of(word)}


@dataclass(frozen=True)
class Term:
    """One thing to find. Any of ``forms`` will do, each a tuple of stems in a row; ``label`` is how it was typed.

    With ``begins`` the last stem need only begin the word.
    """

    label: str
    forms: tuple
    begins: bool = False

    @property
    def needles(self):
        """What must occur in a line of stems (``stems.column``)."""
        return tuple(f" {' '.join(form)}{'' if self.begins else ' '}" for form in self.forms)

    def is_in(self, line):
        """Whether the term occurs in a line of stems."""
        return any(needle in line for needle in self.needles)


@dataclass(frozen=True)
class Query:
    """The ``terms`` of a search, and the common words that were ``left_out`` of it, as typed."""

    terms: tuple
    left_out: tuple = field(default=())

    @property
    def phrase(self):
        """All single words in a row as one Term, for the order of the results; None where there is one word only."""
        single = [term.forms[0] for term in self.terms if len(term.forms[0]) == 1]
        return Term("", (sum(single, ()),)) if len(single) > 1 else None


def parse(text, name="q"):
    """The Query of a text; raises BadParameter for one that is too long or holds no letter and no digit."""
    if len(text) > LONGEST:
        raise BadParameter(name, text, _("Write %(most)s characters or fewer.") % {"most": LONGEST})
    terms = list({term.forms: term for term in reversed(list(_terms(text)))}.values())[::-1]
    if not terms:
        raise BadParameter(name, text, _("Write at least one letter or digit."))
    telling = [term for term in terms if len(term.forms[0]) > 1 or term.forms[0][0] not in COMMON]
    left_out = [term.label for term in terms if term not in telling] if telling else []
    if len(telling or terms) > MOST_TERMS:
        raise BadParameter(name, text, _("Write %(most)s words or fewer.") % {"most": MOST_TERMS})
    return Query(tuple(telling or terms), tuple(left_out))


def _terms(text):
    position = 0
    for quoted in QUOTED.finditer(text):
        yield from _words(text[position : quoted.start()])
        stems = tuple(stem for token in tokens(quoted[1]) for stem in token.stems)
        if stems:
            yield Term(quoted[1].strip(), (stems,))
        position = quoted.end()
    yield from _words(text[position:])


def _words(text):
    run = []
    for token in tokens(text):
        if run and not is_joined(text, run[-1], token):
            yield _term(text, run)
            run = []
        run.append(token)
    if run:
        yield _term(text, run)


def _term(text, run):
    said = text[run[0].start : run[-1].end]
    forms = [tuple(stem for token in run for stem in token.stems)]
    forms += [(stem,) for stem in compounds(said)]
    return Term(said, tuple(dict.fromkeys(forms)))
