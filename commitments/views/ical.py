"""Deadlines and summits for a reader's own calendar."""

from django.http import HttpResponse
from django.views.decorators.http import conditional_page

from commitments import ical
from commitments.filters import PARAMETERS, CommitmentFilter

from .public import public

# The list's filters; a calendar is of now and has no pages.
NARROWING = [name for name in PARAMETERS if name != "page"]


@conditional_page
@public(parameters=NARROWING, clocks=False)
def calendar(request):
    """Deadlines of the commitments that the list with this query string shows, and summits."""
    chosen = CommitmentFilter(request.GET, moment=request.moment)
    file = ical.calendar(chosen, absolute=request.build_absolute_uri)
    return HttpResponse(
        file, content_type=ical.MEDIA_TYPE, headers={"Content-Disposition": 'inline; filename="calendar.ics"'}
    )
