"""Which addresses may be visited: none within a network of somebody's own, however it is written or reached."""

import socket

import pytest

from commitments.visits.allowed import NotAllowed, is_public, target

PUBLIC = ["93.184.216.34", "2606:4700::6810:84e5", "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2002:5db8:d822::1"]
BARRED = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "192.88.99.1", "198.18.0.1", "::", "::1", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "2001::1", "::7f00:1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "not an address",
]  # fmt: skip


def resolver(*ips):
    """A stand-in for socket.getaddrinfo that knows these addresses for every name."""

    def resolve(host, port, type=0):  # noqa: A002 - as the library calls it
        return [(socket.AF_INET, type, 6, "", (ip, port)) for ip in ips]

    return resolve


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_address(ip):
    assert is_public(ip)
    assert target("https://example.org/", resolve=resolver(ip)).ips == (ip,)


@pytest.mark.parametrize("ip", BARRED)
def test_barred_address_is_refused_even_beside_public_ones(ip):
    assert not is_public(ip)
    with pytest.raises(NotAllowed, match="not on the public internet"):
        target("https://example.org/", resolve=resolver(PUBLIC[0], ip))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "neither http"),
        ("file:///etc/passwd", "neither http"),
        ("gopher://example.org/", "neither http"),
        ("//example.org/", "neither http"),
        ("https://user:word@example.org/", "user's name"),
        ("https://example.org@127.0.0.1/", "user's name"),
        ("https://example.org:8000/", "its port is 8000"),
        ("https://example.org:22/", "its port is 22"),
        ("https://example.org:x/", "no address"),
        ("https:///a", "names no host"),
        ("https://example.org/a b", "a space"),
        ("https://example.org/\r\nHost: a", "control character"),
        ("https://2130706433/", "usual form"),
        ("https://0x7f000001/", "usual form"),
        ("https://0177.0.0.1/", "usual form"),
        ("https://127.1/", "usual form"),
        ("https://0x7f.0.0.1/", "usual form"),
        ("https://example.0x7f/", "usual form"),
        ("https://①②⑦.1/", "usual form"),
        ("https://[fe80::1%25eth0]/", "names no host"),
        ("https://exa%6dple.org/", "names no host"),
        ("https://example.org\\@127.0.0.1/", "user's name"),
        ("https://a..b/", "no name"),
    ],
)
def test_odd_address_is_refused_before_anybody_is_asked(url, reason):
    def nobody(*args, **kwargs):
        raise AssertionError("a name was looked up")

    resolve = resolver(PUBLIC[0]) if "port is" in reason else nobody
    with pytest.raises(NotAllowed, match=reason):
        target(url, resolve=resolve)


def test_request_is_written_in_plain_letters_and_keeps_the_name_of_the_host():
    found = target("http://Пример.рф:443/путь?q=а%20b&x=1#part", resolve=resolver(PUBLIC[0]))

    assert found.host == "xn--e1afmkfd.xn--p1ai"
    assert found.port == 443
    assert found.path == "/%D0%BF%D1%83%D1%82%D1%8C?q=%D0%B0%20b&x=1"
    assert found.origin == "http://xn--e1afmkfd.xn--p1ai:443"


def test_loopback_is_open_to_tests_only_and_to_nothing_else_with_it():
    with pytest.raises(NotAllowed):
        target("http://127.0.0.1/", resolve=resolver("127.0.0.1"))
    with pytest.raises(NotAllowed):
        target("http://a.example/", resolve=resolver("127.0.0.1", "10.0.0.1"), allow_loopback=True)
    with pytest.raises(NotAllowed):
        target("http://a.example:8000/", resolve=resolver(PUBLIC[0]), allow_loopback=True)

    assert target("http://a.example:8000/", resolve=resolver("127.0.0.1"), allow_loopback=True).port == 8000
