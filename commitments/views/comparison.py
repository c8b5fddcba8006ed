"""Parties or summits side by side."""

from django.template.response import TemplateResponse

from commitments.choices import Status
from commitments.comparison import asked_for, choices, compare
from commitments.scorecard import DONE

from .public import public


@public(parameters=("party", "summit"))
def comparison(request):
    """Two to four parties, or as many summits; without either, a form to choose them."""
    asked = asked_for(request.GET, request.moment)
    if asked is None:
        return TemplateResponse(request, "commitments/comparison_choice.html", {"choices": choices(request.moment)})
    context = {
        "comparison": compare(*asked, request.moment),
        "names": ", ".join(str(record) for record in asked[1]),
        "statuses": list(Status),
        "done": DONE,
    }
    return TemplateResponse(request, "commitments/comparison.html", context)
