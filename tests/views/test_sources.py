"""/sources/ and /sources/<key>/"""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Evidence, LinkVisit, MemberScore, Membership
from tests.acts import answer, judge, retract
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_source,
    make_summit,
    publish,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def keys(main):
    """The keys of the sources that a list shows, in order."""
    found = [one.addresses[0] for one in main.one("ul", class_="sources").all("span", class_="source")]
    return [address.split("?")[0].removeprefix("/sources/").removesuffix("/") for address in found]


def cite_everywhere(make=make_source):
    """Publish something that rests on a source in each way there is; returns the sources by how they are used."""
    uses = ("promise", "evidence", "score", "reply", "role", "summit")
    sources = {use: make(f"used-as-{use}", kind="official-document") for use in uses}
    summit = make_summit(source=sources["summit"])
    commitment = make_commitment(
        "well", title="Dig wells", source=sources["promise"], locator="paragraph 4", summit=summit
    )
    draft = make_assessment(commitment, sources=[sources["evidence"]])
    MemberScore.objects.create(
        assessment=draft, party=make_party("A"), score=1, rationale="It acted.", source=sources["score"]
    )
    publish(commitment, draft)
    answer(draft, source=sources["reply"], party=make_party("B"))
    Membership.objects.create(party=make_party("C"), role="member", since="2001", source=sources["role"])
    return sources


def test_list_has_whatever_something_public_rests_on(client):
    sources = cite_everywhere()
    make_source("unused")
    make_assessment(make_commitment("draft", source=make_source("of-draft")), sources=[make_source("of-draft-too")])

    main = main_of(client, "/sources/")

    assert keys(main) == sorted(source.key for source in sources.values())
    assert main.one("p", class_="lede").text.startswith("6 documents on which something public rests.")


def test_list_at_an_earlier_moment_has_nothing_later(client):
    commitment = make_commitment("well", source=make_source("speech"), summit=make_summit())
    publish(commitment)
    judge(commitment, as_of=datetime.date(2008, 1, 10), sources=[make_source("report")])

    assert keys(main_of(client, "/sources/")) == ["report", "speech"]
    assert keys(main_of(client, "/sources/?edition=1")) == ["speech"]
    assert keys(main_of(client, "/sources/?as_of=2008-01-09")) == ["speech"]
    assert keys(main_of(client, "/sources/?as_of=2008-01-10")) == ["report", "speech"]


def test_search_finds_words_in_title_publisher_and_key(client):
    makers = [
        make_source("one-2006", title="eNews of the Wells", publisher="Agency A"),
        make_source("two-2006", title="Über die Brunnen", publisher="Agency B"),
        make_source("three-2007", title="О колодцах", publisher="Agency B"),
    ]
    for source in makers:
        make_published(source=source)

    def found(words):
        return keys(main_of(client, f"/sources/?q={words}"))

    assert found("wells") == ["one-2006"]
    assert found("ENEWS") == ["one-2006"]
    assert found("agency b") == ["three-2007", "two-2006"]
    assert found("2006") == ["one-2006", "two-2006"]
    assert found("ÜBER") == found("uber") == ["two-2006"]
    assert found("КОЛОДЦАХ") == ["three-2007"]
    assert found("2006 wells") == ["one-2006"]
    assert found("well") == found("eNews of a well") == ["one-2006"]
    assert found("агентство") == found("nothing") == []
    assert found("++") == ["one-2006", "three-2007", "two-2006"]


def test_search_that_finds_nothing_says_so(client):
    assert "No source fits these words at this moment." in main_of(client, "/sources/?q=nothing").text


@pytest.mark.parametrize(
    "query", ["q=a&q=b", "q=%25", f"q={'a' * 201}", "page=0", "page=2", "page=x", "colour=red", "as_of=2006"]
)
def test_bad_parameter_is_refused_by_name(client, query):
    make_published()

    assert f"“{query.partition('=')[0]}”" in main_of(client, f"/sources/?{query}", status=400).text


def test_long_list_has_pages_that_keep_the_query(client):
    commitment = make_commitment()
    draft = make_assessment(commitment, sources=[make_source(f"paper-{number:03}") for number in range(101)])
    publish(commitment, draft)

    first, second = (
        main_of(client, "/sources/?q=paper&edition=1"),
        main_of(client, "/sources/?q=paper&edition=1&page=2"),
    )

    assert (len(keys(first)), keys(second)) == (100, ["paper-100"])
    assert "/sources/paper-000/?edition=1" in first.addresses
    assert first.one("nav").links == [("Next →", "?q=paper&edition=1&page=2")]


