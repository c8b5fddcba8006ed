"""The description by which a browser offers the search of this register beside its own (OpenSearch 1.1)."""

import textwrap

from django.conf import settings
from django.template.response import TemplateResponse
from django.urls import reverse

from .public import public

# The format's own limit on a short name.
SHORT = 16


@public(clocks=False)
def description(request):
    """Where the register is searched, for a browser's search box."""
    context = {
        "short_name": textwrap.shorten(settings.SITE_NAME, SHORT, placeholder="") or settings.SITE_NAME[:SHORT],
        "site_name": settings.SITE_NAME,
        "list_url": request.build_absolute_uri(reverse("commitments:commitment-list")),
    }
    content_type = "application/opensearchdescription+xml"
    return TemplateResponse(request, "commitments/opensearch.xml", context, content_type=content_type)
