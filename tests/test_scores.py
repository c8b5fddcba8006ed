"""The matrix of members and commitments: who is in it, what counts, and averages against a plain reference."""

import datetime
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from commitments import scores
from commitments.models import Membership
from commitments.moment import Moment
from tests.acts import correct, reload, retract
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_scores,
    publish,
)

DAY = datetime.date


def organisation(*dated):
    """The organisation, and states that became members on the days given: ("A", "2001"), …"""
    whole = make_party("ORG", kind="organisation", stands_for_members=True, short_name="Organisation")
    return whole, [make_party(code, member_since=since) for code, since in dated]


def judge_members(commitment, given, **fields):
    """Publish a judgement with scores {party: score}."""
    draft = make_assessment(commitment, **fields)
    make_scores(draft, given)
    publish(draft)
    return reload(draft)


def seen(matrix):
    """{key: {code: (state, value)}} of a matrix."""
    return {
        row.standing.slug: {cell.party.code: (cell.state, cell.value) for cell in row.in_order} for row in matrix.rows
    }


@pytest.mark.django_db
def test_cells_tell_scored_from_not_assessed_and_from_not_a_member_then():
    whole, (one, two, late) = organisation(("A", "2001-06-15"), ("B", "2001-06-15"), ("C", "2017-06-09"))
    commitment = make_published("well", pledged_by=[whole], made_on=DAY(2005, 7, 5))
    judge_members(commitment, {one: 1, late: -1})

    found = scores.matrix(Moment.now())

    assert found.members == [one, two, late]
    assert seen(found) == {"well": {"A": ("scored", 1), "B": ("not_assessed", None), "C": ("not_member", None)}}
    (row,) = found.rows
    assert row.outside == [late]
    assert row.not_assessed == [two]
    assert (row.average.mean, row.average.n, row.average.bound, row.average.not_assessed) == (1, 1, 2, 1)
    assert [(average.n, average.bound) for _party, average in found.by_member] == [(1, 1), (0, 1), (0, 0)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "until", "state"),
    [
        ("2005-07-05", "", "scored"),
        ("2005-07-06", "", "not_member"),
        ("2005-07", "", "scored"),
        ("2005", "", "scored"),
        ("2006", "", "not_member"),
        ("2001", "2005-07-05", "not_member"),
        ("2001", "2005-07", "scored"),
    ],
)
def test_membership_on_the_day_of_the_promise_decides(since, until, state):
    party = make_party("A")
    Membership.objects.create(party=party, role="member", since=since, until=until)
    # Somebody who is bound in any case, so that the commitment is there.
    other = make_party("B", member_since="2001")
    judge_members(make_published("well", pledged_by=[party, other], made_on=DAY(2005, 7, 5)), {party: 1, other: 0})

    assert seen(scores.matrix(Moment.now()))["well"]["A"][0] == state


@pytest.mark.django_db
def test_observer_is_no_member_and_member_who_did_not_promise_is_outside():
    one, two, watcher = make_party("A", member_since="2001"), make_party("B", member_since="2001"), make_party("C")
    Membership.objects.create(party=watcher, role="observer", since="2004")
    judge_members(make_published("well", pledged_by=[one, watcher]), {one: 0, two: 1, watcher: 1})

    found = scores.matrix(Moment.now())

    assert seen(found) == {"well": {"A": ("scored", 0), "B": ("not_bound", None)}}
    assert found.rows[0].outside == [two, watcher]
    assert (found.whole.n, found.whole.bound, found.whole.mean, found.whole.percent) == (1, 1, 0, 50)


@pytest.mark.django_db
def test_newest_judgement_that_scores_members_speaks_even_where_a_later_one_holds():
    one = make_party("A", member_since="2001")
    commitment = make_published("well", pledged_by=[one])
    judge_members(commitment, {one: -1}, as_of=DAY(2006, 1, 1))
    second = judge_members(commitment, {one: 1}, as_of=DAY(2007, 1, 1))
    publish(make_assessment(commitment, as_of=DAY(2008, 1, 1), status="stalled"))

    (row,) = scores.matrix(Moment.now()).rows
    (then,) = scores.matrix(Moment.on(as_of=DAY(2006, 6, 1))).rows
    (published,) = scores.matrix(Moment.on(as_of=DAY(2010, 1, 1), edition=2)).rows

    assert (row.assessment, row.rounds, row.in_order[0].value, row.standing.status) == (second, 2, 1, "stalled")
    assert (then.rounds, then.in_order[0].value, published.in_order[0].value) == (1, -1, -1)


@pytest.mark.django_db
def test_withdrawn_scores_are_gone_from_the_edition_that_withdrew_them():
    one = make_party("A", member_since="2001")
    retracted, corrected = make_published("well", pledged_by=[one]), make_published("road", pledged_by=[one])
    mistaken = judge_members(corrected, {one: -1})
    retract(judge_members(retracted, {one: 1}))
    correct(mistaken)

    assert seen(scores.matrix(Moment.on(edition=4))) == {"well": {"A": ("scored", 1)}, "road": {"A": ("scored", -1)}}
    # A correction takes the scores over from what it corrects, and is what they rest on from then on.
    assert "well" not in seen(scores.matrix(Moment.now()))
    assert mistaken not in [row.assessment for row in scores.matrix(Moment.now()).rows]


