"""Tables of totals whose numbers open the list behind them, whatever narrows it."""

from django import template

from commitments.templatetags import tracker

register = template.Library()


@register.simple_tag(takes_context=True)
def narrowed(context, filters, name="commitment-list", **more):
    """The list (or its CSV) narrowed by a dict of filters and by ``more``, at the moment of this page."""
    return tracker.list_url(context, name, **{**filters, **more})


@register.inclusion_tag("commitments/_bar.html", takes_context=True)
def part_bar(context, card, label, filters):
    """A Scorecard as one bar, each segment a link to the list behind it."""
    return tracker.status_bar(context, card, label, **filters)


@register.filter
def dictitem(mapping, key):
    """The value of a dict whose key is no word that a template can write."""
    return mapping.get(key)


@register.filter
def nth(values, place):
    """The value of a list at a place counted from 0."""
    return values[place]
