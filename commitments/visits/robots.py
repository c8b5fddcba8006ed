"""Turns at a host: one request at a time, a pause between two, and what its robots.txt asks of programs (RFC 9309)."""

import threading
import time
from contextlib import contextmanager

from protego import Protego

# The RFC's least size that a reader must take.
MOST_BYTES = 500 * 1024
# A site may ask for longer pauses, within reason.
LONGEST_PAUSE = 30


class Rules:
    """What one robots.txt asks. ``text`` is None where the site could not tell: then everything is closed to us."""

    def __init__(self, text, product):
        self._product = product
        self._read = None if text is None else Protego.parse(text)
        asked = self._read.crawl_delay(product) if self._read else None
        self.pause = min(float(asked or 0), LONGEST_PAUSE)

    def allow(self, url):
        """Whether the address is open to us."""
        return self._read is not None and self._read.can_fetch(url, self._product)


def rules_of(status, body, product):
    """The Rules that follow from the answer to a request for robots.txt.

    A site that has none (400 to 499) opens everything, one that fails closes everything.
    """
    if 200 <= status < 300:
        return Rules(body[:MOST_BYTES].decode("utf-8", "replace"), product)
    return Rules("" if 400 <= status < 500 else None, product)


class Turns:
    """Lets threads take turns at a host; ``pause`` seconds lie between the end of one request and the next."""

    def __init__(self, pause):
        self._pause = pause
        self._guard = threading.Lock()
        self._hosts = {}

    @contextmanager
    def at(self, host, pause=0):
        """One turn at a host, after the longer of its own ``pause`` and that of everybody."""
        with self._guard:
            lock, seen = self._hosts.setdefault(host, (threading.Lock(), []))
        with lock:
            if seen:
                time.sleep(max(self._pause, pause))
            seen[:] = [True]
            yield
