"""Where the words of a search stand: short passages of a commitment's texts, with what matched set apart.

Only what is public at the moment is read, and nothing of a source that may not be cited.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments.models import Assessment, Evidence

from .stems import COMPOUND, compounds, tokens

MOST = 2
# Characters before the first match, and of the whole passage.
LEAD, LENGTH = 60, 180


@dataclass(frozen=True)
class Passage:
    """A piece of a text: ``label`` says where it comes from, ``parts`` are (text, whether it matched) in order."""

    label: str
    parts: tuple


@dataclass(frozen=True)
class Text:
    """A text of a commitment in which a search may have found a word."""

    label: str
    text: str


@dataclass(frozen=True)
class Match:
    """A Term found in a text, from ``start`` to before ``end``."""

    start: int
    end: int
    term: int


def matches(text, terms):
    """The Matches of Terms in a text, in order and without overlap; of two that begin alike the longer one counts."""
    words = tokens(text)
    spelt = [stem for token in words for stem in token.stems]
    owner = [token for token in words for _stem in token.stems]
    found = [
        Match(owner[at].start, owner[at + len(form) - 1].end, number)
        for number, term in enumerate(terms)
        for form in term.forms
        for at in range(len(spelt) - len(form) + 1)
        if _reads(spelt[at : at + len(form)], form, begins=term.begins)
    ]
    found += _compound_matches(text, terms)
    kept = []
    for match in sorted(found, key=lambda one: (one.start, -one.end, one.term)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept


def _reads(stems, form, *, begins):
    return stems == list(form) or (begins and stems[:-1] == list(form[:-1]) and stems[-1].startswith(form[-1]))


def _compound_matches(text, terms):
    """Matches of one word in what the text writes with a hyphen: “antiterrorist” in “anti-terrorist”."""
    for joined in COMPOUND.finditer(text):
        stem = next(compounds(joined[0]), "")
        for number, term in enumerate(terms):
            if any(len(form) == 1 and _reads([stem], form, begins=term.begins) for form in term.forms):
                yield Match(joined.start(), joined.end(), number)


def marked(text, found, start=0, end=None):
    """The parts of ``text`` between two places: (text, whether it matched)."""
    end = len(text) if end is None else end
    parts, position = [], start
    for match in found:
        if start <= match.start and match.end <= end:
            parts += [(text[position : match.start], False), (text[match.start : match.end], True)]
            position = match.end
    parts.append((text[position:end], False))
    return tuple(part for part in parts if part[0])


def passage(text, found):
    """(The terms seen, the Passage) of a Text around the place where most of its terms stand together."""

    def seen(first):
        return {
            match.term for match in found if first.start <= match.start and match.end <= first.start + LENGTH - LEAD
        }

    best = max(found, key=lambda match: (len(seen(match)), -match.start))
    start, end = _window(text.text, best.start)
    parts = [("… ", False)] if start else []
    parts += marked(text.text, found, start, end)
    parts += [(" …", False)] if end < len(text.text) else []
    return seen(best), Passage(str(text.label), tuple(parts))


def _window(text, centre):
    """Where a passage round ``centre`` begins and ends: between words, and never far into the text if all fits."""
    if len(text) <= LENGTH:
        return 0, len(text)
    start = max(0, centre - LEAD)
    if start:
        gap = text.find(" ", start, centre)
        start = gap + 1 if gap >= 0 else centre
    end = min(len(text), start + LENGTH)
    if end < len(text):
        gap = text.rfind(" ", centre + 1, end)
        end = gap if gap > centre else end
    return start, end


def attach(standings, search):
    """Give each Standing of a page ``title_parts`` and ``passages`` for a Search.

    The standings come with revision, its source and parties, assessment, theme and summit. Two queries, however many.
    """
    judged = _judgements(standings, search.moment)
    for row in standings:
        found = matches(row.revision.title, search.terms)
        row.title_parts = marked(row.revision.title, found)
        row.passages = _best(_texts(row, judged[row.commitment_id]), search.terms, {match.term for match in found})


def _judgements(standings, moment):
    """{commitment: its Assessments at the moment, the newest first} with their citable evidence."""
    shown = Evidence.objects.select_related("source").order_by("position", "pk")
    judged = Assessment.objects.live_at(moment).filter(commitment__in=[row.commitment_id for row in standings])
    found = defaultdict(list)
    for one in judged.order_by("-as_of", "-pk").prefetch_related(Prefetch("evidence", shown)):
        found[one.commitment_id].append(one)
    return found


def _texts(row, judged):
    """The Texts of a standing beside its title, in the order in which readers would look."""
    revision = row.revision
    yield Text(_("Summary"), revision.summary)
    yield Text(_("What is counted"), revision.target_measure)
    if revision.target_quantity is not None:
        yield Text(_("Target"), f"{revision.target_quantity.normalize():,f} {revision.target_unit}")
    yield Text(_("In charge"), revision.responsible)
    yield Text(_("Note"), revision.note)
    for one in sorted(judged, key=lambda one: one.pk != row.assessment_id):
        when = {"day": date_format(one.as_of, "j F Y")}
        holds = one.pk == row.assessment_id
        yield Text(_("Rationale") if holds else _("Earlier rationale, %(day)s") % when, one.rationale)
        for shown in one.evidence.all():
            yield Text(_("Evidence") if holds else _("Earlier evidence, %(day)s") % when, shown.shows)
        yield Text(_("Note on the judgement") if holds else _("Earlier note, %(day)s") % when, one.note)
    parties = dict.fromkeys(part.party for part in revision.parties.all())
    for party in parties:
        yield Text(_("Party"), ", ".join(filter(None, (party.short_name, party.name, party.name_ru, party.name_zh))))
    if row.summit:
        yield Text(_("Summit"), ", ".join((row.summit.name, row.summit.place)))
    yield Text(_("Theme"), row.theme.name)
    yield Text(_("Key"), row.slug)
    yield from _source_texts(_("Source of the promise"), [revision.source])
    yield from _source_texts(_("Source"), [shown.source for one in judged for shown in one.evidence.all()])


def _source_texts(label, sources):
    for source in dict.fromkeys(sources):
        if source.is_citable:
            yield Text(label, f"{source.title} ({source.publisher})")


def _best(texts, terms, seen):
    """Up to MOST Passages that show most of the terms not seen yet; one at least where anything matches."""
    candidates = []
    for text in texts:
        found = matches(text.text, terms)
        if found:
            candidates.append(passage(text, found))
    chosen, seen = [], set(seen)
    while candidates and len(chosen) < MOST:
        best = max(candidates, key=lambda one: len(one[0] - seen))
        if chosen and not best[0] - seen:
            break
        candidates.remove(best)
        chosen.append(best[1])
        seen |= best[0]
    return chosen
