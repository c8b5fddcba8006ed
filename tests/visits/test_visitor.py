"""A visit of one address: what was met, where it leads, and where it must not."""

import gzip
import ssl
import subprocess
import threading
import time

import pytest

from commitments.visits import fetch
from commitments.visits.fetch import Limits
from commitments.visits.visitor import Visitor

from .sites import on_loopback, running


def test_page_answers_with_its_title(site, visitor):
    site.page("/a", "Report &amp;\n  A")

    met = visitor.visit(site.at("/a#part"))

    assert (met.outcome, met.http_status, met.final_address) == ("answered", 200, site.at("/a"))
    assert met.title == "Report & A"
    assert site.headers["Host"] == f"a.example:{site.port}"
    assert site.headers["User-Agent"].startswith("scotracker/")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(204, "answered"), (400, "refused"), (401, "refused"), (403, "refused"), (404, "gone"), (410, "gone"),
     (429, "refused"), (451, "refused"), (500, "server_error"), (503, "server_error")],
)  # fmt: skip
def test_status_is_told(site, visitor, status, outcome):
    site.pages["/a"] = (status, {}, b"")

    met = visitor.visit(site.at("/a"))

    assert (met.outcome, met.http_status, met.title) == (outcome, status, "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_page_that_moved_is_found(site, visitor, status):
    site.onward("/a", "/b c", status)
    site.page("/b%20c", "Page B")

    met = visitor.visit(site.at("/a"))

    assert (met.outcome, met.final_address, met.title) == ("moved", site.at("/b%20c"), "Page B")


def test_slash_at_the_end_is_no_move(site, visitor):
    site.onward("/a", site.at("/a/"))
    site.page("/a/")

    assert visitor.visit(site.at("/a")).outcome == "answered"


def test_redirects_end_after_five(site, visitor):
    for number in range(6):
        site.onward(f"/{number}", f"/{number + 1}")
    site.page("/6")

    assert visitor.visit(site.at("/1")).outcome == "moved"
    assert visitor.visit(site.at("/0")).outcome == "too_many_redirects"


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://[fd00::1]/",
        "http://2130706433/", "http://0x7f.1/", "http://user@a.example/", "ftp://a.example/", "file:///etc/passwd",
        "javascript:alert(1)", "http://93.184.216.34:22/", "//192.168.0.1/a", "http://[::1", "http://0.0.0.0/",
    ],
)  # fmt: skip
def test_redirect_into_a_private_network_is_not_followed(site, visitor, location):
    site.onward("/a", "/b")
    site.onward("/b", location)

    met = visitor.visit(site.at("/a"))

    assert (met.outcome, met.http_status, met.final_address) == ("not_allowed", None, "")
    assert site.paths == ["/a", "/b"]


def test_robots_txt_is_no_way_into_a_private_network(site, visitor):
    site.onward("/robots.txt", "http://169.254.169.254/robots.txt")
    site.page("/a")

    assert visitor.visit(site.at("/a")).outcome == "not_allowed"
    assert site.paths == []


def test_without_the_switch_this_machine_is_not_visited(site):
    for address in (site.at("/a"), f"http://127.0.0.1:{site.port}/a", "http://a.example/", "http://[::1]/"):
        assert Visitor(pause=0, resolve=on_loopback).visit(address).outcome == "not_allowed"

    assert site.asked == []


def test_connection_is_made_to_the_address_that_was_judged(site, visitor, monkeypatch):
    """A name that leads elsewhere at a second look is looked up once."""
    looks = []

    def turning(host, port, **options):
        looks.append(host)
        return on_loopback(host if len(looks) < 3 else "10.0.0.1", port, **options)

    visitor = Visitor(pause=0, resolve=turning, allow_loopback=True)
    site.page("/a")

    assert visitor.visit(site.at("/a")).outcome == "answered"
    assert looks == ["a.example", "a.example"]
    assert visitor.visit(site.at("/a")).outcome == "not_allowed"


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ("User-agent: *\nDisallow: /a", "robots"),
        ("User-agent: scotracker\nDisallow: /\n\nUser-agent: *\nAllow: /", "robots"),
        ("User-agent: *\nDisallow: /\n\nUser-agent: scotracker\nAllow: /", "answered"),
        ("User-agent: *\nDisallow: /*b\n", "answered"),
        ("\x00\xff<html>", "answered"),
    ],
)
def test_robots_txt_is_respected(site, visitor, rules, outcome):
    site.pages["/robots.txt"] = (200, {}, rules.encode())
    site.page("/a")

    assert visitor.visit(site.at("/a")).outcome == outcome
    assert site.paths == ([] if outcome == "robots" else ["/a"])


@pytest.mark.parametrize(("status", "outcome"), [(404, "answered"), (403, "answered"), (500, "robots")])
def test_robots_txt_that_is_missing_opens_and_one_that_fails_closes(site, visitor, status, outcome):
    site.pages["/robots.txt"] = (status, {}, b"")
    site.page("/a")

    assert visitor.visit(site.at("/a")).outcome == outcome


def test_robots_txt_is_asked_once_a_site_and_again_at_the_site_of_a_redirect(site, visitor):
    site.page("/a")
    site.onward("/b", site.at("/c", "b.example"))
    with running() as other:
        other.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /c")
        site.onward("/b", other.at("/c", "b.example"))

        outcomes = [visitor.visit(site.at(path)).outcome for path in ("/a", "/a", "/b")]

        assert outcomes == ["answered", "answered", "robots"]
        assert other.asked == [("b.example", "/robots.txt")]
    assert site.asked.count(("a.example", "/robots.txt")) == 1


