"""Deadlines and summits as an iCalendar file (RFC 5545): what is known now, for a reader's own calendar.

An event keeps its UID for good: the key of its record and the domain in ``ID_DOMAIN``. DTSTAMP and LAST-MODIFIED are
the instant at which what it says was published, SEQUENCE counts how often its day was moved, so that the same record
gives the same bytes and a calendar program knows a newer version from an older one.
"""

import datetime
from collections import defaultdict
from itertools import pairwise

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from commitments.models import Edition, Revision, Summit

MEDIA_TYPE = "text/calendar; charset=utf-8"
ONE_DAY = datetime.timedelta(days=1)


def calendar(chosen, *, absolute):
    """The bytes of the calendar of what a CommitmentFilter lists: its deadlines, and the summits that made it.

    Every summit, future ones too, where nothing narrows the list. ``absolute`` makes a path an absolute address.
    Raises BadParameter. A constant number of queries.
    """
    rows = chosen.rows()
    summits = Summit.objects.select_related("country").order_by("date", "key")
    if chosen.in_force:
        summits = summits.filter(pk__in=rows.order_by().values("summit"))
    file = Calendar()
    for name, value in (
        ("prodid", f"-//{settings.ORGANISATION}//scotracker//EN"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("name", settings.SITE_NAME),
        # What programs older than RFC 7986 read.
        ("x-wr-calname", settings.SITE_NAME),
        ("x-published-ttl", "P1D"),
    ):
        file.add(name, value)
    file.add("refresh-interval", ONE_DAY, parameters={"VALUE": "DURATION"})
    for event in (*_meetings(summits, absolute), *_deadlines(rows, absolute)):
        file.add_component(event)
    if not file.subcomponents:
        # A calendar must have a component; this one says nothing.
        file.add_component(Timezone.from_tzid("UTC"))
    return file.to_ical()


def _deadlines(rows, absolute):
    rows = list(rows.filter(due__isnull=False).order_by("due", "slug").select_related("revision", "theme"))
    # A standing begins with the edition that published its wording, its judgement, or the loss of one.
    editions = Edition.objects.in_bulk({row.edition_from for row in rows})
    moves = _moves({row.commitment_id for row in rows})
    for row in rows:
        address = absolute(row.get_absolute_url())
        status = {"status": row.status_label, "day": date_format(row.as_of, "j F Y") if row.as_of else ""}
        said = _("%(status)s, as of %(day)s.") % status if row.as_of else _("%(status)s.") % status
        event = _event(
            uid=f"commitment-{row.slug}",
            first=row.due,
            last=row.due,
            stamp=editions[row.edition_from].published_at,
            sequence=moves[row.commitment_id],
        )
        event.add("summary", _("Due: %(title)s") % {"title": row.revision.title})
        event.add("description", f"{said}\n{row.revision.summary}\n{address}")
        event.add("categories", [row.theme.name])
        event.add("url", address)
        yield event


def _moves(commitments):
    """{commitment: how often a published wording moved its deadline}."""
    dues = defaultdict(list)
    published = Revision.objects.filter(commitment__in=commitments, edition__isnull=False).order_by("edition")
    for commitment, due in published.values_list("commitment", "due"):
        dues[commitment].append(due)
    return {commitment: _differing(days) for commitment, days in dues.items()}


def _differing(values):
    return sum(before != after for before, after in pairwise(values))


def _meetings(summits, absolute):
    records = defaultdict(list)
    for summit, *record in Summit.history.order_by("history_date", "history_id").values_list(
        "id", "date", "end_date", "history_date"
    ):
        records[summit].append(record)
    for summit in summits:
        address, history = absolute(summit.get_absolute_url()), records[summit.pk]
        event = _event(
            uid=f"summit-{summit.key}",
            first=summit.date,
            last=summit.last_day,
            # A summit is no record of an edition: its own history says when it was written down.
            stamp=history[-1][2] if history else datetime.datetime.combine(summit.date, datetime.time(), datetime.UTC),
            sequence=_differing([days for *days, _instant in history]),
        )
        event.add("summary", summit.name)
        event.add("description", f"{summit.get_body_display()}\n{address}")
        event.add("location", f"{summit.place}, {summit.country.short_name}")
        event.add("url", address)
        yield event


def _event(*, uid, first, last, stamp, sequence):
    """An event of whole days that leaves its reader free."""
    event = Event()
    event.add("uid", f"{uid}@{settings.ID_DOMAIN}")
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", sequence)
    event.add("dtstart", first)
    event.add("dtend", last + ONE_DAY)
    event.add("transp", "TRANSPARENT")
    return event
