"""/parties/ and /parties/<code>/"""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import MemberScore, Membership
from tests.acts import answer, judge, retract
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_source,
    publish,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def row_of(main, name):
    """The cells of the row that begins with a name."""
    (row,) = [row for row in main.one("tbody").all("tr") if row.one("th").text.startswith(name)]
    return [cell.text for cell in row.all("td")]


def score(commitment, party, value, source=None, **fields):
    """Publish a judgement with one member's score."""
    draft = make_assessment(commitment, **fields)
    MemberScore.objects.create(
        assessment=draft, party=party, score=value, rationale="It acted.", source=source or make_source("ratings")
    )
    publish(draft)
    return draft


def test_list_shows_the_role_of_the_day_and_the_promises(client):
    one = make_party("A")
    Membership.objects.create(party=one, role="observer", since="2004", until="2017-06-09")
    Membership.objects.create(party=one, role="member", since="2017-06-09")
    make_party("B")
    make_published("well", pledged_by=[one])

    now, then = main_of(client, "/parties/"), main_of(client, "/parties/?as_of=2006-01-01")

    assert row_of(now, "State A")[:6] == ["Member since 9 June 2017", "1", "1", "0", "0", "1"]
    assert row_of(now, "State B")[:6] == ["none", "0", "0", "0", "0", "0"]
    assert row_of(now, "State B")[-1] == "never a member"
    assert row_of(then, "State A")[:2] == ["Observer since 2004", "1"]
    assert ("1", "/commitments/?pledger=A") in now.links


def test_promise_of_all_members_counts_for_those_of_the_day(client):
    make_party("A", member_since="2001-06-15")
    make_party("B", member_since="2017-06-09")
    organisation = make_party("ORG", kind="organisation", stands_for_members=True, short_name="Organisation")
    make_published("well", pledged_by=[organisation])

    main = main_of(client, "/parties/")

    # Promised; alone, with others by name, with all members.
    assert row_of(main, "State A")[1:5] == ["1", "0", "0", "1"]
    assert row_of(main, "State B")[1:5] == ["0", "0", "0", "0"]
    assert row_of(main, "Organisation")[1:5] == ["1", "0", "0", "1"]
    assert ("1", "/commitments/?pledger=A&pledgers=all-members") in main.links
    section = main_of(client, "/parties/A/").one("section", aria_labelledby="as-member")
    assert "all members (1 at the time)" in section.text


def test_page_tells_promises_made_alone_from_those_made_with_others(client):
    one, two = make_party("A", name="Republic of A"), make_party("B")
    make_published("well", title="Dig wells", pledged_by=[one], assessments=[{"status": "fulfilled"}])
    make_published("road", title="Build roads", pledged_by=[one, two])
    make_published("other", title="Plant trees", pledged_by=[two], beneficiaries=[one])

    main = main_of(client, "/parties/A/")

    assert main.one("h1").text == "State A"
    assert main.one("p", class_="lede").text == (
        "Republic of A. It made 2 commitments on record, 1 of them alone. "
        "The first was made on 5 July 2005, the last on 5 July 2005."
    )
    listed = {
        name: [row.one("th").links[0][0] for row in main.one("section", aria_labelledby=name).one("tbody").all("tr")]
        for name in ("alone", "with-others")
    }
    assert listed == {"alone": ["Dig wells"], "with-others": ["Build roads"]}
    assert "Plant trees" in main.one("section", aria_labelledby="benefits").text
    assert ("1", "/commitments/?pledger=A&pledgers=one") in main.links
    assert ("1", "/commitments/?pledger=A&pledgers=several") in main.links
    assert ("1", "/commitments/?status=fulfilled&totals=counted&pledger=A") in main.links
    assert "/commitments.csv?pledger=A" in main.addresses


def test_names_in_other_scripts_carry_their_language(client):
    make_party("A", name_ru="Страна А", name_zh="甲国")

    lede = main_of(client, "/parties/A/").one("p", class_="lede")

    assert lede.one("span", lang="ru").text == "Страна А"
    assert lede.one("span", lang="zh").text == "甲国"


def test_roles_are_dated_as_precisely_as_known(client):
    one = make_party("A")
    source = make_source("roll", title="The roll")
    Membership.objects.create(party=one, role="observer", since="2004", until="2017-06", source=source)
    Membership.objects.create(party=one, role="member", since="2017-06-09", decided="2015-07", note="Signed late.")

    table = main_of(client, "/parties/A/").one("section", aria_labelledby="roles").one("tbody")

    first, second = table.all("tr")
    assert [cell.text for cell in first.all("td")[:2]] == ["2004", "June 2017"]
    assert [cell.text for cell in second.all("td")[:2]] == ["9 June 2017 decided July 2015", "lasts"]
    assert "/sources/roll/" in first.addresses
    assert "Signed late." in second.text


def test_scores_show_what_they_are_for(client):
    one = make_party("A")
    commitment = make_commitment("well", title="Dig wells")
    publish(commitment)
    score(commitment, one, -1)

    (row,) = main_of(client, "/parties/A/").one("section", aria_labelledby="scores").one("tbody").all("tr")

    assert "in no average: none of the states that promised it was a member" in row.one("th").text
    assert [cell.text for cell in row.all("td")[:3]] == ["15 June 2006", "−1 stayed out", "It acted."]
    assert row.addresses == ["/commitments/well/", "/sources/ratings/", "https://example.org/ratings"]


