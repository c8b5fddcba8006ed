"""Themes: fields of policy and the commitments in each."""

from django.template.response import TemplateResponse

from commitments import findings, scorecard
from commitments.exports.columns import with_rows
from commitments.models import Standing, Theme

from .lookup import found_or_404
from .public import public


@public
def theme_list(request):
    """Every theme with its totals."""
    standings = Standing.objects.at(request.moment)
    cards = {theme.pk: card for theme, card in scorecard.by(standings, "theme", day=request.moment.as_of)}
    themes = [(theme, cards.get(theme.pk)) for theme in Theme.objects.all()]
    everything = scorecard.totals(standings, day=request.moment.as_of)
    context = {"finding": findings.of_themes(len(themes), everything), "themes": themes}
    return TemplateResponse(request, "commitments/theme_list.html", context)


@public
def theme_detail(request, slug):
    """One theme and its commitments."""
    theme = found_or_404(Theme.objects.all(), slug=slug)
    standings = Standing.objects.at(request.moment).filter(theme=theme)
    card = scorecard.totals(standings, day=request.moment.as_of)
    context = {
        "finding": findings.of_theme(theme, card),
        "theme": theme,
        "card": card,
        "rows": with_rows(standings.in_order()),
    }
    return TemplateResponse(request, "commitments/theme_detail.html", context)
