"""Citations in their four forms, read back by parsers that others have written."""

import datetime
import json
import warnings

import pytest
import rispy
from citeproc import Citation as Cited
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from commitments.citation import DATASET, STYLES, cite, moved
from commitments.moment import Moment
from tests.bibliography import read_bibtex

DAY = datetime.date
# Everything that one of the formats reads as a sign of its own.
AWKWARD = 'Écoles & “wells”, 100 % of {it} for $5 #1_b ~ c^d \\ e, 水 <em> "so"\nsecond line'
ONE_LINE = AWKWARD.replace("\n", " ")


@pytest.fixture(autouse=True)
def names(settings):
    settings.ORGANISATION, settings.SITE_NAME = "Centre A & Sons, Town {B}", "Tracker_A"


def moment(edition=12):
    return Moment(
        as_of=DAY(2006, 9, 14), edition=edition, is_newest=False, today=DAY(2026, 11, 24), edition_day=DAY(2026, 11, 3)
    )


def cited(title="Dig wells", path="/commitments/well/", parameters=(), **fields):
    return cite(
        title=title,
        root="https://tracker.example",
        path=path,
        parameters=parameters,
        moment=fields.pop("moment", moment()),
        **fields,
    )


PINNED = "https://tracker.example/commitments/well/?as_of=2006-09-14&edition=12"


def plain(latex):
    """What a LaTeX reader prints of a text."""
    commands = {
        r"\textbackslash{}": "\\",
        r"\textbraceleft{}": "{",
        r"\textbraceright{}": "}",
        r"\textasciitilde{}": "~",
        r"\textasciicircum{}": "^",
    }
    for sign in "&%$#_":
        commands[f"\\{sign}"] = sign
    found = ""
    while latex:
        command = next((one for one in commands if latex.startswith(one)), None)
        found += commands[command] if command else latex[0]
        # What is left unescaped would be run, not printed.
        assert command or latex[0] not in "\\{}~^&%$#_", latex
        latex = latex[len(command or latex[0]) :]
    return found


def test_text_names_author_title_site_edition_day_and_address(settings):
    settings.ORGANISATION, settings.SITE_NAME = "Centre A", "Tracker A"

    assert cited().text == f"Centre A, “Dig wells”, Tracker A, edition 12, as of 14 September 2006, {PINNED}"


def test_address_pins_both_clocks_and_keeps_what_narrows():
    given = [("status", "stalled"), ("status", "fulfilled"), ("q", ""), ("page", "2"), ("edition", "3"), ("q", "a&b")]

    found = cited(path="/commitments/", parameters=given)

    assert found.url == (
        "https://tracker.example/commitments/?status=stalled&status=fulfilled&q=a%26b&as_of=2006-09-14&edition=12"
    )


def test_nothing_can_be_cited_before_the_first_edition():
    assert cited(moment=moment(edition=0)) is None


def test_bibtex_is_read_back_by_another_parser():
    entry = read_bibtex(STYLES["bib"].write(cited()))

    assert entry == {
        "ENTRYTYPE": "misc",
        "ID": "commitments-well-2006-09-14-edition-12",
        "author": r"{Centre A \& Sons, Town \textbraceleft{}B\textbraceright{}}",
        "title": "{Dig wells}",
        "howpublished": r"Tracker\_A",
        "publisher": r"Centre A \& Sons, Town \textbraceleft{}B\textbraceright{}",
        "year": "2026",
        "month": "11",
        "day": "3",
        "version": "12",
        "note": "Edition 12, as of 14 September 2006",
        "url": PINNED,
    }


@pytest.mark.parametrize(
    "title", [AWKWARD, "{", "}", "a } b { c", "\\", "\\}", "%", "a\r\n\r\nb", "¬ é ß Ж 水 🙂", "@misc{x,"]
)
def test_bibtex_prints_any_title_as_it_is(title):
    entry = read_bibtex(STYLES["bib"].write(cited(title)))

    assert entry["title"][0] + entry["title"][-1] == "{}"
    assert plain(entry["title"][1:-1]) == " ".join(title.split())
    assert entry["url"] == PINNED


def test_csl_json_is_one_item_with_every_field():
    (item,) = json.loads(STYLES["json"].write(cited(AWKWARD)))

    assert item == {
        "id": "commitments-well-2006-09-14-edition-12",
        "type": "webpage",
        "title": ONE_LINE,
        "author": [{"literal": "Centre A & Sons, Town {B}"}],
        "container-title": "Tracker_A",
        "publisher": "Centre A & Sons, Town {B}",
        "issued": {"date-parts": [[2026, 11, 3]]},
        "version": "12",
        "note": "edition 12, as of 14 September 2006",
        "language": "en",
        "URL": PINNED,
    }


@pytest.mark.parametrize("kind", ["webpage", DATASET])
def test_csl_json_is_rendered_by_a_citation_processor(kind):
    items = json.loads(STYLES["json"].write(cited(kind=kind)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        style = CitationStylesStyle("harvard1", validate=False)
        bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        bibliography.register(Cited([CitationItem(items[0]["id"])]))
        (line,) = [str(one) for one in bibliography.bibliography()]

    assert "Centre A & Sons, Town {B}" in line
    assert "2026" in line
    assert "Dig wells" in line


def test_ris_is_read_back_by_another_parser():
    text = STYLES["ris"].write(cited(AWKWARD))
    (record,) = rispy.loads(text)

    assert text.startswith("TY  - ELEC\r\n")
    assert text.endswith("\r\nER  - \r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert record == {
        "type_of_reference": "ELEC",
        "id": "commitments-well-2006-09-14-edition-12",
        "authors": ["Centre A & Sons, Town {B}"],
        "title": ONE_LINE,
        "secondary_title": "Tracker_A",
        "publisher": "Centre A & Sons, Town {B}",
        "year": "2026",
        "date": "2026/11/03",
        "edition": "12",
        "notes": ["edition 12, as of 14 September 2006"],
        "language": "en",
        "urls": [PINNED],
    }


def test_file_is_cited_as_data_at_its_own_address():
    page = cited(path="/commitments/", parameters=[("theme", "water")])

    data = moved(page, "/commitments.csv")

    assert data.url == "https://tracker.example/commitments.csv?theme=water&as_of=2006-09-14&edition=12"
    assert json.loads(STYLES["json"].write(data))[0]["type"] == "dataset"
    assert rispy.loads(STYLES["ris"].write(data))[0]["type_of_reference"] == "DATA"


def test_key_tells_addresses_and_moments_apart():
    pages = [
        cited(path="/"),
        cited(path="/commitments/"),
        cited(path="/commitments/", parameters=[("theme", "water")]),
        cited(path="/commitments/", parameters=[("theme", "waste")]),
        cited(path="/commitments.csv"),
        cited(),
        cited(moment=moment(edition=13)),
    ]
    keys = [page.key for page in pages]

    assert len(set(keys)) == len(pages)
    assert keys[0] == "home-2006-09-14-edition-12"
    assert all(key.replace("-", "").isalnum() and key.isascii() for key in keys)
