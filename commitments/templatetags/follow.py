"""Ways to follow a page: its Atom feed, named in the head for feed readers and in the text for people; its calendar."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from commitments.moment import PARAMETERS as CLOCKS

register = template.Library()

# The feeds that take the query string of the page they belong to.
SAME_QUERY = ("commitment-list-feed", "change-feed", "calendar")


def _address(context, name, args, without):
    """The address of a feed with those parameters of the page that it knows, ``without`` some."""
    request = context["request"]
    if name in SAME_QUERY:
        asked = request.GET.copy()
        for one in ("page", *without):
            asked.pop(one, None)
        query = asked.urlencode()
    else:
        moment = getattr(request, "moment", None)
        query = urlencode(moment.parameters if moment and not without else {})
    return reverse(f"commitments:{name}", args=args) + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def feed_link(context, title, name, *args):
    """The feed of a page for its head. Of now, also on a page of an earlier moment: followers want what comes."""
    address = _address(context, name, args, CLOCKS)
    return format_html('<link rel="alternate" type="application/atom+xml" title="{}" href="{}">', title, address)


@register.inclusion_tag("commitments/_follow.html", takes_context=True)
def follow(context, name, *args, **filters):
    """A line that leads to the feed of a page, at the moment of the page.

    Of now also to the calendar of what ``filters`` let through; on the list, of what the list shows.
    """
    calendar = ""
    if context["request"].moment.is_now:
        if filters:
            calendar = f"{reverse('commitments:calendar')}?{urlencode(filters)}"
        elif name == "commitment-list-feed":
            calendar = _address(context, "calendar", (), ())
    return {"feed": _address(context, name, args, ()), "calendar": calendar}
