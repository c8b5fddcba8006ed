"""Every public page for search engines, with the day it last changed: only what is public now.

A page changed on the day of the newest edition that touched it: an edition that gave its commitment a wording, a
judgement, a reply, or took one of them back.
"""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import get_resolver, reverse

from commitments.bibliography import cited_at
from commitments.charts.gallery import CHARTS
from commitments.choices import PartyRole
from commitments.models import (
    Assessment,
    Edition,
    Party,
    Reply,
    Retraction,
    Revision,
    RevisionParty,
    Standing,
    Summit,
    Theme,
)

# Addresses per file; the protocol allows 50,000.
PER_FILE = 5000
# Where a record that an edition publishes says which commitment it touches.
TOUCHING = (
    (Revision, "commitment"),
    (Assessment, "commitment"),
    (Reply, "assessment__commitment"),
    (Retraction, "assessment__commitment"),
    (Retraction, "reply__assessment__commitment"),
)


@dataclass(frozen=True)
class Entry:
    """One page: its path, and the day it last changed (None where that is not known)."""

    path: str
    day: object = None


class Register:
    """What is public at a Moment, and the day each commitment was last touched; read once for all sections."""

    def __init__(self, moment):
        self.moment = moment

    @cached_property
    def standings(self):
        """[(commitment, slug, theme, summit)] by key."""
        rows = Standing.objects.at(self.moment).order_by("slug")
        return list(rows.values_list("commitment", "slug", "theme", "summit"))

    @cached_property
    def days(self):
        """{commitment: day of the newest edition that touched it}."""
        newest = {}
        for model, path in TOUCHING:
            rows = model.objects.filter(edition__lte=self.moment.edition).exclude(**{path: None}).order_by()
            for commitment, number in rows.values_list(path).annotate(Max("edition")):
                newest[commitment] = max(number, newest.get(commitment, 0))
        days = dict(Edition.objects.filter(number__in=set(newest.values())).values_list("number", "day"))
        return {commitment: days[number] for commitment, number in newest.items()}

    @cached_property
    def newest_day(self):
        """The day of the newest edition, None before anything was published."""
        return Edition.objects.filter(number=self.moment.edition).values_list("day", flat=True).first()

    def newest_by(self, groups):
        """{group: day} from (group, commitment) pairs: the day its commitments were last touched."""
        found = {}
        for group, commitment in groups:
            day = self.days[commitment]
            found[group] = max(day, found.get(group, day))
        return found


def page_names():
    """The names of the addresses of ours that need no key and end in a slash: pages, not files."""
    (ours,) = (one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "commitments")
    return [one.name for one in ours.url_patterns if not one.pattern.converters and str(one.pattern)[-1:] in ("", "/")]


def _pages(register):
    paths = [reverse(f"commitments:{name}") for name in page_names()]
    paths += [reverse("commitments:chart-page", args=[name]) for name in CHARTS]
    return [Entry(path, register.newest_day) for path in paths]


def _commitments(register):
    return [
        Entry(reverse("commitments:commitment-detail", args=[slug]), register.days[commitment])
        for commitment, slug, _theme, _summit in register.standings
    ]


def _summits(register):
    days = register.newest_by((summit, commitment) for commitment, _slug, _theme, summit in register.standings)
    held = Summit.objects.filter(date__lte=register.moment.as_of).order_by("key")
    return [Entry(one.get_absolute_url(), days.get(one.pk)) for one in held]


def _themes(register):
    days = register.newest_by((theme, commitment) for commitment, _slug, theme, _summit in register.standings)
    return [Entry(one.get_absolute_url(), days.get(one.pk)) for one in Theme.objects.order_by("slug")]


def _parties(register):
    revisions = Standing.objects.at(register.moment).values("revision")
    pledges = RevisionParty.objects.filter(revision__in=revisions, role=PartyRole.PLEDGER).order_by()
    days = register.newest_by(pledges.values_list("party", "revision__commitment"))
    return [Entry(one.get_absolute_url(), days.get(one.pk)) for one in Party.objects.order_by("code")]


def _sources(register):
    return [Entry(one.get_absolute_url()) for one in cited_at(register.moment)]


SECTIONS = {
    "pages": _pages,
    "commitments": _commitments,
    "summits": _summits,
    "themes": _themes,
    "parties": _parties,
    "sources": _sources,
}


class Section(Sitemap):
    """One file of the sitemap; ``entries`` is one of the functions of SECTIONS."""

    limit = PER_FILE

    def __init__(self, register, entries):
        self.register, self.entries = register, entries

    @cached_property
    def found(self):
        return self.entries(self.register)

    def items(self):
        return self.found

    def location(self, item):
        return item.path

    def lastmod(self, item):
        return item.day


def sections(moment):
    """{name: Section} of everything public at a Moment. A constant number of queries, made when they are read."""
    register = Register(moment)
    return {name: Section(register, entries) for name, entries in SECTIONS.items()}