def test_name_without_address_and_closed_port_are_not_reached(site, visitor):
    with running() as closed:
        address = closed.at("/a")

    assert visitor.visit("http://nowhere.example/").outcome == "unreachable"
    assert visitor.visit(address).outcome == "unreachable"


def test_what_speaks_no_http_is_not_reached(site, visitor):
    site.pages["/a"] = lambda handler: handler.wfile.write(b"220 mail\r\n")

    assert visitor.visit(site.at("/a")).outcome == "unreachable"


def drip(handler):
    """Send an answer whose headers never end, a bit now and then."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(f"X-{number}: a\r\n".encode())
        time.sleep(0.02)


@pytest.mark.parametrize("page", [drip, lambda handler: time.sleep(0.6)], ids=["drips", "is silent"])
def test_slow_site_is_left_in_time(site, page):
    site.page("/robots.txt", status=404)
    site.pages["/a"] = page
    visitor = Visitor(pause=0, limits=Limits(connect=1, read=0.4, whole=0.3), resolve=on_loopback, allow_loopback=True)
    begun = time.clock_gettime(time.CLOCK_MONOTONIC)

    assert visitor.visit(site.at("/a")).outcome == "timeout"
    assert time.clock_gettime(time.CLOCK_MONOTONIC) - begun < 1.5


def test_long_page_is_read_to_the_limit_only(site, visitor, monkeypatch):
    sent = []

    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Page A</title>")
        for _time in range(1000):
            handler.wfile.write(b"a" * 100_000)
            sent.append(100_000)

    site.pages["/a"] = endless

    assert visitor.visit(site.at("/a")).title == "Page A"
    # What was under way when the visitor left may have been sent too.
    assert sum(sent) < 20_000_000


def test_packed_page_is_unpacked_to_the_limit_only(site, visitor):
    bomb = gzip.compress(b"<title>Page A</title>" + b"a" * 20_000_000)
    site.page("/a", **{"Content-Encoding": "gzip"})
    site.pages["/a"] = (*site.pages["/a"][:2], bomb)

    assert visitor.visit(site.at("/a")).title == "Page A"
    assert len(fetch._unpacked(bomb, fetch.MOST_BYTES)) == fetch.MOST_BYTES


def test_body_of_a_file_is_not_read(site, visitor):
    site.pages["/a"] = (200, {"Content-Type": "application/pdf"}, b"<title>No page</title>")

    met = visitor.visit(site.at("/a"))

    assert (met.outcome, met.title) == ("answered", "")


@pytest.mark.parametrize(
    ("content_type", "body", "title"),
    [
        ("text/html; charset=windows-1251", "<title>Отчёт</title>".encode("cp1251"), "Отчёт"),
        ("text/html", '<meta charset="windows-1251"><title>Отчёт</title>'.encode("cp1251"), "Отчёт"),
        ("text/html", "<title>报告</title>".encode(), "报告"),
        ("text/html; charset=nonsense", b"<title>A</title>", "A"),
        ("text/html; charset=base64", b"<title>A</title>", "A"),
        ("text/html", b"<title>\x00A\xff</title><svg><title>B</title></svg>", "A�"),
        ("text/html", b"<title>" + b"a" * 600, "a" * 500),
        ("text/html", b"<title>" + b"a" * 600 + b"</title>", "a" * 500),
        ("text/html", b"<![if x]><!-- ", ""),
        ("text/html", b"", ""),
    ],
)
def test_title_is_read_in_its_own_letters(content_type, body, title):
    assert fetch.title_of(fetch.Answer(200, "", content_type, body)) == title


def test_requests_to_one_host_are_one_at_a_time_with_a_pause(site):
    visitor = Visitor(pause=0.05, resolve=on_loopback, allow_loopback=True)
    for path in "abc":
        site.page(f"/{path}")
    threads = [threading.Thread(target=visitor.visit, args=[site.at(f"/{path}")]) for path in "abc"]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(site.paths) == ["/a", "/b", "/c"]
    assert site.most_at_once == 1
    assert all(later - earlier >= 0.04 for earlier, later in zip(site.times, site.times[1:], strict=False))


@pytest.fixture
def certificate(tmp_path):
    """The files of a certificate for a.example that nobody but its own maker signed."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=a.example", "-addext", "subjectAltName=DNS:a.example", "-days", "30"]
    subprocess.run([*command, "-keyout", key, "-out", cert, *names], check=True, capture_output=True)
    return key, cert


def test_certificate_is_verified_for_the_name_of_the_host(site, visitor, certificate, monkeypatch):
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    names = []
    context.sni_callback = lambda connection, name, own: names.append(name)
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    site.page("/a", "Page A")
    secure = site.at("/a").replace("http:", "https:")
    assert visitor.visit(secure).outcome == "insecure"

    trusting = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting(cafile=cert))
    visitor = Visitor(pause=0, resolve=on_loopback, allow_loopback=True)

    assert visitor.visit(secure).title == "Page A"
    assert visitor.visit(secure.replace("a.example", "b.example")).outcome == "insecure"
    assert names == ["a.example", "a.example", "a.example", "b.example"]
