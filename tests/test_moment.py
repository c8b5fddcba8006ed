"""The two clocks: what an address may say, what it means, and what it is told when it cannot be answered."""

import datetime

import pytest
from django.http import QueryDict

from commitments.models import Standing
from commitments.moment import BadParameter, Moment
from tests.factories import AS_OF, make_commitment, make_published, publish

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 24)


def parse(query=""):
    return Moment.parse(QueryDict(query))


@pytest.fixture
def two_editions(clock):
    """Edition 1 of 24 November, edition 2 of 30 November; today is 5 December."""
    commitment = make_published(assessments=[{}])
    clock.move_to(datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC))
    commitment.title = "Another promise"
    commitment.save()
    publish(commitment)
    clock.move_to(datetime.datetime(2026, 12, 5, 12, tzinfo=datetime.UTC))


def test_nothing_asked_is_today_by_the_newest_edition(two_editions):
    moment = parse()

    assert (moment.as_of, moment.edition, moment.today) == (datetime.date(2026, 12, 5), 2, datetime.date(2026, 12, 5))
    assert (moment.is_now, moment.is_newest, moment.parameters) == (True, True, {})
    assert moment == Moment.now()


def test_day_alone_is_by_the_newest_edition(two_editions):
    moment = parse("as_of=2006-09-14")

    assert (moment.as_of, moment.edition, moment.is_newest) == (datetime.date(2006, 9, 14), 2, False)
    assert moment.parameters == {"as_of": "2006-09-14"}
    assert not moment.is_now


@pytest.mark.parametrize(("number", "day"), [(1, TODAY), (2, datetime.date(2026, 11, 30))])
def test_edition_alone_is_on_its_own_day(two_editions, number, day):
    moment = parse(f"edition={number}")

    assert (moment.as_of, moment.edition, moment.is_newest) == (day, number, number == 2)
    assert moment.parameters == {"edition": str(number)}


def test_both_clocks(two_editions):
    moment = parse("as_of=2006-09-14&edition=1")

    assert (moment.as_of, moment.edition, moment.is_newest) == (datetime.date(2006, 9, 14), 1, False)
    assert moment.parameters == moment.pinned == {"as_of": "2006-09-14", "edition": "1"}


def test_pinned_address_gives_the_same_answer_for_ever(two_editions, clock):
    pinned = parse().pinned
    before = list(Standing.objects.at(parse("&".join(f"{k}={v}" for k, v in pinned.items()))).values())
    commitment = make_commitment("later")
    clock.shift(DAY)
    publish(commitment)

    moment = parse("&".join(f"{key}={value}" for key, value in pinned.items()))

    assert not moment.is_newest
    rows = Standing.objects.at(moment).values()
    assert [row["slug"] for row in rows] == [row["slug"] for row in before]
    assert moment.pinned == pinned == {"as_of": "2026-12-05", "edition": "2"}


@pytest.mark.parametrize(
    ("as_of", "is_newest"),
    [("2026-12-05", True), ("2026-11-30", True), ("2026-11-29", False), ("2006-01-01", False)],
)
def test_open_rows_answer_from_the_day_of_the_newest_edition_on(two_editions, as_of, is_newest):
    moment = parse(f"as_of={as_of}")

    assert moment.is_newest is is_newest
    # Whichever way it is read, the rows are the same.
    by_range = Moment(as_of=moment.as_of, edition=moment.edition, is_newest=False, today=moment.today)
    ids = [list(Standing.objects.at(each).order_by("pk").values_list("pk", flat=True)) for each in (moment, by_range)]
    assert ids[0] == ids[1]


def test_older_edition_is_never_answered_by_the_open_rows(two_editions):
    assert parse("as_of=2026-12-05&edition=1").is_newest is False


def test_before_anything_is_published(client):
    moment = parse()

    assert (moment.as_of, moment.edition, moment.is_newest) == (TODAY, 0, True)
    assert not Standing.objects.at(moment).exists()
    assert not Standing.objects.at(parse("as_of=2006-09-14")).exists()


