"""Whose work a draft is and where it stands on its way: for the desk's lists, its first page and its reminders."""

from dataclasses import dataclass

from django.db.models import BooleanField, Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from commitments.models import Assessment, Commitment, Reply, Retraction, Standing

# What is written by one person and published by another, with what the name of each is made of.
DRAFTS = {
    Commitment: (),
    Assessment: ("commitment", "corrects"),
    Reply: ("party",),
    Retraction: ("assessment__commitment", "reply", "commitment"),
}


def in_state(model, state):
    """The Q of the records of ``model`` in one state: draft, submitted, returned or published.

    A working copy is published where nobody has changed it since.
    """
    conditions = {
        "submitted": Q(submitted_at__isnull=False),
        "returned": Q(submitted_at=None) & ~Q(return_reason=""),
        "draft": Q(submitted_at=None, return_reason=""),
    }
    if model is Commitment:
        public = Q(pk__in=Standing.objects.values("commitment"))
        settled = public & Q(author=None, submitted_at=None, return_reason="")
        return {**conditions, "draft": conditions["draft"] & ~settled, "published": settled}[state]
    if state == "published":
        return Q(edition__isnull=False)
    return conditions[state] & Q(edition=None)


def written_by(person):
    """The Q of what a person wrote or has edited: whose ``writers`` have the person among them."""
    return Q(author=person) | Q(edited_by=person) | Q(earlier_writers__contains=f" {person.pk} ")


def written_by_others(person):
    """The Q of what somebody else wrote and this person did not change."""
    return ~written_by(person) & Q(author__isnull=False)


@dataclass(frozen=True)
class Pile:
    """Drafts that one person has to do with: those in ``state`` that are (or are not) that person's own work."""

    name: str
    label: str
    meaning: str
    state: str
    own: bool
    told: str


PILES = (
    Pile(
        "returned",
        _("Returned to you"),
        _("A publisher sent it back with a reason. Mend it and submit it again."),
        "returned",
        own=True,
        told=_("returned on %(day)s"),
    ),
    Pile(
        "drafts",
        _("Your drafts"),
        _("Begun by you, and not submitted yet."),
        "draft",
        own=True,
        told=_("last saved on %(day)s"),
    ),
    Pile(
        "awaiting",
        _("Awaiting a second person"),
        _("Submitted by others. A publisher reads it, and publishes or returns it."),
        "submitted",
        own=False,
        told=_("submitted on %(day)s"),
    ),
    Pile(
        "submitted",
        _("Your submitted work"),
        _("Submitted by you; a second person publishes it."),
        "submitted",
        own=True,
        told=_("submitted on %(day)s"),
    ),
)
# Days after which a draft that nobody touched is asked about.
LEFT_AFTER = 14


def last_saved(model):
    """The expression of when a draft was last saved: its history knows, else when it was made."""
    if not hasattr(model, "history"):
        return F("recorded_at")
    saved = model.history.model.objects.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    return Coalesce(Subquery(saved.values("history_date")[:1]), F("recorded_at"))


def _in_hand(records, person):
    """(id, state, own, since) of what a person has to do with among the ``records`` of one model."""
    model = records.model
    states = [When(in_state(model, state), then=Value(state)) for state in ("submitted", "returned", "draft")]
    own = written_by(person)
    return (
        records.order_by()
        .annotate(
            at=Case(*states, default=Value(""), output_field=CharField()),
            own=Case(When(own, then=Value(True)), default=Value(False), output_field=BooleanField()),
            since=Coalesce(F("submitted_at"), last_saved(model)),
        )
        .exclude(at="")
        .filter(own | Q(at="submitted", author__isnull=False))
        .values_list("pk", "at", "own", "since")
    )


def in_hand(person, *, records=None, shown=5, left_before=None):
    """{name of a Pile: (counts, oldest)} of the drafts that ``person`` has to do with.

    ``counts`` is {model: number}, for the models of which there are any; ``oldest`` are the first ``shown`` pairs
    (record, since), since when it stands there, oldest first. ``records`` are {model: queryset} of what the person may
    see. Of those in state draft only such count as nobody has saved since ``left_before``, where that is given. At most
    two queries for each model.
    """
    if records is None:
        records = {model: model.objects.all() for model in DRAFTS}
    names = {(pile.state, pile.own): pile.name for pile in PILES}
    found = {pile.name: [] for pile in PILES}
    for model, rows in records.items():
        for pk, state, own, since in _in_hand(rows, person):
            if left_before and state == "draft" and since > left_before:
                continue
            found[names[state, own]].append((since, pk, model))
    for pile in found.values():
        pile.sort(key=lambda row: row[:2])
    wanted = [row for pile in found.values() for row in pile[:shown]]
    read = {
        model: model.objects.select_related(*DRAFTS[model]).in_bulk([pk for _at, pk, of in wanted if of is model])
        for model in {row[2] for row in wanted}
    }
    return {
        name: (
            {model: sum(of is model for _at, _pk, of in pile) for model in records if any(r[2] is model for r in pile)},
            [(read[model][pk], since) for since, pk, model in pile[:shown]],
        )
        for name, pile in found.items()
    }
