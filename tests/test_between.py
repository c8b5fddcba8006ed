"""Two moments compared: which clock moved, what changed, and what the addresses may ask."""

import datetime

import pytest
from django.http import QueryDict

from commitments import between
from commitments.between import Change, compare, first_moment, wish
from commitments.filters import CommitmentFilter
from commitments.models import Standing
from commitments.moment import BadParameter, Moment
from tests.acts import correct, judge, reload, retract, revise
from tests.factories import make_commitment, make_theme, publish

pytestmark = pytest.mark.django_db

DAY = datetime.date
TODAY = DAY(2026, 11, 24)


def compared(query):
    """The Comparison that a query string asks for."""
    given = QueryDict(query)
    second = Moment.parse(given)
    first = first_moment(given, second)
    return compare(first, second, lambda moment: CommitmentFilter(given, moment=moment).rows())


def said(comparison, **wanted):
    """[(key, status before, status after, changes)] of the lines."""
    lines = comparison.lines(comparison.wanted(between.Wanted(**wanted)))
    return [
        (
            line.standing.slug,
            line.before.status if line.before else None,
            line.after.status if line.after else None,
            [change.value for change in line.changes],
        )
        for line in lines
    ]


@pytest.fixture
def story(clock):
    """Six editions, each of another year; see the comments."""

    def in_year(year):
        clock.move_to(datetime.datetime(year, 1, 1, 12, tzinfo=datetime.UTC))

    in_year(2010)  # Edition 1: four promises of 2005, one of 2008
    water = make_theme("water")
    promises = {
        slug: make_commitment(slug, theme=water if slug == "well" else make_theme(f"of-{slug}"))
        for slug in ("dam", "pump", "road", "well")
    }
    promises["late"] = make_commitment("late", made_on=DAY(2008, 5, 5))
    publish(*promises.values())
    in_year(2011)  # Edition 2: the well was stalled in 2006 and fulfilled in 2009
    first = judge(promises["well"], as_of=DAY(2006, 6, 15), status="stalled", rationale="It stopped.")
    in_year(2012)  # Edition 3
    judge(promises["well"], as_of=DAY(2009, 1, 10), status="fulfilled", rationale="It is dug.")
    in_year(2013)  # Edition 4: what was known of 2006 was wrong
    correct(first, status="in_progress", rationale="It went on.")
    in_year(2014)  # Edition 5
    revise(reload(promises["road"]), title="A longer road")
    in_year(2015)  # Edition 6
    retract(promises["dam"], "It was recorded twice.")
    clock.move_to(datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC))


def test_two_days_of_one_edition_tell_what_happened(story):
    found = compared("since=2006-01-01&as_of=2009-12-31&edition=3")

    assert found.moved == "What happened: two days, both as published by edition 3."
    assert found.heading() == "Between 1 January 2006 and 31 December 2009: 1 changed status"
    assert said(found) == [
        ("well", "not_assessed", "fulfilled", ["status"]),
        ("late", None, "not_assessed", ["new"]),
    ]
    assert (found.unchanged, found.first_judged) == (3, 1)
    (_well, late) = found.lines(found.wanted(between.Wanted()))
    assert late.made_meanwhile


def test_two_editions_as_of_one_day_tell_what_was_published(story):
    found = compared("since=2006-12-31&since_edition=3&as_of=2006-12-31")

    assert found.moved == "What was published: two editions, both as of 31 December 2006."
    assert found.heading() == "Between edition 3 and edition 6: 1 changed status"
    assert said(found) == [
        ("well", "stalled", "in_progress", ["status"]),
        ("dam", "not_assessed", None, ["withdrawn"]),
        ("road", "not_assessed", "not_assessed", ["wording"]),
    ]
    (well, dam, road) = found.lines(found.wanted(between.Wanted()))
    assert (well.after.assessment.rationale, dam.reason) == ("It went on.", "It was recorded twice.")
    assert [str(one) for one in road.reworded] == ["title"]
    assert found.first_judged == 0


def test_edition_alone_means_its_own_day_and_moves_both_clocks(story):
    found = compared("since_edition=2")

    assert found.first.as_of == DAY(2011, 1, 1)
    assert found.moved == "Both clocks moved: what happened, and what was published meanwhile about any day."
    assert found.heading() == ("Between 1 January 2011 (edition 2) and 24 November 2026 (edition 6): 1 changed status")
    assert found.heading(last="today").endswith("and today: 1 changed status")
    assert said(found)[0] == ("well", "stalled", "fulfilled", ["status"])
    assert found.pinned == {"since": "2011-01-01", "since_edition": "2"}


def test_same_moment_twice_differs_in_nothing(story):
    found = compared("since=2026-11-24")

    assert found.moved == "Both moments are the same."
    assert (said(found), found.unchanged) == ([], 4)


