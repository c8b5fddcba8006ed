"""Names that are shown as they are now: which parties, themes, summits and sources a Term names.

They are compared when somebody asks and not copied into the standings, so a new name is found at once. A source that
may not be cited is never among them.
"""

from functools import lru_cache

from commitments.choices import Terms
from commitments.models import Party, Source, Summit, Theme

from .stems import column

# Keys are words too: "tashkent-2004".
FIELDS = {
    Party: ("code", "name", "short_name", "name_ru", "name_zh"),
    Theme: ("name",),
    Summit: ("name", "place", "key"),
    Source: ("title", "publisher", "key"),
}


@lru_cache(maxsize=20_000)
def _line(texts):
    return column(*texts)


def citable():
    """The Source queryset that readers may know of."""
    return Source.objects.exclude(terms=Terms.NO_CITATION)


class Names:
    """The names in the register, read once; ``of(model, term)`` are the ids of the records that a Term names."""

    def __init__(self, models=tuple(FIELDS)):
        self._lines = {}
        for model in models:
            records = citable() if model is Source else model.objects
            rows = records.order_by("pk").values_list("pk", *FIELDS[model])
            self._lines[model] = [(pk, _line(tuple(texts))) for pk, *texts in rows]

    def of(self, model, term):
        """The ids of the records of ``model`` in one of whose names ``term`` occurs, in order."""
        return [pk for pk, line in self._lines[model] if term.is_in(line)]


def matching(sources, query, names=None):
    """Those of a queryset of citable Sources in whose title, publisher or key every Term of a Query occurs.

    ``names`` are the Names of the register where they have been read already.
    """
    names = names or Names([Source])
    for term in query.terms:
        sources = sources.filter(pk__in=names.of(Source, term))
    return sources
