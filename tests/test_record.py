"""How good our own record is: each mark from both sides, its list, and the moment that decides."""

import datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import strategies as st

from commitments import record
from commitments.bibliography import cited_at
from commitments.filters import CommitmentFilter
from commitments.models import Evidence, Source, Standing
from commitments.moment import Moment
from tests.acts import correct, judge, reload, retract
from tests.factories import AS_OF, make_assessment, make_commitment, make_party, make_published, make_source, publish
from tests.registers import judgement, make_register

pytestmark = pytest.mark.django_db

DAY = datetime.date


def found(query, **clocks):
    """The keys that the list with this query string has."""
    return sorted(row.slug for row in CommitmentFilter(QueryDict(query), moment=Moment.on(**clocks)).rows())


def figures(**clocks):
    moment = Moment.on(**clocks)
    return record.own_record(Standing.objects.at(moment), day=moment.as_of)


def judged_on(slug, *bearings, kind="news", **fields):
    """A published commitment whose judgement has one evidence row of each bearing."""
    commitment = make_commitment(slug, **fields)
    draft = make_assessment(commitment, sources=[])
    for position, bearing in enumerate(bearings):
        source = make_source(kind=kind)
        Evidence.objects.create(
            assessment=draft, source=source, shows="It shows a step.", bearing=bearing, position=position
        )
    publish(commitment, draft)
    return reload(draft)


def test_conflict_is_evidence_for_and_against():
    judged_on("both", "supports", "contradicts")
    judged_on("for", "supports", "supports")
    judged_on("against", "contradicts")
    judged_on("beside", "supports", "context")
    make_published("silent", assessments=[{"status": "no_evidence"}])
    make_published("new")

    assert found("conflicting=yes") == ["both"]
    assert found("conflicting=no") == ["against", "beside", "for", "new", "silent"]


def test_one_source_is_exactly_one_that_supports():
    judged_on("one", "supports")
    judged_on("one-for", "supports", "contradicts", "context")
    judged_on("two", "supports", "supports")
    judged_on("none", "context")
    make_published("new")

    assert found("single_source=yes") == ["one", "one-for"]
    assert found("single_source=no") == ["new", "none", "two"]


def test_official_is_a_supporting_source_of_an_official_kind_as_it_was_published():
    official = judged_on("official", "supports", kind="official-statement")
    judged_on("against", "contradicts", kind="official-document")
    judged_on("news", "supports", kind="news")
    make_published("new")

    assert found("official=yes") == ["official"]
    assert found("official=no") == ["against", "new", "news"]
    # The source card may change; the judgement rests on what it was.
    source = official.evidence.get().source
    source.kind = "news"
    source.save()
    assert found("official=yes") == ["official"]


def test_stale_is_open_and_judged_over_twelve_months_before_the_day():
    for slug, status, obligation in (
        ("open", "stalled", "one_off"),
        ("silent", "no_evidence", "one_off"),
        ("done", "fulfilled", "one_off"),
        ("done-for-a-period", "fulfilled", "continuing"),
        ("given-up", "not_fulfilled", "one_off"),
    ):
        make_published(slug, obligation=obligation, assessments=[judgement(status)])
    make_published("new")

    assert found("stale=yes") == ["done-for-a-period", "open", "silent"]
    assert found("stale=no") == ["done", "given-up", "new"]
    # Twelve months are not over on the very day.
    assert found("stale=yes", as_of=DAY(2007, 6, 15)) == []
    assert found("stale=yes", as_of=DAY(2007, 6, 16)) == ["done-for-a-period", "open", "silent"]


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        (DAY(2026, 11, 24), DAY(2025, 11, 24)),
        (DAY(2024, 2, 29), DAY(2023, 2, 28)),
        (DAY(2025, 2, 28), DAY(2024, 2, 28)),
        (DAY(1, 5, 5), DAY(1, 5, 5)),
    ],
)
def test_year_before_is_the_same_day_where_there_is_one(day, earlier):
    assert record.year_before(day) == earlier


@given(st.dates())
def test_year_before_exists_for_every_day(day):
    assert record.year_before(day) <= day