def test_judgement_renewed_without_a_change_of_status_is_told_apart(story):
    judge(Standing.objects.filter(slug="well").first().commitment, as_of=DAY(2010, 1, 10), status="fulfilled")

    assert said(compared("since_edition=6")) == [("well", "fulfilled", "fulfilled", ["renewed"])]


def test_transitions_count_every_commitment_once(story):
    found = compared("since=2007-01-01&since_edition=3")

    assert found.table() == [
        ("stalled", 1, [("fulfilled", 1), ("not_assessed", 0), ("none", 0)]),
        ("not_assessed", 3, [("fulfilled", 0), ("not_assessed", 2), ("none", 1)]),
        ("none", 1, [("fulfilled", 0), ("not_assessed", 1), ("none", 0)]),
    ]
    assert found.totals_after == [("fulfilled", 1), ("not_assessed", 3), ("none", 1)]
    # Each number is the number of lines that it opens.
    for before, total, cells in found.table():
        assert len(found.wanted(between.Wanted(before=before))) == total
        for after, number in cells:
            assert len(found.wanted(between.Wanted(before=before, after=after))) == number
    for change in Change:
        assert len(found.wanted(between.Wanted(change=change))) == found.counts[change]
    assert [pair[0] for pair in said(found, before="not_assessed", after="not_assessed")] == ["road", "pump"]


def test_filters_apply_at_the_second_moment_and_at_the_first_to_what_is_gone(story):
    query = "since=2006-12-31&since_edition=3&as_of=2006-12-31"

    assert [one[0] for one in said(compared(f"{query}&theme=water"))] == ["well"]
    assert [one[0] for one in said(compared(f"{query}&theme=of-dam"))] == ["dam"]
    assert [one[0] for one in said(compared(f"{query}&status=in_progress"))] == ["well"]


def test_comparison_equals_what_the_standings_say(story):
    """The pairs against a plain reading of both moments, commitment by commitment."""
    for edition in range(1, 7):
        for day in ("2006-12-31", "2008-12-31"):
            found = compared(f"since={day}&since_edition={edition}")
            before = dict(Standing.objects.at(Moment.on(DAY.fromisoformat(day), edition)).values_list("slug", "status"))
            after = dict(Standing.objects.at(Moment.now()).values_list("slug", "status"))
            lines = found.lines(found.pairs)
            assert {line.standing.slug: line.before.status for line in lines if line.before} == before
            assert {line.standing.slug: line.after.status for line in lines if line.after} == after


@pytest.mark.parametrize(
    ("query", "name", "mend"),
    [
        ("since=2006-13-01", "since", "Write a day as YYYY-MM-DD, for example 2006-09-14."),
        ("since=2007-01-01&as_of=2006-01-01", "since", "It lies after the second moment, 2006-01-01."),
        ("since=2026-11-25", "since", "It lies after the second moment, 2026-11-24."),
        ("since_edition=0", "since_edition", "Write the number of an edition, for example 1."),
        ("since_edition=7", "since_edition", "It is later than edition 6, which the page is of."),
        ("since_edition=4&edition=3", "since_edition", "It is later than edition 3, which the page is of."),
        (
            "since_edition=3&as_of=2006-12-31",
            "since_edition",
            "Its day, 2012-01-01, lies after the second moment, 2006-12-31; name an earlier day as “since”.",
        ),
        ("since=2006-01-01&since=2006-01-01", "since", "Give it once."),
    ],
)
def test_first_moment_that_cannot_be_is_refused_in_a_sentence(story, query, name, mend):
    given = QueryDict(query)

    with pytest.raises(BadParameter) as refusal:
        first_moment(given, Moment.parse(given))

    assert (refusal.value.name, refusal.value.mend) == (name, mend)


def test_no_first_moment_is_none(story):
    assert first_moment(QueryDict("since=&since_edition="), Moment.now()) is None


@pytest.mark.parametrize("query", ["change=renamed", "before=lost", "after=NONE", "change=new&change=new"])
def test_lines_that_cannot_be_picked_are_refused(query):
    with pytest.raises(BadParameter):
        wish(QueryDict(query))


def test_year_before_a_leap_day():
    assert between.year_before(DAY(2008, 2, 29)) == DAY(2007, 2, 28)
    assert between.year_before(TODAY) == DAY(2025, 11, 24)


def test_few_and_many_lines_take_the_same_queries(story, django_assert_num_queries):
    with django_assert_num_queries(9) as few:
        said(compared("since_edition=1"))
    publish(*(make_commitment(f"later-{number}", theme=make_theme(f"t-{number}")) for number in range(12)))

    with django_assert_num_queries(len(few)):
        assert len(said(compared("since_edition=1"))) > 12
