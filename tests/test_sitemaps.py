"""/sitemap.xml and /robots.txt: every public page once, nothing else, with the day it last changed."""

import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments import sitemaps
from tests import heads
from tests.acts import answer, correct, judge, reload, retract
from tests.factories import make_party, make_published, make_source
from tests.pages import Page
from tests.whole_site import addresses

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
DAYS = [datetime.datetime(2026, 11, day, 12, tzinfo=datetime.UTC) for day in (20, 21, 22, 23)]


def listed(client, address):
    """{path and query: day or None} of one file of the sitemap."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/xml"
    found = {}
    for one in ElementTree.fromstring(response.content):  # noqa: S314 - our own answer
        parts = urlsplit(one.findtext("s:loc", namespaces=NAMES))
        assert (parts.scheme, parts.netloc) == ("http", "testserver")
        found[parts.path + (f"?{parts.query}" if parts.query else "")] = one.findtext("s:lastmod", namespaces=NAMES)
    return found


def everything(client):
    """{path: day} of every page in the sitemap."""
    return {path: day for file in listed(client, "/sitemap.xml") for path, day in listed(client, file).items()}


def test_every_page_for_search_engines_is_listed_and_no_other(client, register):
    found = everything(client)
    wanted = set()
    for address in addresses().values():
        response = client.get(address)
        if response["Content-Type"].startswith("text/html"):
            page = Page(response.content.decode())
            if heads.metas(page)["robots"].startswith("index"):
                wanted.add(urlsplit(heads.canonical(page)).path)

    assert len(wanted) >= 16
    assert wanted <= set(found)
    assert "/commitments/road/" in found
    assert [path for path in found if "zz" in path or "withdrawn" in path] == []
    for path in ("/commitments/road/", "/summits/quiet-2005/", "/parties/ORG/", "/sources/news/"):
        response = client.get(path)
        assert heads.canonical(Page(response.content.decode())) == f"http://testserver{path}"


def test_index_names_each_file_with_its_newest_day(client):
    make_published("well", assessments=[{}])

    found = listed(client, "/sitemap.xml")

    assert list(found) == [reverse("commitments:sitemap-section", args=[name]) for name in sitemaps.SECTIONS]
    assert found["/sitemap-commitments.xml"] == "2026-11-24"


def test_empty_register_has_its_fixed_pages(client):
    found = everything(client)

    assert {"/", "/commitments/", "/data/", "/methodology/"} <= set(found)
    assert set(found.values()) == {None}


@pytest.mark.parametrize("act", [judge, correct, answer, retract])
def test_day_is_that_of_the_newest_edition_that_touched_it(client, clock, act):
    clock.move_to(DAYS[0])
    well = make_published("well", assessments=[{}])
    clock.move_to(DAYS[1])
    make_published("road")
    clock.move_to(DAYS[2])
    act(reload(well) if act is judge else well.assessments.get())
    clock.move_to(DAYS[3])
    make_published("dam", theme=well.theme)

    found = everything(client)

    assert found["/commitments/well/"] == "2026-11-22"
    assert found["/commitments/road/"] == "2026-11-21"
    assert found[well.summit.get_absolute_url()] == "2026-11-22"
    assert found[well.pledged_by.get().get_absolute_url()] == "2026-11-22"
    assert found[well.theme.get_absolute_url()] == "2026-11-23"
    assert found["/"] == "2026-11-23"


def test_withdrawn_reply_is_a_change_too(client, clock):
    clock.move_to(DAYS[0])
    well = make_published("well", assessments=[{}])
    reply = answer(well.assessments.get())
    clock.move_to(DAYS[1])
    retract(reply)

    assert everything(client)["/commitments/well/"] == "2026-11-21"


def test_large_section_has_several_pages(client, monkeypatch):
    monkeypatch.setattr(sitemaps.Section, "limit", 2)
    for number in range(3):
        make_published(f"pledge-{number}")

    assert "/sitemap-commitments.xml?p=2" in listed(client, "/sitemap.xml")
    assert list(listed(client, "/sitemap-commitments.xml?p=2")) == ["/commitments/pledge-2/"]


@pytest.mark.parametrize("query", ["p=2", "p=0", "p=x", "p=1&p=1", "as_of=2006-01-01", "colour=red"])
def test_wrong_parameter_is_refused(client, query):
    response = client.get(f"/sitemap-commitments.xml?{query}")

    assert response.status_code == 400
    assert f"The parameter “{query.partition('=')[0]}” cannot be" in response.content.decode()


def test_unknown_section_is_not_found(client):
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_queries_are_the_same_for_few_and_many(client):
    counts = []
    for number in (1, 10):
        for _one in range(number):
            source = make_source()
            make_published(source=source, pledged_by=[make_party(), make_party()], assessments=[{"sources": [source]}])
        for address in ("/sitemap.xml", "/sitemap-parties.xml"):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))

    assert counts[:2] == counts[2:]
    assert max(counts) <= 20


def test_robots_are_told_where_to_look_and_what_to_leave(client):
    response = client.get("/robots.txt")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "User-agent: *"
    assert "Disallow: /admin/" in lines
    assert "Disallow: /*?*as_of=" in lines
    assert "Disallow: /" not in lines
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
