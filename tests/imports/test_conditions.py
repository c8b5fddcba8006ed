"""Constraints worked out in memory answer as Django does, which asks the database for each."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.choices import Status
from commitments.imports import conditions
from commitments.models import Assessment, Commitment, Evidence, Source

pytestmark = pytest.mark.django_db
words = st.sampled_from(
    [
        "",
        "a",
        "finance",
        "leader-pledge",
        "yes",
        "one_off",
        "open",
        "news",
        "official-document",
        "replaced",
        "medium",
        "supports",
    ]
)
days = st.none() | st.dates(datetime.date(2005, 1, 1), datetime.date(2005, 1, 5))
amounts = st.none() | st.sampled_from([Decimal(0), Decimal("1.5"), Decimal(-1)])
RECORDS = st.one_of(
    st.builds(
        Commitment,
        id=st.integers(1, 2), title=words, summary=words, checkable_note=words, basis=words, obligation=words,
        checkable=words, kind=words, summit_id=st.none() | st.just(1), made_on=days, due=days, target_quantity=amounts,
        target_unit=words, target_measure=words, superseded_by_id=st.none() | st.integers(1, 2),
    ),
    st.builds(
        Assessment,
        id=st.integers(1, 2), status=st.sampled_from(Status.values), rationale=words, stage=words, confidence=words,
        closure_reason=words, progress=amounts, edition_id=st.none() | st.just(1), key=st.none() | st.just("a"),
        corrects_id=st.none() | st.integers(1, 2), correction_reason=words,
    ),
    st.builds(
        Source, kind=words, terms=words, title=words, publisher=words, issuer_id=st.none() | st.just(1),
    ),
    st.builds(Evidence, bearing=words, shows=words),
)  # fmt: skip


def asked_of_the_database(record):
    broken = []
    for constraint in record._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            try:
                constraint.validate(type(record), record)
            except ValidationError:
                broken.append(constraint)
    return broken


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(record=RECORDS)
def test_every_constraint_is_answered_as_the_database_answers(db, record):
    assert conditions.breaches(record) == asked_of_the_database(record)


def test_condition_that_is_not_known_is_refused_and_not_passed_over():
    with pytest.raises(KeyError):
        conditions.holds(Q(title__contains="a"), Commitment(title="a"))
