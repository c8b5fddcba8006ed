"""The read model against a plain reference over random histories, and its corners one by one."""

import datetime

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings

from commitments import workflow
from commitments.models import (
    FAR_DAY,
    FAR_EDITION,
    Evidence,
    Membership,
    Retraction,
    Standing,
)
from commitments.moment import Moment
from commitments.projection import History, Judgement, batches, compare, fold, project, rectangles
from tests.acts import judge
from tests.factories import (
    AS_OF,
    MADE_ON,
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_source,
    publish,
)
from tests.histories import EDITIONS, World, day

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def rows():
    """Every standing without its number, in an order of its own."""
    return sorted(Standing.objects.values_list(*(f.attname for f in Standing._meta.local_fields[1:])), key=str)


def seen_at(moment):
    columns = ("commitment", "revision__title", "due", "status", "assessment")
    return sorted(Standing.objects.at(moment).values_list(*columns), key=lambda row: row[0])


def moment(as_of, edition):
    """A moment of the past, which is read by ranges, whatever the newest edition is."""
    return Moment(as_of=as_of, edition=edition, is_newest=False, today=as_of)


# A tie on one day, a correction of it, the retraction of the correction, and a silence after all of them.
TIE = [
    (0, [("promise", 1, 0, "stalled")]),
    (4, [("assess", 0, 2, "stalled"), ("assess", 0, 2, "in_progress")]),
    (1, [("correct", 1, 3, "fulfilled"), ("assess", 0, 4, "no_evidence")]),
    (1, [("withdraw", 2, 0, "stalled"), ("revise", 0, 1, "stalled")]),
    (0, [("retract", 0, 0, "stalled"), ("assess", 0, 1, "not_started")]),
]

# A draft that is older than another of the same day and published after it.
LATE = [
    (4, [("promise", 1, 0, "stalled")]),
    (0, [("write", 0, 2, "stalled"), ("assess", 0, 2, "fulfilled")]),
    (1, [("promise", 1, 0, "stalled")]),
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=EDITIONS)
@example(history=TIE)
@example(history=LATE)
def test_standings_are_what_the_plain_reference_says(history):
    with transaction.atomic():
        world = World()
        for gap, acts in history:
            if world.make_edition(gap, acts):
                # Nothing is left to do after an edition, and doing it again does nothing.
                assert not compare()
        reference = {each: world.holds(*each) for each in world.moments()}
        for (as_of, edition), expected in reference.items():
            assert seen_at(moment(as_of, edition)) == expected, f"as of {as_of}, edition {edition}"
        check_the_present(world)
        check_rebuilding()
        transaction.set_rollback(True)


def check_the_present(world):
    """The open rows answer for the newest edition from its day on, as the ranges do."""
    if not world.editions:
        return
    newest, published = world.editions[-1]
    for later in (0, 1, 400):
        today = published + later * DAY
        with time_machine.travel(datetime.datetime.combine(today, datetime.time(1), datetime.UTC), tick=False):
            now = Moment.now()
        assert (now.is_newest, now.edition, now.as_of) == (True, newest, today)
        assert seen_at(now) == world.holds(today, newest)


def check_rebuilding():
    before = rows()
    assert not project([pk for ids in batches() for pk in ids])
    assert rows() == before
    Standing.objects.all().delete()
    for ids in batches(size=2):
        project(ids)
    assert rows() == before
    assert not compare()


def days(*statuses_and_dates):
    return [Judgement(pk, as_of, status, edition) for pk, as_of, status, edition in statuses_and_dates]


def drawn(history):
    return [
        (row.valid_from, row.valid_to, row.edition_from, row.edition_to, row.assessment) for row in rectangles(history)
    ]


def test_commitment_without_an_assessment_stands_from_its_day_for_ever():
    history = History(1, revisions=[(1, 10, day(0))])

    assert drawn(history) == [(day(0), FAR_DAY, 1, FAR_EDITION, None)]


def test_history_without_a_revision_stands_nowhere():
    assert rectangles(History(1)) == []


