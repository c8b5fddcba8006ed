"""Who had which role on a day, and that a pinned page goes by the register of its edition."""

import datetime

import pytest
import time_machine

from commitments.models import Membership, Party
from commitments.moment import Moment
from commitments.roles import known_at, members_on, members_until, roles_at
from tests.factories import make_party, make_published, make_source

pytestmark = pytest.mark.django_db

DAY = datetime.date


def later(days=1):
    """The clock a day or more after the frozen one."""
    return time_machine.travel(datetime.datetime(2026, 11, 24 + days, 12, tzinfo=datetime.UTC), tick=False)


def said(moment):
    return [(role.party.code, role.role, role.since, role.until) for role in roles_at(moment)]


def test_roles_come_by_party_and_first_day_with_their_sources():
    second, first = make_party("B", position=2), make_party("A", position=1)
    source = make_source("roll")
    Membership.objects.create(party=second, role="member", since="2001", source=source)
    Membership.objects.create(party=first, role="member", since="2017-06-09")
    Membership.objects.create(party=first, role="observer", since="2005", until="2017-06-09")

    assert said(Moment.now()) == [
        ("A", "observer", "2005", "2017-06-09"),
        ("A", "member", "2017-06-09", ""),
        ("B", "member", "2001", ""),
    ]
    assert [role.source for role in roles_at(Moment.now())] == [None, None, source]


@pytest.mark.parametrize(
    ("day", "members", "had_been"),
    [
        (DAY(2000, 12, 31), [], []),
        (DAY(2001, 1, 1), ["A"], ["A"]),
        (DAY(2017, 6, 8), ["A"], ["A"]),
        (DAY(2017, 6, 9), ["A", "B"], ["A", "B"]),
        (DAY(2020, 3, 31), ["B"], ["A", "B"]),
    ],
)
def test_members_are_those_whose_dated_role_covers_the_day(day, members, had_been):
    one, two = make_party("A"), make_party("B", member_since="2017-06-09")
    Membership.objects.create(party=one, role="member", since="2001", until="2020-03")
    Membership.objects.create(party=two, role="observer", since="1999", until="2017-06-09")
    roles = roles_at(Moment.now())

    assert sorted(Party.objects.get(pk=pk).code for pk in members_on(roles, day)) == members
    assert [party.code for party in members_until(roles, day)] == had_been


def test_pinned_edition_goes_by_the_roles_of_its_day():
    kept, mended, gone = make_party("A", member_since="2001"), make_party("B", member_since="2002"), make_party("C")
    dropped = Membership.objects.create(party=gone, role="partner", since="2003", source=make_source())
    make_published()
    with later():
        role = Membership.objects.get(party=mended)
        role.since = "2012"
        role.save()
        dropped.delete()
        Membership.objects.create(party=kept, role="observer", since="1999", until="2001")

        assert said(Moment.on(edition=1)) == [
            ("A", "member", "2001", ""),
            ("B", "member", "2002", ""),
            ("C", "partner", "2003", ""),
        ]
        assert said(Moment.on(as_of=DAY(2005, 1, 1))) == [
            ("A", "observer", "1999", "2001"),
            ("A", "member", "2001", ""),
            ("B", "member", "2012", ""),
        ]


def test_role_without_a_history_is_as_it_is():
    party = make_party("A")
    Membership.objects.bulk_create([Membership(party=party, role="member", since="2001")])
    make_published()

    assert said(Moment.on(edition=1)) == [("A", "member", "2001", "")]


def test_pinned_edition_does_not_know_what_the_register_took_in_later():
    make_party("A")
    make_published(pledged_by=[Party.objects.get(code="A")])
    before = set(Party.objects.values_list("code", flat=True))
    with later():
        make_party("B")

        assert set(known_at(Party.objects.all(), Moment.on(edition=1)).values_list("code", flat=True)) == before
        assert set(known_at(Party.objects.all(), Moment.now()).values_list("code", flat=True)) == {*before, "B"}
