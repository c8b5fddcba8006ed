"""The page of one commitment."""

from django.conf import settings
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commitments import findings
from commitments.detail import NotMadeYetError, UnknownError, WithdrawnError, detail
from commitments.templatetags.tracker import day

from .public import public


def citation(request, standing):
    """The text to cite a commitment by, with the address that gives the same answer for ever."""
    pinned = f"{request.build_absolute_uri(request.path)}?{urlencode(request.moment.pinned)}"
    parts = {
        "organisation": settings.ORGANISATION,
        "title": standing.revision.title,
        "site": settings.SITE_NAME,
        "edition": request.moment.edition,
        "day": day(request.moment.as_of),
        "url": pinned,
    }
    text = _("%(organisation)s, “%(title)s”, %(site)s, edition %(edition)s, as of %(day)s, %(url)s") % parts
    return {"text": text, "url": pinned}


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
        "detail": found,
        "standing": found.standing,
        "citation": citation(request, found.standing),
    }
    return TemplateResponse(request, "commitments/commitment_detail.html", context)
