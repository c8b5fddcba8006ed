"""Finds commitments by words. One function, so that a full-text engine can take its place."""

from commitments.projection import fold


def words(text):
    """The words that a search for ``text`` looks for, folded; none where it holds only spaces and loose accents."""
    return fold(text).split()


def matching(standings, text):
    """Those of a Standing queryset in whose text every word of ``text`` occurs; case, accents and width do not matter.

    The text searched holds title, summary, measure, note and key of the wording, and rationale and evidence of the
    judgement that holds.
    """
    for word in words(text):
        standings = standings.filter(search_text__contains=word)
    return standings
