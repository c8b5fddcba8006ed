"""Which addresses may be visited: those of the public web, and none within anybody's own network.

A name is resolved once, every address that it has is judged, and the connection is then made to what was judged: a
second look at the name could be told something else.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from commitments.addresses import DEFAULT_PORTS, ascii_host

# What may stand in the target of a request; everything else goes behind a per cent sign.
SAFE = "%/:=&?~#+!$,;'@()*[]"
# Of IPv6 only this part has been given out to the world (RFC 4291), and these pass packets on to an IPv4 address.
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Relays and tunnels, which the standard library takes for ordinary addresses.
PASSED_ON = (ipaddress.ip_network("192.88.99.0/24"), ipaddress.ip_network("2001::/32"))
# Browsers read a host that ends so as an IPv4 address, in tens, eights or sixteens, of one part to four.
NUMERIC = re.compile(r"(?:\d+|0x[0-9a-f]*)\Z", re.IGNORECASE)


class NotAllowed(Exception):
    """The address may not be visited; says why."""


@dataclass(frozen=True)
class Target:
    """Where a request goes: the host by its name, the judged IP addresses to connect to, and what to ask for."""

    scheme: str
    host: str
    port: int
    ips: tuple
    path: str

    @property
    def origin(self):
        """The part of the address to which one robots.txt applies."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        standard = self.port == DEFAULT_PORTS[self.scheme]
        return f"{self.scheme}://{host}" if standard else f"{self.scheme}://{host}:{self.port}"


def _within(ip):
    """The IPv4 address to which an IPv6 address leads, None for the others."""
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def is_public(text):
    """Whether an IP address, as text, belongs to one host of the public internet, and leads to no other."""
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return False
    if ip.version == 6:
        within = _within(ip)
        if within is not None:
            return is_public(str(within))
        if ip.scope_id or ip not in GLOBAL_UNICAST:
            return False
    if any(ip in network for network in PASSED_ON if network.version == ip.version):
        return False
    barred = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved
    return ip.is_global and not barred and not ip.is_unspecified


def _is_loopback(text):
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def read(url):
    """(scheme, host, port, path) of an address of the web. Raises NotAllowed for every other, whoever its host is."""
    if re.search(r"[\x00-\x20\x7f]", url):
        raise NotAllowed("it holds a space or a control character")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotAllowed("it is no address of the web") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise NotAllowed("it begins with neither http:// nor https://")
    if "@" in parts.netloc:
        raise NotAllowed("it holds a user's name")
    if not host or "\\" in parts.netloc or "%" in parts.netloc:
        raise NotAllowed("it names no host")
    path = quote(parts.path or "/", safe=SAFE)
    if parts.query:
        path += f"?{quote(parts.query, safe=SAFE)}"
    return parts.scheme, _plain_host(host), port or DEFAULT_PORTS[parts.scheme], path


def _plain_host(host):
    """A host by its name or in the usual form of an IP address; other spellings of one are refused."""
    try:
        host = ascii_host(host)
        if ":" in host:
            return str(ipaddress.IPv6Address(host))
        if NUMERIC.match(host.rpartition(".")[2]):
            return str(ipaddress.IPv4Address(host))
    except ValueError as error:
        raise NotAllowed("its host is no name, and no IP address in its usual form") from error
    return host


def target(url, *, resolve=socket.getaddrinfo, allow_loopback=False):
    """The Target of an address. Raises NotAllowed, or OSError where its host has no IP address.

    ``resolve`` answers as ``socket.getaddrinfo``. ``allow_loopback`` lets the tests visit servers of their own, at any
    port of this machine; no command sets it.
    """
    scheme, host, port, path = read(url)
    try:
        found = resolve(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise NotAllowed("its host is no name") from error
    ips = tuple(dict.fromkeys(row[4][0] for row in found))
    if not ips:
        raise OSError("the host has no address")
    own = allow_loopback and all(_is_loopback(ip) for ip in ips)
    if not own:
        if port not in DEFAULT_PORTS.values():
            raise NotAllowed(f"its port is {port}")
        if not all(is_public(ip) for ip in ips):
            raise NotAllowed("its host is not on the public internet")
    return Target(scheme, host, port, ips, path)
