"""The Atom feeds: valid, with names that last, and with the same lines as the pages for people."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import workflow
from commitments.models import MemberScore, Summit, Theme
from commitments.views import feeds as view
from tests.acts import answer, correct, judge, reload, retract, revise
from tests.atom import faults, feed_at, instant
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.pages import page_at
from tests.registers import make_register

pytestmark = pytest.mark.django_db

DAY = datetime.date
URL = "/changes/feed.atom"
FEEDS = (
    URL,
    "/commitments/feed.atom",
    "/commitments/promise/feed.atom",
    "/parties/AA/feed.atom",
    "/themes/water/feed.atom",
    "/summits/town-a/feed.atom",
)


def at_noon(year, month=1, day=1):
    return datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)


@pytest.fixture
def story(clock):
    """Everything that can happen to one commitment, an edition a year from 2007, and another one beside it."""
    clock.move_to(at_noon(2007))
    theme, summit, party = make_theme("water", name="Water"), make_summit("town-a"), make_party("AA")
    promise = make_published("promise", title="Wells & <roads>", theme=theme, summit=summit, pledged_by=[party])
    clock.move_to(at_noon(2008))
    judgement = judge(promise, as_of=DAY(2007, 6, 1), status="stalled", rationale="It stands <still>.")
    clock.move_to(at_noon(2009))
    answer(judgement, party=party, date=DAY(2008, 6, 1), text="It moves.")
    clock.move_to(at_noon(2010))
    corrected = correct(judgement, status="in_progress", rationale="It crawls.")
    clock.move_to(at_noon(2011))
    revise(promise, title="Wells")
    clock.move_to(at_noon(2012))
    retract(corrected, "The paper was forged.")
    clock.move_to(at_noon(2013))
    make_published("other", made_on=DAY(2012, 5, 1), assessments=[{"as_of": DAY(2012, 6, 1)}])
    clock.move_to(at_noon(2014))
    retract(reload(promise), "It was never made.")
    return promise


STORY = [
    "Wells: withdrawn",
    "Promise other: new commitment",
    "Promise other: In progress",
    "Wells: Retraction, In progress → Not assessed",
    "Wells: Revised wording, standing unchanged (In progress)",
    "Wells & <roads>: Correction, Stalled → In progress",
    "Wells & <roads>: Reply, standing unchanged (Stalled)",
    "Wells & <roads>: Not assessed → Stalled",
    "Wells & <roads>: new commitment",
]
OWN = [title for title in STORY if "other" not in title]


def test_feed_tells_every_change_newest_first(client, story):
    assert feed_at(client, URL).titles == STORY


def test_entry_says_what_when_why_and_where(client, story):
    entry = feed_at(client, URL).entries[5]

    assert entry.id == "tag:tracker.example,2010-01-01:edition/4/correction/promise/2007-06-01-2"
    assert entry.link == "http://testserver/commitments/promise/?edition=4"
    assert instant(entry.updated) == instant(entry.published) == at_noon(2010)
    assert [(one.term, one.label) for one in entry.tags] == [("correction", "Correction")]
    assert entry.summary == (
        "<p>Corrects promise/2007-06-01: It was mistaken. It now says: It crawls.</p>"
        "<p>As of 1 June 2007. Imported, edition 4.</p>"
    )


def test_markup_in_what_editors_write_stays_text(client, story):
    assert "<p>It stands &lt;still&gt;.</p>" in feed_at(client, URL).entries[7].summary


def test_feed_says_whose_it_is_and_where_it_belongs(client, story):
    feed = feed_at(client, f"{URL}?kind=retraction")

    assert feed.head.title == "What changed · SCO Commitment Tracker"
    assert feed.head.id == "tag:tracker.example,2007-01-01:changes/feed.atom?kind=retraction"
    assert feed.head.author == "The tracker's editors"
    assert feed.head.rights == "The tracker's editors, CC BY 4.0: https://creativecommons.org/licenses/by/4.0/"
    assert feed.head.generator == "scotracker"
    assert instant(feed.head.updated) == at_noon(2014)
    assert feed.links == {
        "self": "http://testserver/changes/feed.atom?kind=retraction",
        "alternate": "http://testserver/changes/?kind=retraction",
        "first": "http://testserver/changes/feed.atom?kind=retraction",
        "last": "http://testserver/changes/feed.atom?kind=retraction",
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }


@pytest.mark.parametrize("address", FEEDS)
def test_alternate_of_each_feed_is_a_page(client, story, address):
    for query in ("", "?edition=7"):
        alternate = feed_at(client, f"{address}{query}").links["alternate"]
        status = 410 if "promise" in address and not query else 200
        assert client.get(alternate.removeprefix("http://testserver")).status_code == status, alternate


def test_ids_stay_whatever_is_edited_and_whoever_asks(client, story, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    before = feed_at(client, URL)
    theme = Theme.objects.get(slug="water")
    theme.name = "Water and air"
    theme.save()
    make_published("late")

    after = feed_at(client, URL)
    elsewhere = client.get(URL, headers={"host": "other.example"}).content.decode()

    assert [one for one in after.ids if "/late" not in one and "register" not in one] == before.ids
    assert len(set(after.ids)) == len(after.ids) == len(before.ids) + 2
    assert before.head.id == after.head.id
    for one in (*after.ids, after.head.id):
        assert f"<id>{one}</id>" in elsewhere


def test_entry_has_one_id_in_every_feed_that_lists_it(client, story):
    ids = {address: set(feed_at(client, address).ids) for address in FEEDS}

    assert len(ids[URL]) == 9
    assert ids["/commitments/promise/feed.atom"] < ids[URL]
    assert len({feed_at(client, address).head.id for address in FEEDS}) == len(FEEDS)


@pytest.mark.parametrize("address", FEEDS[2:])
def test_feed_of_one_record_tells_of_its_commitments_and_of_their_withdrawal(client, story, address):
    assert feed_at(client, address).titles == OWN


def test_feed_of_one_commitment_is_named_after_it(client, story):
    assert feed_at(client, FEEDS[2]).head.title == "Wells · SCO Commitment Tracker"
    assert feed_at(client, f"{FEEDS[2]}?edition=1").head.title == "Wells & <roads> · SCO Commitment Tracker"


def test_feed_of_a_theme_tells_that_a_commitment_left_it(client):
    promise = make_published("promise", theme=make_theme("water"))
    revise(promise, theme=make_theme("air"))

    assert len(feed_at(client, "/themes/water/feed.atom").entries) == 2
    assert len(feed_at(client, "/themes/air/feed.atom").entries) == 2
    assert feed_at(client, "/themes/air/feed.atom?edition=1").entries == []


def test_feed_of_a_party_has_what_it_gains_from_was_scored_on_and_answered(client):
    party, other = make_party("AA"), make_party("BB")
    made_published = {slug: make_published(slug, pledged_by=[other]) for slug in ("scored", "answered", "neither")}
    make_published("gained", pledged_by=[other], beneficiaries=[party])
    draft = make_assessment(made_published["scored"])
    MemberScore.objects.create(assessment=draft, party=party, score=1, rationale="Did it.", source=make_source())
    answered = judge(made_published["answered"])
    unpublished = make_assessment(made_published["neither"])
    MemberScore.objects.create(assessment=unpublished, party=party, score=1, rationale="Not yet.", source=make_source())
    assert feed_at(client, "/parties/AA/feed.atom").titles == ["Promise gained: new commitment"]

    publish(draft)
    answer(answered, party=party)

    found = {title.split(":")[0] for title in feed_at(client, "/parties/AA/feed.atom").titles}
    assert found == {"Promise gained", "Promise scored", "Promise answered"}


def test_feed_of_a_list_tells_of_the_commitments_that_the_list_shows(client, story):
    make_published("third", title="Third", theme=Theme.objects.get(slug="water"))

    assert feed_at(client, "/commitments/feed.atom?theme=water").titles == ["Third: new commitment"]
    assert feed_at(client, "/commitments/feed.atom?theme=water&edition=7").titles == OWN[1:]
    assert feed_at(client, "/commitments/feed.atom?q=other&sort=title").titles == STORY[1:3]
    assert feed_at(client, "/commitments/feed.atom?status=stalled").titles == []
    head = feed_at(client, "/commitments/feed.atom?theme=water").head
    assert head.title == "Commitments: theme Water · SCO Commitment Tracker"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("kind=retraction", [STORY[0], STORY[3]]),
        ("commitment=other", STORY[1:3]),
        ("from=2012-01-01&to=2013-06-01", STORY[1:4]),
        ("from_edition=2&to_edition=3", STORY[6:8]),
        ("edition=2", STORY[7:]),
        ("as_of=2007-05-31", [STORY[0], STORY[4], STORY[8]]),
    ],
)
def test_feed_knows_the_filters_of_the_page_and_both_clocks(client, story, query, titles):
    assert feed_at(client, f"{URL}?{query}").titles == titles


def test_feed_of_a_moment_stays_the_same_for_ever(client, story):
    address = f"{URL}?as_of=2010-01-01&edition=4"
    before = client.get(address).content
    make_published("late")

    assert client.get(address).content == before
    assert faults(before) == []


@pytest.mark.parametrize(
    ("address", "name", "value"),
    [
        (f"{URL}?kind=rumour", "kind", "rumour"),
        (f"{URL}?page=2", "page", "2"),
        (f"{URL}?edition=99", "edition", "99"),
        (f"{URL}?colour=red", "colour", "red"),
        ("/commitments/feed.atom?theme=fire", "theme", "fire"),
        ("/commitments/promise/feed.atom?commitment=other", "commitment", "other"),
        ("/themes/water/feed.atom?kind=finance", "kind", "finance"),
    ],
)
def test_wrong_parameter_is_refused(client, story, address, name, value):
    assert f"The parameter “{name}” cannot be “{value}”." in page_at(client, address, 400).text


@pytest.mark.parametrize("address", ["/commitments/no/feed.atom", "/themes/no/feed.atom", "/parties/NO/feed.atom"])
def test_feed_of_nothing_is_not_there(client, story, address):
    assert client.get(address).status_code == 404


def test_draft_has_no_feed(client):
    make_commitment("draft")

    assert client.get("/commitments/draft/feed.atom").status_code == 404


def test_feed_before_anything_is_published_is_valid(client):
    feed = feed_at(client, URL)

    assert feed.entries == []
    assert instant(feed.head.updated) == datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)


def test_long_feed_goes_on_over_pages(client, clock, monkeypatch):
    monkeypatch.setattr(view, "PER_PAGE", 2)
    for year in range(2007, 2012):
        clock.move_to(at_noon(year))
        make_published(f"promise-{year}", summit=make_summit(f"town-{year}"))
        if year in (2007, 2009, 2010):
            clock.shift(datetime.timedelta(days=30))
            summit = Summit.objects.get(key=f"town-{year}")
            summit.place = "Town B"
            summit.save()

    feed = feed_at(client, f"{URL}?from=2001-01-01")
    found, pages = feed.titles, [feed]
    while "next" in feed.links:
        feed = feed_at(client, feed.links["next"].removeprefix("http://testserver"))
        found += feed.titles
        pages.append(feed)

    assert [title.split(":")[0].split()[1] for title in found] == [
        "promise-2011", "town-2010", "promise-2010", "town-2009", "promise-2009", "promise-2008", "town-2007",
        "promise-2007",
    ]  # fmt: skip
    assert len({one.head.id for one in pages}) == 1
    assert pages[1].links["previous"] == pages[0].links["self"] == pages[2].links["first"]
    assert pages[0].links["last"] == pages[2].links["self"]
    assert "next" not in pages[2].links


def test_change_of_a_name_is_an_entry(client, clock):
    clock.move_to(at_noon(2007))
    party = make_party("AA")
    make_published("promise", pledged_by=[party])
    clock.move_to(at_noon(2008))
    party.name = "United Republic AA"
    party.save()

    (entry,) = feed_at(client, f"{URL}?kind=reference").entries

    assert entry.title == "party AA: name: Republic AA → United Republic AA"
    assert entry.id == "tag:tracker.example,2008-01-01:register/party/AA/name/20080101T120000000000Z"
    assert entry.link == "http://testserver/parties/AA/"
    assert [one.term for one in entry.tags] == ["reference"]


def test_continuing_commitment_is_fulfilled_for_the_period(client):
    make_published("talks", obligation="continuing", assessments=[{"status": "fulfilled"}])

    assert "Promise talks: Fulfilled for the period" in feed_at(client, URL).titles


def test_judgement_of_an_earlier_day_is_told_with_its_own_status(client):
    early = {"as_of": DAY(2006, 1, 10), "status": "stalled"}
    promise = make_published("promise", assessments=[early, {"status": "fulfilled"}])
    correct(promise.assessments.get(status="stalled"), status="not_started")

    assert feed_at(client, URL).titles == [
        "Promise promise: Correction, Not started as of 10 January 2006",
        "Promise promise: new commitment",
        "Promise promise: New assessment, Stalled as of 10 January 2006",
        "Promise promise: Fulfilled",
    ]


def test_entry_has_the_note_of_a_desk_edition_and_not_that_of_an_import(client):
    publish(make_commitment("imported"), note="From the catalogue.")
    writer, publisher = make_person(group="Editor"), make_person(group="Publisher", public_name="P. Ublisher")
    commitment = make_commitment("written")
    workflow.note_edit(commitment, by=writer)
    commitment.save()
    workflow.submit(commitment, by=writer)
    workflow.publish([commitment], by=publisher, note="The paper came to light.")

    written, imported = (entry.summary for entry in feed_at(client, URL).entries)

    assert written == (
        "<p>State A promised written.</p><p>Edition 2, published by P. Ublisher, a second person.</p>"
        "<p>The paper came to light.</p>"
    )
    assert imported == "<p>State A promised imported.</p><p>Imported, edition 1.</p>"


def test_source_that_may_not_be_cited_is_named_nowhere(client):
    concealed = make_source("concealed-key", title="Concealed title", publisher="Concealed", terms="no_citation")
    promise = make_published("promise", source=concealed, pledged_by=[make_party("AA")])
    answer(judge(promise, sources=[concealed]), party=make_party("BB"), source=concealed)
    concealed.title = "Concealed again"
    concealed.save()

    for address in (URL, "/commitments/promise/feed.atom", "/parties/AA/feed.atom", "/commitments/feed.atom"):
        feed = feed_at(client, address)
        assert len(feed.entries) == 3, address
        assert b"concealed" not in feed.text.lower(), address


def test_reader_who_has_it_already_gets_no_bytes(client, story):
    first = client.get(URL)

    again = client.get(URL, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    make_published("late")
    assert client.get(URL, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_grammar_notices_faults(client, story):
    """A validator that likes everything proves nothing."""
    text = client.get(URL).content.decode()
    assert faults(text.encode()) == []
    plants = [
        ("</id>", "</id><id>another</id>"),
        ("<title>Wells: withdrawn</title>", ""),
        ("<updated>2014-01-01T12:00:00+00:00</updated>", "<updated>1 January 2014</updated>"),
        ('rel="self"', 'rel="self" colour="red"'),
        ("<entry>", "<item>"),
        ("<author><name>The tracker's editors</name></author>", ""),
        ("edition/7/assessment/other/2012-06-01<", "edition/7/revision/other<"),
    ]
    for good, bad in plants:
        assert good in text
        planted = text.replace(good, bad, 1)
        if bad == "<item>":
            planted = planted.replace("</entry>", "</item>", 1)
        assert faults(planted.encode()) != [], bad


def test_characters_that_xml_cannot_hold_are_left_out(client):
    make_published("promise", assessments=[{"rationale": "It stands\x0b still\ufffe."}])

    assert feed_at(client, URL).entries[1].summary.startswith("<p>It stands still.</p>")
    assert feed_at(client, "/commitments/feed.atom?q=%08wells").entries == []


def offered(client, address, status=200):
    """[(title, address)] of the feeds that the head of a page names."""
    links = page_at(client, address, status).one("head").all("link", rel="alternate", type="application/atom+xml")
    return [(link.get("title"), link.get("href")) for link in links]


@pytest.mark.parametrize(
    ("address", "feeds"),
    [
        ("/", [("What changed", URL)]),
        ("/methodology/", [("What changed", URL)]),
        ("/changes/?kind=reply&page=1", [("What changed", f"{URL}?kind=reply")]),
        (
            "/commitments/?theme=water&edition=7",
            [("These commitments", f"{FEEDS[1]}?theme=water"), ("What changed", URL)],
        ),
        ("/commitments/promise/?edition=7", [("Wells", FEEDS[2]), ("What changed", URL)]),
        ("/parties/AA/", [("State AA", FEEDS[3]), ("What changed", URL)]),
        ("/themes/water/?as_of=2010-01-01", [("Water", FEEDS[4]), ("What changed", URL)]),
        ("/summits/town-a/", [("Town-a", FEEDS[5]), ("What changed", URL)]),
    ],
)
def test_pages_name_their_feeds_of_now_the_own_one_first(client, story, address, feeds):
    assert offered(client, address) == feeds
    for _title, feed in feeds:
        feed_at(client, feed)


def test_page_of_a_failure_names_the_feed_of_all_changes(client):
    assert offered(client, "/nothing/", 404) == [("What changed", URL)]


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        ("/changes/?kind=reply&page=1", f"{URL}?kind=reply"),
        ("/commitments/?theme=water&edition=7", f"{FEEDS[1]}?theme=water&edition=7"),
        ("/commitments/promise/?edition=7", f"{FEEDS[2]}?edition=7"),
        ("/parties/AA/", FEEDS[3]),
        ("/themes/water/?as_of=2010-01-01", f"{FEEDS[4]}?as_of=2010-01-01"),
        ("/summits/town-a/", FEEDS[5]),
    ],
)
def test_pages_have_a_link_to_follow_them_at_their_moment(client, story, address, feed):
    assert ("Atom feed", feed) in page_at(client, address).one("main").one("p", class_="follow").links


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address",
    [URL, "/commitments/feed.atom?theme=water", "/commitments/pledge-000/feed.atom", "/parties/AA/feed.atom",
     "/themes/water/feed.atom", "/summits/first/feed.atom"],
)  # fmt: skip
def test_few_and_many_entries_take_the_same_queries(client, address):
    make_register(4)
    few = queries_of(client, address)
    shared = {"theme": Theme.objects.get(slug="water"), "summit": Summit.objects.get(key="first")}
    drafts = [make_commitment(f"late-{i}", source=make_source(), **shared) for i in range(20)]
    publish(*drafts, *(make_assessment(draft) for draft in drafts))

    assert queries_of(client, address) == few
