"""Figures of what promises name: denominators, groups, and what is left out."""

import datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from commitments import promises
from commitments.filters import CommitmentFilter
from commitments.models import Standing
from commitments.moment import Moment
from tests.acts import retract, revise
from tests.factories import make_commitment, make_party, make_published, make_summit, make_theme
from tests.registers import make_organisation, make_register

pytestmark = pytest.mark.django_db

DUE = datetime.date(2030, 1, 1)
TARGET = {"target_quantity": 5, "target_unit": "wells", "target_measure": "wells dug"}


def standings(**clocks):
    return Standing.objects.at(Moment.on(**clocks))


def counts(figures):
    return {key: (figure.count, figure.of) for key, figure in figures.items()}


def listed(filters):
    """How many commitments the list with these filters has."""
    query = QueryDict(urlencode(filters, doseq=True))
    return CommitmentFilter(query, moment=Moment.now()).rows().count()


def every_figure(found):
    """Every Figure of the Promises."""
    yield found.left_out
    yield from found.checkable.values()
    yield from found.names
    for _ingredient, figures in found.ingredients:
        yield from figures.values()
    for figures in found.why.values():
        yield from figures


def test_never_and_in_part_are_of_all_promises_and_others_stand_apart():
    make_published(checkable="yes")
    make_published(checkable="partly")
    make_published(checkable="no")
    make_published(checkable="no", basis="call-on-others")
    make_published(checkable="partly", basis="analyst-recommendation")
    make_commitment(checkable="no")

    found = promises.promises(standings())

    assert (found.total, found.left_out.count, found.left_out.of) == (3, 2, 5)
    assert counts(found.checkable) == {"yes": (1, 3), "partly": (1, 3), "no": (1, 3)}
    assert (found.never, found.partly) == (found.checkable["no"], found.checkable["partly"])
    assert found.never.filters == {"promise": "yes", "checkable": "no"}
    assert round(found.never.share) == 33


def test_reasons_are_what_those_lack_most_frequent_first():
    organisation, (state, *_rest) = make_organisation()
    make_published(checkable="no", kind="policy", obligation="aspirational", pledged_by=[organisation])
    make_published(checkable="no", due=DUE, pledged_by=[state])
    make_published(checkable="partly", **TARGET, pledged_by=[state])
    make_published(checkable="yes")

    why = promises.promises(standings()).why

    assert [(one.label, one.count, one.of) for one in why["never"]] == [
        ("naming no amount", 2, 2),
        ("promised by all members with nobody in charge", 1, 2),
        ("naming an aim only", 1, 2),
        ("naming no deadline", 1, 2),
    ]
    assert [(one.label, one.count, one.of) for one in why["partly"]] == [("naming no deadline", 1, 1)]


def test_named_and_missing_make_the_total():
    make_register(30)

    found = promises.promises(standings())

    assert found.total > 10
    for _ingredient, figures in found.ingredients:
        assert sum(figure.count for figure in figures.values()) == found.total
    assert sum(figure.count for figure in found.names) == found.total
    assert sum(figure.count for figure in found.checkable.values()) == found.total
    assert found.total + found.left_out.count == 30


def test_every_figure_is_as_long_as_the_lists_behind_it():
    make_register(30)
    found = promises.promises(standings())
    figures = list(every_figure(found))
    for group in ("theme", "summit"):
        for one in promises.promise_groups(standings(), group):
            figures += [one.total, *one.figures.values()]

    assert len(figures) >= 40
    for figure in figures:
        assert (figure.count, figure.of) == (listed(figure.filters), listed(figure.of_filters)), figure
    assert sum(figure.count > 0 for figure in figures) >= 30


def test_groups_are_in_the_order_of_the_model_and_only_those_with_promises():
    water, air = make_theme("water", position=2), make_theme("air", position=1)
    make_theme("empty")
    north = make_summit("north")
    make_published(theme=water, summit=north, checkable="no", due=DUE)
    make_published(theme=water, summit=north, checkable="partly", **TARGET)
    make_published(theme=air, summit=None, basis="analyst-recommendation")
    make_published(theme=air, summit=north)

    def table(group):
        return [
            (str(one.record), one.total.count, {name: figure.count for name, figure in one.figures.items()})
            for one in promises.promise_groups(standings(), group)
        ]

    assert table("theme") == [
        ("Air", 1, {"never": 0, "partly": 0, "no_target": 1, "no_deadline": 1}),
        ("Water", 2, {"never": 1, "partly": 1, "no_target": 1, "no_deadline": 1}),
    ]
    assert table("summit") == [("North", 3, {"never": 1, "partly": 1, "no_target": 2, "no_deadline": 2})]


def test_both_clocks_decide_what_is_counted():
    well = make_published("well", checkable="no")
    revise(well, checkable="yes")
    late = make_published(made_on=datetime.date(2020, 1, 1), checkable="no")
    retract(late)

    def never(**clocks):
        found = promises.promises(standings(**clocks))
        return (found.never.count, found.total)

    assert never() == (0, 1)
    assert never(edition=1) == (1, 1)
    assert never(edition=3) == (1, 2)
    assert never(edition=3, as_of=datetime.date(2019, 12, 31)) == (0, 1)
    assert never(as_of=datetime.date(2000, 1, 1)) == (0, 0)


def test_nothing_published_has_no_share():
    found = promises.promises(standings())

    assert (found.total, found.never.share, promises.promise_groups(standings(), "theme")) == (0, None, [])


def test_summary_says_why_of_what_could_never_be_checked():
    state = make_party()
    make_published(checkable="no", pledged_by=[state], due=DUE)
    make_published(checkable="partly", pledged_by=[state])

    summary = promises.quality_summary(standings())

    assert (summary.never.count, summary.never.of, summary.partly.count) == (1, 2, 1)
    assert [one.label for one in summary.reasons] == ["naming no amount"]


def test_summary_without_such_promises_says_why_of_those_checkable_in_part():
    make_published(checkable="partly", pledged_by=[make_party()], kind="policy", obligation="aspirational")

    summary = promises.quality_summary(standings(), few=2)

    assert summary.never.count == 0
    assert [one.label for one in summary.reasons] == ["naming an aim only", "naming no amount"]


@pytest.mark.parametrize("number", [4, 40])
def test_few_and_many_take_the_same_queries(number):
    make_register(number)
    rows = standings()

    with CaptureQueriesContext(connection) as queries:
        promises.promises(rows)
        promises.promise_groups(rows, "theme")
        promises.promise_groups(rows, "summit")

    assert len(queries) == 1 + 2 + 2
