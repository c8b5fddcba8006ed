"""Reads BibTeX back with a parser that others have written."""

import warnings

with warnings.catch_warnings():
    # What it is built on has renamed what it calls; nothing in our power.
    warnings.simplefilter("ignore")
    import bibtexparser
    from bibtexparser.bparser import BibTexParser


def read_bibtex(text):
    """The fields of the one entry of a BibTeX file, as they are written."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (entry,) = bibtexparser.loads(text, BibTexParser(common_strings=False)).entries
    return entry
