"""What search engines and link previews read in the head of a page: its own address, its title, structured data."""

import html

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commitments import findings, jsonld
from commitments.charts.gallery import CHARTS
from commitments.filters import DEFAULT_SORT, DEFAULT_SORT_OF_WORDS
from commitments.moment import PARAMETERS as CLOCKS

register = template.Library()

# One value of one of these narrows the list to something worth finding; two of them are one of thousands of crossings.
FACETS = ("status", "theme", "summit", "party", "pledger", "beneficiary", "kind", "basis", "obligation")


# Which picture a shared link shows, and the filter that narrows it to the record the page is about.
PICTURES = {
    "commitment-detail": ("timeline", "commitment"),
    "summit-detail": ("status-by-theme", "summit"),
    "party-detail": ("status-over-time", "pledger"),
    "theme-detail": ("status-by-summit", "theme"),
    "theme-list": ("status-by-theme", ""),
    "summit-list": ("status-by-summit", ""),
}
EVERYTHING = "status-over-time"


class RememberNode(template.Node):
    """Renders what it holds, blocks included, into a variable instead of the page."""

    def __init__(self, nodelist, name):
        self.nodelist, self.name = nodelist, name

    def render(self, context):
        text = html.unescape(self.nodelist.render(context))
        # For the whole page: the blocks of a template render in a scope of their own.
        context.dicts[0][self.name] = " ".join(text.split())
        return ""


@register.tag
def remember(parser, token):
    """``{% remember name %}…{% endremember %}``: the text between, without markup's escapes, as a variable.

    A block can stand in a page once; its text is needed in the title and for link previews.
    """
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist, name)


@register.filter
def clipped(text):
    """The text as far as a search engine shows it."""
    return findings.clip(text)


def defining(parameters):
    """[(name, value)] of the parameters of a QueryDict that define the content of a page, in one order for ever.

    What is empty, given twice or the default is left out; filters go by name and value, then the page, then the clocks.
    """
    given = {name: sorted({value for value in values if value}) for name, values in parameters.lists()}
    given = {name: values for name, values in given.items() if values}
    if given.get("page") == ["1"]:
        del given["page"]
    if given.get("sort") == [DEFAULT_SORT_OF_WORDS if "q" in given else DEFAULT_SORT]:
        del given["sort"]
    last = ("page", *CLOCKS)
    names = sorted(given, key=lambda name: (last.index(name) if name in last else -1, name))
    return [(name, value) for name in names for value in given[name]]


def canonical(request):
    """The one absolute address of what a request asks for. Asks no database."""
    query = urlencode(defining(request.GET))
    return request.build_absolute_uri(request.path) + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def canonical_url(context):
    """The one absolute address of this page's content."""
    return canonical(context["request"])


def is_indexable(request):
    """Whether search engines should list this address: not another moment, and not a crossing of several filters."""
    given = [(name, value) for name, value in defining(request.GET) if name != "page"]
    is_list = request.path == reverse("commitments:commitment-list")
    return not given or (is_list and len(given) == 1 and given[0][0] in FACETS)


@register.simple_tag(takes_context=True)
def robots(context):
    """What the page tells crawlers: the main pages are listed, the links of every page are followed."""
    return "index,follow" if is_indexable(context["request"]) else "noindex,follow"


@register.simple_tag(takes_context=True)
def moment_in_title(context):
    """The clocks that the address names, in brackets: “ (14 September 2006, edition 2)”; '' for now."""
    moment = getattr(context.get("request"), "moment", None)
    if moment is None or moment.is_now:
        return ""
    said = []
    if moment.asked_as_of:
        said.append(date_format(moment.as_of, "j F Y"))
    if moment.asked_edition:
        said.append(_("edition %(number)s") % {"number": moment.edition})
    return f" ({', '.join(said)})"


@register.simple_tag(takes_context=True)
def pinned_url(context):
    """The absolute address that shows this page's content for ever: both clocks named. '' where no clock is known."""
    # The page for a failure is drawn without a request.
    request = context.get("request")
    moment = getattr(request, "moment", None)
    if moment is None or not moment.edition or context.get("clocks") is False:
        return ""
    kept = [(name, value) for name, value in defining(request.GET) if name not in CLOCKS]
    return f"{request.build_absolute_uri(request.path)}?{urlencode([*kept, *moment.pinned.items()])}"


@register.simple_tag(takes_context=True)
def structured_data(context, canonical):
    """The page as schema.org describes it: what the view put into ``structured``, and the way to it from the start."""
    request, nodes = context["request"], list(context.get("structured", ()))
    if request.path != reverse("commitments:home"):
        name = getattr(context.get("finding"), "name", "") or context["page_title"]
        nodes.append(jsonld.breadcrumbs(request.build_absolute_uri, request.path, name, canonical))
    return format_html('<script type="application/ld+json">{}</script>', jsonld.script(nodes))


@register.inclusion_tag("commitments/_sources_on_paper.html", takes_context=True)
def sources_on_paper(context, groups):
    """The documents in which promises are recorded, each once, for a printed sheet.

    ``groups`` are (what they have in common, Standings).
    """
    found = {row.revision.source.pk: row.revision.source for _common, rows in groups for row in rows}
    citable = [one for one in found.values() if one.is_citable]
    named = sorted(citable, key=lambda one: (one.published or "9999", one.key))
    return {"sources": named, "unnamed": len(named) < len(found), "request": context["request"]}


@register.simple_tag(takes_context=True)
def share_picture(context):
    """The absolute address of the picture that a shared link shows, at the moment of the page. Asks no database."""
    request = context["request"]
    match, moment = request.resolver_match, getattr(request, "moment", None)
    name, filter_name = PICTURES.get(match.url_name, (EVERYTHING, ""))
    asked = [(filter_name, value) for value in match.kwargs.values() if filter_name]
    if match.url_name == "chart-page":
        name, asked = match.kwargs["name"], [one for one in defining(request.GET) if one[0] not in CLOCKS]
    if name not in CHARTS:
        name, asked = EVERYTHING, []
    query = urlencode([*asked, *(moment.parameters.items() if moment else ())])
    address = request.build_absolute_uri(reverse("commitments:chart-png", args=[name]))
    return f"{address}?{query}" if query else address
