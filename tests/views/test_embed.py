"""The card of a commitment for other sites, and the oEmbed reply that leads to it."""

import datetime
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from commitments.templatetags.embed import card_height
from tests.acts import judge, reload, retract, revise
from tests.factories import make_assessment, make_commitment, make_party, make_published, make_source, publish
from tests.pages import Page, main_of, page_at

pytestmark = pytest.mark.django_db

DAY = datetime.date
CARD, PAGE = "/embed/commitments/promise/", "/commitments/promise/"
HERE = "http://testserver"
SHEETS = Path(__file__).resolve().parents[2] / "commitments" / "static" / "commitments"
SCHEMA = json.loads((Path(__file__).resolve().parents[1] / "oembed.schema.json").read_text())


@pytest.fixture
def promise():
    target = {"target_quantity": 200, "target_unit": "wells", "target_measure": "Wells dug"}
    judged = {"status": "in_progress", "progress": 50, "rationale": "Fifty are dug. The rest are not."}
    return make_published("promise", title="Wells & roads", **target, assessments=[judged])


def policy(response):
    """{directive: values} of the Content-Security-Policy."""
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def test_card_says_what_came_of_it_and_leads_to_the_record(client, promise):
    main = main_of(client, CARD)

    assert main.one("h1").links == [("Wells & roads", PAGE)]
    assert main.one("span", class_="status").text == "In progress"
    assert main.one("span", class_="status").one("svg").get("aria-hidden") == "true"
    assert "as of 15 June 2006" in main.one("p", class_="standing").text
    assert main.one("p", class_="target").text == "25 % of the target of 200 wells"
    # The whole reason: its second sentence often holds what speaks against the first.
    assert "Fifty are dug. The rest are not." in main.text
    assert main.one("p", class_="foot").text == "SCO Commitment Tracker, edition 1, as of 24 November 2026"
    assert {link.get("target") for link in main.all("a")} == {"_top"}


def test_card_is_sound_and_brings_only_its_own_small_sheet(client, promise):
    page = page_at(client, CARD)

    assert page.problems == []
    assert page.one("title").text == "Wells & roads: In progress · SCO Commitment Tracker"
    assert [link.get("href") for link in page.all("link")] == ["/static/commitments/embed.css"]
    assert not page.all("script")
    assert (SHEETS / "embed.css").stat().st_size < 5_000


def test_card_names_marks_and_missing_judgements(client):
    own = make_party("AA")
    voice = make_source(issuer=own, kind="official-statement")
    make_published("silent", target_quantity=3, target_unit="wells", target_measure="Wells")
    flag = {"status": "fulfilled", "sources": [make_source(kind="news")], "below_rule": "fulfilled needs more."}
    make_published("flagged", assessments=[flag])
    make_published("told", pledged_by=[own], due=DAY(2006, 7, 1), assessments=[{"sources": [voice]}])

    assert (
        "Nobody has published a judgement that holds on this day." in main_of(client, "/embed/commitments/silent/").text
    )
    assert "Target: 3 wells; no source gives a measured amount" in main_of(client, "/embed/commitments/silent/").text
    assert "below the evidence rule" in main_of(client, "/embed/commitments/flagged/").text
    text = main_of(client, "/embed/commitments/told/").text
    assert "overdue" in text
    assert "self-reported" in text


def test_card_keeps_both_clocks(client, promise):
    pinned = f"{CARD}?as_of=2026-11-24&edition=1"
    before = client.get(pinned).content
    judge(reload(promise), as_of=DAY(2010, 1, 1), status="fulfilled", progress=200)
    revise(promise, title="Many wells")

    assert client.get(pinned).content == before
    assert main_of(client, CARD).one("h1").text == "Many wells"
    assert main_of(client, f"{CARD}?as_of=2007-01-01").one("span", class_="status").text == "In progress"
    main = main_of(client, pinned)
    assert main.one("h1").links == [("Wells & roads", f"{PAGE}?as_of=2026-11-24&edition=1")]


