"""Counts over time equal the totals of each day, and groups equal the totals of the group."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from commitments import scorecard, series
from commitments.models import Standing
from commitments.moment import Moment
from tests.acts import judge
from tests.factories import make_published, make_theme
from tests.histories import EDITIONS, World
from tests.registers import make_register

TODAY = datetime.date(2026, 11, 24)


def counted(moment):
    return Standing.objects.through(moment).counted()


def total(day, edition, **filters):
    moment = Moment.on(as_of=day, edition=edition)
    return scorecard.totals(Standing.objects.at(moment).filter(**filters), day=day)


@pytest.mark.django_db
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=EDITIONS)
def test_each_period_of_any_history_counts_what_the_totals_of_its_last_day_count(history):
    with transaction.atomic():
        world = World()
        for gap, acts in history:
            world.make_edition(gap, acts)
        for edition, day in world.editions:
            moment = Moment.on(as_of=day, edition=edition)
            periods = series.over_time(counted(moment), until=day, by="month")
            assert sum(total(day, edition).by_status.values()) == (periods[-1].total if periods else 0)
            for period in periods:
                assert period.counts == total(period.last, edition).by_status
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_years_run_from_the_first_promise_to_the_day_without_a_gap():
    make_published(made_on=datetime.date(2003, 5, 1))

    periods = series.over_time(counted(Moment.now()), until=TODAY)

    assert [period.last.year for period in periods] == list(range(2003, 2027))
    assert (periods[0].first, periods[0].last) == (datetime.date(2003, 1, 1), datetime.date(2003, 12, 31))
    assert periods[-1].last == TODAY
    assert {period.total for period in periods} == {1}


@pytest.mark.django_db
@pytest.mark.parametrize("by", series.PERIODS)
def test_every_period_of_a_register_equals_its_totals(by):
    make_register(18)

    periods = series.over_time(counted(Moment.now()), until=TODAY, by=by)

    assert len(periods) == (22 if by == "year" else 257)
    for period in periods[:: 1 if by == "year" else 9]:
        assert period.counts == total(period.last, 1).by_status


@pytest.mark.django_db
@pytest.mark.parametrize("overdue", ["yes", "no"])
def test_overdue_is_asked_for_each_day_anew(overdue):
    make_register(18)

    for period in series.over_time(counted(Moment.now()), until=TODAY, overdue=overdue):
        standings = Standing.objects.at(Moment.on(as_of=period.last)).counted()
        late = standings.overdue(period.last)
        found = late if overdue == "yes" else standings.exclude(pk__in=late.values("pk"))
        assert period.total == found.count(), period


@pytest.mark.django_db
def test_nothing_published_has_no_periods():
    assert series.over_time(counted(Moment.now()), until=TODAY) == []


@pytest.mark.django_db
def test_runs_join_periods_in_which_nothing_changed():
    one = make_published(made_on=datetime.date(2005, 1, 10))
    judge(one, as_of=datetime.date(2005, 6, 15), status="stalled")

    runs = series.runs(series.over_time(counted(Moment.now()), until=TODAY, by="month"))

    assert [(period.last, first, last) for period, first, last in runs] == [
        (datetime.date(2005, 1, 31), datetime.date(2005, 1, 1), datetime.date(2005, 5, 31)),
        (datetime.date(2005, 6, 30), datetime.date(2005, 6, 1), TODAY),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("group", ["theme", "summit"])
def test_groups_equal_their_totals_and_come_in_the_order_of_the_model(group):
    make_register(18)
    make_theme("empty", position=0)

    found = series.by_group(Standing.objects.at(Moment.now()).counted(), group)

    expected = scorecard.by(Standing.objects.at(Moment.now()), group, day=TODAY)
    assert found == [(record, card.by_status) for record, card in expected if card.counted]
    assert len(found) >= 2


@pytest.mark.django_db
def test_queries_are_the_same_for_few_and_many():
    with CaptureQueriesContext(connection) as few:
        series.over_time(counted(Moment.now()), until=TODAY)
    make_register(20)
    with CaptureQueriesContext(connection) as many:
        series.over_time(counted(Moment.now()), until=TODAY, by="month")

    assert len(few) == len(many)
