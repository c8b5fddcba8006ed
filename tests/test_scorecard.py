"""Totals: what is counted, what is left out, and shares that add up."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from commitments import scorecard
from commitments.choices import Status
from commitments.models import Standing
from commitments.moment import Moment
from commitments.scorecard import Scorecard
from tests.acts import retract
from tests.factories import AS_OF, make_commitment, make_party, make_published, make_source, make_summit, make_theme
from tests.registers import judgement, make_register

TODAY = datetime.date(2026, 11, 24)


def card(day=TODAY, **clocks):
    return scorecard.totals(Standing.objects.at(Moment.on(**clocks)), day=day)


def one(status="in_progress", **fields):
    return make_published(assessments=[judgement(status)] if status else [], **fields)


@pytest.mark.django_db
def test_totals_count_each_status_and_say_the_denominator():
    for status in ("fulfilled", "stalled", "stalled", "no_evidence", None):
        one(status)

    totals = card()

    assert (totals.listed, totals.counted, totals.left_out) == (5, 5, 0)
    assert (totals.not_assessed, totals.assessed) == (1, 4)
    assert [(row.status, row.count, row.share) for row in totals.present] == [
        (Status.FULFILLED, 1, 20.0),
        (Status.STALLED, 2, 40.0),
        (Status.NO_EVIDENCE, 1, 20.0),
        (Status.NOT_ASSESSED, 1, 20.0),
    ]
    assert [row.status for row in totals.rows] == list(Status)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"basis": "call-on-others"}, {"basis": "analyst-recommendation"}, {"checkable": "no"}], ids=str
)
def test_what_nobody_promised_or_can_check_is_listed_and_left_out(fields):
    one("fulfilled")
    one("fulfilled", due=AS_OF, **fields)

    totals = card()

    assert (totals.listed, totals.counted, totals.left_out) == (2, 1, 1)
    assert [(row.status, row.count) for row in totals.present] == [(Status.FULFILLED, 1)]


@pytest.mark.django_db
def test_overdue_is_due_before_the_day_and_open():
    due = datetime.date(2006, 12, 31)
    for status in ("stalled", "no_evidence", None, "fulfilled", "not_fulfilled", "superseded"):
        one(status, due=due)
    one("stalled")
    one("stalled", due=due, basis="call-on-others")

    assert card(day=due).overdue == 0
    assert card(day=due + datetime.timedelta(1)).overdue == 3


@pytest.mark.django_db
def test_self_reported_counts_those_whose_only_support_is_the_pledger():
    party = make_party()
    own, other = make_source(kind="official-statement", issuer=party), make_source()
    make_published(pledged_by=[party], assessments=[{"sources": [own]}])
    make_published(pledged_by=[party], assessments=[{"sources": [own, other]}])

    assert card().self_reported == 1


@pytest.mark.django_db
def test_totals_of_nothing_divide_by_nothing():
    totals = card()

    assert (totals.listed, totals.counted, totals.not_assessed, totals.overdue) == (0, 0, 0, 0)
    assert [row.share for row in totals.rows] == [0.0] * len(Status)
    assert totals.present == []
    assert totals.share(0) == 0.0


@pytest.mark.django_db
def test_totals_of_an_earlier_moment_take_what_held_then(clock):
    clock.move_to(datetime.datetime(2007, 1, 1, 12, tzinfo=datetime.UTC))
    first = one("stalled", made_on=datetime.date(2005, 1, 1))
    one("fulfilled")
    retract(first)
    make_commitment("draft")

    assert (card().listed, card(edition=2).listed, card(edition=1).listed) == (1, 2, 1)
    assert [row.status for row in card(as_of=datetime.date(2005, 2, 1), edition=2).present] == [Status.NOT_ASSESSED]
    assert card(as_of=datetime.date(2004, 12, 31), edition=2).listed == 0


@pytest.mark.django_db
def test_by_theme_and_by_summit_has_a_card_for_each_group_that_has_any():
    themes = [make_theme("water", position=2), make_theme("air", position=1), make_theme("empty", position=0)]
    summit = make_summit("town-a")
    one("fulfilled", theme=themes[0], summit=summit)
    one("stalled", theme=themes[0], summit=None, basis="analyst-recommendation")
    one(None, theme=themes[1], summit=summit)
    standings = Standing.objects.at(Moment.now())

    by_theme = scorecard.by(standings, "theme", day=TODAY)
    by_summit = scorecard.by(standings, "summit", day=TODAY)

    assert [(theme.slug, one.listed, one.counted) for theme, one in by_theme] == [("air", 1, 1), ("water", 2, 1)]
    assert [(place.key, one.listed, one.by_status) for place, one in by_summit] == [
        ("town-a", 2, {"fulfilled": 1, "not_assessed": 1})
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [3, 40])
def test_totals_take_one_query_and_groups_two(number):
    make_register(number)
    standings = Standing.objects.at(Moment.now())

    with CaptureQueriesContext(connection) as for_totals:
        totals = scorecard.totals(standings, day=TODAY)
    with CaptureQueriesContext(connection) as for_groups:
        groups = scorecard.by(standings, "theme", day=TODAY)

    assert (len(for_totals), len(for_groups)) == (1, 2)
    assert totals.listed == sum(one.listed for _theme, one in groups) == number


numbers = st.fixed_dictionaries({status: st.integers(0, 10**6) for status in Status.values})


@given(numbers, st.integers(0, 50))
def test_shares_sum_to_all_of_the_counted(counts, left_out):
    totals = Scorecard()
    for status, number in counts.items():
        totals.add(status=status, counted=True, self_reported=False, overdue=False, number=number)
    totals.add(status="stalled", counted=False, self_reported=True, overdue=True, number=left_out)

    assert totals.counted == sum(counts.values())
    assert totals.left_out == left_out
    assert (totals.overdue, totals.self_reported) == (0, 0)
    assert sum(row.count for row in totals.rows) == totals.counted
    assert sum(row.share for row in totals.rows) == pytest.approx(100 if totals.counted else 0)