def test_score_of_a_withdrawn_judgement_is_gone(client):
    one = make_party("A")
    commitment = make_commitment("well")
    publish(commitment)
    draft = score(commitment, one, 1)
    retract(draft)

    now, then = (main_of(client, f"/parties/A/{query}") for query in ("", "?edition=2"))

    assert now.one("section", aria_labelledby="scores").all("table") == []
    assert len(then.one("section", aria_labelledby="scores").one("tbody").all("tr")) == 1


def test_party_that_promised_nothing_has_a_page(client):
    make_party("A")

    assert "It made 0 commitments on record" in main_of(client, "/parties/A/").text


def test_unknown_party_is_named(client):
    assert "There is no party “ZZ”." in main_of(client, "/parties/ZZ/", status=404).text


@pytest.mark.parametrize("address", ["/parties/", "/parties/A/"])
def test_queries_are_the_same_for_few_and_many(client, address):
    one = make_party("A", member_since="2001-06-15")
    source = make_source("many")
    counts = []
    for number in (1, 10):
        for index in range(number):
            commitment = make_commitment(pledged_by=[one, make_party()])
            draft = make_assessment(commitment)
            MemberScore.objects.create(assessment=draft, party=one, score=1, rationale="Done.", source=source)
            publish(commitment, draft)
            since = (datetime.date(2020, 1, 1) + datetime.timedelta(days=10 * number + index)).isoformat()
            Membership.objects.create(party=one, role="partner", since=since, source=source)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 23


def test_scores_in_the_average_come_first_and_gaps_are_said(client):
    one, two = make_party("A", member_since="2001"), make_party("B", member_since="2001")
    scored, missing = make_published("well", pledged_by=[one, two]), make_published("road", pledged_by=[one, two])
    score(scored, one, 1)
    score(missing, two, 0, source=make_source(), as_of=datetime.date(2007, 1, 10))

    section = main_of(client, "/parties/A/").one("section", aria_labelledby="scores")

    assert "Average score: +1.00 over 1 of 2; 1 not assessed" in section.text
    first, second = (row.text for row in section.one("tbody").all("tr"))
    assert first.startswith("Promise road not assessed: no source tells of it.")
    assert second.startswith("Promise well 15 June 2006 +1 did it")


def test_share_that_rests_on_its_own_word_is_named_with_its_denominator(client):
    one = make_party("A")
    own = make_source("own", kind="official-statement", issuer=one)
    make_published("well", pledged_by=[one], assessments=[{"status": "fulfilled", "sources": [own]}])
    make_published("road", pledged_by=[one], assessments=[{"status": "partly_fulfilled"}])
    make_published("dam", pledged_by=[one], assessments=[{"status": "stalled", "sources": [own]}])

    section = main_of(client, "/parties/A/").one("section", aria_labelledby="came")

    assert "Of 2 counted commitments judged fulfilled or partly fulfilled, 1 rest only on the word" in section.text
    done = "totals=counted&status=fulfilled&status=partly_fulfilled"
    assert ("2", f"/commitments/?pledger=A&{done}") in section.links
    assert ("1", f"/commitments/?pledger=A&{done}&self_reported=yes") in section.links


def test_page_has_replies_and_the_sources_that_speak_for_it(client):
    one = make_party("A")
    well = make_published("well", title="Dig wells")
    judged = judge(well, sources=[make_source("voice", title="Its voice", kind="official-statement", issuer=one)])
    taken_back = answer(judged, party=one, date=datetime.date(2006, 7, 1), text="It denied this.")
    answer(judged, party=one, date=datetime.date(2007, 7, 1), text="It explained.")
    retract(taken_back, "It was misread.")

    now, then = main_of(client, "/parties/A/"), main_of(client, "/parties/A/?as_of=2006-12-31&edition=3")

    replies = now.one("section", aria_labelledby="replies").text
    assert "Retracted in edition 5: It was misread." in replies
    assert "It explained." in replies
    assert "It explained." not in then.text
    assert "Retracted" not in then.text
    voices = now.one("section", aria_labelledby="voices")
    assert voices.links[0] == ("1 source used as evidence speaks for it.", "/sources/?issuer=A")
    assert "Its voice" in voices.text


def test_role_that_ends_after_the_day_lasts_on_it(client):
    one = make_party("A")
    Membership.objects.create(party=one, role="observer", since="2004", until="2017-06-09")
    Membership.objects.create(party=one, role="member", since="2017-06-09")

    (row,) = (
        main_of(client, "/parties/A/?as_of=2010-01-01").one("section", aria_labelledby="roles").one("tbody").all("tr")
    )

    assert [cell.text for cell in row.all("td")[:2]] == ["2004", "lasts"]


def test_pinned_page_keeps_the_roles_of_its_edition(client, clock):
    one = make_party("A", member_since="2001")
    make_published(pledged_by=[one])
    before = main_of(client, "/parties/A/?edition=1&as_of=2026-11-24").text
    clock.shift(datetime.timedelta(days=2))
    Membership.objects.create(party=one, role="partner", since="1999", until="2001")

    assert main_of(client, "/parties/A/?edition=1&as_of=2026-11-24").text == before
    assert "Partner" in main_of(client, "/parties/A/").text
