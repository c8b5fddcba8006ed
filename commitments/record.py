"""How good our own record is: on what the judgements rest, how the sources are kept, how often we were wrong.

The marks of a judgement's evidence are declared here once; the list filters by them, and the figures count them. Plain
data comes out; every function takes a constant number of queries, however many commitments there are.
"""

import calendar
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, Exists, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from commitments import changes
from commitments.choices import CLOSED, OFFICIAL_KINDS, Bearing, ChangeKind, Obligation, Status
from commitments.models import Evidence
from commitments.promises import Figure

# Marks: what of a judgement's evidence the list can be asked for. Exists, so that no standing is multiplied.
EVIDENCE = Evidence.objects.filter(assessment=OuterRef("assessment"))
SUPPORTING = EVIDENCE.filter(bearing=Bearing.SUPPORTS)
_SUPPORTS = SUPPORTING.order_by().values("assessment").annotate(number=Count("pk")).values("number")
# Not closed for good: a continuing commitment that was fulfilled for a period is judged again.
OPEN = ~Q(status__in=CLOSED) | Q(status=Status.FULFILLED, obligation=Obligation.CONTINUING)


def year_before(day):
    """The same day twelve months earlier; 29 February becomes the 28th."""
    year = max(day.year - 1, 1)
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def mark(name, day=None):
    """The yes-or-no expression of one mark for a Standing; "stale" is as of ``day`` (a date)."""
    if name == "stale":
        condition = OPEN & Q(as_of__isnull=False, as_of__lt=year_before(day))
    else:
        condition = {
            "official": Q(Exists(SUPPORTING.filter(source_kind__in=OFFICIAL_KINDS))),
            "single_source": Q(supports=1),
            "conflicting": Q(Exists(SUPPORTING)) & Q(Exists(EVIDENCE.filter(bearing=Bearing.CONTRADICTS))),
        }[name]
    # A Case, since NOT of a comparison with NULL would drop the row from both answers.
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def marked(standings, name, day):
    """A Standing queryset that can be filtered by ``mark_<name>``."""
    counted = {"supports": Coalesce(Subquery(_SUPPORTS, output_field=IntegerField()), 0)}
    return standings.alias(**(counted if name == "single_source" else {}), **{f"mark_{name}": mark(name, day)})


# Our own record: on what the judgements of the counted commitments rest.
COUNTED = {"totals": "counted"}
JUDGED = {**COUNTED, "status": [value for value in Status.values if value != Status.NOT_ASSESSED]}


@dataclass(frozen=True)
class Measure:
    """One measure of our own record: ``name`` is what the Figure counts, ``filters`` the list behind it."""

    name: str
    label: str
    meaning: str
    filters: dict
    of: dict


MEASURES = (
    Measure(
        "judged",
        _("Judged"),
        _("A published judgement holds; “no evidence found” is one."),
        {"status": JUDGED["status"]},
        COUNTED,
    ),
    Measure(
        "not_assessed",
        _("Not assessed"),
        _("Nobody has published a judgement that holds on this day."),
        {"status": "not_assessed"},
        COUNTED,
    ),
    Measure(
        "no_evidence",
        _("No evidence found"),
        _("We looked and found nothing public either way; the search is on record. Silence is not failure."),
        {"status": "no_evidence"},
        JUDGED,
    ),
    Measure(
        "official",
        _("Resting on an official source"),
        _("At least one supporting source is an official document, or a body speaking of its own acts."),
        {"official": "yes"},
        JUDGED,
    ),
    Measure(
        "single_source",
        _("Resting on one source only"),
        _("Exactly one source supports it; a second could overturn it."),
        {"single_source": "yes"},
        JUDGED,
    ),
    Measure(
        "self_reported",
        _("Self-reported only"),
        _("Every supporting source speaks for one of those who made the promise."),
        {"self_reported": "yes"},
        JUDGED,
    ),
    Measure(
        "flagged",
        _("Below the evidence rule"),
        _("It falls short of the minimum of evidence for its status, and says so."),
        {"flagged": "yes"},
        JUDGED,
    ),
    Measure(
        "conflicting",
        _("With sources that conflict"),
        _("At least one source speaks for the status given, and at least one against it."),
        {"conflicting": "yes"},
        JUDGED,
    ),
    Measure(
        "stale",
        _("Open, and judged over 12 months before"),
        _(
            "The judgement describes a day more than 12 months before this one, and more may have happened since. What "
            "is closed for good is not judged again."
        ),
        {"stale": "yes"},
        JUDGED,
    ),
)


