"""Two addresses that lead to the same document are one, however they are written."""

from pathlib import Path

import pytest
import yaml

from commitments.addresses import digest, normalised
from commitments.models import Source
from tests.factories import make_source

SOURCES = Path(__file__).resolve().parent.parent / "fixtures" / "sco" / "sources.yaml"


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/a/b?x=1&y=2",
        "https://EXAMPLE.org/a/b?x=1&y=2",
        "https://www.example.org/a/b?x=1&y=2",
        "https://example.org:443/a/b?x=1&y=2",
        "http://example.org:80/a/b?x=1&y=2",
        "https://example.org./a/b?x=1&y=2",
        "https://example.org/a/b/?x=1&y=2",
        "https://example.org/a/./c/../b?x=1&y=2",
        "https://example.org/../a/b?x=1&y=2",
        "https://example.org/%61/b?x=1&y=2#part",
        "https://example.org/a/b?utm_source=mail&x=1&gclid=7&y=2&UTM_Medium=a&fbclid",
        " https://example.org/a/b?x=1&&y=2 ",
    ],
)
def test_same_document(other):
    assert normalised(other) == normalised("https://example.org/a/b?x=1&y=2") == "example.org/a/b?x=1&y=2"


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/A/b?x=1",
        "https://example.org/a/b?x=2",
        "https://example.org/a/b",
        "https://example.org:8443/a/b?x=1",
        "https://news.example.org/a/b?x=1",
        "https://example.org/a%2Fb?x=1",
        "https://example.org/a//b?x=1",
        "ftp://example.org/a/b?x=1",
        "https://example.org/a/b?x=1&utmost=1",
    ],
)
def test_another_document(other):
    assert normalised(other) != normalised("https://example.org/a/b?x=1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://пример.рф/путь", "http://xn--e1afmkfd.xn--p1ai/%d0%bf%D1%83%D1%82%D1%8C"),
        ("https://example.org", "http://www.example.org/"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://[2001:DB8::1]/a", "http://[2001:db8::1]:80/a"),
    ],
)
def test_letters_written_in_two_ways(one, other):
    assert digest(one) == digest(other) != ""


@pytest.mark.parametrize(
    "text", ["", "nothing", "https://[::1", "https://example.org:port/", "https://", "https://a..b/"]
)
def test_what_is_no_address_of_the_web_stays_as_it_is(text):
    assert normalised(text) == text


def test_shipped_sources_are_told_apart():
    addresses = [row["url"] for row in yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"] if row["url"]]

    assert len({digest(one) for one in addresses}) == len(addresses) > 400


@pytest.mark.django_db
def test_every_writer_keeps_the_digest():
    saved = make_source(url="https://example.org/a")
    saved.url = "https://example.org/b"
    saved.save()
    Source.objects.bulk_create([Source(key="bulk", title="T", publisher="P", kind="news", url="https://example.org/c")])
    make_source("bare", url="")
    moved, told = make_source("moved"), make_source("told")
    moved.url = "https://example.org/d"
    Source.objects.bulk_update([moved], ["url"])
    Source.objects.filter(pk=told.pk).update(url="https://example.org/e")

    assert Source.objects.at_address("http://www.example.org/b/").get() == saved
    assert Source.objects.at_address("http://example.org/c/").get().key == "bulk"
    assert Source.objects.at_address("http://example.org/d/").get() == moved
    assert Source.objects.at_address("http://example.org/e/").get() == told
    assert not Source.objects.at_address("https://example.org/a").exists()
    assert not Source.objects.at_address("").exists()
