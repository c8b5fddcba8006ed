"""How we judge: generated from the declarations, so that it cannot say anything else than the code does."""

from django.conf import settings
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from commitments import choices, record
from commitments.ingredients import INGREDIENTS
from commitments.quality import RULES

from .public import public

VOCABULARIES = (
    (_("Basis"), choices.Basis),
    (_("Obligation"), choices.Obligation),
    (_("Checkable"), choices.Checkable),
    (_("Kind of commitment"), choices.Kind),
    (_("Bearing of evidence"), choices.Bearing),
    (_("Confidence"), choices.Confidence),
    (_("Stage of money"), choices.Stage),
    (_("Closure reason"), choices.ClosureReason),
    (_("Kind of source"), choices.SourceKind),
    (_("Terms of a source"), choices.Terms),
)


@public(clocks=False)
def methodology(request):
    """Statuses with their evidence rules, vocabularies, scores, editorial rules, corrections."""
    context = {
        "statuses": list(choices.Status),
        "vocabularies": [(name, list(vocabulary)) for name, vocabulary in VOCABULARIES],
        "scores": choices.SCORES.items(),
        "rules": RULES,
        "ingredients": INGREDIENTS,
        "measures": record.MEASURES,
        "source_marks": record.SOURCE_MARKS.values(),
        "mistakes": record.mistakes(request.moment),
        "four_eyes": settings.FOUR_EYES,
        "clocks": False,
    }
    return TemplateResponse(request, "commitments/methodology.html", context)
