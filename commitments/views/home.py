"""The state of follow-through, and the doors to the rest."""

from django.db.models import Max, Min
from django.template.response import TemplateResponse

from commitments import changes, findings, jsonld, scorecard
from commitments.choices import CLOSED, PartyKind, PartyRole
from commitments.models import Edition, Party, RevisionParty, Standing
from commitments.promises import quality_summary

from .public import public

FEW = 6


def _pledging_states(standings):
    """The states that made a promise by themselves or are named among those who did, in the order of parties."""
    named = RevisionParty.objects.filter(
        revision__in=standings.values("revision"), role=PartyRole.PLEDGER, as_member=False
    )
    return Party.objects.filter(kind=PartyKind.STATE, pk__in=named.values("party"))


@public
def home(request):
    """Totals with their denominators, by theme and by summit, what changed last and what is due next."""
    moment = request.moment
    standings = Standing.objects.at(moment)
    open_ones = standings.counted().exclude(status__in=CLOSED).select_related("revision")
    lines = changes.ledger_lines(moment)
    card = scorecard.totals(standings, day=moment.as_of)
    context = {
        "card": card,
        "finding": findings.of_home(card),
        "structured": [jsonld.website(request.build_absolute_uri), jsonld.catalog(request.build_absolute_uri)],
        "span": standings.aggregate(first=Min("made_on"), last=Max("made_on")),
        "themes": scorecard.by(standings, "theme", day=moment.as_of),
        "summits": scorecard.by(standings, "summit", day=moment.as_of),
        "quality": quality_summary(standings),
        "states": _pledging_states(standings),
        "changes": changes.changes(lines[:FEW]),
        "due": open_ones.filter(due__gte=moment.as_of).order_by("due", "slug")[:FEW],
        "overdue": open_ones.overdue(moment.as_of).order_by("-due", "slug")[:FEW],
        "edition": Edition.objects.select_related("published_by").filter(number=moment.edition).first(),
    }
    return TemplateResponse(request, "commitments/home.html", context)