def test_card_tells_what_is_known(client):
    source = make_source(
        "paper",
        title="The paper",
        publisher="Office A",
        kind="official-statement",
        issuer=make_party("A"),
        language="ru",
        published="2006-06",
        archived_url="https://archive.example.org/paper",
        last_checked=datetime.date(2026, 11, 1),
        title_note="Translated.",
        usage="Only for the desk.",
    )
    make_published("well", title="Dig wells", source=source, locator="page 9")

    main = main_of(client, "/sources/paper/")

    assert main.one("h1").text == "The paper"
    assert main.one("h1").get("lang") == "ru"
    known = {row.one("dt").text: row.one("dd").text for row in main.one("dl").all("div")}
    assert known == {
        "Publisher": "Office A",
        "Speaks for": "State A",
        "Published": "June 2006",
        "Kind": "Official statement",
        "Language": "ru",
        "Title": "Translated.",
        "Address": "https://example.org/paper",
        "Archived copy": "https://archive.example.org/paper",
        "Last checked": "1 November 2026",
        "Key": "paper",
    }
    assert "Only for the desk." not in main.text
    section = main.one("section", aria_labelledby="promises")
    assert section.addresses == ["/commitments/well/"]
    assert "page 9" in section.text


@pytest.mark.parametrize(
    ("use", "section", "said"),
    [
        ("promise", "promises", "Dig wells"),
        ("evidence", "evidence", "▲ Supports Dig wells"),
        ("score", "scores", "State A: +1, Dig wells"),
        ("reply", "replies", "State B, 15 June 2006: Dig wells"),
        ("role", "roles", "State C: Member, 2001"),
        ("summit", "summits", "Summit-"),
    ],
)
def test_page_shows_what_rests_on_it(client, use, section, said):
    cite_everywhere()

    main = main_of(client, f"/sources/used-as-{use}/")

    assert [one.get("aria-labelledby") for one in main.all("section")] == [section, "cite"]
    assert said in main.all("section")[0].text


def test_withdrawn_judgement_is_marked(client):
    first = judge(make_published("well"), sources=[make_source("paper")])
    retract(first)

    assert "judgement withdrawn" in main_of(client, "/sources/paper/").text
    assert "judgement withdrawn" not in main_of(client, "/sources/paper/?edition=2").text


def test_source_on_which_nothing_public_rests_is_not_found(client):
    make_source("unused", title="The unused paper")
    make_assessment(make_published("well"), sources=[make_source("of-draft")])

    for key in ("unused", "of-draft"):
        main = main_of(client, f"/sources/{key}/", status=404)
        assert f"Nothing that is public at this moment rests on the source “{key}”." in main.text
        assert "The unused paper" not in main.text


def test_source_that_may_not_be_cited_has_no_page_and_no_line(client):
    cite_everywhere(lambda key, **fields: make_source(key, terms="no_citation", **fields))

    main = main_of(client, "/sources/")
    assert main.one("ul", class_="sources").text == "No source fits these words at this moment."
    for use in ("promise", "evidence", "score", "reply", "role", "summit"):
        unknown = main_of(client, "/sources/never-there/", status=404).text
        hidden = main_of(client, f"/sources/used-as-{use}/", status=404).text
        assert hidden == unknown.replace("never-there", f"used-as-{use}")


def test_unknown_source_is_named(client):
    assert "There is no source “nothing”." in main_of(client, "/sources/nothing/", status=404).text


