"""One request to a Target: bounded in time and size, at the very IP address that was judged.

Redirects are not followed here, names are not looked up again, and no proxy, cookie or password is used.
"""

import re
import socket
import ssl
import threading
import zlib
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, IncompleteRead

from django.conf import settings

# What robots.txt calls us, and what we call ourselves.
PRODUCT = "scotracker"
MOST_BYTES = 1_000_000
LONGEST_TITLE = 500


class Unreachable(Exception):
    """No site answered."""


class TooSlow(Exception):
    """The answer, or the connection, took too long."""


class Insecure(Exception):
    """No trusted connection could be made."""


@dataclass(frozen=True)
class Limits:
    """Seconds for making a connection, for each piece of the answer, and for the whole of one request."""

    connect: float = 10
    read: float = 10
    whole: float = 30


@dataclass(frozen=True)
class Answer:
    """What a site answered; the body only where it was asked for and is text, never more than MOST_BYTES."""

    status: int
    location: str
    content_type: str
    body: bytes


class _Watch:
    """Cuts a connection off when the time of the whole request is over: a site that sends a byte now and then would
    stay within the limit of each piece for ever.
    """

    def __init__(self, seconds):
        self.socket, self.is_over = None, False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self):
        self._timer.start()
        return self

    def __exit__(self, *error):
        self._timer.cancel()

    def _cut(self):
        self.is_over = True
        if self.socket is not None:
            with suppress(OSError):
                # Of the plain socket: that of TLS would take its state away from the thread that reads.
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def over(self, connected):
        """Watch over a new socket."""
        self.socket = connected
        if self.is_over:
            raise TimeoutError


class _Connection(HTTPConnection):
    """A connection to the judged IP addresses, under the host's own name in the Host header and in TLS."""

    def __init__(self, target, limits, watch):
        super().__init__(target.host, target.port, timeout=limits.connect)
        self.default_port = 443 if target.scheme == "https" else 80
        self.target, self.limits, self.watch = target, limits, watch

    def connect(self):
        for ip in self.target.ips:
            try:
                self.sock = socket.create_connection((ip, self.target.port), self.limits.connect)
                break
            except OSError:
                if ip == self.target.ips[-1] or self.watch.is_over:
                    raise
        self.watch.over(self.sock)
        self.sock.settimeout(self.limits.read)
        if self.target.scheme == "https":
            context = ssl.create_default_context()
            # The handshake comes second, so that the watch can cut it off too.
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host, do_handshake_on_connect=False)
            self.watch.over(self.sock)
            self.sock.do_handshake()


def fetch(target, *, limits, wants, most=MOST_BYTES):
    """The Answer of a Target; ``wants`` says by status and media type whether its body is read.

    Raises Unreachable, TooSlow or Insecure.
    """
    with _Watch(limits.whole) as watch:
        connection = _Connection(target, limits, watch)
        try:
            return _ask(connection, target.path, wants, most)
        except (OSError, HTTPException, ValueError) as error:
            if watch.is_over or isinstance(error, TimeoutError):
                raise TooSlow from error
            if isinstance(error, ssl.SSLError):
                raise Insecure from error
            raise Unreachable from error
        finally:
            connection.close()


def _ask(connection, path, wants, most):
    headers = {
        "User-Agent": f"{PRODUCT}/1.0 (checks the links of a bibliography; https://{settings.ID_DOMAIN}/)",
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    # Headers that were cut off read like headers that ended.
    if connection.watch.is_over:
        raise TimeoutError
    content_type = response.getheader("Content-Type", "")
    body = b""
    if wants(response.status, content_type):
        try:
            body = response.read(most)
        except IncompleteRead as error:
            body = error.partial
        if connection.watch.is_over:
            raise TimeoutError
        if response.getheader("Content-Encoding", "identity").strip().lower() != "identity":
            body = _unpacked(body, most)
    return Answer(response.status, response.getheader("Location", ""), content_type, body)


def _unpacked(body, most):
    """What a site packed without being asked to, and no more of it than the limit; b"" for other packings."""
    try:
        return zlib.decompressobj(wbits=47).decompress(body, most)
    except zlib.error:
        return b""


class _Title(HTMLParser):
    """Finds the first title of a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.state = [], "before"

    def handle_starttag(self, tag, attrs):
        if tag == "title" and self.state == "before":
            self.state = "within"

    def handle_endtag(self, tag):
        if tag == "title" and self.state == "within":
            self.state = "after"

    def handle_data(self, data):
        if self.state == "within":
            self.parts.append(data)


def is_page(content_type):
    """Whether a media type is that of a web page."""
    return content_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")


def title_of(answer):
    """The title of the page in an Answer, in one line; '' where it has none."""
    named = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", answer.content_type, re.IGNORECASE)
    named = named or re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", answer.body[:2048].decode("latin-1"), re.IGNORECASE)
    try:
        text = answer.body.decode(named.group(1) if named else "utf-8", "replace")
    except (LookupError, ValueError):
        text = answer.body.decode("utf-8", "replace")
    # What stands behind the first title is never read: pages can be made that take long to read.
    end = re.search(r"</title", text, re.IGNORECASE)
    reader = _Title()
    with suppress(AssertionError):
        reader.feed(text[: end.start()] + "</title>" if end else text[:20_000])
        reader.close()
    return " ".join("".join(reader.parts).replace("\x00", "").split())[:LONGEST_TITLE]