DAY_WANTED = "Write a day as YYYY-MM-DD, for example 2006-09-14."
NUMBER_WANTED = "Write the number of an edition, for example 1."
BAD = [
    ("as_of=", "", DAY_WANTED),
    ("as_of=2006", "2006", DAY_WANTED),
    ("as_of=2006-13-40", "2006-13-40", DAY_WANTED),
    ("as_of=2006-02-29", "2006-02-29", DAY_WANTED),
    ("as_of=0000-01-01", "0000-01-01", DAY_WANTED),
    ("as_of=20060914", "20060914", DAY_WANTED),
    ("as_of=2006-9-1", "2006-9-1", DAY_WANTED),
    ("as_of=٢٠٠٦-٠٩-١٤", "٢٠٠٦-٠٩-١٤", DAY_WANTED),
    ("as_of=2006-09-14%0A", "2006-09-14\n", DAY_WANTED),
    ("as_of=%2525s", "%25s", DAY_WANTED),
    ("as_of=2026-12-06", "2026-12-06", "It lies in the future; today is 2026-12-05."),
    ("as_of=9999-12-31", "9999-12-31", "It lies in the future; today is 2026-12-05."),
    ("as_of=2006-09-14&as_of=2006-09-14", "2006-09-14, 2006-09-14", "Give it once."),
    ("edition=", "", NUMBER_WANTED),
    ("edition=0", "0", NUMBER_WANTED),
    ("edition=-1", "-1", NUMBER_WANTED),
    ("edition=01", "01", NUMBER_WANTED),
    ("edition=1.0", "1.0", NUMBER_WANTED),
    ("edition=١", "١", NUMBER_WANTED),
    ("edition=newest", "newest", NUMBER_WANTED),
    ("edition=3", "3", "The newest edition is 2."),
    ("edition=999999999", "999999999", "The newest edition is 2."),
    ("edition=1&edition=2", "1, 2", "Give it once."),
]


@pytest.mark.parametrize(("query", "value", "mend"), BAD, ids=[query for query, *_rest in BAD])
def test_bad_parameter_is_told_in_a_sentence(two_editions, query, value, mend):
    with pytest.raises(BadParameter) as refusal:
        parse(query)

    name = query.split("=", maxsplit=1)[0]
    assert str(refusal.value) == f"The parameter “{name}” cannot be “{value}”. {mend}"
    assert (refusal.value.name, refusal.value.value, refusal.value.mend) == (name, value, mend)


def test_edition_before_anything_is_published():
    with pytest.raises(BadParameter, match="Nothing is published yet"):
        parse("edition=1")


def test_long_value_is_cut_short():
    with pytest.raises(BadParameter, match=r"cannot be “x{60}…”"):
        parse("as_of=" + "x" * 5000)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "As of 5 December 2026, by what has been published until today."),
        ("as_of=2006-09-14", "As of 14 September 2006, by what has been published until today."),
        ("edition=1", "As published by edition 1, on 24 November 2026."),
        ("as_of=2006-09-14&edition=1", "As of 14 September 2006, as published by edition 1."),
    ],
)
def test_moment_in_words(two_editions, query, words):
    assert parse(query).describe() == words


@pytest.mark.parametrize(("query", "number"), [("", 1), ("as_of=2006-09-14", 1), ("edition=2", 1), ("edition=1", 2)])
def test_first_query_is_the_newest_edition(two_editions, django_assert_num_queries, query, number):
    with django_assert_num_queries(number) as queries:
        parse(query)

    assert "ORDER BY" in queries[0]["sql"]
    assert "commitments_edition" in queries[0]["sql"]


def test_on_takes_python_values(two_editions):
    assert Moment.on(AS_OF, 1) == parse(f"as_of={AS_OF}&edition=1")
    with pytest.raises(BadParameter, match="lies in the future"):
        Moment.on(datetime.date(2026, 12, 6))
    with pytest.raises(BadParameter, match="The newest edition is 2"):
        Moment.on(edition=7)


def test_day_is_taken_once_and_stays(two_editions, clock):
    moment = parse()
    clock.shift(DAY)

    assert (moment.as_of, moment.today) == (datetime.date(2026, 12, 5), datetime.date(2026, 12, 5))


def test_clock_set_back_before_the_newest_edition_reads_by_ranges(two_editions, clock):
    clock.move_to(datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC))

    moment = parse()

    assert (moment.as_of, moment.is_newest) == (datetime.date(2026, 11, 20), False)
    assert Standing.objects.at(moment).count() == 1
