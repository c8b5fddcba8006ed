"""Summits: what each promised and what came of it."""

from django.template.response import TemplateResponse

from commitments import findings, scorecard
from commitments.meetings import summit_portrait
from commitments.models import Standing, Summit
from commitments.roles import known_at
from commitments.scorecard import DONE

from .lookup import found_or_404
from .public import public


def held_at(moment):
    """The summits up to a Moment's day, newest first."""
    return known_at(Summit.objects.filter(date__lte=moment.as_of), moment)


@public
def summit_list(request):
    """Every summit up to the day, with its totals."""
    standings = Standing.objects.at(request.moment)
    cards = {summit.pk: card for summit, card in scorecard.by(standings, "summit", day=request.moment.as_of)}
    held = held_at(request.moment).select_related("country")
    everything = scorecard.totals(standings.filter(summit__isnull=False), day=request.moment.as_of)
    context = {
        "finding": findings.of_summits(len(held), everything),
        "summits": [(summit, cards.get(summit.pk)) for summit in held],
    }
    return TemplateResponse(request, "commitments/summit_list.html", context)


@public
def summit_detail(request, key):
    """One summit: its commitments, its place among the others, who was there, what later ones made of it."""
    summits = known_at(Summit.objects.select_related("country", "source"), request.moment)
    summit = found_or_404(summits, key=key)
    portrait = summit_portrait(summit, request.moment)
    context = {
        "finding": findings.of_summit(summit, portrait.card),
        "summit": summit,
        "portrait": portrait,
        "done": DONE,
        "others": [(one.key, one.name) for one in held_at(request.moment) if one != summit],
    }
    return TemplateResponse(request, "commitments/summit_detail.html", context)
