"""Atom feeds of changes: of all, of one commitment, party, theme or summit, and of what any list shows."""

import datetime
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page

from commitments import changes, facets, feeds
from commitments.filters import PARAMETERS as LIST_PARAMETERS
from commitments.filters import CommitmentFilter
from commitments.models import Edition, Party, Summit, Theme

from .changes import PARAMETERS, wanted
from .lookup import found_or_404
from .paging import page_of
from .public import public

PER_PAGE = 100
# What narrows the feed of one record; which commitment it is about is said by its address.
NARROWING = (*(name for name in PARAMETERS if name != "commitment"), "page")


def _page_with_the_same_query(request, name):
    return reverse(f"commitments:{name}") + facets.query_with(request.GET, "page", []).removesuffix("?")


def _page_of(request, record):
    """The address of a record's page at the moment of the feed; that page knows no other parameter."""
    clocks = urlencode(request.moment.parameters)
    return record.get_absolute_url() + (f"?{clocks}" if clocks else "")


def _addresses(request, page, alternate):
    """{rel: absolute address} of this page of the feed, its neighbours and the page for people."""
    whole = facets.query_with(request.GET, "page", [])

    def at(number):
        query = whole if number == 1 else f"{whole}{'&' if len(whole) > 1 else ''}page={number}"
        return request.build_absolute_uri(request.path + query.removesuffix("?"))

    found = {
        "self": at(page.number),
        "alternate": request.build_absolute_uri(alternate),
        "first": at(1),
        "last": at(page.paginator.num_pages),
    }
    if page.has_previous():
        found["previous"] = at(page.previous_page_number())
    if page.has_next():
        found["next"] = at(page.next_page_number())
    return found


def _entries(moment, asked, page):
    lines = changes.changes(page.object_list)
    renamed, before = changes.reference_changes(moment, asked), None
    if renamed and page.has_previous():
        last = page.paginator.object_list[page.start_index() - 2]
        before = Edition.objects.get(number=last[0]).published_at
    return feeds.page_entries(lines, renamed, before=before, is_last=not page.has_next())


def _feed(request, title, alternate, asked):
    page = page_of(changes.ledger_lines(request.moment, asked), request.GET, PER_PAGE)
    first = Edition.objects.order_by("number").first()
    today = datetime.datetime.combine(request.moment.today, datetime.time(), datetime.UTC)
    text = feeds.atom(
        title=title,
        entries=_entries(request.moment, asked, page),
        identity=feeds.feed_id(request.path_info, request.GET, first.day if first else request.moment.today),
        addresses=_addresses(request, page, alternate),
        absolute=request.build_absolute_uri,
        updated=first.published_at if first else today,
    )
    return HttpResponse(text, content_type=feeds.MEDIA_TYPE)


def _among(request, commitments):
    return replace(wanted(request.GET, request.moment), commitments=commitments)


@conditional_page
@public(parameters=(*PARAMETERS, "page"))
def change_feed(request):
    """What the page of changes with this query string lists."""
    alternate = _page_with_the_same_query(request, "change-list")
    return _feed(request, _("What changed"), alternate, wanted(request.GET, request.moment))


@conditional_page
@public(parameters=LIST_PARAMETERS)
def list_feed(request):
    """Changes on the commitments that the list with this query string shows."""
    chosen = CommitmentFilter(request.GET, moment=request.moment)
    shown = chosen.rows().order_by().values("commitment")
    said = facets.sentence(chosen)
    title = _("Commitments: %(filters)s") % {"filters": said} if said else _("Commitments")
    alternate = _page_with_the_same_query(request, "commitment-list")
    return _feed(request, title, alternate, changes.Wanted(commitments=shown))


@conditional_page
@public(parameters=NARROWING)
def commitment_feed(request, slug):
    """Changes on one commitment, its withdrawal too."""
    wording = feeds.wording_of(slug, request.moment)
    if wording is None:
        raise Http404(_("No commitment with the key “%(slug)s” has been published.") % {"slug": slug})
    asked = replace(wanted(request.GET, request.moment), commitment=slug)
    return _feed(request, wording.title, _page_of(request, wording), asked)


@conditional_page
@public(parameters=NARROWING)
def party_feed(request, code):
    """Changes on the commitments that a party made, gains from, was scored on or answered."""
    party = found_or_404(Party.objects.all(), code=code)
    asked = _among(request, feeds.commitments_with(request.moment, party))
    return _feed(request, party.short_name, _page_of(request, party), asked)


@conditional_page
@public(parameters=NARROWING)
def theme_feed(request, slug):
    """Changes on the commitments of a theme."""
    theme = found_or_404(Theme.objects.all(), slug=slug)
    asked = _among(request, feeds.commitments_worded(request.moment, theme=theme))
    return _feed(request, theme.name, _page_of(request, theme), asked)


@conditional_page
@public(parameters=NARROWING)
def summit_feed(request, key):
    """Changes on the commitments that a summit made."""
    summit = found_or_404(Summit.objects.all(), key=key)
    asked = _among(request, feeds.commitments_worded(request.moment, summit=summit))
    return _feed(request, summit.name, _page_of(request, summit), asked)
