"""The card of a commitment for other sites, and oEmbed 1.0, by which their programs ask for it."""

import io
import re
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.clickjacking import xframe_options_exempt

from commitments.models import Retraction, Standing
from commitments.moment import PARAMETERS as CLOCKS
from commitments.moment import BadParameter, Moment
from commitments.templatetags.embed import WIDTH, card_height, card_title, frame

from .public import check_parameters, public

# The addresses that oEmbed knows, by the names of their patterns.
EMBEDDABLE = ("commitment-detail", "embed")
# Seconds that an answer may be kept. It holds only the frame; the card in it is always fresh.
CACHE_AGE = 24 * 60 * 60
# "dnt" (do not track) is what some programs send with every request. We track nobody.
PARAMETERS = ("url", "format", "maxwidth", "maxheight", "dnt")


def _standing(slug, moment):
    found = Standing.objects.at(moment).filter(slug=slug)
    return found.select_related("revision", "assessment").first()


@public
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def card(request, slug):
    """The only page that other sites may frame: what is not there or no more there says so in the frame too."""
    standing = _standing(slug, request.moment)
    if standing:
        context = {"standing": standing, "title": card_title(standing)}
        return TemplateResponse(request, "commitments/embed.html", context)
    gone = Retraction.objects.filter(commitment__slug=slug, edition__lte=request.moment.edition).first()
    status = 410 if gone else 404
    return TemplateResponse(request, "commitments/embed.html", {"retraction": gone}, status=status)


def _once(parameters, name, default=""):
    values = parameters.getlist(name)
    if len(values) > 1:
        raise BadParameter(name, ", ".join(values), _("Give it once."))
    return values[0] if values else default


def _size(parameters, name):
    text = _once(parameters, name)
    if text and not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise BadParameter(name, text, _("Write a number of pixels."))
    return int(text) if text else None


def _asked(address, host):
    """The (Standing, Moment) that an address of this site is about; Http404 with a sentence for any other."""
    unknown = Http404(_("“%(url)s” is not the address of a commitment on %(host)s.") % {"url": address, "host": host})
    try:
        parts = urlsplit(address)
        found = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise unknown from error
    if parts.scheme not in ("http", "https") or parts.netloc != host or found.url_name not in EMBEDDABLE:
        raise unknown
    clocks = QueryDict(parts.query)
    try:
        check_parameters(clocks, CLOCKS)
        moment = Moment.parse(clocks)
    except BadParameter as error:
        raise Http404(str(error)) from error
    standing = _standing(found.kwargs["slug"], moment)
    if standing is None:
        raise unknown
    return standing, moment


def _xml(reply):
    text = io.StringIO()
    writer = SimplerXMLGenerator(text, "utf-8")
    writer.startDocument()
    writer.startElement("oembed", {})
    for name, value in reply.items():
        writer.addQuickElement(name, str(value))
    writer.endElement("oembed")
    return HttpResponse(text.getvalue(), content_type="text/xml; charset=utf-8")


FORMATS = {"json": JsonResponse, "xml": _xml}


@public(parameters=PARAMETERS, clocks=False)
def oembed(request):
    """How to embed the commitment at ``url``: an oEmbed reply of type "rich"."""
    name = _once(request.GET, "format", "json")
    if name not in FORMATS:
        sentence = _("The format “%(name)s” is not known here; use json or xml.") % {"name": name}
        return HttpResponse(sentence, status=501, content_type="text/plain; charset=utf-8")
    address = _once(request.GET, "url")
    if not address:
        raise BadParameter("url", "", _("Write the address of a commitment on this site."))
    most, highest = _size(request.GET, "maxwidth"), _size(request.GET, "maxheight")
    standing, moment = _asked(address, request.get_host())
    width = min(WIDTH, most or WIDTH)
    height = card_height(standing, width)
    height = min(height, highest or height)
    reply = {
        "version": "1.0",
        "type": "rich",
        "title": card_title(standing),
        "author_name": settings.ORGANISATION,
        "provider_name": settings.SITE_NAME,
        "provider_url": request.build_absolute_uri(reverse("commitments:home")),
        "cache_age": CACHE_AGE,
        "width": width,
        "height": height,
        "html": frame(request, standing, moment, width=width, height=height),
    }
    return FORMATS[name](reply)
