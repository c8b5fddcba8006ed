"""The published wording of a commitment: one immutable revision for each edition that changed it."""

import datetime

import pytest

from commitments import workflow
from commitments.models import Commitment, Membership, Revision, Standing
from commitments.moment import Moment
from commitments.readiness import unpublished_changes
from tests.factories import (
    AS_OF,
    MADE_ON,
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_source,
    publish,
)
from tests.workflow.desk import make_publisher, submitted_commitment

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def saved(commitment, **fields):
    for name, value in fields.items():
        setattr(commitment, name, value)
    commitment.save()
    return commitment


def parties(revision, role="pledger"):
    return {(row.party.code, row.as_member) for row in revision.parties.filter(role=role)}


def test_first_publication_keeps_every_public_field():
    pledger, gainer, related = make_party("A1"), make_party("B1"), make_published("related")
    older, newer = make_published("older", made_on=MADE_ON - DAY), make_published("newer", made_on=MADE_ON + DAY)
    commitment = make_commitment(
        "pledge", pledged_by=[pledger], beneficiaries=[gainer], due=AS_OF, target_quantity=5, target_unit="USD",
        target_measure="Paid", responsible="Ministry A", locator="Paragraph 3", note="Read on.", superseded_by=newer,
    )  # fmt: skip
    commitment.related.add(related)
    commitment.restates.add(older)

    edition = publish(commitment)

    revision = commitment.revisions.get()
    assert revision.edition == edition
    for field in (
        "title",
        "summary",
        "theme",
        "summit",
        "made_on",
        "due",
        "target_quantity",
        "responsible",
        "locator",
        "source",
        "note",
    ):
        assert getattr(revision, field) == getattr(Commitment.objects.get(pk=commitment.pk), field), field
    assert parties(revision) == {("A1", False)}
    assert parties(revision, "beneficiary") == {("B1", False)}
    assert set(revision.links.values_list("kind", "target__slug")) == {
        ("related", "related"), ("restates", "older"), ("superseded_by", "newer"),
    }  # fmt: skip


def test_revision_is_shown_from_its_edition_on_and_the_older_before():
    commitment = make_published(title="First")
    publish(saved(commitment, title="Second"))

    assert [one.title for one in commitment.revisions.order_by("-edition")] == ["Second", "First"]
    titles = [Standing.objects.at(Moment.on(edition=number)).get().revision.title for number in (1, 2)]
    assert titles == ["First", "Second"]


def test_working_copy_shows_nowhere_before_it_is_published():
    commitment = make_published(title="First")
    saved(commitment, title="Second")

    assert Standing.objects.at(Moment.now()).get().revision.title == "First"
    assert unpublished_changes(Commitment.objects.get()) == ["title"]


def test_changes_of_parties_and_links_are_changes_of_the_wording():
    commitment, other = make_published("pledge"), make_published("other")
    assert unpublished_changes(commitment) == []

    commitment.beneficiaries.add(make_party())
    commitment.related.add(other)
    commitment.restates.add(other)
    commitment.pledged_by.clear()

    assert unpublished_changes(commitment) == ["pledged_by", "beneficiaries", "related", "restates"]


def test_new_commitment_has_everything_to_publish():
    assert {"title", "pledged_by", "restates"} <= set(unpublished_changes(make_commitment()))


def test_wording_that_did_not_change_is_not_published_again():
    commitment = make_published()

    with pytest.raises(workflow.Refused, match="Its wording is the published one; there is nothing to publish"):
        publish(commitment)
    assert Revision.objects.count() == 1


def test_revision_through_the_desk_keeps_its_writers():
    author, publisher = make_person(group="Editor"), make_publisher()
    commitment = submitted_commitment(by=author)

    edition = workflow.publish([commitment], by=publisher)

    revision = commitment.revisions.get()
    assert (revision.author, revision.edition.published_by) == (author, publisher)
    stored = Commitment.objects.get()
    assert (stored.author, stored.edited_by, stored.submitted_at) == (None, None, None)
    assert edition.four_eyes is True


