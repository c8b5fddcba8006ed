"""For search engines: which pages there are, and which addresses are not worth their time."""

import re

from django.contrib.sitemaps.views import index, sitemap
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments import sitemaps
from commitments.moment import BadParameter

from .public import public

# Every page exists at every day and every edition, and lists cross filters without end; a crawler would never be done.
DISALLOWED = ("/admin/", "/*?*as_of=", "/*?*edition=", "/commitments/?*&", "/commitments/?q=", "/commitments.csv?")


@public(clocks=False)
def sitemap_index(request):
    """The files of the sitemap, each with the day of its newest change."""
    return index(request, sitemaps.sections(request.moment), sitemap_url_name="commitments:sitemap-section")


@public(parameters=("p",), clocks=False)
def sitemap_section(request, section):
    """One file of the sitemap; ``p`` is its page where it has several."""
    found = sitemaps.sections(request.moment)
    if section not in found:
        raise Http404(_("There is no sitemap “%(section)s”.") % {"section": section})
    values = request.GET.getlist("p", ["1"])
    if len(values) > 1 or not re.fullmatch(r"[1-9][0-9]{0,8}", values[0]):
        raise BadParameter("p", ", ".join(values), _("Write the number of a page, once, from 1."))
    last = found[section].paginator.num_pages
    if int(values[0]) > last:
        raise BadParameter("p", values[0], _("The last page is %(last)s.") % {"last": last})
    return sitemap(request, found, section=section)


@public(clocks=False)
def robots_txt(request):
    """What crawlers may leave alone, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in DISALLOWED), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('commitments:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
