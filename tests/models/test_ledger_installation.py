"""The triggers themselves: installed after a migration, missed where they are not, back after a table was remade."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection

from commitments.apps import CommitmentsConfig, guard_ledger, ledger_unguarded, lift_ledger
from commitments.models import Assessment, RevisionLink, ledger

# Enough for a look at each; the sweep below goes over all of them.
SAMPLE = ["ledger_assessment_keep", "ledger_edition_stay", "ledger_evidence_add", "ledger_source_terms_update"]


def drop(name):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute(f"DROP FUNCTION {name}() CASCADE")


def found_by_checks():
    return [found for found in run_checks(databases=["default"]) if found.id == "commitments.E001"]


@pytest.mark.django_db
def test_everything_is_in_place_after_migrating():
    assert ledger.missing(connection) == []
    assert ledger.expected(connection) == ledger.present(connection)
    assert len(ledger.expected(connection)) >= 65
    assert found_by_checks() == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", SAMPLE)
def test_missing_trigger_is_reported_and_installed_again(name):
    drop(name)

    assert ledger.missing(connection) == [name]
    (error,) = found_by_checks()
    assert name in error.msg
    assert "manage.py migrate" in error.hint

    ledger.install(connection)
    assert ledger.missing(connection) == []


@pytest.mark.django_db
def test_check_without_a_database_asks_none(django_assert_num_queries):
    drop(SAMPLE[0])

    with django_assert_num_queries(0):
        assert not [found for found in run_checks() if found.id == "commitments.E001"]


@pytest.mark.django_db
def test_installing_twice_changes_nothing():
    before = ledger.present(connection)

    ledger.install(connection)

    assert ledger.present(connection) == before


@pytest.mark.django_db
def test_removing_takes_every_trigger():
    ledger.remove(connection)

    left = ledger.present(connection)
    # The exclusion constraint of PostgreSQL is no trigger; it stays.
    assert left == ({"standing_no_overlap"} if connection.vendor == "postgresql" else set())
    assert len(ledger.missing(connection)) >= 65


@pytest.mark.django_db
def test_lifting_puts_them_back_after_a_failure():
    with pytest.raises(ZeroDivisionError), ledger.lifted(connection):
        raise ZeroDivisionError

    assert ledger.missing(connection) == []


@pytest.mark.django_db
def test_rules_have_names_of_their_own():
    names = [rule.name for rule in ledger.rules(connection.vendor)]

    assert len(names) == len(set(names))
    # PostgreSQL cuts longer names off without a word.
    assert max(map(len, names)) <= 63


@pytest.mark.django_db
def test_triggers_are_lifted_before_a_migration_where_tables_are_remade():
    lift_ledger(CommitmentsConfig, using="default")

    assert bool(ledger.missing(connection)) is (connection.vendor == "sqlite")
    guard_ledger(CommitmentsConfig, using="default")
    assert ledger.missing(connection) == []


@pytest.mark.django_db
def test_check_is_silent_for_the_command_that_mends():
    drop(SAMPLE[0])

    with ledger_unguarded():
        assert found_by_checks() == []
    assert len(found_by_checks()) == 1


@pytest.mark.django_db(transaction=True)
def test_migrating_mends_a_ledger_that_lost_a_trigger():
    """With the checks that the command makes when a person runs it: they must not stand in its way."""
    drop(SAMPLE[0])

    call_command("migrate", skip_checks=False, verbosity=0)

    assert ledger.missing(connection) == []


def remake(model):
    """What a migration does to a table that it changes: SQLite makes it anew, PostgreSQL alters it in place."""
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(model)
        else:
            editor.execute(f"ALTER TABLE {model._meta.db_table} ALTER COLUMN edition_id TYPE integer")


@pytest.mark.django_db(transaction=True)
def test_migration_that_remakes_a_table_of_the_ledger_leaves_it_guarded():
    lift_ledger(CommitmentsConfig, using="default")
    remake(Assessment)
    guard_ledger(CommitmentsConfig, using="default")

    assert ledger.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_table_remade_past_a_migration_is_noticed_and_migrating_mends_it():
    if connection.vendor == "sqlite":
        remake(RevisionLink)
    else:
        drop("ledger_revisionlink_keep")

    lost = [name for name in ledger.missing(connection) if name.startswith("ledger_revisionlink_")]
    assert "ledger_revisionlink_keep" in lost
    assert lost == ledger.missing(connection)
    assert len(found_by_checks()) == 1

    call_command("migrate", skip_checks=False, verbosity=0)
    assert ledger.missing(connection) == []
