"""Summits: what each promised and what came of it."""

from django.template.response import TemplateResponse

from commitments import findings, scorecard
from commitments.exports.columns import with_rows
from commitments.models import Standing, Summit

from .lookup import found_or_404
from .public import public


@public
def summit_list(request):
    """Every summit up to the day, with its totals."""
    standings = Standing.objects.at(request.moment)
    cards = {summit.pk: card for summit, card in scorecard.by(standings, "summit", day=request.moment.as_of)}
    held = Summit.objects.filter(date__lte=request.moment.as_of).select_related("country")
    everything = scorecard.totals(standings.filter(summit__isnull=False), day=request.moment.as_of)
    context = {
        "finding": findings.of_summits(len(held), everything),
        "summits": [(summit, cards.get(summit.pk)) for summit in held],
    }
    return TemplateResponse(request, "commitments/summit_list.html", context)


@public
def summit_detail(request, key):
    """One summit and its commitments."""
    summit = found_or_404(Summit.objects.select_related("country", "source"), key=key)
    standings = Standing.objects.at(request.moment).filter(summit=summit)
    card = scorecard.totals(standings, day=request.moment.as_of)
    context = {
        "finding": findings.of_summit(summit, card),
        "summit": summit,
        "card": card,
        "rows": with_rows(standings.in_order()),
    }
    return TemplateResponse(request, "commitments/summit_detail.html", context)
