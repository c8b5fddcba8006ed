"""/opensearch.xml"""

from xml.etree import ElementTree

import pytest

from tests.factories import make_published
from tests.pages import main_of, page_at

pytestmark = pytest.mark.django_db

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_description_leads_a_browser_to_the_list(client):
    make_published("wells", title="Dig wells")

    response = client.get("/opensearch.xml")

    assert response["Content-Type"] == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own file
    assert root.tag == f"{SPACE}OpenSearchDescription"
    assert root.findtext(f"{SPACE}ShortName") == "SCO Commitment"
    assert root.findtext(f"{SPACE}LongName") == "SCO Commitment Tracker"
    template = root.find(f"{SPACE}Url").get("template")
    assert template == "http://testserver/commitments/?q={searchTerms}"
    assert "Dig wells" in main_of(client, template.replace("{searchTerms}", "well")).text


def test_name_with_signs_stays_well_formed(client, settings):
    settings.SITE_NAME = "Averyveryverylongname & <Co>"

    root = ElementTree.fromstring(client.get("/opensearch.xml").content)  # noqa: S314 - our own file

    assert root.findtext(f"{SPACE}ShortName") == "Averyveryverylon"
    assert root.findtext(f"{SPACE}LongName") == "Averyveryverylongname & <Co>"


def test_pages_name_the_description(client):
    (link,) = page_at(client, "/").all("link", rel="search")

    assert (link.get("href"), link.get("type")) == ("/opensearch.xml", "application/opensearchdescription+xml")


def test_clock_is_refused(client):
    assert client.get("/opensearch.xml?edition=1").status_code == 400
