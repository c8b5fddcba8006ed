"""How good the promises are: how many could never be checked and why, and what their wordings name, in figures.

A promise is a commitment of those who made it: calls on others and recommendations stand apart. Unlike the totals,
these figures include what cannot be checked, since that is what they are about. Every Figure carries the filters of the
list behind it. Plain data comes out; every function takes a constant number of queries.
"""

from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from commitments.choices import UNCOUNTED_BASES, Checkable
from commitments.ingredients import INGREDIENTS, NUMBER, VALUES, Named
from commitments.models import Summit, Theme

GROUPS = {"theme": Theme, "summit": Summit}


@dataclass(frozen=True)
class Figure:
    """``count`` of ``of``, what it means, and the filters of the lists behind both numbers."""

    label: str
    count: int
    of: int
    filters: dict
    of_filters: dict
    meaning: str = ""

    @property
    def share(self):
        """Per cent of the denominator; None where that is nought."""
        return self.count * 100 / self.of if self.of else None


PROMISE = {"promise": "yes"}
# The list behind a number of a group of promises, by what the group lacks.
COLUMNS = {
    "never": ({"checkable": "no"}, Q(checkable=Checkable.NO)),
    "partly": ({"checkable": "partly"}, Q(checkable=Checkable.PARTLY)),
    "no_target": ({"target": "no"}, Q(names_target=Named.NO)),
    "no_deadline": ({"deadline": "no"}, Q(names_deadline=Named.NO)),
}


@dataclass(frozen=True)
class Promises:
    """What the promises of those who made them name; calls on others and recommendations stand apart.

    ``checkable`` are the Figures of "yes", "partly" and "no"; ``ingredients`` [(Ingredient, {value: Figure})];
    ``names`` how many name 0 … 5 of them; ``why`` {"never", "partly": what those lack, most frequent first}.
    """

    total: int
    left_out: Figure
    checkable: dict
    ingredients: list
    names: list
    why: dict

    @property
    def never(self):
        """The Figure of those that could never be checked."""
        return self.checkable["no"]

    @property
    def partly(self):
        """The Figure of those of which only a part could be checked."""
        return self.checkable["partly"]


@dataclass(frozen=True)
class Group:
    """The promises of one theme or summit: their number and Figures by the names of ``COLUMNS``."""

    record: object
    total: Figure
    figures: dict = field(default_factory=dict)


def _lacking():
    """(ingredient, value) of everything that a wording can lack; whether it is checkable is the question itself."""
    return [(one, value) for one in INGREDIENTS if one.name != "checkable" for value in one.rules if value != Named.YES]


def promises(standings):
    """The Promises of a Standing queryset. One query."""
    rows = standings.order_by().annotate(**VALUES).annotate(names=NUMBER)
    own = ~Q(basis__in=UNCOUNTED_BASES)
    wanted = {"listed": Q(), "total": own}
    for one in INGREDIENTS:
        wanted |= {f"{one.name}_{value}": own & Q(**{f"names_{one.name}": value}) for value in one.rules}
    wanted |= {f"named_{number}": own & Q(names=number) for number in range(len(INGREDIENTS) + 1)}
    for said, checkable in (("never", Checkable.NO), ("partly", Checkable.PARTLY)):
        for one, value in _lacking():
            lacks = Q(checkable=checkable) & Q(**{f"names_{one.name}": value})
            wanted[f"{said}_{one.name}_{value}"] = own & lacks
    found = rows.aggregate(**{key: Count("pk", filter=condition) for key, condition in wanted.items()})
    return _promises(found)


def _promises(found):
    total = found["total"]

    def figure(label, key, meaning="", *, of=total, within=None, **filters):
        within = within or PROMISE
        return Figure(str(label), found[key], of, {**within, **filters}, within, str(meaning))

    def lacks(said, value):
        within = {**PROMISE, "checkable": value}
        rows = [
            figure(one.phrases[lack], f"{said}_{one.name}_{lack}", one.rules[lack], of=found[f"checkable_{value}"],
                   within=within, **{one.name: lack})
            for one, lack in _lacking()
        ]  # fmt: skip
        return sorted((row for row in rows if row.count), key=lambda row: -row.count)

    return Promises(
        total=total,
        left_out=Figure(
            str(_("Calls on others and recommendations")),
            found["listed"] - total,
            found["listed"],
            {"promise": "no"},
            {},
        ),
        checkable={
            value: figure(Checkable(value).label, f"checkable_{value}", Checkable(value).meaning, checkable=value)
            for value in Checkable.values
        },
        ingredients=[
            (
                one,
                {
                    value: figure(label, f"{one.name}_{value}", meaning, **{one.name: value})
                    for value, label, meaning in one.values
                },
            )
            for one in INGREDIENTS
        ],
        names=[figure(str(number), f"named_{number}", names=number) for number in range(len(INGREDIENTS) + 1)],
        why={"never": lacks("never", "no"), "partly": lacks("partly", "partly")},
    )


def promise_groups(standings, group):
    """The Groups of a Standing queryset by "theme" or "summit", in the order of the model. Two queries.

    Groups without a promise are left out, and so are promises without a summit.
    """
    rows = standings.promises().order_by().annotate(**VALUES).values(f"{group}_id")
    counts = {name: Count("pk", filter=condition) for name, (_filters, condition) in COLUMNS.items()}
    found = {row[f"{group}_id"]: row for row in rows.annotate(total=Count("pk"), **counts)}
    groups = []
    for record in GROUPS[group].objects.all():
        if record.pk in found:
            row = found[record.pk]
            within = {**PROMISE, group: getattr(record, "slug", None) or record.key}
            figures = {
                name: Figure(name, row[name], row["total"], {**within, **filters}, within)
                for name, (filters, _condition) in COLUMNS.items()
            }
            groups.append(Group(record, Figure("", row["total"], row["total"], within, within), figures))
    return groups


@dataclass(frozen=True)
class Summary:
    """One sentence on the quality of the promises: ``never`` and ``partly`` are Figures, ``reasons`` what they lack."""

    never: Figure
    partly: Figure
    reasons: list


def quality_summary(standings, few=3):
    """The Summary of a Standing queryset: how many promises could never be checked, and what most of these lack.

    Where none could never be checked, the reasons are those of the promises that are checkable in part. One query.
    """
    found = promises(standings)
    return Summary(found.never, found.partly, (found.why["never"] or found.why["partly"])[:few])