def test_later_day_goes_before_an_earlier_one_published_later():
    history = History(1, [(1, 10, day(0))], days((5, day(9), "stalled", 1), (6, day(4), "in_progress", 2)))

    assert drawn(history) == [
        (day(0), day(9), 1, 2, None),
        # The same assessment holds before and after, but since the second edition there is an earlier one to find.
        (day(9), FAR_DAY, 1, 2, 5),
        (day(0), day(4), 2, FAR_EDITION, None),
        (day(4), day(9), 2, FAR_EDITION, 6),
        (day(9), FAR_DAY, 2, FAR_EDITION, 5),
    ]


def test_span_knows_the_earlier_judgements_until_they_are_withdrawn():
    withdrawn = Judgement(6, day(4), "in_progress", 1, withdrawn=2)
    history = History(1, [(1, 10, day(0))], [*days((5, day(9), "stalled", 1), (7, day(2), "stalled", 1)), withdrawn])

    assert [(row.edition_from, row.assessment, row.before) for row in rectangles(history)] == [
        (1, None, ()),
        (1, 7, ()),
        (1, 6, (7,)),
        (1, 5, (6, 7)),
        (2, 7, ()),
        (2, 5, (7,)),
    ]


def test_lines_of_the_search_have_the_earlier_judgements_apart():
    commitment = make_published("pledge", assessments=[{"rationale": "The mason came."}])
    judge(commitment, as_of=AS_OF + DAY, rationale="The roofer came.")
    row = standing(commitment)

    assert " roofer came " in row.search_record
    assert " mason came " in row.search_history
    assert "mason" not in row.search_record
    assert "roofer" not in standing(commitment, AS_OF).search_history


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ((5, "stalled", 1), (6, "in_progress", 2), 6),
        ((6, "stalled", 1), (5, "in_progress", 2), 5),
        ((5, "stalled", 1), (6, "in_progress", 1), 6),
        ((5, "no_evidence", 2), (6, "in_progress", 1), 6),
        ((5, "no_evidence", 1), (6, "no_evidence", 1), 6),
    ],
    ids=["later-edition", "later-edition-lower-id", "higher-id", "not-the-silence", "two-silences"],
)
def test_tie_on_one_day(first, second, winner):
    both = [Judgement(pk, day(3), status, edition) for pk, status, edition in (first, second)]

    for judgements in (both, both[::-1]):
        newest = rectangles(History(1, [(1, 10, day(0))], judgements))[-1]
        assert (newest.assessment, newest.edition_to, newest.valid_to) == (winner, FAR_EDITION, FAR_DAY)


def test_silence_holds_only_where_nothing_else_does():
    history = History(
        1,
        [(1, 10, day(0))],
        days((5, day(2), "no_evidence", 1), (6, day(4), "stalled", 1), (7, day(9), "no_evidence", 1)),
    )

    assert drawn(history) == [
        (day(0), day(2), 1, FAR_EDITION, None),
        (day(2), day(4), 1, FAR_EDITION, 5),
        (day(4), FAR_DAY, 1, FAR_EDITION, 6),
    ]


def test_withdrawal_gives_the_days_back_to_what_held_before():
    judged = [Judgement(5, day(2), "stalled", 1), Judgement(6, day(4), "fulfilled", 1, withdrawn=3)]

    assert drawn(History(1, [(1, 10, day(0))], judged)) == [
        (day(0), day(2), 1, FAR_EDITION, None),
        (day(2), day(4), 1, 3, 5),
        (day(4), FAR_DAY, 1, 3, 6),
        (day(2), FAR_DAY, 3, FAR_EDITION, 5),
    ]


def test_revision_splits_the_editions_and_not_the_days():
    history = History(1, [(1, 10, day(0)), (4, 11, day(0))], days((5, day(2), "stalled", 2)))

    assert [(row.edition_from, row.edition_to, row.revision, row.assessment) for row in rectangles(history)] == [
        (1, 2, 10, None),
        (2, 4, 10, None),
        (2, 4, 10, 5),
        (4, FAR_EDITION, 11, None),
        (4, FAR_EDITION, 11, 5),
    ]


def test_promise_that_is_found_to_be_older_stands_from_the_older_day():
    history = History(1, [(1, 10, day(5)), (2, 11, day(0))], days((5, day(5), "stalled", 1)))

    assert drawn(history) == [
        (day(5), FAR_DAY, 1, 2, 5),
        (day(0), day(5), 2, FAR_EDITION, None),
        (day(5), FAR_DAY, 2, FAR_EDITION, 5),
    ]


