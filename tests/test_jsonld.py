"""Structured data: an independent reader finds it, it says what the page says, and no text can break out of it."""

import json

import extruct
import pytest

from tests.acts import judge, reload
from tests.factories import make_party, make_published, make_source, make_summit, make_theme
from tests.pages import page_at

pytestmark = pytest.mark.django_db


def graph(client, address):
    """{type: node} of the structured data at an address, as an independent reader finds it."""
    response = client.get(address)
    found = extruct.extract(response.content.decode(), base_url=f"http://testserver{address}", syntaxes=["json-ld"])
    (document,) = found["json-ld"]
    assert document["@context"] == "https://schema.org"
    nodes = {node["@type"]: node for node in document["@graph"]}
    assert len(nodes) == len(document["@graph"])
    return nodes


def crumbs(nodes):
    items = nodes["BreadcrumbList"]["itemListElement"]
    assert [item["position"] for item in items] == list(range(1, len(items) + 1))
    return [(item["name"], item["item"].removeprefix("http://testserver")) for item in items]


def test_home_is_a_site_that_can_be_searched_and_a_catalogue(client):
    make_published(assessments=[{}])

    nodes = graph(client, "/")

    assert set(nodes) == {"WebSite", "DataCatalog"}
    site, catalog = nodes["WebSite"], nodes["DataCatalog"]
    assert site["name"] == "SCO Commitment Tracker"
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://testserver/commitments/?q={search_term_string}"
    assert catalog["dataset"] == {"@id": "http://testserver/data/#dataset"}


@pytest.mark.parametrize("address", ["/data/", "/commitments/"])
def test_data_set_says_what_it_holds_and_on_what_terms(client, address):
    make_published("well", theme=make_theme("water", name="Water"), assessments=[{}])
    make_published("road")

    nodes = graph(client, address)
    data = nodes["Dataset"]

    assert data["@id"] == "http://testserver/data/#dataset"
    assert data["name"] == "SCO Commitment Tracker"
    assert 50 <= len(data["description"]) <= 5000
    assert data["description"].startswith("2 commitments of summits")
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (data["version"], data["dateModified"]) == ("2", "2026-11-24")
    assert data["temporalCoverage"] == "2005-07-05/2026-11-24"
    assert data["isAccessibleForFree"] is True
    assert data["creator"]["@type"] == data["publisher"]["@type"] == "Organization"
    assert "Water" in data["keywords"]
    assert data["measurementTechnique"] == "http://testserver/methodology/"
    assert data["citation"].endswith("/commitments.csv?as_of=2026-11-24&edition=2")
    for download in data["distribution"]:
        assert download["@type"] == "DataDownload"
        answer = client.get(download["contentUrl"].removeprefix("http://testserver"))
        assert answer["Content-Type"].startswith(download["encodingFormat"])
        assert b"".join(answer.streaming_content)
    assert len(data["distribution"]) >= 2
    assert {"slug", "status"} <= {one["name"] for one in data["variableMeasured"]}


def test_data_set_before_anything_is_published_has_no_version(client):
    data = graph(client, "/data/")["Dataset"]

    assert {"version", "dateModified", "citation", "temporalCoverage"}.isdisjoint(data)


def test_commitment_is_a_page_on_a_promise_with_its_sources(client):
    party = make_party("A", name="Republic A")
    north = make_summit("north-2005", name="North 2005")
    minutes, secret = make_source("minutes", title="The minutes"), make_source("zzsecret", terms="no_citation")
    well = make_published("well", title="Dig wells", pledged_by=[party], summit=north, source=minutes)
    judge(reload(well), status="stalled", rationale="The drill broke.", sources=[secret, make_source("news")])

    nodes = graph(client, "/commitments/well/")
    page = nodes["WebPage"]

    assert page["url"] == page["@id"] == "http://testserver/commitments/well/"
    assert page["name"] == page["about"]["name"] == "Dig wells"
    assert page["about"]["description"] == "Stalled. The drill broke."
    assert page["dateModified"] == "2026-11-24"
    assert page["isPartOf"] == {"@id": "http://testserver/data/#dataset"}
    assert page["mentions"] == [{"@type": "Country", "name": "Republic A"}]
    assert [work["name"] for work in page["citation"]] == ["The minutes", "Report news"]
    assert "zzsecret" not in json.dumps(nodes)
    assert crumbs(nodes) == [
        ("SCO Commitment Tracker", "/"),
        ("Commitments", "/commitments/"),
        ("Dig wells", "/commitments/well/"),
    ]


def test_commitment_at_a_moment_says_what_held_then(client):
    well = make_published("well", assessments=[{"status": "stalled"}])
    judge(reload(well), status="in_progress", as_of=well.assessments.get().as_of.replace(year=2007))

    page = graph(client, "/commitments/well/?edition=1")["WebPage"]

    assert page["url"] == "http://testserver/commitments/well/?edition=1"
    assert page["about"]["description"] == "Stalled. Because of stalled."


@pytest.mark.parametrize(
    ("address", "way"),
    [
        ("/summits/", [("Summits", "/summits/")]),
        ("/summits/north-2005/", [("Summits", "/summits/"), ("North 2005", "/summits/north-2005/")]),
        ("/parties/A/", [("Parties", "/parties/"), ("State A", "/parties/A/")]),
        ("/themes/water/", [("Themes", "/themes/"), ("Water", "/themes/water/")]),
        ("/sources/minutes/", [("Sources", "/sources/"), ("The minutes", "/sources/minutes/")]),
        ("/methodology/", [("How we judge", "/methodology/")]),
        ("/data/", [("Data", "/data/")]),
        ("/changes/?kind=reply", [("Changes", "/changes/?kind=reply")]),
    ],
)
def test_breadcrumbs_lead_from_the_start(client, address, way):
    source = make_source("minutes", title="The minutes")
    summit, theme = make_summit("north-2005", name="North 2005"), make_theme("water", name="Water")
    make_published("well", pledged_by=[make_party("A")], summit=summit, theme=theme, source=source)

    assert crumbs(graph(client, address)) == [("SCO Commitment Tracker", "/"), *way]


def test_text_cannot_break_out_of_the_script(client):
    make_published("well", title="</script><b>&amp;", summary="<!-- <script>")

    page = page_at(client, "/commitments/well/")
    nodes = graph(client, "/commitments/well/")

    assert nodes["WebPage"]["name"] == "</script><b>&amp;"
    assert nodes["WebPage"]["description"] == "<!-- <script>"
    assert page.one("script").get("type") == "application/ld+json"
    assert page.problems == []


def test_page_that_nobody_should_find_has_no_structured_data(client):
    assert page_at(client, "/nowhere/", status=404).all("script") == []