def test_a_new_judgement_changes_the_marks_from_its_edition_and_day_on():
    judged_on("well", "supports", "contradicts")
    commitment = Standing.objects.get(valid_to=DAY(9999, 12, 31)).commitment
    judge(commitment, as_of=DAY(2008, 1, 10), sources=[make_source(kind="official-document")])

    assert found("conflicting=yes") == []
    assert found("conflicting=yes", edition=1) == ["well"]
    assert found("conflicting=yes", as_of=DAY(2008, 1, 9)) == ["well"]
    assert found("official=yes") == ["well"]
    assert found("official=yes", edition=1) == []


def test_drafts_of_evidence_do_not_count():
    make_published("well")
    make_assessment(Standing.objects.get().commitment, sources=[make_source(kind="official-document")])

    assert found("official=yes") == found("single_source=yes") == []


def test_figures_are_of_the_counted_and_of_the_judged_among_them():
    party = make_party()
    own = make_source(kind="official-statement", issuer=party)
    make_published(pledged_by=[party], assessments=[{"sources": [own]}])
    flag = "fulfilled needs an official text: one newspaper says so."
    news = [make_source(kind="news")]
    make_published(assessments=[{"status": "fulfilled", "sources": news, "below_rule": flag}])
    judged_on("both", "supports", "contradicts")
    make_published(assessments=[{"status": "no_evidence"}])
    make_published()
    make_published(basis="call-on-others", assessments=[{}])

    assert {name: (one.count, one.of) for name, one in figures().items()} == {
        "judged": (4, 5),
        "not_assessed": (1, 5),
        "no_evidence": (1, 4),
        "official": (1, 4),
        "single_source": (3, 4),
        "self_reported": (1, 4),
        "flagged": (1, 4),
        "conflicting": (1, 4),
        "stale": (3, 4),
    }


def test_every_figure_is_as_long_as_the_lists_behind_it():
    make_register(36)

    for clocks in ({}, {"as_of": DAY(2005, 12, 1)}):
        for one in figures(**clocks).values():
            for filters, number in ((one.filters, one.count), (one.of_filters, one.of)):
                assert len(found(urlencode(filters, doseq=True), **clocks)) == number, one


def test_sources_are_counted_with_and_without_a_copy():
    bare, kept = make_source("bare"), make_source("kept", archived_url="https://example.org/copy")
    make_source("unused", archived_url="https://example.org/other")
    secret = make_source("secret", terms="no_citation")
    make_published(source=bare, assessments=[{"sources": [kept, secret]}])
    kept.last_checked = DAY(2026, 1, 1)
    kept.save()

    archived, checked = record.source_figures(cited_at(Moment.now()))

    assert [(one.count, one.of, one.filters) for one in archived] == [
        (1, 2, {"archived": "yes"}),
        (1, 2, {"archived": "no"}),
    ]
    assert [(one.count, one.of, one.filters) for one in checked] == [
        (1, 2, {"checked": "yes"}),
        (1, 2, {"checked": "no"}),
    ]


def test_mistakes_are_the_corrections_and_retractions_published_by_the_moment():
    commitment = make_published("well")
    first, second = judge(commitment, as_of=AS_OF), judge(commitment, as_of=DAY(2007, 1, 10))
    correct(first, status="stalled")
    retract(second)
    make_assessment(commitment)

    def said(**clocks):
        return [(one.count, one.of) for one in record.mistakes(Moment.on(**clocks))]

    assert said() == [(1, 2), (1, 2)]
    assert said(edition=4) == [(1, 2), (0, 2)]
    assert said(edition=2) == [(0, 1), (0, 1)]
    assert said(as_of=DAY(2006, 12, 31)) == [(1, 1), (0, 1)]


@pytest.mark.parametrize("number", [4, 40])
def test_few_and_many_take_the_same_queries(number):
    make_register(number)
    moment = Moment.now()

    with CaptureQueriesContext(connection) as queries:
        record.own_record(Standing.objects.at(moment), day=moment.as_of)
        record.source_figures(Source.objects.all())
        record.mistakes(moment)

    assert len(queries) == 1 + 1 + 3
