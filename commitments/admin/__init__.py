"""The editors' desk: one module per noun, and what they share in desk.py, forms.py, filters.py and queue.py."""

from . import assessments, commitments, editions, parties, people, replies, retractions, site, sources, summits, themes

__all__ = [
    "assessments",
    "commitments",
    "editions",
    "parties",
    "people",
    "replies",
    "retractions",
    "site",
    "sources",
    "summits",
    "themes",
]
