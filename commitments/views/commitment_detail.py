"""The page of one commitment."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from commitments import findings, jsonld
from commitments.detail import NotMadeYetError, UnknownError, WithdrawnError, detail
from commitments.templatetags.findable import canonical
from commitments.templatetags.tracker import day

from .public import public


@public
def commitment_detail(request, slug):
    """The promise, what holds, and the whole record of how that came about."""
    try:
        found = detail(slug, request.moment)
    except UnknownError as error:
        raise Http404(_("No commitment with the key “%(slug)s” has been published.") % {"slug": slug}) from error
    except NotMadeYetError as error:
        said = {"title": error.revision.title, "made": day(error.revision.made_on), "day": day(request.moment.as_of)}
        message = _("“%(title)s” was made on %(made)s; on %(day)s there was nothing to follow yet.") % said
        raise Http404(message) from error
    except WithdrawnError as error:
        context = {"retraction": error.retraction, "last_edition": error.retraction.edition_id - 1}
        return TemplateResponse(request, "commitments/gone.html", context, status=410)
    context = {
        "finding": findings.of_commitment(found.standing),
        "structured": [jsonld.commitment_page(request.build_absolute_uri, found, canonical(request))],
        "detail": found,
        "standing": found.standing,
    }
    return TemplateResponse(request, "commitments/commitment_detail.html", context)