def test_retracted_commitment_ends_with_that_edition():
    history = History(1, [(1, 10, day(0))], days((5, day(2), "stalled", 1)), withdrawn=3)

    assert {row.edition_to for row in rectangles(history)} == {3}


def test_commitment_published_and_retracted_in_one_edition_stands_nowhere():
    assert rectangles(History(1, [(3, 10, day(0))], withdrawn=3)) == []


def standing(commitment, as_of=None, edition=None):
    return Standing.objects.at(Moment.on(as_of, edition)).get(commitment=commitment)


def test_standing_copies_what_lists_need():
    commitment = make_published(
        "pledge", title="Große Brücke", due=AS_OF, target_quantity=4, target_unit="bridges", target_measure="Built",
        assessments=[{"status": "stalled", "rationale": "Überall Verzögerung", "confidence": "low"}],
    )  # fmt: skip
    row = standing(commitment)

    assert (row.status, row.as_of, row.confidence, row.flagged, row.counted) == ("stalled", AS_OF, "low", False, True)
    assert (row.slug, row.title_key, row.due, row.made_on) == ("pledge", "grosse brucke", AS_OF, MADE_ON)
    assert (row.theme, row.summit) == (commitment.theme, commitment.summit)
    assert row.search_title == " gross bruck | "
    for words in (" built ", " 4 bridg ", " pledg "):
        assert words in row.search_promise
    for words in (" uberal verzogerung ", " it show a step "):
        assert words in row.search_record
    assert row.search_history == "  "


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Straße", "strasse"), ("ÉCOLE", "ecole"), ("ｗｉｄｅ", "wide"), ("Ёлка", "елка"), ("", ""), ("İ", "i")],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("basis", "checkable", "is_counted"),
    [
        ("treaty", "yes", True),
        ("treaty", "partly", True),
        ("treaty", "no", False),
        ("call-on-others", "yes", False),
        ("analyst-recommendation", "yes", False),
    ],
)
def test_counted(basis, checkable, is_counted):
    assert standing(make_published(basis=basis, checkable=checkable)).counted is is_counted


def official(issuer=None):
    return make_source(kind="official-statement", issuer=issuer)


def test_self_reported_where_every_supporting_source_speaks_for_a_pledger():
    pledger, other = make_party(), make_party()
    own, foreign, press = official(pledger), official(other), make_source()
    cases = {
        "one": ([own], True),
        "with-another": ([own, foreign], False),
        "with-press": ([own, press], False),
        "foreign": ([foreign], False),
    }

    for slug, (sources, expected) in cases.items():
        commitment = make_published(slug, pledged_by=[pledger], assessments=[{"sources": sources}])
        assert standing(commitment).self_reported is expected, slug


def test_self_reported_looks_at_supporting_sources_only():
    pledger = make_party()
    commitment = make_commitment(pledged_by=[pledger])
    draft = make_assessment(commitment, sources=[official(pledger)])
    Evidence.objects.create(assessment=draft, source=make_source(), shows="It doubts it.", bearing="contradicts")
    context = make_assessment(commitment, as_of=AS_OF + DAY, sources=[official(pledger)], bearing="context")
    publish(commitment, draft, context)

    assert standing(commitment, AS_OF).self_reported is True
    assert standing(commitment, AS_OF + DAY).self_reported is False


def test_not_assessed_is_not_self_reported():
    assert standing(make_published()).self_reported is False


def test_organisation_as_pledger_stands_for_its_members_on_the_day_of_the_promise():
    organisation = make_party("ORG", kind="organisation", stands_for_members=True)
    member, later, observer = make_party(member_since="2001"), make_party(member_since="2017-06-09"), make_party()
    Membership.objects.create(party=observer, role="observer", since="2001")
    expected = {organisation: True, member: True, later: False, observer: False}

    for party, is_bound in expected.items():
        commitment = make_published(pledged_by=[organisation], assessments=[{"sources": [official(party)]}])
        assert standing(commitment).self_reported is is_bound, party


def test_flag_of_an_assessment_below_its_rule():
    commitment = make_published()
    below = "fulfilled needs an official text or two independent sources: there is one."
    publish(make_assessment(commitment, status="fulfilled", sources=[make_source()], below_rule=below))

    assert standing(commitment).flagged is True