def test_all_members_are_those_of_the_day_of_the_promise():
    organisation = make_party("ORG", kind="organisation", stands_for_members=True)
    make_party("M1", member_since="2001-06-15")
    make_party("M2", member_since=MADE_ON.isoformat())
    make_party("L1", member_since=(MADE_ON + DAY).isoformat())
    left = make_party("E1")
    Membership.objects.create(party=left, role="member", since="1996", until=MADE_ON.isoformat())

    revision = make_published(pledged_by=[organisation], beneficiaries=[organisation]).revisions.get()

    expected = {("ORG", False), ("M1", True), ("M2", True)}
    assert parties(revision) == expected
    assert parties(revision, "beneficiary") == expected
    assert [party.code for party in revision.named("pledger")] == ["ORG"]
    assert {party.code for party in revision.bound("pledger")} == {"ORG", "M1", "M2"}


def test_member_that_is_named_too_is_named_once():
    organisation = make_party("ORG", kind="organisation", stands_for_members=True)
    member = make_party("M1", member_since="2001")

    revision = make_published(pledged_by=[organisation, member]).revisions.get()

    assert parties(revision) == {("ORG", False), ("M1", False)}


def test_members_stay_as_published_when_a_role_is_corrected_later():
    organisation = make_party("ORG", kind="organisation", stands_for_members=True)
    member = make_party("M1", member_since="2001")
    revision = make_published(pledged_by=[organisation]).revisions.get()

    member.memberships.update(since="2017")

    assert parties(revision) == {("ORG", False), ("M1", True)}
    commitment = saved(Commitment.objects.get(), title="Another promise")
    publish(commitment)
    assert parties(commitment.revisions.order_by("-edition")[0]) == {("ORG", False)}


@pytest.mark.parametrize("link", ["related", "restates", "superseded_by"])
def test_link_to_what_is_not_published_is_refused(link):
    hidden = make_commitment("hidden", title="Hidden promise")
    commitment = make_commitment()
    if link == "superseded_by":
        saved(commitment, superseded_by=hidden)
    else:
        getattr(commitment, link).add(hidden)

    with pytest.raises(workflow.Refused, match="It points to “Hidden promise”, which is not published"):
        publish(commitment)
    assert publish(commitment, hidden).number == 1


def test_wrong_day_is_mended_once_the_judgements_before_it_are_withdrawn():
    commitment = make_published(assessments=[{"as_of": AS_OF}])
    saved(commitment, made_on=AS_OF + DAY)
    with pytest.raises(
        workflow.Refused, match=f"It is judged as of {AS_OF} already, before the new day of the promise"
    ):
        publish(commitment)

    publish(workflow.draft_retraction(commitment.assessments.get(), by=make_person(), reason="The day was wrong."))
    publish(commitment)

    rows = Standing.objects.at(Moment.now())
    assert [(row.made_on, row.valid_from, row.status) for row in rows] == [(AS_OF + DAY, AS_OF + DAY, "not_assessed")]
    assert Standing.objects.at(Moment.on(AS_OF, 1)).get().status == "in_progress"


def test_earlier_day_and_a_judgement_of_it_in_one_edition():
    commitment = make_published()
    saved(commitment, made_on=MADE_ON - 9 * DAY)
    draft = make_assessment(commitment, as_of=MADE_ON - 5 * DAY)

    publish(draft, commitment)

    assert Standing.objects.at(Moment.on(MADE_ON - 5 * DAY)).get().assessment == draft


def test_later_day_and_a_judgement_before_it_in_one_edition_are_refused():
    commitment = make_published()
    saved(commitment, made_on=AS_OF + DAY)

    with pytest.raises(workflow.Refused, match="lies before the promise"):
        publish(commitment, make_assessment(commitment, as_of=AS_OF))


def test_promise_of_tomorrow_is_refused():
    commitment = make_commitment(made_on=datetime.date(2026, 11, 25))

    with pytest.raises(workflow.Refused, match="It was made on 2026-11-25, which lies in the future"):
        publish(commitment)


def test_promise_without_a_pledger_is_refused_unless_an_analyst_recommends_it():
    with pytest.raises(workflow.Refused, match="Name who promised it under “pledged by”"):
        publish(make_commitment(pledged_by=[]))

    assert publish(make_commitment(pledged_by=[], basis="analyst-recommendation", summit=None)).number == 1


def test_stale_working_copy_is_a_conflict():
    commitment = make_commitment()
    stale = Commitment.objects.get(pk=commitment.pk)
    saved(commitment, title="Another promise")

    with pytest.raises(workflow.Conflict):
        publish(stale)
    assert not Revision.objects.exists()


def test_source_of_the_wording_is_kept_with_the_revision():
    commitment = make_published()
    first = commitment.source

    publish(saved(commitment, source=make_source()))

    assert commitment.revisions.order_by("edition")[0].source == first
