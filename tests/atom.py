"""Reads feeds back: the grammar of RFC 4287 and its rules in words, and what another parser sees."""

import datetime
from pathlib import Path

import feedparser
from lxml import etree

GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
NAMES = {"atom": "http://www.w3.org/2005/Atom"}
# What the RFC says in Schematron: an expression that finds what breaks the rule.
RULES = {
    "a feed has an author unless every entry has one": "//atom:feed[not(atom:author)][atom:entry[not(atom:author)]]",
    "an entry has an alternate link or content": (
        "//atom:entry[not(atom:link[@rel='alternate'] or atom:link[not(@rel)] or atom:content)]"
    ),
    "an entry has an author": "//atom:entry[not(atom:author or ../atom:author or atom:source/atom:author)]",
    # Section 4.1.1: MUST NOT, in words only.
    "no two entries have one id and one instant": ("//atom:entry[atom:id = preceding-sibling::atom:entry/atom:id]"),
}


def faults(text):
    """What RFC 4287 has against a document (bytes), as sentences."""
    document = etree.fromstring(text)
    found = [] if GRAMMAR.validate(document) else [str(error) for error in GRAMMAR.error_log]
    return found + [rule for rule, broken in RULES.items() if document.xpath(broken, namespaces=NAMES)]


class Feed:
    """A valid feed: ``head`` as feedparser reads it, ``entries``, ``links`` by rel, and the bytes it was read from."""

    def __init__(self, response):
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        self.text = response.content
        assert faults(self.text) == []
        parsed = feedparser.parse(self.text)
        assert not parsed.bozo, parsed.bozo_exception
        assert parsed.version == "atom10"
        self.head, self.entries = parsed.feed, parsed.entries
        self.links = {link.rel: link.href for link in self.head.links}

    @property
    def titles(self):
        return [entry.title for entry in self.entries]

    @property
    def ids(self):
        return [entry.id for entry in self.entries]


def feed_at(client, address):
    """The Feed at an address, which must answer with a valid one."""
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return Feed(response)


def instant(text):
    """An instant as Atom writes it."""
    return datetime.datetime.fromisoformat(text)
