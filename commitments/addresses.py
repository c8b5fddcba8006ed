"""Addresses on the web: when two of them lead to the same document. This module imports nothing of ours."""

import hashlib
import re
from urllib.parse import unquote_to_bytes, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
# What campaigns add to an address; the document is the same without.
TRACKING = re.compile(r"(?:utm_[^=]*|gclid|fbclid)(?:=|\Z)", re.IGNORECASE)
# What means the same in its own letters as behind a per cent sign (RFC 3986, 2.3).
UNRESERVED = re.compile(rb"[A-Za-z0-9._~-]")
# What separates the parts of an address, and so stays as it was written.
SEPARATORS = b"%/?:@!$&'()*+,;=[]"


def ascii_host(host):
    """A host name in lower case and in the letters of the Domain Name System: "Пример.РФ" -> "xn--e1afmkfd.xn--p1ai".

    Raises ValueError for what cannot be one.
    """
    host = host.rstrip(".").lower()
    return host if ":" in host else host.encode("idna").decode("ascii").lower()


def _escaped(text):
    """Text with every letter written one way: as itself where that is allowed, else behind a per cent sign."""

    def one(match):
        escaped = match.group().encode("utf-8", "surrogatepass")
        if escaped[:1] == b"%" and len(escaped) == 3:
            plain = unquote_to_bytes(escaped)
            return plain.decode("ascii") if UNRESERVED.fullmatch(plain) else escaped.decode("ascii").upper()
        if UNRESERVED.fullmatch(escaped) or escaped in SEPARATORS:
            return escaped.decode("ascii")
        return "".join(f"%{byte:02X}" for byte in escaped)

    return re.sub(r"%[0-9A-Fa-f]{2}|.", one, text, flags=re.DOTALL)


def _without_dots(path):
    """A path without its "." and ".." (RFC 3986, 5.2.4); double slashes stay, since they can mean something."""
    kept = []
    for part in path.split("/"):
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    return "/".join(kept)


def normalised(url):
    """One form for all addresses that lead to the same document; '' for ''. It is for comparing, not for following.

    Alike are: http and https; letters of the host in either case or as IDNA; "www." or none, since a publisher that
    serves two documents under these two names has not been met, and many serve one under both; the default port or
    none; a slash at the end or none; "." and ".." in the path; either way to write a letter behind a per cent sign;
    any fragment; and whatever utm_*, gclid or fbclid says. The case of the path and the order of parameters count.
    What is no address of the web stays as it is.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return url
    if parts.scheme not in DEFAULT_PORTS or not host:
        return url
    host = host.removeprefix("www.")
    if port not in (None, DEFAULT_PORTS[parts.scheme]):
        host += f":{port}"
    query = "&".join(one for one in _escaped(parts.query).split("&") if one and not TRACKING.match(one))
    path = _without_dots(_escaped(parts.path)).rstrip("/")
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def digest(url):
    """``normalised`` as 64 hexadecimal digits, a length that either database can index; '' for ''."""
    return hashlib.sha256(normalised(url).encode("utf-8", "surrogatepass")).hexdigest() if url else ""
