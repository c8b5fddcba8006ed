"""/parties/ and /parties/<code>/"""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import MemberScore, Membership
from tests.acts import retract
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


def score(commitment, party, value, **fields):
    """Publish a judgement with one member's score."""
    draft = make_assessment(commitment, **fields)
    MemberScore.objects.create(
        assessment=draft, party=party, score=value, rationale="It acted.", source=make_source("ratings")
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

    assert row_of(now, "State A") == ["Member", "1"]
    assert row_of(now, "State B") == ["none", "0"]
    assert row_of(then, "State A") == ["Observer", "1"]
    assert ("1", "/commitments/?pledger=A") in now.links


def test_promise_of_all_members_counts_for_those_of_the_day(client):
    make_party("A", member_since="2001-06-15")
    make_party("B", member_since="2017-06-09")
    organisation = make_party("ORG", kind="organisation", stands_for_members=True, short_name="Organisation")
    make_published("well", pledged_by=[organisation])

    main = main_of(client, "/parties/")

    assert row_of(main, "State A")[-1] == "1"
    assert row_of(main, "State B")[-1] == "0"
    assert row_of(main, "Organisation")[-1] == "1"
    assert "all members (1 at the time)" in main_of(client, "/parties/A/").text


def test_page_tells_promises_made_alone_from_those_made_with_others(client):
    one, two = make_party("A", name="Republic of A"), make_party("B")
    make_published("well", title="Dig wells", pledged_by=[one], assessments=[{"status": "fulfilled"}])
    make_published("road", title="Build roads", pledged_by=[one, two])
    make_published("other", title="Plant trees", pledged_by=[two], beneficiaries=[one])

    main = main_of(client, "/parties/A/")

    assert main.one("h1").text == "State A"
    assert main.one("p", class_="lede").text == "Republic of A. It made 2 commitments on record, 1 of them alone."
    listed = main.one("table", class_="commitments").text
    assert "Dig wells" in listed
    assert "Build roads" in listed
    assert "Plant trees" not in listed
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

    assert [cell.text for cell in row.all("td")[:3]] == ["15 June 2006", "−1", "It acted."]
    assert row.addresses == ["/commitments/well/", "/sources/ratings/", "https://example.org/ratings"]


def test_score_of_a_withdrawn_judgement_is_gone(client):
    one = make_party("A")
    commitment = make_commitment("well")
    publish(commitment)
    draft = score(commitment, one, 1)
    retract(draft)

    assert main_of(client, "/parties/A/").all("section", aria_labelledby="scores") == []
    assert len(main_of(client, "/parties/A/?edition=2").all("section", aria_labelledby="scores")) == 1


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
    assert counts[0] <= 12
