"""What search engines and link previews read in the head of a page: its own address, its title, structured data."""

import html

from django import template
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commitments import findings
from commitments.filters import DEFAULT_SORT, DEFAULT_SORT_OF_WORDS
from commitments.moment import PARAMETERS as CLOCKS

register = template.Library()

# One value of one of these narrows the list to something worth finding; two of them are one of thousands of crossings.
FACETS = ("status", "theme", "summit", "party", "pledger", "beneficiary", "kind", "basis", "obligation")


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


@register.simple_tag(takes_context=True)
def canonical_url(context):
    """The one absolute address of this page's content. Asks no database."""
    request = context["request"]
    query = urlencode(defining(request.GET))
    return request.build_absolute_uri(request.path) + (f"?{query}" if query else "")


def is_indexable(request):
    """Whether search engines should list this address: not another moment, and not a crossing of several filters."""
    given = [(name, value) for name, value in defining(request.GET) if name != "page"]
    return not given or (len(given) == 1 and given[0][0] in FACETS)


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