@pytest.mark.parametrize("address", ["/sources/", "/sources/paper/"])
def test_queries_are_the_same_for_few_and_many(client, address):
    source = make_source("paper", kind="official-document")
    counts = []
    for number in (1, 10):
        for _one in range(number):
            commitment = make_commitment(source=source)
            draft = make_assessment(commitment, sources=[source, make_source()])
            MemberScore.objects.create(
                assessment=draft, party=make_party(), score=1, rationale="It acted.", source=source
            )
            publish(commitment, draft)
            answer(draft, source=source)
            Membership.objects.create(party=make_party(), role="member", since="2001", source=source)
            make_summit(source=source)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert Evidence.objects.filter(source=source).count() == 11
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_list_narrows_by_kind_language_and_for_whom_a_source_speaks(client):
    state = make_party("A")
    voice = make_source("voice", kind="official-statement", issuer=state, language="ru")
    make_published("well", source=make_source("paper"), assessments=[{"sources": [voice]}])

    main = main_of(client, "/sources/")

    assert keys(main_of(client, "/sources/?kind=news")) == ["paper"]
    assert keys(main_of(client, "/sources/?language=ru")) == keys(main_of(client, "/sources/?issuer=A")) == ["voice"]
    assert ("Official statement 1", "/sources/?kind=official-statement") in main.links
    assert ("1 piece of evidence", "/sources/voice/#evidence") in main.links
    assert ("1 promise", "/sources/paper/#promises") in main.links


@pytest.mark.parametrize("query", ["kind=poem", "kind=news&kind=news", "language=xx", "issuer=ZZ"])
def test_narrowing_that_cannot_be_answered_is_refused_by_name(client, query):
    make_published()

    assert f"“{query.partition('=')[0]}”" in main_of(client, f"/sources/?{query}", status=400).text


def test_page_counts_what_rests_on_it_and_says_which_judgement_it_serves(client):
    paper = make_source("paper", kind="official-document")
    commitment = make_published("well", title="Dig wells", source=paper)
    judge(commitment, status="stalled", sources=[paper])
    retract(judge(commitment, as_of=datetime.date(2007, 1, 10), sources=[paper]))

    main = main_of(client, "/sources/paper/")

    assert main.one("p", class_="lede").text == "What rests on it here: 1 promise · 2 pieces of evidence"
    evidence = main.one("section", aria_labelledby="evidence").text
    assert "Stalled as of 15 June 2006 · the one that holds" in evidence
    assert "as of 10 January 2007 · judgement withdrawn" in evidence


def test_list_can_be_asked_for_how_sources_are_kept(client):
    bare, kept = make_source("bare"), make_source("kept", archived_url="https://example.org/copy")
    make_published(source=bare, assessments=[{"sources": [kept]}])
    kept.last_checked = datetime.date(2026, 1, 1)
    kept.save()

    assert keys(main_of(client, "/sources/?archived=yes")) == ["kept"]
    assert keys(main_of(client, "/sources/?archived=no")) == ["bare"]
    assert keys(main_of(client, "/sources/?checked=yes&archived=yes")) == ["kept"]
    assert keys(main_of(client, "/sources/?checked=no&q=report")) == ["bare"]
    main = main_of(client, "/sources/?archived=no&checked=no")
    assert main.one("h1").text == "Sources: without an archived copy; not yet seen again at their address"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("archived=maybe", "The parameter “archived” cannot be “maybe”. Use one of: yes, no."),
        ("checked=yes&checked=no", "The parameter “checked” cannot be “yes, no”. Give it once."),
        ("archived=", "The parameter “archived” cannot be “”. Use one of: yes, no."),
        ("archived=no&as_of=2006-09-14", "Sources are kept as they are now; leave out “as_of” and “edition”."),
    ],
)
def test_how_sources_are_kept_is_asked_for_properly_and_only_now(client, query, sentence):
    assert sentence in main_of(client, f"/sources/?{query}", status=400).text


def test_last_visit_is_told_on_pages_of_its_day_and_later(client):
    source = make_source("paper", url="https://example.org/paper")
    commitment = make_commitment()
    publish(commitment, make_assessment(commitment, sources=[source]))
    row = {"source": source, "which": "url", "address": source.url}
    for day, outcome in ((20, "answered"), (22, "gone")):
        at = datetime.datetime(2026, 11, day, 9, tzinfo=datetime.UTC)
        LinkVisit.objects.create(**row, visited_at=at, outcome=outcome)
    LinkVisit.objects.create(
        **row | {"which": "archived"}, visited_at=datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC), outcome="robots"
    )

    def told(query=""):
        return main_of(client, f"/sources/paper/{query}").text

    assert "22 November 2026. The site answered that it has no such page (404 or 410)." in told()
    assert "20 November 2026. A page or file answered at the address." in told("?as_of=2026-11-22")
    assert "Visited by our program" not in told("?as_of=2026-11-20")
    source.url = "https://example.org/new"
    source.save()
    assert "Visited by our program" not in told()
