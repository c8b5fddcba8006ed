"""Parties with their dated roles, sources and what may be said of them, summits, people."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from commitments.models import Membership, Party, Person, Source
from tests.factories import make_party, make_person, make_source, make_summit, make_theme

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def codes(day):
    return [party.code for party in Party.objects.members_on(datetime.date.fromisoformat(day))]


def test_members_of_a_day_in_the_order_of_the_register():
    make_party("B1", position=1, member_since="2001-06-15")
    make_party("A1", position=2, member_since="2001-06-15")
    make_party("C1", position=1, member_since="2017-06-09")

    assert codes("2001-06-14") == []
    assert codes("2001-06-15") == ["B1", "A1"]
    assert codes("2017-06-09") == ["B1", "C1", "A1"]


def test_only_members_are_meant():
    party = make_party("A1")
    Membership.objects.create(party=party, role="observer", since="2004", until="2017-06-09")
    Membership.objects.create(party=party, role="member", since="2017-06-09")

    assert codes("2010-01-01") == []
    assert codes("2017-06-09") == ["A1"]


def test_day_on_which_a_role_ended_belongs_to_what_came_after():
    party = make_party("A1")
    Membership.objects.create(party=party, role="member", since="2001", until="2005-07-05")

    assert codes("2005-07-04") == ["A1"]
    assert codes("2005-07-05") == []


@pytest.mark.parametrize(
    ("since", "until", "day", "is_covered"),
    [
        ("2004", "", "2004-01-01", True),
        ("2004", "", "2003-12-31", False),
        ("2004-06", "", "2004-06-01", True),
        ("2004", "2006", "2006-12-30", True),
        ("2004", "2006", "2006-12-31", False),
        ("2004", "2006-02", "2006-02-27", True),
        ("2004", "2006-02", "2006-02-28", False),
    ],
)
def test_role_of_a_day_known_by_its_month_or_year(since, until, day, is_covered):
    membership = Membership(party=make_party(), role="member", since=since, until=until)

    assert membership.covers(datetime.date.fromisoformat(day)) is is_covered


@pytest.mark.parametrize("number", [1, 9])
def test_members_take_one_query_for_many_as_for_few(django_assert_num_queries, number):
    for _ in range(number):
        make_party(member_since="2001")

    with django_assert_num_queries(1):
        assert len(codes("2005-07-05")) == number


def test_source_that_may_not_be_cited_has_no_public_page():
    assert make_source("report-a").get_absolute_url() == "/sources/report-a/"
    assert make_source("report-b", terms="no_quotation").get_absolute_url() == "/sources/report-b/"

    secret = make_source("report-c", terms="no_citation")
    assert secret.get_absolute_url() is None
    assert secret.is_citable is False


@pytest.mark.parametrize(
    ("kind", "is_official"),
    [
        ("official-document", True),
        ("official-statement", True),
        ("news", False),
        ("academic", False),
        ("database", False),
    ],
)
def test_official_sources(kind, is_official):
    assert make_source(kind=kind).is_official is is_official


def test_summit_of_one_day_ends_on_it():
    summit = make_summit(date=datetime.date(2005, 7, 5))

    assert summit.last_day == datetime.date(2005, 7, 5)
    summit.end_date = summit.date + DAY
    assert summit.last_day == datetime.date(2005, 7, 6)


@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        (make_theme, "slug", "Theme A"),
        (make_summit, "key", "Town_A"),
        (make_source, "key", "report--a"),
        (make_party, "code", "A/1"),
    ],
    ids=["theme", "summit", "source", "party"],
)
def test_form_refuses_a_key_without_an_address(make, field, value):
    row = make()
    setattr(row, field, value)

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert set(refusal.value.message_dict) == {field}
    assert value in refusal.value.message_dict[field][0]


@pytest.mark.parametrize("value", ["2006-13", "soon"])
def test_form_refuses_a_date_that_is_none(value):
    source = make_source()
    source.published = value

    with pytest.raises(ValidationError, match="is not a date"):
        source.full_clean()


def test_people_are_deactivated_and_stay():
    person = make_person(group="Editor")
    person.is_active = False
    person.save()

    assert Person.objects.get(pk=person.pk).groups.get().name == "Editor"
    assert person.public_name == ""


def test_history_of_what_is_not_in_the_ledger_is_kept_for_the_desk():
    source = make_source(title="Report A")
    source.title = "Report B"
    source.save()

    assert list(source.history.values_list("title", flat=True)) == ["Report B", "Report A"]
    assert Source.objects.count() == 1
