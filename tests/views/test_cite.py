"""/cite/<style>/<address>: what a page says of itself, as a file."""

import json

import pytest
import rispy

from tests.acts import judge, retract
from tests.bibliography import read_bibtex
from tests.factories import make_commitment, make_party, make_published, make_summit, make_theme
from tests.pages import main_of

pytestmark = pytest.mark.django_db

PINNED = "as_of=2026-11-24&edition=1"


@pytest.fixture
def register():
    theme, summit = make_theme("water", name="Water & {air}"), make_summit("north-2005", name="North 2005")
    make_published("well", title="Dig 100 % of wells", theme=theme, summit=summit, pledged_by=[make_party("A")])


def cited(client, address):
    """The one item of the CSL-JSON of an address."""
    response = client.get(f"/cite/json{address}")
    assert response.status_code == 200, response.content
    (item,) = json.loads(response.content)
    return item


PAGES = [
    ("/", "What summits promised, and what came of it"),
    ("/commitments/", "Commitments"),
    ("/commitments/?theme=water&q=dig", "Commitments: with the words “dig”; theme Water & {air}"),
    ("/commitments/well/", "Dig 100 % of wells"),
    ("/summits/", "Summits"),
    ("/summits/north-2005/", "North 2005"),
    ("/parties/", "Parties"),
    ("/parties/A/", "State A"),
    ("/themes/", "Themes"),
    ("/themes/water/", "Theme: Water & {air}"),
    ("/sources/", "Sources"),
    ("/changes/", "What changed"),
]


@pytest.mark.parametrize(("address", "title"), PAGES, ids=[address for address, _title in PAGES])
def test_page_is_cited_by_its_title_at_its_pinned_address(client, register, address, title):
    item = cited(client, address)
    sign = "&" if "?" in address else "?"

    assert (item["type"], item["title"]) == ("webpage", title)
    assert item["URL"] == f"http://testserver{address}{sign}{PINNED}"
    # The page says the same, and its links lead to the same files.
    part = main_of(client, address).one("section", aria_labelledby="cite")
    assert part.one("p", class_="citation").text == (
        f"The tracker's editors, “{title}”, SCO Commitment Tracker, edition 1, as of 24 November 2026, {item['URL']}"
    )
    files = {label: link for label, link in part.links if not label.endswith("of the data")}
    assert files["CSL-JSON"] == f"/cite/json{address}{sign}{PINNED}"
    assert cited(client, files["CSL-JSON"].removeprefix("/cite/json")) == item


def test_three_styles_say_the_same(client, register):
    answers = {style: client.get(f"/cite/{style}/commitments/well/") for style in ("bib", "json", "ris")}

    entry = read_bibtex(answers["bib"].content.decode())
    (item,) = json.loads(answers["json"].content)
    (record,) = rispy.loads(answers["ris"].content.decode())
    assert entry["title"] == r"{Dig 100 \% of wells}"
    assert item["title"] == record["title"] == "Dig 100 % of wells"
    assert entry["url"] == item["URL"] == record["urls"][0]
    assert entry["ID"] == item["id"] == record["id"]
    assert {style: answer["Content-Type"] for style, answer in answers.items()} == {
        "bib": "application/x-bibtex; charset=utf-8",
        "json": "application/vnd.citationstyles.csl+json",
        "ris": "application/x-research-info-systems; charset=utf-8",
    }
    assert answers["ris"]["Content-Disposition"] == ('attachment; filename="commitments-well-2026-11-24-edition-1.ris"')


def test_file_is_cited_as_data_with_what_narrows_it(client, register):
    data = cited(client, "/commitments.csv?theme=water")

    assert (data["type"], data["title"]) == ("dataset", "Commitments: theme Water & {air}")
    assert data["URL"] == f"http://testserver/commitments.csv?theme=water&{PINNED}"
    assert cited(client, "/changes.csv?kind=commitment")["URL"] == (
        f"http://testserver/changes.csv?kind=commitment&{PINNED}"
    )
    part = main_of(client, "/commitments/?theme=water").one("section", aria_labelledby="cite")
    assert ("CSV that stays as it is", data["URL"]) in part.links
    assert ("RIS of the data", f"/cite/ris/commitments.csv?theme=water&{PINNED}") in part.links


def test_moment_of_the_address_is_cited(client, register, clock):
    clock.shift(86400)
    judge(make_published("road"))

    assert cited(client, "/commitments/?edition=1")["URL"].endswith("/commitments/?as_of=2026-11-24&edition=1")
    then = cited(client, "/commitments/?as_of=2006-09-14")
    assert then["URL"].endswith("/commitments/?as_of=2006-09-14&edition=3")
    assert then["issued"] == {"date-parts": [[2026, 11, 25]]}


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/",
        "/commitments/draft/",
        "/commitments/never/",
        "/sources/never/",
        "/commitments",
        "//commitments/",
        "/healthz",
        "/readyz",
        "/methodology/",
        "/admin/",
        "/cite/bib/",
        "/static/commitments/tracker.css",
        "/commitments/well/?as_of=2005-07-04",
    ],
)
def test_what_is_no_page_of_ours_has_no_citation(client, register, address):
    make_commitment("draft")

    assert client.get(f"/cite/bib{address}").status_code == 404
    assert client.get("/cite/endnote/commitments/").status_code == 404


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/commitments/?theme=nothing", "theme"),
        ("/commitments.csv?theme=nothing", "theme"),
        ("/commitments/well/?edition=2", "edition"),
        ("/commitments/well/?colour=red", "colour"),
        ("/?as_of=yesterday", "as_of"),
        ("/changes/?kind=nonsense", "kind"),
    ],
)
def test_wrong_parameters_are_refused_as_the_page_refuses_them(client, register, address, name):
    assert f"The parameter “{name}” cannot be" in main_of(client, f"/cite/ris{address}", status=400).text


def test_withdrawn_commitment_answers_as_its_page_does(client):
    retract(make_published("withdrawn"), "It was recorded twice.")

    assert client.get("/cite/bib/commitments/withdrawn/").status_code == 410
    assert cited(client, "/commitments/withdrawn/?edition=1")["title"] == "Promise withdrawn"


def test_before_the_first_edition_there_is_nothing_to_cite(client):
    assert main_of(client, "/").all("section", class_="cite") == []
    assert client.get("/cite/bib/").status_code == 404


def test_only_reading_is_answered(client, register):
    assert client.head("/cite/bib/commitments/well/").status_code == 200
    assert client.post("/cite/bib/commitments/well/").status_code == 405
