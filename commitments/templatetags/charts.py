"""Pictures in pages: ``{% load charts %}{% chart "status-by-theme" summit="astana-2005" %}``."""

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import mark_safe

from commitments.charts.gallery import CHARTS, Drawn
from commitments.charts.spec import WIDTHS

register = template.Library()


@register.inclusion_tag("commitments/_chart.html", takes_context=True)
def chart(context, name, **parameters):
    """A figure: caption, finding, the drawing, its numbers as a table one click away, and where to take it from.

    ``parameters`` are the list's filters and the chart's own (``by``, ``commitment``); the moment is the page's.
    Empty ones are left out. Several values of one filter are a list.
    """
    return figure(name, _query(parameters), context["request"].moment)


@register.inclusion_tag("commitments/_chart.html", takes_context=True)
def chart_of_query(context, name, *, short=False):
    """The same figure for the query string of the page itself; ``short`` for a look at it among others."""
    asked = context["request"].GET.copy()
    for clock in ("as_of", "edition"):
        asked.pop(clock, None)
    asked.update(CHARTS[name].short if short else {})
    return figure(name, asked, context["request"].moment)


def figure(name, asked, moment):
    """What the figure's template reads."""
    drawn = Drawn(CHARTS[name], asked, moment)
    query = asked.copy()
    query.update(moment.parameters)
    suffix = f"?{query.urlencode()}" if query else ""
    return {
        "name": name,
        "picture": drawn.picture,
        # Made by svg.py and frame.py, which escape every text they take in.
        "drawings": [mark_safe(drawn.inline(shape)) for shape in WIDTHS],  # noqa: S308
        "page_url": reverse("commitments:chart-page", args=[name]) + suffix,
        "svg_url": reverse("commitments:chart-svg", args=[name]) + suffix,
        "png_url": reverse("commitments:chart-png", args=[name]) + suffix,
    }


def _query(parameters):
    query = QueryDict(mutable=True)
    for name, value in parameters.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        kept = [str(one) for one in values if one not in (None, "")]
        if kept:
            query.setlist(name, kept)
    return query
