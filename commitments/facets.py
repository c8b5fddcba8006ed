"""Facets: how many commitments each value would leave, chips for what is in force, and the list in a sentence.

A count applies every filter but the facet's own, which is the rule users expect. Data comes out; templates draw it.
"""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commitments.choices import Basis, Checkable, Kind, Obligation, Status
from commitments.filters import YES_NO
from commitments.ingredients import INGREDIENTS
from commitments.models import Party, RevisionParty, Standing, Summit, Theme
from commitments.moment import PARAMETERS as CLOCKS


@dataclass(frozen=True)
class Option:
    """One value of a facet; ``url`` is the query string with the value toggled."""

    value: str
    label: str
    count: int
    selected: bool
    url: str


@dataclass(frozen=True)
class Facet:
    """One filter with its options."""

    name: str
    label: str
    options: list

    @property
    def is_active(self):
        return any(option.selected for option in self.options)


@dataclass(frozen=True)
class Chip:
    """One filter value in force; ``url`` is the query string without it."""

    name: str
    label: str
    value: str
    url: str


VOCABULARIES = {"status": Status, "kind": Kind, "basis": Basis, "obligation": Obligation, "checkable": Checkable}
RECORDS = {"theme": (Theme, "slug"), "summit": (Summit, "key")}
ORDER = ("status", "theme", "summit", "party", "kind", "basis", "obligation", "checkable", "overdue", "self_reported")
# How a filter reads in the sentence; the rest read as "label value".
PHRASES = {
    "status": _lazy("%(values)s"),
    "theme": _lazy("theme %(values)s"),
    "summit": _lazy("made at %(values)s"),
    "party": _lazy("%(values)s as pledger or beneficiary"),
    "pledger": _lazy("pledged by %(values)s"),
    "beneficiary": _lazy("for %(values)s"),
    "q": _lazy("with the words “%(values)s”"),
    "made_from": _lazy("made from %(values)s"),
    "made_to": _lazy("made until %(values)s"),
    "due_from": _lazy("due from %(values)s"),
    "due_to": _lazy("due until %(values)s"),
    "names": _lazy("naming %(values)s of five ingredients"),
}
SAID = {
    ("overdue", "yes"): _lazy("overdue"),
    ("overdue", "no"): _lazy("not overdue"),
    ("self_reported", "yes"): _lazy("self-reported"),
    ("self_reported", "no"): _lazy("not self-reported"),
    ("flagged", "yes"): _lazy("below the evidence rule"),
    ("flagged", "no"): _lazy("not below the evidence rule"),
    ("pledgers", "one"): _lazy("promised by one party alone"),
    ("pledgers", "several"): _lazy("promised by several parties by name"),
    ("pledgers", "all-members"): _lazy("promised by all members"),
    ("official", "yes"): _lazy("resting on an official source"),
    ("official", "no"): _lazy("not resting on an official source"),
    ("single_source", "yes"): _lazy("resting on one source only"),
    ("single_source", "no"): _lazy("not resting on one source only"),
    ("conflicting", "yes"): _lazy("with sources that conflict"),
    ("conflicting", "no"): _lazy("without sources that conflict"),
    ("stale", "yes"): _lazy("open and judged over 12 months before"),
    ("stale", "no"): _lazy("not waiting over 12 months for a new judgement"),
    ("promise", "yes"): _lazy("promises of those who made them"),
    ("promise", "no"): _lazy("calls on others and recommendations"),
    **{(one.name, value): phrase for one in INGREDIENTS for value, phrase in one.phrases.items()},
    ("totals", "counted"): _lazy("in the totals"),
    ("totals", "left-out"): _lazy("left out of the totals"),
}


def query_with(parameters, name, values):
    """The query string with ``name`` set to ``values``, without the page, moment kept; begins with "?"."""
    copy = parameters.copy()
    copy.pop("page", None)
    copy.setlist(name, values)
    if not values:
        copy.pop(name, None)
    return f"?{copy.urlencode()}"


def _toggled(parameters, name, value, *, single):
    chosen = [one for one in parameters.getlist(name) if one]
    if value in chosen:
        return query_with(parameters, name, [one for one in chosen if one != value])
    return query_with(parameters, name, [value] if single else [*chosen, value])


def facets(chosen):
    """The Facets of a CommitmentFilter that has been checked. A constant number of queries."""
    return [Facet(name, chosen.filters[name].label, list(_options(chosen, name))) for name in ORDER]


def _options(chosen, name):
    selected = {value for value, _label in chosen.in_force.get(name, [])}
    single = name in ("overdue", "self_reported")
    for value, label, count in _counted(chosen, name):
        if count or value in selected:
            url = _toggled(chosen.data, name, value, single=single)
            yield Option(value, str(label), count, value in selected, url)


def _counted(chosen, name):
    """(value, label, count) of every value a facet could take, nought included."""
    rows = chosen.rows(without=name).order_by()
    if name in VOCABULARIES:
        counts = dict(rows.values_list(name).annotate(Count("pk")))
        return [(value, label, counts.get(value, 0)) for value, label in VOCABULARIES[name].choices]
    if name in RECORDS:
        model, key = RECORDS[name]
        counts = dict(rows.values_list(f"{name}_id").annotate(Count("pk")))
        return [(getattr(one, key), str(one), counts.get(one.pk, 0)) for one in model.objects.all()]
    if name == "party":
        parts = RevisionParty.objects.filter(revision__in=rows.values("revision")).order_by()
        counts = dict(parts.values_list("party").annotate(Count("revision", distinct=True)))
        return [(one.code, str(one), counts.get(one.pk, 0)) for one in Party.objects.all()]
    total = rows.count()
    condition = Standing.overdue_condition(chosen.moment.as_of) if name == "overdue" else {name: True}
    yes = rows.filter(condition).count() if name == "overdue" else rows.filter(**condition).count()
    return [(value, label, yes if value == "yes" else total - yes) for value, label in YES_NO]


def chips(chosen):
    """The Chips of a CommitmentFilter that has been checked."""
    found = []
    for name, pairs in chosen.in_force.items():
        values = [value for value, _label in pairs]
        for value, label in pairs:
            rest = [one for one in values if one != value]
            said = SAID.get((name, value))
            heading = "" if said else chosen.filters[name].label
            found.append(Chip(name, str(heading), str(said or label), query_with(chosen.data, name, rest)))
    return found


def sentence(chosen):
    """The list in words: “Stalled or In progress; theme Economy; pledged by China”, '' when nothing narrows it."""
    parts = []
    for name, pairs in chosen.in_force.items():
        said = SAID.get((name, pairs[0][0]))
        values = _(" or ").join(str(label) for _value, label in pairs)
        phrase = PHRASES.get(name)
        plain = f"{chosen.filters[name].label}: {values}"
        parts.append(str(said) if said else phrase % {"values": values} if phrase else plain)
    return "; ".join(parts)


def heading(said):
    """What the list is called: “Commitments”, and its ``sentence`` where something narrows it."""
    return _("Commitments: %(sentence)s") % {"sentence": said} if said else _("Commitments")


def clear_url(parameters):
    """The query string without any filter, the moment kept."""
    kept = parameters.copy()
    for name in list(kept):
        if name not in CLOCKS:
            kept.pop(name)
    return f"?{kept.urlencode()}"
