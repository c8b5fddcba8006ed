"""The ledger's triggers: what is published never changes, on either database, whoever writes.

ledger_rules.py declares what is refused; here each rule is rendered as a trigger for each database. They are installed
after every migration and, on SQLite, removed before one: a table that SQLite remakes loses its triggers in silence.
``missing`` tells which are not in place.
"""

from contextlib import contextmanager

from django.db import transaction

from .edition import Edition, Standing
from .ledger_rules import CHILDREN, QUOTATION_MARKS, SEALED, rules, table_of

__all__ = [
    "CHILDREN",
    "QUOTATION_MARKS",
    "SEALED",
    "expected",
    "install",
    "lifted",
    "missing",
    "present",
    "remove",
    "rules",
]

NO_OVERLAP = "standing_no_overlap"
PRESENT_ON_POSTGRESQL = (
    "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT tgisinternal AND tgname LIKE 'ledger@_%' ESCAPE '@' AND pg_table_is_visible(c.oid)"
)


def _sqlite_sql(rule):
    return (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW WHEN {rule.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
    )


def _postgresql_sql(rule):
    row = "OLD" if rule.event == "DELETE" else "NEW"
    yield (
        f"CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {rule.lock} "
        f"IF {rule.condition} THEN RAISE EXCEPTION '{rule.message}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {row}; END $$"
    )
    yield f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW EXECUTE FUNCTION {rule.name}()"


def _truncate_names():
    for model in (*SEALED, *CHILDREN, Edition):
        yield f"ledger_{model._meta.model_name}_truncate", table_of(model)


def _truncate_sql():
    for name, table in _truncate_names():
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION 'the ledger is never emptied: {table}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END $$"
        )
        yield f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"


def _no_overlap_sql():
    """Invariant 9 by ranges over plain columns, which needs no extension."""
    return (
        f"ALTER TABLE {table_of(Standing)} ADD CONSTRAINT {NO_OVERLAP} EXCLUDE USING gist ("
        "int8range(commitment_id, commitment_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&, "
        "int8range(edition_from, edition_to) WITH &&)"
    )


def install(connection):
    """Put every trigger in place, all or none; what was there before is replaced."""
    with transaction.atomic(using=connection.alias):
        remove(connection)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for rule in rules("sqlite"):
                    cursor.execute(_sqlite_sql(rule))
                return
            for rule in rules("postgresql"):
                for statement in _postgresql_sql(rule):
                    cursor.execute(statement)
            for statement in _truncate_sql():
                cursor.execute(statement)
            if NO_OVERLAP not in present(connection):
                cursor.execute(_no_overlap_sql())


def remove(connection):
    """Take every trigger away, switched-off ones included.

    The exclusion constraint of PostgreSQL stays: it needs no lifting, and making it anew reads the whole table.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in present(connection):
                cursor.execute(f"DROP TRIGGER {name}")
            return
        cursor.execute(PRESENT_ON_POSTGRESQL)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {name}() CASCADE")


def expected(connection):
    """The names of all triggers (and on PostgreSQL the exclusion constraint) that must be in place."""
    names = {rule.name for rule in rules(connection.vendor)}
    if connection.vendor == "postgresql":
        names |= {name for name, _table_name in _truncate_names()} | {NO_OVERLAP}
    return names


def present(connection):
    """The names of those that are in place and enabled."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' "
                "AND (name LIKE 'ledger@_%' ESCAPE '@' OR name LIKE 'standing@_%' ESCAPE '@')"
            )
        else:
            cursor.execute(
                f"{PRESENT_ON_POSTGRESQL} AND tgenabled IN ('O', 'A') "
                f"UNION SELECT conname FROM pg_constraint WHERE conname = '{NO_OVERLAP}'"
            )
        return {name for (name,) in cursor.fetchall()}


def missing(connection):
    """The sorted names of what should be in place and is not; empty when the ledger is protected."""
    return sorted(expected(connection) - present(connection))


@contextmanager
def lifted(connection):
    """Without the triggers, for the flush between tests and nothing else."""
    if connection.vendor == "sqlite":
        remove(connection)
    else:
        _switch(connection, "DISABLE")
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            install(connection)
        else:
            _switch(connection, "ENABLE")


def _switch(connection, word):
    """Switching off and on takes PostgreSQL a fraction of the time of dropping and making."""
    with connection.cursor() as cursor:
        for table in sorted({rule.table for rule in rules(connection.vendor)}):
            cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")