def test_what_is_gone_or_not_there_says_so_in_the_frame(client, promise):
    make_commitment("draft", title="Zzdraft")
    retract(reload(promise), "It was recorded twice.")

    gone = client.get(CARD)
    assert gone.status_code == 410
    assert "It was recorded twice." in Page(gone.content.decode()).one("main").text
    for slug in ("draft", "nothing"):
        response = client.get(f"/embed/commitments/{slug}/")
        assert response.status_code == 404
        assert b"Zzdraft" not in response.content
        assert policy(response)["frame-ancestors"] == ["*"]
    assert main_of(client, f"{CARD}?edition=1").one("h1").text == "Wells & roads"


def test_card_may_be_framed_and_its_failures_may_not(client, promise):
    response = client.get(CARD)
    assert policy(response)["frame-ancestors"] == ["*"]
    assert "X-Frame-Options" not in response
    assert policy(response)["default-src"] == ["'none'"]

    for address in (PAGE, f"{CARD}?colour=red", "/embed/commitments/"):
        refused = client.get(address)
        assert policy(refused)["frame-ancestors"] == ["'none'"], address
        assert refused["X-Frame-Options"] == "DENY", address


def test_source_that_may_not_be_cited_is_named_nowhere(client):
    concealed = make_source("concealed-key", title="Concealed title", publisher="Concealed", terms="no_citation")
    make_published("promise", source=concealed, locator="Concealed", assessments=[{"sources": [concealed]}])

    for address in (CARD, f"/oembed?url={HERE}{PAGE}"):
        assert b"concealed" not in client.get(address).content.lower()


def test_tones_of_the_card_are_those_of_the_site():
    def tones(name):
        return re.findall(r"^ +(--[a-z_]+): (#[0-9a-f]+);", (SHEETS / name).read_text(), re.MULTILINE)

    assert len(tones("embed.css")) >= 30
    assert set(tones("embed.css")) < set(tones("tracker.css"))


def test_few_and_many_commitments_take_the_same_queries(client, promise):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = [queries(address) for address in (CARD, f"/oembed?url={HERE}{PAGE}")]
    drafts = [make_commitment(f"late-{i}") for i in range(5)]
    publish(*drafts, *(make_assessment(draft) for draft in drafts))

    assert [queries(address) for address in (CARD, f"/oembed?url={HERE}{PAGE}")] == few


# The commitment's page


def test_page_offers_the_code_of_its_card(client, promise):
    for query in ("", "?as_of=2026-11-24&edition=1"):
        details = main_of(client, f"{PAGE}{query}").one("details", class_="embed-this")
        (frame,) = Page(details.one("code").text).all("iframe")
        assert frame.get("src") == f"{HERE}{CARD}{query}"
        assert frame.get("title") == "Wells & roads: In progress"
        assert (frame.get("width"), int(frame.get("height")) > 100) == ("600", True)
        assert details.links == [("See the card", f"{CARD}{query}")]


def discovered(client, address):
    """{media type: address} of what programs that look for oEmbed find on a page."""
    links = page_at(client, address).one("head").all("link", rel="alternate")
    return {link.get("type"): link.get("href") for link in links if "oembed" in link.get("type")}


@pytest.mark.parametrize("query", ["", "?edition=1", "?as_of=2026-11-24&edition=1"])
def test_page_leads_programs_to_its_reply(client, promise, query):
    links = discovered(client, f"{PAGE}{query}")

    assert set(links) == {"application/json+oembed", "text/xml+oembed"}
    assert parse_qs(urlsplit(links["application/json+oembed"]).query)["url"] == [f"{HERE}{PAGE}{query}"]
    reply = client.get(links["application/json+oembed"].removeprefix(HERE)).json()
    (frame,) = Page(reply["html"]).all("iframe")
    assert frame.get("src") == f"{HERE}{CARD}{query}"
    assert client.get(links["text/xml+oembed"].removeprefix(HERE)).status_code == 200


# oEmbed


def asked(client, url=f"{HERE}{PAGE}", **parameters):
    return client.get("/oembed", {"url": url, **parameters})


def reply_of(client, *args, **parameters):
    response = asked(client, *args, **parameters)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    jsonschema.validate(response.json(), SCHEMA)
    return response.json()


