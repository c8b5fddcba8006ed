"""The queues: each from both sides, the same as what record.py, the standings and check_data say."""

import datetime

import pytest
from django.http import QueryDict

from commitments import attention, quality
from commitments.filters import CommitmentFilter
from commitments.models import Commitment
from commitments.moment import Moment
from tests.acts import judge
from tests.factories import make_assessment, make_published, make_source, publish
from tests.registers import judgement, make_register

pytestmark = pytest.mark.django_db
DAY = datetime.date
TODAY = DAY(2026, 11, 24)


def queued(name):
    """The keys of the commitments in a queue."""
    ids = attention.BY_NAME[name].records(Moment.now())
    return sorted(Commitment.objects.filter(pk__in=ids).values_list("slug", flat=True))


def test_names_are_unique_and_every_queue_says_what_it_means():
    assert len(attention.BY_NAME) == len(attention.QUEUES) >= 8
    for queue in attention.QUEUES:
        assert str(queue.meaning).endswith("."), queue.name
        assert "%(day)s" in str(queue.told), queue.name


def test_deadline_is_today_or_on_one_of_the_next_90_days_and_open():
    for slug, days in (("yesterday", -1), ("today", 0), ("last", 90), ("later", 91)):
        make_published(slug, due=TODAY + datetime.timedelta(days))
    make_published("done", due=TODAY, assessments=[judgement("fulfilled")])
    make_published("none")

    assert queued("deadline") == ["last", "today"]


def test_overdue_is_left_out_once_a_judgement_describes_a_recent_day_after_the_deadline():
    for slug, due, as_of in (
        ("never", DAY(2020, 1, 1), None),
        ("before", DAY(2026, 9, 1), DAY(2026, 8, 1)),
        ("on-the-day", DAY(2026, 9, 1), DAY(2026, 9, 1)),
        ("after", DAY(2026, 9, 1), DAY(2026, 9, 2)),
        ("long-after", DAY(2010, 1, 1), DAY(2025, 11, 23)),
        ("a-year-ago", DAY(2010, 1, 1), DAY(2025, 11, 24)),
        ("ahead", DAY(2027, 1, 1), None),
    ):
        make_published(slug, due=due, assessments=[{"as_of": as_of}] if as_of else [])

    assert queued("overdue") == ["before", "long-after", "never", "on-the-day"]


def test_search_of_late_takes_an_overdue_commitment_out():
    commitment = make_published("found", due=DAY(2010, 1, 1), assessments=[{}])
    assert queued("overdue") == ["found"]

    judge(commitment, status="no_evidence", as_of=DAY(2026, 10, 1))

    assert queued("overdue") == []


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("stale", "stale=yes"),
        ("single_source", "single_source=yes"),
        ("self_reported", "self_reported=yes"),
        ("conflicting", "conflicting=yes"),
        ("flagged", "flagged=yes"),
    ],
)
def test_queue_is_what_the_public_list_shows_for_the_same_mark(name, query):
    make_register(36)
    both = make_published("both")
    draft = make_assessment(both, sources=[make_source()])
    draft.evidence.create(source=make_source(), shows="It shows the opposite.", bearing="contradicts")
    flag = "fulfilled needs an official text of the act or two independent sources: one paper."
    weak = make_assessment(make_published("weak"), status="fulfilled", sources=[make_source()], below_rule=flag)
    publish(draft, weak)

    rows = CommitmentFilter(QueryDict(query), moment=Moment.now()).rows()

    assert queued(name) == sorted(row.slug for row in rows) != []


def test_flagged_are_those_whose_breach_check_data_lists_as_declared():
    flag = "fulfilled needs an official text of the act or two independent sources: one paper."
    make_published("sound", assessments=[judgement("fulfilled")])
    make_published("weak", assessments=[{"status": "fulfilled", "sources": [make_source()], "below_rule": flag}])

    (rule,) = [rule for rule in quality.RULES if rule.name == "evidence-rule"]

    assert queued("flagged") == [breach.record.commitment.slug for breach in rule.breaches()] == ["weak"]


def test_look_counts_all_and_names_the_oldest_in_one_query(django_assert_num_queries):
    for number, year in enumerate((2008, 2006, 2007)):
        make_published(f"p{number}", title=f"Promise of {year}", assessments=[{"as_of": DAY(year, 1, 1)}])
    moment = Moment.now()

    with django_assert_num_queries(1):
        found = attention.BY_NAME["stale"].look(moment, shown=2)

    assert found.number == 3
    assert [(item.name, item.since) for item in found.items] == [
        ("Promise of 2006", DAY(2006, 1, 1)),
        ("Promise of 2007", DAY(2007, 1, 1)),
    ]


def test_empty_queue_has_nothing_oldest():
    found = attention.BY_NAME["stale"].look(Moment.now())

    assert (found.number, found.items) == (0, [])


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (DAY(2026, 11, 30), "due on 30 November 2026 (in 6 days)"),
        (TODAY, "due on 24 November 2026 (today)"),
        (DAY(2006, 11, 20), "due on 20 November 2006 (20 years ago)"),
        (datetime.datetime(2026, 11, 23, 23, 30, tzinfo=datetime.UTC), "due on 23 November 2026 (1 day ago)"),
        (None, ""),
    ],
)
def test_day_is_told_with_its_age(since, said):
    assert attention.on_day("due on %(day)s", since, TODAY).replace("\xa0", " ") == said
