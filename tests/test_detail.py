"""What one commitment's page reads, at each moment."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.choices import PartyRole
from commitments.detail import NotMadeYetError, UnknownError, WithdrawnError, detail
from commitments.models import Assessment, MemberScore
from commitments.moment import Moment
from commitments.workflow import draft_correction
from tests.acts import correct, judge, reload, retract, revise
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_reply,
    make_source,
    make_summit,
    publish,
)

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = datetime.date(2006, 1, 10), datetime.date(2007, 1, 10), datetime.date(2008, 1, 10)


def now(slug):
    return detail(slug, Moment.now())


def test_commitment_without_a_judgement_has_an_empty_history():
    make_published("well")

    found = now("well")

    assert (found.standing.status, found.entries, found.current, found.measured) == ("not_assessed", [], None, [])
    assert (found.overdue, found.freshness, found.days_late, found.links) == (False, None, None, {})
    assert [changed for _revision, changed in found.wordings] == [[]]


def test_history_is_newest_first_and_one_entry_holds():
    commitment = make_published("well")
    for day in (SECOND, FIRST, THIRD):
        judge(commitment, as_of=day)

    found = now("well")

    assert [entry.assessment.as_of for entry in found.entries] == [THIRD, SECOND, FIRST]
    assert [entry.holds for entry in found.entries] == [True, False, False]
    assert found.current is found.entries[0]
    assert found.freshness == (datetime.date(2026, 11, 24) - THIRD).days


def test_past_day_shows_no_later_judgement():
    commitment = make_published("well")
    judge(commitment, as_of=FIRST)
    judge(commitment, as_of=THIRD)

    found = detail("well", Moment.on(as_of=SECOND))

    assert [entry.assessment.as_of for entry in found.entries] == [FIRST]
    assert found.freshness == 365


def test_earlier_edition_shows_what_it_knew():
    commitment = make_published("well")
    first = judge(commitment, as_of=FIRST, status="fulfilled")
    correct(first, status="stalled")
    revise(commitment, title="Reworded")

    then = detail("well", Moment.on(edition=2))

    assert then.revision.title == "Promise well"
    assert [(entry.assessment, entry.withdrawn, entry.holds) for entry in then.entries] == [(first, None, True)]
    assert [revision.edition_id for revision, _changed in then.wordings] == [1]


def test_corrected_judgement_stays_and_names_what_replaced_it():
    commitment = make_published("well")
    first = judge(commitment, as_of=FIRST, status="fulfilled")
    second = correct(first, status="stalled")

    entries = now("well").entries

    assert [(entry.assessment, entry.withdrawn, entry.holds, entry.is_corrected) for entry in entries] == [
        (second, None, True, False),
        (first, second, False, True),
    ]


def test_retracted_judgement_stays_with_the_reason():
    commitment = make_published("well")
    first = judge(commitment, as_of=FIRST)
    retract(first, "The source was withdrawn.")

    (entry,) = now("well").entries

    assert (entry.assessment, entry.holds, entry.is_corrected) == (first, False, False)
    assert entry.withdrawn.reason == "The source was withdrawn."
    assert now("well").standing.status == "not_assessed"


def test_draft_is_never_read():
    commitment = make_published("well")
    make_assessment(commitment, as_of=FIRST)
    working_copy = reload(commitment)
    working_copy.title = "Not yet public"
    working_copy.save()

    found = now("well")

    assert found.entries == []
    assert found.revision.title == "Promise well"


def test_draft_correction_withdraws_nothing():
    commitment = make_published("well")
    first = judge(commitment, as_of=FIRST)
    draft_correction(first, by=None)

    (entry,) = now("well").entries

    assert (entry.withdrawn, entry.holds) == (None, True)


def test_unpublished_commitment_is_unknown():
    make_commitment("well")

    with pytest.raises(UnknownError):
        now("well")


def test_commitment_is_unknown_before_its_first_edition():
    make_published("river")
    make_published("well")

    with pytest.raises(UnknownError):
        detail("well", Moment.on(edition=1))
    assert detail("well", Moment.on(edition=2)).standing.slug == "well"


def test_day_before_the_promise_is_not_made_yet():
    make_published("well", made_on=datetime.date(2005, 7, 5))

    with pytest.raises(NotMadeYetError) as raised:
        detail("well", Moment.on(as_of=datetime.date(2005, 7, 4)))

    assert raised.value.revision.title == "Promise well"
    assert detail("well", Moment.on(as_of=datetime.date(2005, 7, 5))).standing.slug == "well"


def test_retracted_commitment_is_withdrawn_from_that_edition_on():
    commitment = make_published("well")
    retract(commitment, "It was recorded twice.")

    with pytest.raises(WithdrawnError) as raised:
        now("well")

    assert raised.value.retraction.reason == "It was recorded twice."
    assert detail("well", Moment.on(edition=1)).standing.slug == "well"


def test_deadline_and_the_first_fulfilled_give_the_days_late():
    commitment = make_published("well", due=FIRST)
    judge(commitment, as_of=SECOND, status="fulfilled")
    judge(commitment, as_of=THIRD, status="fulfilled")

    assert now("well").days_late == 365
    assert now("well").overdue is False


def test_withdrawn_fulfilment_is_not_timely():
    commitment = make_published("well", due=SECOND)
    mistaken = judge(commitment, as_of=FIRST, status="fulfilled")
    judge(commitment, as_of=THIRD, status="fulfilled")
    retract(mistaken)

    assert now("well").days_late == 365


def test_open_commitment_past_its_deadline_is_overdue():
    commitment = make_published("well", due=FIRST)
    judge(commitment, as_of=SECOND, status="stalled")

    found = now("well")

    assert (found.overdue, found.days_late) == (True, None)
    assert detail("well", Moment.on(as_of=FIRST)).overdue is False


def test_measured_amounts_are_oldest_first_with_their_percentage():
    commitment = make_published("well", target_quantity=200, target_unit="wells", target_measure="Wells dug")
    judge(commitment, as_of=SECOND, progress=250)
    judge(commitment, as_of=FIRST, progress=50)
    judge(commitment, as_of=THIRD)
    retract(judge(commitment, as_of=THIRD, progress=7))

    assert [(one.as_of, int(share)) for one, share in now("well").measured] == [(FIRST, 25), (SECOND, 125)]


def test_replies_stand_beside_their_judgement_once_said():
    commitment = make_published("well")
    first = judge(commitment, as_of=FIRST)
    reply = make_reply(first, date=SECOND)
    publish(reply)

    assert [[one for one, _retraction in entry.replies] for entry in now("well").entries] == [[reply]]
    assert [entry.replies for entry in detail("well", Moment.on(as_of=FIRST)).entries] == [[]]
    assert [entry.replies for entry in detail("well", Moment.on(edition=2)).entries] == [[]]


def test_retracted_reply_carries_its_retraction():
    commitment = make_published("well")
    reply = make_reply(judge(commitment, as_of=FIRST), date=FIRST)
    publish(reply)
    retract(reload(reply), "Wrongly attributed.")

    (entry,) = now("well").entries
    (then,) = detail("well", Moment.on(edition=3)).entries

    assert [retraction.reason for _reply, retraction in entry.replies] == ["Wrongly attributed."]
    assert [retraction for _reply, retraction in then.replies] == [None]


def test_links_go_both_ways():
    old, new = make_commitment("old"), make_commitment("new")
    aside = make_commitment("aside")
    new.restates.add(old)
    new.related.add(aside)
    old.superseded_by = new
    old.save()
    publish(reload(old), reload(new), reload(aside))

    def linked(slug):
        return {name: [row.slug for row in rows] for name, rows in now(slug).links.items()}

    assert linked("new") == {"restates": ["old"], "related": ["aside"], "supersedes": ["old"]}
    assert linked("old") == {"restated_by": ["new"], "superseded_by": ["new"]}
    assert linked("aside") == {"related": ["new"]}


def test_link_to_what_has_been_withdrawn_is_gone():
    old, new = make_commitment("old"), make_commitment("new")
    new.restates.add(old)
    publish(reload(old), reload(new))
    retract(old)

    assert now("new").links == {}
    assert [row.slug for row in detail("new", Moment.on(edition=1)).links["restates"]] == ["old"]


def test_wordings_say_what_each_changed():
    commitment = make_published("well")
    revise(commitment, title="Reworded", due=THIRD)
    working_copy = reload(commitment)
    working_copy.pledged_by.add(make_party("B"))
    publish(working_copy)

    found = now("well").wordings

    assert [(revision.edition_id, changed) for revision, changed in found] == [
        (3, ["Pledged by"]),
        (2, ["title", "due"]),
        (1, []),
    ]


def test_pledgers_include_the_members_of_the_day():
    member = make_party("A", member_since="2001-06-15")
    make_party("B", member_since="2017-06-09")
    organisation = make_party("ORG", kind="organisation", stands_for_members=True)
    make_published("well", pledged_by=[organisation], summit=make_summit(country=member))

    found = now("well")

    assert found.pledgers == {organisation.pk, member.pk}
    assert [party.code for party in found.revision.named(PartyRole.PLEDGER)] == ["ORG"]


def full_commitment(slug, judgements):
    """A commitment with that many judgements, each with evidence, scores, a reply and a search somewhere."""
    commitment = make_published(slug, target_quantity=10, target_unit="wells", target_measure="Wells dug")
    for number in range(judgements):
        sources = [make_source(kind="official-document", issuer=make_party()), make_source()]
        draft = make_assessment(
            commitment, as_of=FIRST + datetime.timedelta(days=number), sources=sources, progress=number
        )
        MemberScore.objects.create(
            assessment=draft, party=make_party(), score=1, rationale="It did it.", source=make_source()
        )
        silent = make_assessment(commitment, as_of=FIRST + datetime.timedelta(days=number), status="no_evidence")
        publish(draft, silent)
        publish(make_reply(reload(draft)))
    return commitment


def queries_of_reading(slug):
    """How many queries it takes to read everything that the page shows."""
    moment = Moment.now()
    with CaptureQueriesContext(connection) as queries:
        found = detail(slug, moment)
        for entry in found.entries:
            one = entry.assessment
            said = [one.edition.published_by, entry.withdrawn, list(one.search_log.all()), found.overdue]
            said += [(row.source.title, row.issuer) for row in one.evidence.all()]
            said += [(row.source.title, row.party.code) for row in one.member_scores.all()]
            said += [(reply.source.title, reply.party.code, reply.edition.day) for reply, _taken in entry.replies]
        said += [revision.edition.day for revision, _changed in found.wordings]
        said += [row.revision.title for rows in found.links.values() for row in rows]
        said += [party.code for party in found.revision.bound(PartyRole.PLEDGER)]
    return len(queries)


def test_queries_are_the_same_for_one_judgement_and_for_ten():
    full_commitment("few", 1)
    full_commitment("many", 5)
    assert Assessment.objects.filter(commitment__slug="many").count() == 10

    assert queries_of_reading("few") == queries_of_reading("many") == 12