def test_reply_says_what_to_embed(client, promise):
    height = card_height(promise.standings.get(status="in_progress"), 600)

    assert reply_of(client) == {
        "version": "1.0",
        "type": "rich",
        "title": "Wells & roads: In progress",
        "author_name": "The tracker's editors",
        "provider_name": "SCO Commitment Tracker",
        "provider_url": f"{HERE}/",
        "cache_age": 86400,
        "width": 600,
        "height": height,
        "html": f'<iframe src="{HERE}{CARD}" width="600" height="{height}" title="Wells &amp; roads: In progress"'
        ' loading="lazy" style="border:0"></iframe>',
    }


def test_reply_as_xml_says_the_same(client, promise):
    response = asked(client, format="xml")

    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(response.content)
    assert root.tag == "oembed"
    assert {one.tag: one.text for one in root} == {name: str(value) for name, value in reply_of(client).items()}


def test_schema_notices_faults(client, promise):
    reply = reply_of(client)
    for name, wrong in (("type", "video"), ("width", "600"), ("html", "<script></script>"), ("provider_url", "here")):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(reply | {name: wrong}, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({name: value for name, value in reply.items() if name != "html"}, SCHEMA)


@pytest.mark.parametrize(
    ("most", "highest", "width"), [(300, None, 300), (2000, None, 600), (None, 90, 600), (300, 90, 300), (1, 1, 1)]
)
def test_reply_is_never_larger_than_asked(client, promise, most, highest, width):
    asked_for = {"maxwidth": most, "maxheight": highest}
    reply = reply_of(client, **{name: value for name, value in asked_for.items() if value})

    assert reply["width"] == width
    assert reply["height"] <= (highest or 2000)
    assert f'width="{reply["width"]}" height="{reply["height"]}"' in reply["html"]


@pytest.mark.parametrize("path", [PAGE, CARD])
@pytest.mark.parametrize("query", ["", "?edition=1", "?as_of=2006-01-01&edition=1"])
def test_reply_keeps_the_clocks_of_the_address(client, promise, path, query):
    revise(promise, title="Many wells")
    reply = reply_of(client, f"{HERE}{path}{query}")

    assert f'src="{HERE}{CARD}{query.replace("&", "&amp;")}"' in reply["html"]
    assert reply["title"].startswith("Wells & roads: " if query else "Many wells: ")
    assert reply["title"].endswith("Not assessed" if "as_of" in query else "In progress")


@pytest.mark.parametrize(
    "url",
    [
        "http://other.example/commitments/promise/",
        "http://testserver:8000/commitments/promise/",
        "http://testserver@other.example/commitments/promise/",
        "//testserver/commitments/promise/",
        "ftp://testserver/commitments/promise/",
        "javascript:alert(1)",
        "/commitments/promise/",
        "promise",
        "http://[testserver/commitments/promise/",
        f"{HERE}/commitments/draft/",
        f"{HERE}/commitments/withdrawn/",
        f"{HERE}/commitments/",
        f"{HERE}/themes/water/",
        f"{HERE}/admin/",
        f"{HERE}/nothing/",
        f"{HERE}{PAGE}?edition=99",
        f"{HERE}{PAGE}?as_of=2030-01-01",
        f"{HERE}{PAGE}?colour=red",
    ],
)
def test_address_that_is_none_of_ours_is_not_found(client, promise, url):
    make_commitment("draft")
    retract(make_published("withdrawn"))

    assert asked(client, url).status_code == 404


def test_unknown_format_is_not_implemented(client, promise):
    response = asked(client, format="yaml")

    assert response.status_code == 501
    assert response.content.decode() == "The format “yaml” is not known here; use json or xml."


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("", "url", ""),
        ("url=", "url", ""),
        ("url=a&url=b", "url", "a, b"),
        (f"url={quote(HERE + PAGE)}&maxwidth=wide", "maxwidth", "wide"),
        (f"url={quote(HERE + PAGE)}&maxheight=0", "maxheight", "0"),
        (f"url={quote(HERE + PAGE)}&edition=1", "edition", "1"),
        (f"url={quote(HERE + PAGE)}&callback=run", "callback", "run"),
    ],
)
def test_wrong_parameter_is_refused(client, promise, query, name, value):
    assert f"The parameter “{name}” cannot be “{value}”." in page_at(client, f"/oembed?{query}", 400).text


def test_sign_of_programs_that_want_no_tracking_is_known(client, promise):
    assert reply_of(client, dnt="1") == reply_of(client)
