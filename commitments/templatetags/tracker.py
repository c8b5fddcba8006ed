"""Links that keep the moment, statuses as label and shape, numbers and days as people write them."""

import datetime

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import changes
from commitments.choices import UNCITABLE, Bearing, PartyRole, Status
from commitments.models import Standing
from commitments.models.fields import grouped_number
from commitments.moment import PARAMETERS as CLOCKS

register = template.Library()


@register.simple_tag
def site_name():
    """The name of the site; a tag, so that the page for a failure needs no context."""
    return settings.SITE_NAME


@register.simple_tag
def organisation():
    """Who publishes the tracker."""
    return settings.ORGANISATION


def _clocks(context):
    moment = getattr(context.get("request"), "moment", None)
    return moment.parameters if moment else {}


def _with(url, parameters):
    return f"{url}?{urlencode(parameters, doseq=True)}" if parameters else url


@register.simple_tag(takes_context=True)
def link_to(context, record):
    """The address of a record (or a path) at the moment of this page."""
    path = record if isinstance(record, str) else record.get_absolute_url()
    return _with(path, _clocks(context))


@register.simple_tag(takes_context=True)
def url_at(context, name, *args):
    """Like ``url``, at the moment of this page."""
    return _with(reverse(f"commitments:{name}", args=args), _clocks(context))


@register.simple_tag(takes_context=True)
def list_url(context, name="commitment-list", **filters):
    """The list (or its CSV) narrowed by ``filters``, at the moment of this page."""
    given = {key: value for key, value in filters.items() if value not in (None, "")}
    return _with(reverse(f"commitments:{name}"), {**given, **_clocks(context)})


@register.simple_tag(takes_context=True)
def filtered_url(context, filters, name="commitment-list"):
    """Like ``list_url``, with the filters as a dict."""
    return list_url(context, name, **filters)


@register.simple_tag(takes_context=True)
def csv_url(context, name):
    """The CSV with the same query string as this page, page number apart."""
    parameters = context["request"].GET.copy()
    parameters.pop("page", None)
    query = parameters.urlencode()
    return reverse(f"commitments:{name}") + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def hidden_parameters(context, *without):
    """Hidden inputs for every parameter of this page but those named, so that a form keeps them."""
    items = [
        (name, value)
        for name, values in context["request"].GET.lists()
        if name not in without
        for value in values
        if value
    ]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', items)


@register.simple_tag(takes_context=True)
def clock_inputs(context):
    """Hidden inputs for the clocks that the address names, so that a form keeps the moment."""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', _clocks(context).items())


@register.inclusion_tag("commitments/_shape.html")
def status_shape(status):
    """The shape of a status, without its label."""
    return {"status": status}


@register.simple_tag
def at_moment(record, moment):
    """The address of a record at another moment than the page's, both clocks named."""
    return _with(record.get_absolute_url(), moment.pinned)


@register.simple_tag(takes_context=True)
def now_url(context):
    """This page as it is now: its address without the clocks and the page number, all else kept."""
    kept = context["request"].GET.copy()
    for name in (*CLOCKS, "page"):
        kept.pop(name, None)
    return context["request"].path + (f"?{kept.urlencode()}" if kept else "")


@register.simple_tag(takes_context=True)
def changed_since_url(context):
    """The comparison of this page's moment with now."""
    pinned = context["request"].moment.pinned
    return _with(reverse("commitments:between"), {"since": pinned["as_of"], "since_edition": pinned["edition"]})


@register.inclusion_tag("commitments/_status.html")
def status_badge(standing):
    """The status of a Standing as shape and label."""
    return {"status": standing.status, "label": standing.status_label}


@register.inclusion_tag("commitments/_status.html")
def status_badge_for(value, obligation=""):
    """A status value as shape and label; a continuing ``obligation`` is fulfilled for the period only."""
    return {"status": value, "label": Standing(status=value, obligation=obligation).status_label}


@register.filter
def status_label(value):
    """A status value in words."""
    return Status(value).label if value else ""


