"""A citation of any public page, as a file: ``/cite/<style>/<address of the page>``."""

import copy

from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.citation import DATASETS, STYLES, moved
from commitments.moment import BadParameter, Moment
from commitments.snapshot import snapshot
from commitments.templatetags.citations import cite_file

from .public import bad_request, check_parameters


def _nothing(path):
    return Http404(_("There is no page at “%(path)s” that could be cited.") % {"path": path})


def _asked(request, path):
    """The request that the page itself would get, and its view; Http404 where no public page is."""
    try:
        match = resolve(path)
    except Resolver404 as error:
        raise _nothing(path) from error
    name = match.url_name
    if match.app_name != "commitments" or not (name in DATASETS or getattr(match.func, "is_page", False)):
        raise _nothing(path)
    asked = copy.copy(request)
    dataset = DATASETS.get(name)
    if dataset and dataset.page:
        match = resolve(reverse(f"commitments:{dataset.page}"))
    asked.path = asked.path_info = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    asked.resolver_match = match
    asked.citation = None
    return asked, match, dataset


def _file_of_its_own(request, match):
    """The citation of a file that no page shows, at the moment asked for."""
    check_parameters(request.GET, ("as_of", "edition"))
    with snapshot():
        request.moment = Moment.parse(request.GET)
        return cite_file(request, match.url_name)


@require_safe
def cite(request, style, path):
    """One citation in one style.

    The page that is to be cited is asked: it refuses wrong parameters, answers 404 and 410 as always, and what it
    says of itself (the ``cite_this`` tag of its template) is written down.
    """
    address = f"/{path}"
    asked, match, dataset = _asked(request, address)
    if dataset and not dataset.page:
        try:
            found = _file_of_its_own(asked, match)
        except BadParameter as error:
            return bad_request(request, error)
    else:
        answer = match.func(asked, *match.args, **match.kwargs)
        if answer.status_code != 200:
            return answer
        found = asked.citation
    if found is None:
        raise _nothing(address)
    if dataset and dataset.page:
        found = moved(found, address)
    form = STYLES[style]
    response = HttpResponse(form.write(found), content_type=form.content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.key}.{style}"'
    return response
