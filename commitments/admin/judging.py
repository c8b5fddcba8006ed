"""How we judge, at the desk: generated from the declarations, the desk's own queues and intervals included."""

from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments import attention, choices, drafts, quality, reviews
from commitments.views.methodology import VOCABULARIES


def judging_urls(site):
    """The address of the page, for the admin site ``site``."""

    def seen(request):
        return how_we_judge(request, site)

    return [path("how-we-judge/", site.admin_view(seen), name="commitments_how_we_judge")]


@require_safe
def how_we_judge(request, site):
    """Statuses with their evidence rules, every vocabulary, the editorial rules, the queues and the intervals."""
    context = {
        **site.each_context(request),
        "title": _("How we judge"),
        "subtitle": None,
        "statuses": list(choices.Status),
        "vocabularies": [(name, list(vocabulary)) for name, vocabulary in VOCABULARIES],
        "scores": choices.SCORES.items(),
        "rules": quality.RULES,
        "piles": drafts.PILES,
        "queues": attention.QUEUES,
        "intervals": reviews.INTERVALS,
    }
    return TemplateResponse(request, "admin/commitments/how_we_judge.html", context)
