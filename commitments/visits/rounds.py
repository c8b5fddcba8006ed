"""A round of visits: whose turn it is, several hosts at once, and each visit recorded as it ends."""

import queue
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils import timezone

from commitments.choices import VisitedAddress, VisitOutcome
from commitments.models import LinkVisit, Source

HOSTS_AT_ONCE = 4
# What is met as well where this machine itself has no way to the web, and what asks nobody.
NO_WAY = (VisitOutcome.UNREACHABLE, VisitOutcome.TIMEOUT)
NOTHING_REACHED = (*NO_WAY, VisitOutcome.NOT_ALLOWED)


@dataclass(frozen=True)
class Stop:
    """One address of one source that is to be visited."""

    source: Source
    which: str
    address: str

    @property
    def host(self):
        """Whose turn it takes; as it is written, since it has not been judged yet."""
        try:
            return (urlsplit(self.address).hostname or "").rstrip(".")
        except ValueError:
            return ""


@dataclass
class Round:
    """What a round met: numbers of visits by outcome, and of sources. ``cut_off`` where nothing at all was reached."""

    outcomes: Counter = field(default_factory=Counter)
    sources: set = field(default_factory=set)
    cut_off: bool = False


def due(*, older_than, keys=None):
    """The Stops to make: addresses that were not visited within ``older_than`` (a timedelta), of the sources ``keys``.

    None as ``keys`` means every source. An address that was replaced since its last visit is due.
    """
    limit = timezone.now() - older_than
    sources = Source.objects.exclude(url="", archived_url="")
    if keys is not None:
        sources = sources.filter(key__in=keys)
    recent = LinkVisit.objects.filter(visited_at__gt=limit).order_by()
    visited = set(recent.values_list("source", "which", "address"))
    stops = []
    for source in sources.order_by("key"):
        for which, address in ((VisitedAddress.URL, source.url), (VisitedAddress.ARCHIVED, source.archived_url)):
            if address and (source.pk, which, address) not in visited:
                stops.append(Stop(source, which, address))
    return stops


def _met(stops, visitor):
    """Yield (Stop, Met) as the visits end, several hosts at a time; only this thread ever meets the database."""
    by_host = defaultdict(list)
    for stop in stops:
        by_host[stop.host].append(stop)
    ended, stopping = queue.SimpleQueue(), threading.Event()

    def walk(own):
        for stop in own:
            if stopping.is_set():
                return
            try:
                ended.put((stop, visitor.visit(stop.address)))
            except BaseException as error:
                ended.put((stop, error))
                raise

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        try:
            for own in by_host.values():
                pool.submit(walk, own)
            for _stop in stops:
                stop, met = ended.get()
                if isinstance(met, BaseException):
                    raise met
                yield stop, met
        finally:
            stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)


def make(stops, visitor):
    """Visit the Stops and record what was met; yields (Stop, Met) as they are recorded, and returns the Round.

    Where several hosts are asked and none is reached, it is this machine that has no way: nothing is recorded.
    """
    done, held = Round(), []
    several = len({stop.host for stop in stops}) > 1
    for stop, met in _met(stops, visitor):
        held.append((stop, met, timezone.now()))
        if done.sources or not several or met.outcome not in NOTHING_REACHED:
            for one in held:
                yield _record(done, *one)
            held = []
    done.cut_off = any(met.outcome in NO_WAY for _stop, met, _at in held)
    if not done.cut_off:
        for one in held:
            yield _record(done, *one)
    return done


def _record(done, stop, met, at):
    LinkVisit.objects.create(
        source=stop.source,
        which=stop.which,
        address=stop.address,
        visited_at=at,
        outcome=met.outcome,
        http_status=met.http_status,
        final_address=met.final_address,
        title=met.title,
    )
    done.outcomes[met.outcome] += 1
    done.sources.add(stop.source.pk)
    return stop, met
