"""A visit of one address: robots.txt asked, redirects followed one by one, each judged like the first."""

import socket
import threading
from dataclasses import dataclass
from urllib.parse import quote, urldefrag, urljoin

from commitments.addresses import normalised
from commitments.choices import VisitOutcome

from . import robots
from .allowed import SAFE, NotAllowed, target
from .fetch import PRODUCT, Insecure, Limits, TooSlow, Unreachable, fetch, is_page, title_of

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
# Seconds between two requests to one host.
PAUSE = 5


@dataclass(frozen=True)
class Met:
    """What a visit met."""

    outcome: str
    http_status: int | None = None
    final_address: str = ""
    title: str = ""


class _Ended(Exception):
    """The visit is over before anything answered; carries the outcome."""

    def __init__(self, outcome):
        super().__init__(outcome)
        self.outcome = outcome


def outcome_of(status, *, moved):
    """The outcome that a status of HTTP stands for; ``moved`` where it came from another address than asked for."""
    if status in (404, 410):
        return VisitOutcome.GONE
    if status >= 500:
        return VisitOutcome.SERVER_ERROR
    if status >= 300:
        return VisitOutcome.REFUSED
    return VisitOutcome.MOVED if moved else VisitOutcome.ANSWERED


class Visitor:
    """Visits addresses for one run, from any number of threads; remembers each site's robots.txt.

    ``pause`` is in seconds, ``resolve`` and ``allow_loopback`` are those of ``allowed.target``.
    """

    def __init__(self, *, pause=PAUSE, limits=None, resolve=socket.getaddrinfo, allow_loopback=False):
        self._limits = limits or Limits()
        self._judged = {"resolve": resolve, "allow_loopback": allow_loopback}
        self._turns = robots.Turns(pause)
        self._rules = {}
        self._reading = threading.Lock()

    def visit(self, url):
        """What is Met at an address."""
        try:
            return self._follow(url)
        except _Ended as ended:
            return Met(ended.outcome)

    def _follow(self, url):
        address = urldefrag(url).url
        for _hop in range(MOST_REDIRECTS + 1):
            goal = self._target(address)
            rules = self._rules_at(goal)
            if not rules.allow(address):
                raise _Ended(VisitOutcome.ROBOTS)
            answer = self._ask(goal, pause=rules.pause, wants=lambda status, kind: status == 200 and is_page(kind))
            if answer.status not in REDIRECTS or not answer.location:
                outcome = outcome_of(answer.status, moved=normalised(address) != normalised(url))
                return Met(outcome, answer.status, address, title_of(answer) if answer.body else "")
            address = self._onward(address, answer.location)
        return Met(VisitOutcome.TOO_MANY_REDIRECTS, answer.status)

    def _onward(self, address, location):
        # The standard library reads a header's bytes as Latin-1; they go on as the bytes they were.
        try:
            return urldefrag(urljoin(address, quote(location.strip().encode("latin-1"), safe=SAFE))).url
        except ValueError as error:
            raise _Ended(VisitOutcome.NOT_ALLOWED) from error

    def _target(self, address):
        try:
            return target(address, **self._judged)
        except NotAllowed as error:
            raise _Ended(VisitOutcome.NOT_ALLOWED) from error
        except OSError as error:
            raise _Ended(VisitOutcome.UNREACHABLE) from error

    def _ask(self, goal, *, pause=0, **options):
        try:
            with self._turns.at(goal.host, pause):
                return fetch(goal, limits=self._limits, **options)
        except TooSlow as error:
            raise _Ended(VisitOutcome.TIMEOUT) from error
        except Insecure as error:
            raise _Ended(VisitOutcome.INSECURE) from error
        except Unreachable as error:
            raise _Ended(VisitOutcome.UNREACHABLE) from error

    def _rules_at(self, goal):
        """The Rules of the site of a Target; a site that cannot be reached for them ends the visit the same way."""
        known = self._rules.get(goal.origin)
        if known is None:
            try:
                known = self._ask_for_rules(f"{goal.origin}/robots.txt")
            except _Ended as ended:
                known = ended
            with self._reading:
                known = self._rules.setdefault(goal.origin, known)
        if isinstance(known, _Ended):
            raise _Ended(known.outcome)
        return known

    def _ask_for_rules(self, address):
        for _hop in range(MOST_REDIRECTS + 1):
            goal = self._target(address)
            answer = self._ask(goal, wants=lambda status, _kind: 200 <= status < 300, most=robots.MOST_BYTES)
            if answer.status not in REDIRECTS or not answer.location:
                return robots.rules_of(answer.status, answer.body, PRODUCT)
            address = self._onward(address, answer.location)
        # Redirects without end count as a site that has none (RFC 9309, 2.3.1.2).
        return robots.rules_of(404, b"", PRODUCT)