@pytest.mark.django_db
def test_what_leaves_the_totals_leaves_the_averages_with_its_reason():
    one = make_party("A", member_since="2001")
    for slug, fields in {
        "advice": {"basis": "analyst-recommendation"},
        "call": {"basis": "call-on-others"},
        "fog": {"checkable": "no"},
        "early": {"made_on": DAY(1996, 4, 26)},
    }.items():
        judge_members(make_published(slug, pledged_by=[one], **fields), {one: 1})

    found = scores.matrix(Moment.now())

    assert found.rows == []
    assert {row.standing.slug: str(why) for row, why in found.left_out} == {
        "advice": "an analyst's recommendation, which nobody promised",
        "call": "a call on others, who promised nothing",
        "fog": "its wording cannot be checked",
        "early": "none of the states that promised it was a member on the day of the promise",
    }
    assert (found.whole.n, found.whole.mean, found.whole.percent) == (0, None, None)


@pytest.mark.django_db
def test_order_is_by_day_of_promise_and_key_and_by_the_register_never_by_score():
    whole, (one, two) = organisation(("B", "2001"), ("A", "2001"))
    for slug, made_on, value in (("z-first", 5, -1), ("b-same", 6, 1), ("a-same", 6, 0)):
        commitment = make_published(slug, pledged_by=[whole], made_on=DAY(2005, 7, made_on))
        judge_members(commitment, {one: value, two: 1})

    found = scores.matrix(Moment.now())

    assert [row.standing.slug for row in found.rows] == ["z-first", "a-same", "b-same"]
    assert [party.code for party in found.members] == ["B", "A"]


@pytest.mark.django_db
def test_one_reason_for_several_members_stands_once():
    whole, states = organisation(("A", "2001"), ("B", "2001"), ("C", "2001"))
    draft = make_assessment(make_published("well", pledged_by=[whole]))
    for row in make_scores(draft, dict.fromkeys(states, 1)):
        row.rationale = "It sent people." if row.party.code != "B" else "It signed."
        row.save()
    publish(draft)

    (row,) = scores.matrix(Moment.now()).rows

    assert [[cell.party.code for cell in cells] for cells in row.reasons] == [["A", "C"], ["B"]]


@pytest.mark.django_db
def test_queries_are_the_same_for_few_and_many():
    whole, states = organisation(*((f"S{number}", "2001") for number in range(9)))
    counts = []
    for number in (1, 8):
        for _one in range(number):
            judge_members(make_published(pledged_by=[whole]), dict.fromkeys(states, 1))
        present, past = Moment.now(), Moment.on(edition=2)
        with CaptureQueriesContext(connection) as now:
            scores.matrix(present)
        with CaptureQueriesContext(connection) as pinned:
            scores.matrix(past)
        counts.append((len(now), len(pinned)))

    assert counts[0] == counts[1]
    assert counts[0] <= (5, 8)


class AgainstAPlainReference(TestCase):
    """Random members and scores; the reference sees only first years, made years and scores, and counts by hand."""

    # Members: the year each joined. Commitments: the year each was made, and a score or None for each member.
    histories = st.tuples(
        st.lists(st.integers(2001, 2010), min_size=1, max_size=4),
        st.lists(
            st.tuples(st.integers(2000, 2011), st.lists(st.sampled_from([None, -1, 0, 1]), min_size=4, max_size=4)),
            min_size=1,
            max_size=4,
        ),
    )

    @settings(max_examples=25)
    @given(histories)
    def test_averages_are_those_of_members_of_the_day(self, history):
        joined, promises = history
        whole, states = organisation(*((f"S{number}", str(year)) for number, year in enumerate(joined)))
        drafts = []
        for number, (year, given_scores) in enumerate(promises):
            commitment = make_commitment(f"pledge-{number}", pledged_by=[whole], made_on=DAY(year, 6, 1))
            draft = make_assessment(commitment, as_of=DAY(2012, 1, 1))
            make_scores(
                draft, {party: one for party, one in zip(states, given_scores, strict=False) if one is not None}
            )
            drafts += [commitment, draft]
        publish(*drafts)

        found = scores.matrix(Moment.now())

        for place, (party, average) in enumerate(found.by_member):
            bound = [row for row in promises if joined[place] <= row[0] and self.is_scored(row, joined)]
            values = [row[1][place] for row in bound if row[1][place] is not None]
            assert party == states[place]
            self.compare(average, values, len(bound))
        # Sorting keeps the order of equals, and the keys are numbered.
        expected = [row for row in sorted(promises, key=lambda one: one[0]) if self.is_scored(row, joined)]
        assert len(found.rows) == len(expected)
        for row, (year, given_scores) in zip(found.rows, expected, strict=True):
            values = [one for one, since in zip(given_scores, joined, strict=False) if since <= year]
            self.compare(row.average, [one for one in values if one is not None], len(values))

    @staticmethod
    def is_scored(row, joined):
        """Whether anybody is scored at all, and anybody was a member."""
        year, given_scores = row
        return any(one is not None for one in given_scores[: len(joined)]) and any(since <= year for since in joined)

    @staticmethod
    def compare(average, values, bound):
        assert (average.n, average.bound, average.not_assessed) == (len(values), bound, bound - len(values))
        assert [count for _score, count, _share in average.distribution] == [values.count(one) for one in (1, 0, -1)]
        if values:
            exact = Fraction(sum(values), len(values))
            assert abs(Fraction(average.mean) - exact) <= Fraction(1, 200)
            assert abs(Fraction(average.percent) - (exact + 1) / 2 * 100) <= Fraction(1, 20)
        else:
            assert average.mean is average.percent is None
