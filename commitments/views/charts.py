"""Pictures: all of them, each by itself, and as files for other pages."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.charts.gallery import CHARTS, FILTERS, Drawn
from commitments.charts.spec import WIDTHS
from commitments.moment import PARAMETERS as CLOCKS
from commitments.moment import BadParameter

from .public import check_parameters, public

OWN = {name for chart in CHARTS.values() for name in chart.own}
# A picture by itself carries its own style; nothing else may come with it, and nobody may frame it.
BY_ITSELF = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [NONE], "base-uri": [NONE]}


def _drawn(request, name, also=()):
    """The Drawn that an address asks for; Http404 or BadParameter with a sentence."""
    chart = CHARTS.get(name)
    if chart is None:
        known = ", ".join(CHARTS)
        raise Http404(_("There is no picture “%(name)s”. There are: %(known)s.") % {"name": name, "known": known})
    check_parameters(request.GET, {*chart.parameters, *CLOCKS, *also})
    asked = request.GET.copy()
    for one in (*CLOCKS, *also):
        asked.pop(one, None)
    return Drawn(chart, asked, request.moment)


def _shape(request):
    values = request.GET.getlist("shape") or ["wide"]
    if len(values) > 1 or values[0] not in WIDTHS:
        raise BadParameter("shape", ", ".join(values), _("Use one of: %(known)s.") % {"known": ", ".join(WIDTHS)})
    return values[0]


@public(parameters=FILTERS)
def chart_list(request):
    """Every picture of the list with these filters."""
    return TemplateResponse(request, "commitments/chart_list.html", {"charts": CHARTS.values()})


@public(parameters={*FILTERS, *OWN})
def chart_page(request, name):
    """One picture with its numbers, and what to copy to show it elsewhere."""
    drawn = _drawn(request, name)
    files = {
        kind: request.build_absolute_uri(reverse(f"commitments:chart-{kind}", args=[name])) for kind in ("svg", "png")
    }
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "chart": drawn.chart,
        "picture": drawn.picture,
        "query": query,
        "svg": files["svg"] + query,
        "page": request.build_absolute_uri(),
    }
    return TemplateResponse(request, "commitments/chart_page.html", context)


@csp(BY_ITSELF)
@public(parameters={*FILTERS, *OWN, "shape"})
def chart_svg(request, name):
    """One picture as an SVG document that looks right in light and dark and on paper."""
    text = _drawn(request, name, ["shape"]).standalone(_shape(request))
    return HttpResponse(text, content_type="image/svg+xml; charset=utf-8")


@public(parameters={*FILTERS, *OWN, "shape"})
def chart_png(request, name):
    """One picture as a bitmap on white."""
    return HttpResponse(_drawn(request, name, ["shape"]).bitmap(_shape(request)), content_type="image/png")