def own_record(standings, *, day):
    """{name: Figure} of ``MEASURES``, for the counted ones of a Standing queryset, as of ``day``. One query."""
    rows = standings.counted().order_by()
    for name in ("official", "single_source", "conflicting", "stale"):
        rows = marked(rows, name, day)
    conditions = {name: Q(**{f"mark_{name}": True}) for name in ("official", "single_source", "conflicting", "stale")}
    conditions |= {name: Q(**{name: True}) for name in ("self_reported", "flagged")}
    conditions |= {name: Q(status=name) for name in (Status.NO_EVIDENCE, Status.NOT_ASSESSED)}
    conditions["judged"] = ~Q(status=Status.NOT_ASSESSED)
    found = rows.aggregate(
        counted=Count("pk"), **{str(name): Count("pk", filter=one) for name, one in conditions.items()}
    )
    return {
        one.name: Figure(
            str(one.label),
            found[one.name],
            found["counted" if one.of is COUNTED else "judged"],
            {**COUNTED, **one.filters},
            one.of,
            str(one.meaning),
        )
        for one in MEASURES
    }


@dataclass(frozen=True)
class SourceMark:
    """One thing about how a source is kept; ``phrases`` say how a list of those with or without it reads."""

    label: str
    meaning: str
    phrases: dict
    condition: Q


# As they are now, since a source's card is not part of the ledger.
SOURCE_MARKS = {
    "archived": SourceMark(
        _("With an archived copy"),
        _("A copy outside the publisher's reach still shows what we read."),
        {"yes": _("with an archived copy"), "no": _("without an archived copy")},
        ~Q(archived_url=""),
    ),
    "checked": SourceMark(
        _("Seen again at their address"),
        _("Somebody has looked, on a recorded day, whether the source is still there."),
        {"yes": _("seen again at their address"), "no": _("not yet seen again at their address")},
        Q(last_checked__isnull=False),
    ),
}


def kept(sources, asked):
    """Those of a Source queryset that are kept as ``asked`` says: {name of ``SOURCE_MARKS``: "yes" or "no"}."""
    for name, value in asked.items():
        condition = SOURCE_MARKS[name].condition
        sources = sources.filter(condition if value == "yes" else ~condition)
    return sources


def source_figures(sources):
    """[(Figure of a mark, Figure of its opposite)] of a Source queryset. One query."""
    counts = {name: Count("pk", filter=mark.condition) for name, mark in SOURCE_MARKS.items()}
    found = sources.order_by().aggregate(total=Count("pk"), **counts)
    total = found["total"]
    return [
        (
            Figure(str(one.label), found[name], total, {name: "yes"}, {}, str(one.meaning)),
            Figure(str(one.phrases["no"]), total - found[name], total, {name: "no"}, {}),
        )
        for name, one in SOURCE_MARKS.items()
    ]


def mistakes(moment):
    """How often we were wrong by the moment: Figures of the corrections and retractions. Three queries."""
    counts = {
        kind: changes.ledger_lines(moment, changes.Wanted(kind=kind)).count()
        for kind in (ChangeKind.ASSESSMENT, ChangeKind.CORRECTION, ChangeKind.RETRACTION)
    }
    of, of_filters = counts[ChangeKind.ASSESSMENT], {"kind": ChangeKind.ASSESSMENT.value}
    return [
        Figure(str(kind.label), counts[kind], of, {"kind": kind.value}, of_filters, str(kind.meaning))
        for kind in (ChangeKind.CORRECTION, ChangeKind.RETRACTION)
    ]
