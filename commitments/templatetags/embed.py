"""The card of a commitment for other sites: where it is, how big it is, and the code that shows it."""

import math

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _

register = template.Library()

WIDTH = 600
# What the stylesheet of the card adds up to, in CSS pixels, generously: fonts differ between machines.
FRAME, LINE, TITLE_LINE, CHARACTER, TITLE_CHARACTER = 40, 25, 28, 8.2, 10.5
STATUS, PROGRESS, FOOT = 40, 56, 60
FORMATS = {"json": "application/json+oembed", "xml": "text/xml+oembed"}


def _at(path, moment):
    clocks = urlencode(moment.parameters)
    return f"{path}?{clocks}" if clocks else path


def card_address(standing, moment):
    """The path of the card of a Standing, at a Moment."""
    return _at(reverse("commitments:embed", args=[standing.slug]), moment)


def card_height(standing, width):
    """How high the card must be at that width for everything on it to be seen, in CSS pixels."""
    inner = max(width - FRAME, 120)

    def lines(text, character):
        # A line ends where a word does: on average half a word short.
        return math.ceil(len(text) * character / (inner - 3 * character))

    height = FRAME + lines(standing.revision.title, TITLE_CHARACTER) * TITLE_LINE + STATUS + FOOT
    if width < WIDTH / 2:
        height += STATUS
    if standing.revision.target_quantity is not None:
        height += PROGRESS
    if standing.assessment:
        height += lines(standing.assessment.rationale, CHARACTER) * LINE
    return height


def frame(request, standing, moment, *, width=WIDTH, height=None):
    """The HTML that shows the card of a Standing on another page; ``height`` None for as high as it needs."""
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" style="border:0"></iframe>',
        request.build_absolute_uri(card_address(standing, moment)),
        width,
        height or card_height(standing, width),
        card_title(standing),
    )


def card_title(standing):
    """The finding in a line: “Loan to State A: In progress”."""
    return _("%(title)s: %(status)s") % {"title": standing.revision.title, "status": standing.status_label}


@register.inclusion_tag("commitments/_embed.html", takes_context=True)
def embed_this(context, standing):
    """The code of the card of a Standing, for readers to copy; at the moment of the page."""
    request = context["request"]
    return {
        "card": card_address(standing, request.moment),
        "code": frame(request, standing, request.moment),
        "moment": request.moment,
    }


@register.simple_tag(takes_context=True)
def oembed_links(context, standing):
    """For the head of a commitment's page: where programs ask for its card. Absolute, as they expect."""
    request = context["request"]
    page = request.build_absolute_uri(_at(standing.get_absolute_url(), request.moment))
    links = []
    for name, media_type in FORMATS.items():
        query = urlencode({"url": page, "format": name})
        address = f"{request.build_absolute_uri(reverse('commitments:oembed'))}?{query}"
        links.append((media_type, card_title(standing), address))
    return format_html_join("", '<link rel="alternate" type="{}" title="{}" href="{}">', links)
