"""What pages read: the standings at a moment, in one query, by the indexes made for it."""

import datetime
from decimal import Decimal

import pytest

from commitments.models import Standing
from commitments.moment import Moment
from tests.factories import AS_OF, MADE_ON, make_assessment, make_published, make_theme, publish

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def at(as_of=None, edition=None):
    return Standing.objects.at(Moment.on(as_of, edition))


@pytest.mark.parametrize("number", [1, 15])
@pytest.mark.parametrize("as_of", [None, AS_OF], ids=["now", "then"])
def test_rows_with_what_hangs_on_them_take_one_query(django_assert_num_queries, number, as_of):
    for _ in range(number):
        make_published(assessments=[{}])
    moment = Moment.on(as_of)

    with django_assert_num_queries(1):
        found = Standing.objects.at(moment).select_related("revision__theme", "revision__summit", "assessment")
        assert len([(row.revision.theme.name, row.assessment.rationale) for row in found]) == number


def test_two_clocks():
    commitment = make_published("pledge", title="First", assessments=[{"as_of": AS_OF, "status": "stalled"}])
    publish(make_assessment(commitment, as_of=AS_OF + 9 * DAY, status="in_progress"))
    commitment.title = "Second"
    commitment.save()
    publish(commitment)

    def seen(as_of=None, edition=None):
        return [(row.revision.title, row.status) for row in at(as_of, edition)]

    assert seen() == [("Second", "in_progress")]
    assert seen(AS_OF) == [("Second", "stalled")]
    assert seen(MADE_ON) == [("Second", "not_assessed")]
    assert seen(MADE_ON - DAY) == []
    assert seen(edition=2) == [("First", "in_progress")]
    assert seen(edition=1) == [("First", "stalled")]
    assert seen(AS_OF - DAY, 1) == [("First", "not_assessed")]


def test_drafts_hold_nowhere():
    commitment = make_published()
    make_assessment(commitment, status="fulfilled")
    make_theme()

    assert [row.status for row in at()] == ["not_assessed"]


def test_counted_leaves_out_what_was_not_promised():
    counted = make_published()
    make_published(basis="analyst-recommendation", summit=None, pledged_by=[])
    make_published(checkable="no")

    assert at().count() == 3
    assert [row.commitment for row in at().counted()] == [counted]


@pytest.mark.parametrize(
    ("due", "status", "is_overdue"),
    [
        (None, "in_progress", False),
        (AS_OF - DAY, "in_progress", True),
        (AS_OF, "in_progress", False),
        (AS_OF - DAY, "stalled", True),
        (AS_OF - DAY, "no_evidence", True),
        (AS_OF - DAY, "not_assessed", True),
        (AS_OF - DAY, "partly_fulfilled", True),
        (AS_OF - DAY, "fulfilled", False),
        (AS_OF - DAY, "not_fulfilled", False),
        (AS_OF - DAY, "superseded", False),
    ],
)
def test_overdue_is_the_same_in_the_database_and_in_python(due, status, is_overdue):
    assessments = [] if status == "not_assessed" else [{"as_of": AS_OF, "status": status}]
    make_published(due=due, assessments=assessments)
    row = at(AS_OF).get()

    assert row.is_overdue(AS_OF) is is_overdue
    assert at(AS_OF).overdue(AS_OF).exists() is is_overdue


def test_freshness_counts_days():
    make_published(assessments=[{"as_of": AS_OF}])

    assert at(AS_OF + 30 * DAY).get().freshness(AS_OF + 30 * DAY) == 30
    assert at(MADE_ON).get().freshness(AS_OF) is None


@pytest.mark.parametrize(
    ("target", "progress", "percent"),
    [(None, None, None), (400, None, None), (400, 100, 25), (400, 500, 125), (400, 0, 0), (3, 1, Decimal(100) / 3)],
)
def test_percent(target, progress, percent):
    wanted = {"target_quantity": target, "target_unit": "USD", "target_measure": "Paid"} if target else {}
    make_published(**wanted, assessments=[{"progress": progress}])
    found = at().get().percent

    assert found == percent if percent is None else found == pytest.approx(percent)


def test_percent_without_an_assessment_is_unknown():
    make_published(target_quantity=4, target_unit="USD", target_measure="Paid")

    assert at().get().percent is None


@pytest.mark.parametrize(
    ("obligation", "label"), [("continuing", "Fulfilled for the period"), ("one_off", "Fulfilled")]
)
def test_continuing_commitment_is_fulfilled_for_the_period(obligation, label):
    make_published(obligation=obligation, assessments=[{"status": "fulfilled"}])

    assert str(at().get().status_label) == label


def test_list_without_a_wish_has_the_newest_promise_first_then_the_key_by_code_point():
    make_published("b-1")
    make_published("b")
    make_published("a", made_on=MADE_ON - DAY)
    make_published("bb", made_on=MADE_ON + DAY)

    assert [row.slug for row in at().in_order()] == ["bb", "b", "b-1", "a"]
