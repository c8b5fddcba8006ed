"""The next review: every interval, the day that is set by hand, and that no wording knows of it."""

import datetime

import pytest

from commitments import attention, readiness, reviews
from commitments.models import Commitment, Standing
from commitments.moment import Moment
from tests.acts import judge, reload, retract
from tests.factories import make_commitment, make_published
from tests.registers import judgement

pytestmark = pytest.mark.django_db
DAY = datetime.date


def review(commitment):
    """(day, name of what set it) of a commitment's next review."""
    standing = reviews.review_of(commitment)
    return standing.review_on, standing.review_rule


JUDGED_ON = DAY(2026, 2, 1)


def judged(status="in_progress", as_of=JUDGED_ON, **fields):
    return make_published(assessments=[{**judgement(status), "as_of": as_of}], **fields)


CASES = {
    "settled": (lambda: judged("fulfilled"), None),
    "uncheckable": (lambda: make_published(checkable="no"), None),
    "not-assessed": (lambda: make_published(made_on=DAY(2026, 1, 5)), DAY(2026, 1, 5)),
    "deadline-ahead": (lambda: judged(due=DAY(2026, 6, 1)), DAY(2026, 6, 15)),
    "overdue": (lambda: judged(due=DAY(2026, 1, 31)), DAY(2026, 8, 2)),
    "aspirational": (lambda: judged(obligation="aspirational"), DAY(2028, 2, 1)),
    "continuing": (lambda: judged("fulfilled", obligation="continuing"), DAY(2027, 2, 1)),
    "one-off": (lambda: judged("no_evidence"), DAY(2027, 2, 1)),
}


@pytest.mark.parametrize("name", [one.name for one in reviews.INTERVALS])
def test_interval_sets_the_day(name):
    make, day = CASES[name]

    assert review(make()) == (day, name)


def test_far_deadline_does_not_put_a_review_off_for_more_than_a_year():
    assert review(judged(due=DAY(2036, 1, 1))) == (DAY(2027, 2, 1), "deadline-ahead")
    assert review(judged(due=DAY(2026, 2, 1))) == (DAY(2026, 2, 15), "deadline-ahead")


def test_search_that_found_nothing_counts_as_a_look():
    commitment = judged(as_of=DAY(2020, 1, 1))
    judge(commitment, status="no_evidence", as_of=DAY(2026, 10, 1))

    assert reviews.review_of(commitment).status == "in_progress"
    assert review(commitment) == (DAY(2027, 10, 1), "one-off")


def test_withdrawn_judgement_is_no_look():
    commitment = judged(as_of=DAY(2020, 1, 1))
    retract(judge(commitment, as_of=DAY(2026, 10, 1)))

    assert review(commitment) == (DAY(2020, 12, 31), "one-off")


def test_day_set_by_hand_holds_until_a_judgement_is_published_on_it_or_later(clock):
    commitment = judged("fulfilled")
    reviews.set_by_hand(commitment, DAY(2027, 3, 1))
    assert review(commitment) == (DAY(2027, 3, 1), reviews.BY_HAND)

    clock.move_to(datetime.datetime(2027, 2, 28, 12, tzinfo=datetime.UTC))
    judge(commitment, as_of=DAY(2027, 2, 1))
    assert review(commitment) == (DAY(2027, 3, 1), reviews.BY_HAND)

    clock.move_to(datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC))
    judge(commitment, as_of=DAY(2027, 2, 3))
    assert review(commitment) == (DAY(2028, 2, 3), "one-off")


def test_day_set_by_hand_is_no_change_of_the_wording():
    commitment = make_published()
    before = reload(commitment)

    reviews.set_by_hand(before, DAY(2027, 3, 1))

    after = reload(commitment)
    assert after.next_review == DAY(2027, 3, 1)
    assert (after.version, after.author_id, after.edited_by_id) == (commitment.version, None, None)
    assert readiness.unpublished_changes(after) == []
    assert after.revisions.count() == 1
    assert Commitment.history.filter(id=after.pk).first().next_review == DAY(2027, 3, 1)


def test_day_set_by_hand_meets_no_other_editors_form():
    commitment = make_commitment()
    opened = reload(commitment)

    reviews.set_by_hand(commitment, DAY(2027, 3, 1))
    opened.title = "Changed meanwhile"
    opened.next_review = DAY(2027, 3, 1)
    opened.save()

    assert reload(commitment).title == "Changed meanwhile"


def test_unpublished_commitment_has_no_review():
    assert reviews.review_of(make_commitment()) is None


def test_due_is_on_the_very_day():
    judged(as_of=DAY(2025, 11, 24))
    judged(as_of=DAY(2025, 11, 25))

    found = reviews.due(Standing.objects.at(Moment.now()), DAY(2026, 11, 24))

    assert [one.review_on for one in found] == [DAY(2026, 11, 24)]
    assert attention.BY_NAME["review"].look(Moment.now()).number == 1


def test_reason_is_told_in_a_sentence():
    commitment = judged(due=DAY(2026, 6, 1))
    assert reviews.why(reviews.review_of(commitment)) == (
        "Open, its deadline not passed when it was last judged: 14 days after the deadline or 365 days after the day "
        "last judged. Two weeks after the deadline the first reports are out; a year without a look is too long."
    )
    reviews.set_by_hand(commitment, DAY(2027, 7, 1))
    assert reviews.why(reviews.review_of(commitment)).startswith("Set by hand")
    assert [one.span for one in reviews.INTERVALS][:3] == ["never", "never", "at once"]