BEARING_SHAPES = {Bearing.SUPPORTS: "▲", Bearing.CONTRADICTS: "▼", Bearing.CONTEXT: "●"}


@register.simple_tag
def bearing(value):
    """Which way a source points: a shape, and the word."""
    return format_html(
        '<span class="bearing bearing-{}"><span aria-hidden="true">{}</span> {}</span>',
        value,
        BEARING_SHAPES[Bearing(value)],
        Bearing(value).label,
    )


@register.filter
def plain_number(value):
    """A number with its thousands set apart by commas: 900,000,000."""
    return grouped_number(value)


@register.filter
def percent(value):
    """A share without decimals, but never rounded to nothing or to all."""
    if value is None:
        return ""
    if 0 < value < 1:
        return "<1 %"
    return ">99 %" if 99 < value < 100 else f"{value:.0f} %"


@register.filter
def day(value):
    """A date in words: 15 June 2006; a partial one as far as it goes: June 2006."""
    if not value:
        return ""
    if isinstance(value, datetime.date):
        return date_format(value, "j F Y")
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return value
    one = datetime.date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    return date_format(one, "j F Y" if len(parts) > 2 else "F Y")


@register.filter
def days_ago(value):
    """A number of days as people say it."""
    if value is None:
        return ""
    if value < 60:
        return ngettext("%(n)s day", "%(n)s days", value) % {"n": value}
    if value < 730:
        return ngettext("%(n)s month", "%(n)s months", value // 30) % {"n": value // 30}
    return ngettext("%(n)s year", "%(n)s years", value // 365) % {"n": value // 365}


@register.simple_tag(takes_context=True)
def parties_in_words(context, revision, role, link=True):
    """The parties of one role, linked; the organisation itself as "all members (6 at the time)"."""
    role = {"pledged_by": PartyRole.PLEDGER, "beneficiaries": PartyRole.BENEFICIARY}[role]
    words = []
    for party, label in revision.named_in_words(role):
        address = _with(party.get_absolute_url(), _clocks(context))
        words.append(format_html('<a href="{}">{}</a>', address, label) if link else label)
    return format_html_join(", ", "{}", ((word,) for word in words)) if words else _("nobody named")


@register.inclusion_tag("commitments/_source.html", takes_context=True)
def source_card(context, source, locator="", official=None):
    """A source as readers may see it; ``locator`` is hidden with a source that may not be cited."""
    return {
        "source": source if source and source.is_citable else None,
        "uncitable": UNCITABLE,
        "locator": locator,
        "official": source.is_official if official is None and source else official,
        "request": context.get("request"),
    }


@register.inclusion_tag("commitments/_bar.html", takes_context=True)
def status_bar(context, card, label, **filters):
    """A Scorecard as one bar; ``label`` names what it is about. The numbers stand beside it in a table.

    With ``filters`` (those of the list that the card counts, "" where one does not apply) each part of the bar is a
    link to the list behind it.
    """
    segments, start = [], 0.0
    for row in card.present:
        segment = {"row": row, "x": f"{start:.2f}", "width": f"{max(row.share - 0.4, 0.2):.2f}"}
        if filters:
            segment["url"] = list_url(context, status=row.status.value, totals="counted", **filters)
        segments.append(segment)
        start += row.share
    return {"segments": segments, "label": label, "card": card, "linked": bool(filters)}


@register.filter
def origin_in_words(edition):
    """Who made an edition."""
    return changes.origin_in_words(edition)


@register.simple_tag(takes_context=True)
def overdue_mark(context, standing):
    """The word "overdue" where the standing was, on the day of this page."""
    if standing.is_overdue(context["request"].moment.as_of):
        return format_html('<span class="mark overdue">{}</span>', _("overdue"))
    return ""


@register.filter
def bar_width(value):
    """A percentage as the width of a bar that is 100 wide; more than all of it is all of it."""
    return f"{min(value, 100):.2f}"


@register.filter
def signed(value):
    """A score with its sign: +1, 0, −1."""
    return f"{value:+d}".replace("-", "−") if value else "0"
