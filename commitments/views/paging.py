"""Numbered pages: a page that does not exist is refused, never replaced by another."""

import re

from django.core.paginator import EmptyPage, Paginator
from django.utils.translation import gettext as _

from commitments.facets import query_with
from commitments.moment import BadParameter


def page_of(rows, parameters, per_page):
    """The Page that ``page`` in a QueryDict names (1 without it), with the query strings of its neighbours.

    Raises BadParameter for anything but the number of a page that exists; page 1 always does.
    """
    values = parameters.getlist("page")
    text = values[0] if values else "1"
    if len(values) > 1:
        raise BadParameter("page", ", ".join(values), _("Give it once."))
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise BadParameter("page", text, _("Write the number of a page, from 1."))
    paginator = Paginator(rows, per_page)
    try:
        page = paginator.page(int(text))
    except EmptyPage as error:
        raise BadParameter("page", text, _("The last page is %(last)s.") % {"last": paginator.num_pages}) from error
    page.previous_url = _page_url(parameters, page.number - 1) if page.has_previous() else ""
    page.next_url = _page_url(parameters, page.number + 1) if page.has_next() else ""
    return page


def _page_url(parameters, number):
    base = query_with(parameters, "page", [])
    if number == 1:
        return base
    return f"{base}{'&' if len(base) > 1 else ''}page={number}"
