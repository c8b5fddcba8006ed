"""Which of five ingredients a promise names: who, what, how much, by when, and how anybody could check it.

They are read from the fields of the published wording and from nothing else, and describe the wording only: never what
anybody did about it. Each is declared once: the card on a commitment's page, the filters, the chips, the page on
quality and the methodology read the declarations. In Python for one wording (``named_by``), in the database for many
(``Ingredient.expression``): both say the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commitments.choices import UNCOUNTED_BASES, Checkable, Kind, Obligation, PartyRole, Vocabulary
from commitments.models import RevisionParty
from commitments.models.fields import grouped_number


class Named(Vocabulary):
    """Whether a wording names an ingredient."""

    YES = ("yes", _lazy("The wording names it."), _lazy("named"))
    PARTLY = ("partly", _lazy("The wording names a part of it."), _lazy("in part"))
    NO = ("no", _lazy("The wording does not name it."), _lazy("not named"))


@dataclass(frozen=True)
class Ingredient:
    """One ingredient.

    ``name`` is also the parameter by which the list filters; ``rules`` and ``phrases`` say for each value when it is
    given, and how a filter by it reads. ``read`` takes a Revision and gives the value and the sentence that says why;
    ``expression`` gives the same value for a Standing in the database.
    """

    name: str
    label: str
    question: str
    rules: dict
    phrases: dict
    read: Callable
    expression: object

    @property
    def values(self):
        """[(value, what it is called, the rule)] of every value that it can have."""
        return [(value, Named(value).label, rule) for value, rule in self.rules.items()]

    @property
    def choices(self):
        return [(value, Named(value).label) for value in self.rules]


@dataclass(frozen=True)
class Finding:
    """What one wording names of one ingredient: the value, and the sentence that says why."""

    ingredient: Ingredient
    value: Named
    said: str


@dataclass(frozen=True)
class Names:
    """The Findings of one wording, in the order of the ingredients."""

    findings: tuple

    def _number(self, value):
        return sum(one.value == value for one in self.findings)

    @property
    def total(self):
        return len(self.findings)

    @property
    def named(self):
        return self._number(Named.YES)

    @property
    def partly(self):
        return self._number(Named.PARTLY)

    @property
    def missing(self):
        return self._number(Named.NO)


def named_by(revision):
    """The Names of a Revision whose parties should be prefetched. No query of its own."""
    found = ((one, *one.read(revision)) for one in INGREDIENTS)
    return Names(tuple(Finding(one, Named(value), str(said)) for one, value, said in found))


# Who. Those who call on others, or recommend, do not promise: only a body in charge says who is to act.
PLEDGED = RevisionParty.objects.filter(revision=OuterRef("revision"), role=PartyRole.PLEDGER, as_member=False)
PROMISED = ~Q(basis__in=UNCOUNTED_BASES)


def _who(revision):
    named = revision.named_in_words(PartyRole.PLEDGER) if revision.basis not in UNCOUNTED_BASES else []
    names = ", ".join(label for _party, label in named)
    said = {"names": names, "body": revision.responsible}
    if revision.responsible:
        text = _("Promised by %(names)s. In charge: %(body)s.") if named else _("In charge: %(body)s.")
        return Named.YES, text % said
    if any(not party.stands_for_members for party, _label in named):
        return Named.YES, _("Promised by %(names)s.") % said
    if named:
        return Named.PARTLY, _("Promised by %(names)s together; no body in charge is named.") % said
    return Named.NO, _("Nobody is named who is to act.")


# What. These kinds are deeds and things: they are there or they are not.
DEEDS = (Kind.FINANCE, Kind.TRAINING, Kind.INSTITUTION, Kind.LEGAL_INSTRUMENT, Kind.EVENT)


def _what(revision):
    kind, obligation = Kind(revision.kind), Obligation(revision.obligation)
    said = {"kind": kind.label, "measure": revision.target_measure, "meaning": kind.meaning, "aim": obligation.meaning}
    if revision.target_measure:
        return Named.YES, _("%(kind)s: %(measure)s.") % said
    if kind in DEEDS:
        return Named.YES, _("%(kind)s: %(meaning)s") % said
    if obligation == Obligation.ASPIRATIONAL:
        return Named.NO, _("%(kind)s: %(meaning)s %(aim)s Nothing is named that could be counted.") % said
    return Named.PARTLY, _("%(kind)s: %(meaning)s Nothing is named that could be counted.") % said


def _target(revision):
    if revision.target_quantity is None:
        return Named.NO, _("No amount is named.")
    said = {"amount": grouped_number(revision.target_quantity), "unit": revision.target_unit}
    return Named.YES, _("%(amount)s %(unit)s.") % said


def _deadline(revision):
    if revision.due:
        return Named.YES, f"{date_format(revision.due, 'j F Y')}."
    obligation = Obligation(revision.obligation)
    if obligation == Obligation.ONE_OFF:
        return Named.NO, _("No deadline is named.")
    return Named.NO, _("No deadline is named. %(obligation)s: %(meaning)s") % {
        "obligation": obligation.label, "meaning": obligation.meaning,
    }  # fmt: skip


def _checkable(revision):
    return Named(revision.checkable), revision.checkable_note


def _first(*cases):
    """The value of the first (value, Q) that holds, else "no"."""
    whens = [When(condition, then=Value(str(value))) for value, condition in cases]
    return Case(*whens, default=Value(str(Named.NO)), output_field=CharField())


INGREDIENTS = (
    Ingredient(
        name="who",
        label=_lazy("Who"),
        question=_lazy("Who is to act?"),
        rules={
            "yes": _lazy("A state or organisation that promised is named singly, or a body in charge is."),
            "partly": _lazy("Only “all members” together promised, and no body in charge is named."),
            "no": _lazy("Nobody is named; who calls on others, or recommends, does not promise to act."),
        },
        phrases={
            "yes": _lazy("naming who is to act"),
            "partly": _lazy("promised by all members with nobody in charge"),
            "no": _lazy("naming nobody who is to act"),
        },
        read=_who,
        expression=_first(
            (
                Named.YES,
                ~Q(revision__responsible="") | PROMISED & Q(Exists(PLEDGED.filter(party__stands_for_members=False))),
            ),
            (Named.PARTLY, PROMISED & Q(Exists(PLEDGED))),
        ),
    ),
    Ingredient(
        name="what",
        label=_lazy("What"),
        question=_lazy("What is to be done?"),
        rules={
            "yes": _lazy(
                "Money, training, an institution, a legal instrument or an event, or anything with a measure: it is "
                "there or it is not."
            ),
            "partly": _lazy("A programme or a line of conduct without a measure."),
            "no": _lazy(
                "A programme or a line of conduct without a measure that is only an aim without a defined end."
            ),
        },
        phrases={
            "yes": _lazy("naming what is to be done"),
            "partly": _lazy("naming a programme or conduct without a measure"),
            "no": _lazy("naming an aim only"),
        },
        read=_what,
        expression=_first(
            (Named.YES, Q(kind__in=DEEDS) | ~Q(revision__target_measure="")),
            (Named.PARTLY, ~Q(obligation=Obligation.ASPIRATIONAL)),
        ),
    ),
    Ingredient(
        name="target",
        label=_lazy("How much"),
        question=_lazy("How much of it?"),
        rules={
            "yes": _lazy("An amount is named, with its unit and what it counts."),
            "no": _lazy("No amount is named."),
        },
        phrases={"yes": _lazy("naming an amount"), "no": _lazy("naming no amount")},
        read=_target,
        expression=_first((Named.YES, Q(revision__target_quantity__isnull=False))),
    ),
    Ingredient(
        name="deadline",
        label=_lazy("By when"),
        question=_lazy("By which day?"),
        rules={
            "yes": _lazy("A day is named by which it is to be done."),
            "no": _lazy("No day is named; a continuing promise has none by its nature, and that is said beside it."),
        },
        phrases={"yes": _lazy("naming a deadline"), "no": _lazy("naming no deadline")},
        read=_deadline,
        expression=_first((Named.YES, Q(due__isnull=False))),
    ),
    Ingredient(
        name="checkable",
        label=_lazy("Checkable how"),
        question=_lazy("Could anybody tell that it was done, and by what?"),
        rules={value: Checkable(value).meaning for value in Checkable.values},
        phrases={},
        read=_checkable,
        expression=F("checkable"),
    ),
)
BY_NAME = {one.name: one for one in INGREDIENTS}
# For queries from Standing: VALUES first, then ``names=NUMBER``, which counts those that are named in full.
VALUES = {f"names_{one.name}": one.expression for one in INGREDIENTS}
NUMBER = sum(
    (Case(When(**{name: "yes"}, then=Value(1)), default=Value(0), output_field=IntegerField()) for name in VALUES),
    start=Value(0),
)
