"""Pages are light: what the network carries for each, with the shipped catalogue, stays below 100 kB."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db.models import Count
from django.urls import get_resolver, reverse

from commitments.catalogue.loader import load
from commitments.models import Commitment, Party, Source, Summit, Theme
from tests.catalogue.real import FOLDER
from tests.pages import Page
from tests.whole_site import body, patterns

pytestmark = pytest.mark.django_db
MOST = 100_000
FEWEST_PAGES = 12
COMPRESSED = {"accept-encoding": "gzip"}
# Where the first word of a pattern's name names a kind of record: what a record has more of the longer its page is.
RECORDS = {
    "commitment": (Commitment, "assessments__evidence", "slug"),
    "summit": (Summit, "commitments", "key"),
    "party": (Party, "pledges", "code"),
    "theme": (Theme, "commitments", "slug"),
    "source": (Source, "evidence", "key"),
}


def addresses():
    """Every public address, those of records at the one with most to say."""
    for pattern in patterns(get_resolver()):
        kind, wants = pattern.name.partition("-")[0], [*pattern.pattern.converters]
        if not wants:
            yield reverse(f"commitments:{pattern.name}")
        elif kind in RECORDS and len(wants) == 1:
            model, what, key = RECORDS[kind]
            richest = model.objects.annotate(number=Count(what)).order_by("-number", "pk").first()
            yield reverse(f"commitments:{pattern.name}", args=[getattr(richest, key)])


def weight_of(client, address):
    """The bytes that the network carries for one address of ours, headers apart."""
    if address.startswith("/static/"):
        # As the static files' own server sends it: compressed beforehand.
        return len(gzip.compress(Path(finders.find(address.removeprefix("/static/"))).read_bytes()))
    return len(body(client.get(address, headers=COMPRESSED)))


def parts(page):
    """The addresses of sheets, icons and pictures that a browser fetches with a page before anybody scrolls."""
    for one in page:
        if one.tag == "link" and set(one.get("rel").split()) & {"stylesheet", "icon"}:
            yield one.get("href")
        if one.tag == "img" and one.get("loading") != "lazy":
            yield one.get("src")


def test_no_page_is_heavier_than_a_hundred_kilobytes(client, figures):
    load(FOLDER)
    weights = {}
    for address in addresses():
        answer = client.get(address)
        if answer["Content-Type"].startswith("text/html"):
            page = Page(answer.content.decode())
            weights[address] = weight_of(client, address) + sum(weight_of(client, one) for one in {*parts(page)})
            figures.note(address, "kB", f"{weights[address] / 1000:.1f}")

    assert {address: weight for address, weight in weights.items() if weight > MOST} == {}
    assert len(weights) >= FEWEST_PAGES
