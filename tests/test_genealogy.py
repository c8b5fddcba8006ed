"""Families: what restates or supersedes what, as far as it is public at the moment."""

import datetime

import pytest

from commitments import genealogy
from commitments.moment import Moment
from tests.acts import reload, retract
from tests.factories import make_commitment, make_published, publish

pytestmark = pytest.mark.django_db


def chain():
    """b restates a, c restates b; old was superseded by new; alone is only related."""
    a = make_published("a", made_on=datetime.date(2005, 1, 1))
    b = make_commitment("b", made_on=datetime.date(2006, 1, 1))
    b.restates.add(reload(a))
    publish(reload(b))
    c = make_commitment("c", made_on=datetime.date(2007, 1, 1))
    c.restates.add(reload(b))
    publish(reload(c))
    new = make_published("new", made_on=datetime.date(2008, 1, 1))
    publish(make_commitment("old", made_on=datetime.date(2004, 1, 1), superseded_by=reload(new)))
    alone = make_commitment("alone")
    alone.related.add(reload(a))
    publish(reload(alone))
    return a, b, c


def slugs(**clocks):
    return [[row.slug for row in family.members] for family in genealogy.families(Moment.on(**clocks))]


def test_families_hang_together_and_the_oldest_comes_first():
    chain()

    assert slugs() == [["old", "new"], ["a", "b", "c"]]


def test_depth_counts_the_steps_from_the_first_of_a_line():
    chain()
    superseded, family = genealogy.families(Moment.now())

    assert [family.depth(row) for row in family.members] == [0, 1, 2]
    assert [row.slug for row in family.before(family.members[2], "restates")] == ["b"]
    assert [row.slug for row in superseded.before(superseded.members[1], "superseded_by")] == ["old"]


def test_family_is_what_was_public_by_the_edition_and_made_by_the_day():
    _a, b, _c = chain()

    assert slugs(edition=2) == [["a", "b"]]
    assert slugs(as_of=datetime.date(2006, 6, 1)) == [["a", "b"]]
    retract(b)
    assert slugs() == [["old", "new"]]
    assert slugs(edition=6)[1] == ["a", "b", "c"]
