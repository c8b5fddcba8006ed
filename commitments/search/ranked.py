"""A search of the standings at a moment: which match, in what order, and what to tell the reader about it.

Every standing keeps its texts as lines of stems (``projection.search_lines``). A word that is hit in one counts with
the weight of the line, times how rare the word is: whole numbers, added in the database, so that both databases come
to the same sum.
"""

from functools import cached_property, reduce
from operator import add, or_

from django.db.models import Case, Count, F, IntegerField, Max, Q, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual
from django.utils.translation import gettext as _

from commitments.models import Assessment, Evidence, Party, RevisionParty, Source, Standing, Summit, Theme

from .names import Names
from .query import Term, parse

# The lines of a standing: the promise's title; its other words; the judgement that holds; the judgements before it.
LINES = {"search_title": 12, "search_promise": 5, "search_record": 4, "search_history": 2}
SUMMIT, THEME, PARTY, MEMBER, SOURCE = 5, 3, 5, 1, 1
# How much more a title counts that has all words in a row.
IN_A_ROW = 4
# A beginning of fewer letters would be found in everything.
FEWEST_LETTERS = 4
# Up to so many matching standings are looked up once and then named by their numbers; more are matched by every query
# anew, since a list of numbers has a limit on either database.
FEW = 500


class Search:
    """The words ``text`` searched at ``moment``. Raises BadParameter for words that cannot be searched.

    Who asks for ``matching`` and ``order`` of one Search gets the same rows in the same order, whatever else narrows
    them: how many of the words must occur is decided on all standings of the moment.
    """

    def __init__(self, text, moment):
        self.text = text
        self.query = parse(text)
        self.moment = moment

    @cached_property
    def names(self):
        """The Names of the register."""
        return Names()

    @cached_property
    def _measured(self):
        """(terms, [how many standings have each], the most terms that one of them has, number of standings)."""
        terms = self.query.terms
        counts, best, number = self._measure(terms)
        if 0 in counts:
            # Nobody writes the word as it was typed; "kazakhst" may still be the beginning of one.
            terms = tuple(
                term if count or not _is_extensible(term) else Term(term.label, term.forms, begins=True)
                for term, count in zip(terms, counts, strict=True)
            )
            counts, best, number = self._measure(terms)
        return terms, counts, best, number

    def _measure(self, terms):
        hits = [self._is_hit(term) for term in terms]
        asked = {f"term_{i}": Count("pk", filter=hit) for i, hit in enumerate(hits)}
        if len(hits) > 1:
            asked["best"] = Max(_sum(hits))
        found = Standing.objects.at(self.moment).aggregate(number=Count("pk"), **asked)
        counts = [found[f"term_{i}"] for i in range(len(terms))]
        # One word needs no second look: the best has it, or nothing has.
        best = found.get("best", min(counts[0], 1)) or 0
        return counts, best, found["number"]

    @property
    def terms(self):
        """The Terms that are searched for."""
        return self._measured[0]

    @property
    def needed(self):
        """How many of the terms a standing must have: all of them, or as many as the best one has."""
        return self._measured[2]

    def matching(self, standings):
        """Those of a Standing queryset that match."""
        if not self.needed:
            return standings.none()
        return self._match(standings) if self._few is None else standings.filter(pk__in=self._few)

    @cached_property
    def _few(self):
        """The numbers of all standings that match, None where they are many."""
        every = self._match(Standing.objects.at(self.moment)).order_by()
        found = list(every.values_list("pk", flat=True)[: FEW + 1])
        return found if len(found) <= FEW else None

    def _match(self, standings):
        hits = [self._is_hit(term) for term in self.terms]
        if self.needed == len(hits):
            return reduce(lambda rows, hit: rows.filter(hit), hits, standings)
        return standings.filter(GreaterThanOrEqual(_sum(hits), self.needed))

    def order(self):
        """The order of the matching ones, for ``order_by``: the best first, then the newest promise; end it by key."""
        terms, counts, _best, number = self._measured
        parts = []
        for term, count in zip(terms, counts, strict=True):
            rarity = (number // count).bit_length() if count else 0
            parts += [_points(hit, weight * rarity) for weight, hit in self._hits(term)] if rarity else []
        if self.query.phrase:
            in_a_row = self.query.phrase
            parts += [_points(_is_in(line, in_a_row), weight * IN_A_ROW) for line, weight in LINES.items()]
        return [*([reduce(add, parts).desc()] if parts else []), "-made_on"]

    def _is_hit(self, term):
        return reduce(or_, (hit for _weight, hit in self._hits(term)))

    def _hits(self, term):
        """[(weight, Q)] of every place where a term may occur."""
        hits = [(weight, _is_in(line, term)) for line, weight in LINES.items()]
        hits += [(weight, condition) for weight, condition in self._name_hits(term) if condition is not None]
        return hits

    def _name_hits(self, term):
        themes, summits, parties, sources = (self.names.of(model, term) for model in (Theme, Summit, Party, Source))
        if themes:
            yield THEME, Q(theme__in=themes)
        if summits:
            yield SUMMIT, Q(summit__in=summits)
        if parties:
            parts = RevisionParty.objects.order_by().filter(party__in=parties)
            yield PARTY, Q(revision__in=parts.filter(as_member=False).values("revision"))
            yield MEMBER, Q(revision__in=parts.filter(as_member=True).values("revision"))
        if sources:
            judged = Assessment.objects.live_at(self.moment).order_by()
            shown = Evidence.objects.order_by().filter(source__in=sources, assessment__in=judged.values("pk"))
            yield SOURCE, Q(revision__source__in=sources) | Q(commitment__in=shown.values("assessment__commitment"))

    def notes(self):
        """Sentences for the reader: what was not found, found only in part, or left out; empty where all is plain."""
        terms, counts, best, _number = self._measured
        missing = [term.label for term, count in zip(terms, counts, strict=True) if not count]
        if best and best < len(terms):
            said = _("No commitment has all %(all)s words. Listed are those that have %(best)s of them.")
            yield said % {"all": len(terms), "best": best}
        if missing:
            yield _("Found nowhere: %(words)s.") % {"words": _listed(missing)}
        begun = [term.label for term, count in zip(terms, counts, strict=True) if term.begins and count]
        if begun:
            yield _("Found only as the beginning of a word: %(words)s.") % {"words": _listed(begun)}
        if self.query.left_out:
            yield _("Too common to search for: %(words)s.") % {"words": _listed(self.query.left_out)}


def _listed(words):
    return ", ".join(f"“{word}”" for word in words)


def _is_extensible(term):
    return len(term.forms[0][-1]) >= FEWEST_LETTERS


def _is_in(line, term):
    return reduce(or_, (Q(GreaterThan(StrIndex(F(line), Value(needle)), 0)) for needle in term.needles))


def _points(hit, points):
    return Case(When(hit, then=Value(points)), default=Value(0), output_field=IntegerField())


def _sum(hits):
    return reduce(add, (_points(hit, 1) for hit in hits))