def test_retracted_correction_revives_nothing():
    commitment = make_published(assessments=[{"status": "stalled"}])
    correction = make_assessment(commitment, status="fulfilled", corrects=commitment.assessments.get())
    publish(correction)
    publish(Retraction.objects.create(assessment=correction, reason="A mistake."))

    assert standing(commitment).status == "not_assessed"
    assert standing(commitment, edition=2).status == "fulfilled"
    assert standing(commitment, edition=1).status == "stalled"


def test_correction_of_a_correction_holds():
    commitment = make_published(assessments=[{"status": "stalled"}])
    first = make_assessment(commitment, status="fulfilled", corrects=commitment.assessments.get())
    publish(first)
    publish(make_assessment(commitment, status="in_progress", corrects=first))

    assert [standing(commitment, edition=number).status for number in (1, 2, 3)] == [
        "stalled",
        "fulfilled",
        "in_progress",
    ]


def test_retracted_commitment_leaves_the_present_and_stays_in_earlier_editions():
    commitment = make_published(assessments=[{}])
    publish(workflow.draft_retraction(commitment, by=make_person(), reason="It was never promised."))

    assert not Standing.objects.at(Moment.now()).exists()
    assert standing(commitment, edition=1).status == "in_progress"
    assert not Standing.objects.filter(edition_to=FAR_EDITION).exists()


def test_commitment_is_retracted_together_with_a_last_assessment():
    commitment = make_published(assessments=[{}])
    publish(
        workflow.draft_retraction(commitment, by=make_person(), reason="It was never promised."),
        make_assessment(commitment, status="stalled"),
    )

    assert not Standing.objects.at(Moment.now()).exists()
    assert not compare()


def test_reply_touches_no_standing():
    commitment = make_published(assessments=[{}])
    before = rows()

    publish(make_reply(commitment.assessments.get()))

    assert rows() == before


def test_standing_that_somebody_changed_is_found_and_mended():
    commitment = make_published(assessments=[{"status": "stalled"}])
    other = make_published()
    before = rows()
    Standing.objects.filter(commitment=commitment).exclude(assessment=None).update(status="fulfilled")
    Standing.objects.filter(commitment=other).update(title_key="another title")
    Standing.objects.filter(commitment=commitment, assessment=None).delete()

    difference = compare()

    assert (len(difference.missing), len(difference.changed), len(difference.stray)) == (1, 2, 0)
    project([commitment.pk, other.pk])
    assert rows() == before


def test_standing_that_ends_too_soon_is_found_and_mended_beside_its_neighbours():
    """The rows would overlap on the way if they were mended one by one."""
    commitment = make_published(assessments=[{"status": "stalled"}])
    publish(make_assessment(commitment, status="fulfilled"))
    before = rows()
    Standing.objects.filter(commitment=commitment, edition_to=FAR_EDITION).exclude(assessment=None).update(edition_to=3)
    open_row = Standing.objects.get(commitment=commitment, status="stalled")
    Standing.objects.filter(pk=open_row.pk).update(edition_to=2, valid_to=AS_OF + DAY)

    assert compare()
    project([commitment.pk])
    assert rows() == before


def test_standing_of_a_commitment_that_nobody_published_is_stray():
    published, draft = make_published(), make_commitment()
    row = published.standings.get()
    row.pk, row._state.adding, row.commitment = None, True, draft
    row.save()

    assert [stray.commitment for stray in compare().stray] == [draft]
    project([draft.pk])
    assert not compare()


def test_projecting_writes_nothing_where_nothing_changed(django_assert_max_num_queries):
    commitment = make_published(assessments=[{}])

    with django_assert_max_num_queries(9) as queries:
        assert not project([commitment.pk])
    assert not [one["sql"] for one in queries if not one["sql"].startswith("SELECT")]


@pytest.mark.parametrize("number", [1, 12])
def test_comparing_takes_as_many_queries_for_many_as_for_few(django_assert_num_queries, number):
    for _ in range(number):
        make_published(assessments=[{}, {"status": "stalled"}])

    with django_assert_num_queries(9):
        assert not compare()


def test_batches_name_every_commitment_once():
    made = [make_commitment().pk for _ in range(5)]

    assert batches(size=2) == [made[:2], made[2:4], made[4:]]
