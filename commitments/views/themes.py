"""Themes: fields of policy and the commitments in each."""

from django.template.response import TemplateResponse

from commitments import findings, scorecard
from commitments.exports.columns import with_rows
from commitments.models import Standing, Theme
from commitments.portraits import by_status, parts_by
from commitments.roles import known_at
from commitments.scorecard import DONE

from .lookup import found_or_404
from .public import public


@public
def theme_list(request):
    """Every theme with its totals."""
    standings = Standing.objects.at(request.moment)
    cards = {theme.pk: card for theme, card in scorecard.by(standings, "theme", day=request.moment.as_of)}
    themes = [(theme, cards.get(theme.pk)) for theme in known_at(Theme.objects.all(), request.moment)]
    everything = scorecard.totals(standings, day=request.moment.as_of)
    context = {"finding": findings.of_themes(len(themes), everything), "themes": themes}
    return TemplateResponse(request, "commitments/theme_list.html", context)


@public
def theme_detail(request, slug):
    """One theme: what came of its commitments, meeting by meeting and status by status."""
    theme = found_or_404(known_at(Theme.objects.all(), request.moment), slug=slug)
    rows = list(with_rows(Standing.objects.at(request.moment).filter(theme=theme).in_order()))
    filters, card = {"theme": theme.slug}, scorecard.of(rows, day=request.moment.as_of)
    context = {
        "finding": findings.of_theme(theme, card),
        "theme": theme,
        "card": card,
        "filters": filters,
        "done": DONE,
        "summits": parts_by(rows, "summit", "key", filters, request.moment.as_of)[::-1],
        "groups": by_status(rows),
    }
    return TemplateResponse(request, "commitments/theme_detail.html", context)
