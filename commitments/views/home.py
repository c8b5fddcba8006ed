"""The state of follow-through."""

from django.template.response import TemplateResponse

from commitments import changes, scorecard
from commitments.choices import CLOSED
from commitments.models import Edition, Standing

from .public import public

FEW = 6


@public
def home(request):
    """Totals with their denominators, by theme and by summit, what changed last and what is due next."""
    moment = request.moment
    standings = Standing.objects.at(moment)
    open_ones = standings.counted().exclude(status__in=CLOSED).select_related("revision")
    lines = changes.ledger_lines(moment)
    context = {
        "card": scorecard.totals(standings, day=moment.as_of),
        "themes": scorecard.by(standings, "theme", day=moment.as_of),
        "summits": scorecard.by(standings, "summit", day=moment.as_of),
        "changes": changes.changes(lines[:FEW]),
        "due": open_ones.filter(due__gte=moment.as_of).order_by("due", "slug")[:FEW],
        "overdue": open_ones.overdue(moment.as_of).order_by("-due", "slug")[:FEW],
        "edition": Edition.objects.select_related("published_by").filter(number=moment.edition).first(),
    }
    return TemplateResponse(request, "commitments/home.html", context)
