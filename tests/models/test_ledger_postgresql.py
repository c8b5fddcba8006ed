"""What only PostgreSQL can do to the ledger: TRUNCATE, and INSERT … ON CONFLICT on a row that is a draft again."""

import pytest
from django.db import IntegrityError, connection

from commitments.models import (
    Assessment,
    Revision,
    ledger,
)
from tests.models.ledger_rows import LEDGER, execute, insert_sql, name, row_of

pytestmark = pytest.mark.django_db


def test_upsert_of_a_published_assessment_is_refused(published):
    row = {**row_of(Assessment, published[Assessment]), "edition_id": None}
    sql = insert_sql("INSERT", Assessment, row, " ON CONFLICT (id) DO UPDATE SET note = 'Changed.'")

    with pytest.raises(IntegrityError, match="never changes"):
        execute(sql, list(row.values()))

    assert Assessment.objects.get(pk=row["id"]).note == ""


@pytest.mark.parametrize("model", LEDGER, ids=name)
def test_table_of_the_ledger_refuses_truncate(published, model):
    # PostgreSQL refuses any TRUNCATE while foreign keys wait to be looked at; that would hide who refuses.
    connection.check_constraints()

    with pytest.raises(IntegrityError, match="the ledger is never emptied"):
        execute(f"TRUNCATE {model._meta.db_table} CASCADE")

    assert model._base_manager.filter(pk=published[model].pk).exists()


def test_truncate_of_what_the_ledger_refers_to_is_refused(published):
    """CASCADE would empty the ledger on the way."""
    # PostgreSQL refuses any TRUNCATE while foreign keys wait to be looked at; that would hide who refuses.
    connection.check_constraints()

    with pytest.raises(IntegrityError, match="the ledger is never emptied"):
        execute("TRUNCATE commitments_party CASCADE")

    assert Revision.objects.exists()


def test_trigger_that_is_switched_off_is_missing_and_comes_back():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE commitments_assessment DISABLE TRIGGER ledger_assessment_keep")

    assert ledger.missing(connection) == ["ledger_assessment_keep"]

    ledger.install(connection)
    assert ledger.missing(connection) == []


def test_exclusion_constraint_that_was_dropped_is_missing_and_comes_back():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE commitments_standing DROP CONSTRAINT standing_no_overlap")

    assert ledger.missing(connection) == ["standing_no_overlap"]

    ledger.install(connection)
    assert ledger.missing(connection) == []
