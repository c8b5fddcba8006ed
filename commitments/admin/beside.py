"""Two texts, or two sets of rows, beside each other with what differs marked: what a publisher reads.

What is new or taken out is marked by an element and by words, never by colour alone.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NOTHING = "—"
# Below this likeness two texts are marked whole: word by word they would be confetti.
LIKE_ENOUGH = 0.4
# Comparing takes time with the square of the length; nobody reads a longer text word by word.
MOST_WORDS = 3000


def _mark(text, element, said):
    """``text`` in an element that says in words too what it means; the space before it stays outside."""
    words = text.lstrip()
    return format_html(
        '{}<{}><span class="visually-hidden">{} </span>{}</{}>',
        text[: len(text) - len(words)], element, said, words, element,
    )  # fmt: skip


def _taken_out(text):
    return _mark(text, "del", _("taken out:"))


def _new(text):
    return _mark(text, "ins", _("new:"))


def marked(before, after):
    """Two texts as HTML: the first with the words that go in ``del``, the second with those that come in ``ins``."""
    before, after = str(before), str(after)
    if before == after:
        return format_html("{}", before), format_html("{}", after)
    # Each word with the space before it, so that a run of them is marked as one.
    words = [re.findall(r"\s*\S+", text) for text in (before, after)]
    matcher = SequenceMatcher(None, *words, autojunk=False)
    whole = NOTHING in (before, after) or max(map(len, words)) > MOST_WORDS
    if whole or matcher.ratio() < LIKE_ENOUGH:
        return (
            before if before == NOTHING else _taken_out(before),
            after if after == NOTHING else _new(after),
        )
    old, new = [], []
    for what, start, end, begin, until in matcher.get_opcodes():
        gone, come = "".join(words[0][start:end]), "".join(words[1][begin:until])
        old.append(gone if what == "equal" or not gone else _taken_out(gone))
        new.append(come if what == "equal" or not come else _new(come))
    return tuple(format_html_join("", "{}", ((piece,) for piece in pieces)) for pieces in (old, new))


STATES = {
    "same": gettext_lazy("unchanged"),
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "gone": gettext_lazy("taken out"),
}


@dataclass(frozen=True)
class Line:
    """One field, or one row of evidence: what it is called, both texts as HTML, and which of STATES it is in."""

    label: str
    now: SafeString
    after: SafeString
    state: str

    @property
    def state_label(self):
        return STATES[self.state]


def line(label, now, after):
    """The Line of something that reads ``now`` and will read ``after``; '—' where there is nothing."""
    now, after = str(now), str(after)
    state = "changed"
    if now == after:
        state = "same"
    elif NOTHING in (now, after):
        state = "new" if now == NOTHING else "gone"
    return Line(label, *marked(now, after), state)


def rows(old, new, *, key, label, text):
    """The Lines of rows beside those they take the place of, in the order of the new ones, those taken out last.

    ``key(row)`` says which belong together, ``label(row)`` what the row is about, ``text(row)`` what it says.
    """
    before, after = {key(row): row for row in old}, {key(row): row for row in new}
    lines = [line(label(row), text(before[at]) if at in before else NOTHING, text(row)) for at, row in after.items()]
    return lines + [line(label(row), text(row), NOTHING) for at, row in before.items() if at not in after]
