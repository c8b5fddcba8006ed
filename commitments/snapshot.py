"""One snapshot of the database for everything that one public request shows.

Without it an edition published between two queries would make one page speak of two states.
"""

from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connections, router, transaction

# Whether this thread answers a public read; only then may a replica be asked.
_reading = ContextVar("commitments_reading", default=False)


class ReplicaRouter:
    """Sends public reads to the database “replica” where DATABASE_REPLICA_URL names one; the desk never goes there."""

    def db_for_read(self, model, **hints):
        """The alias to read ``model`` from, or None for no opinion."""
        return "replica" if _reading.get() and "replica" in settings.DATABASES else None

    def allow_migrate(self, db, app_label, **hints):
        """Whether to migrate ``db``; a replica receives its tables from the primary."""
        return False if db == "replica" else None


@contextmanager
def snapshot():
    """A read-only transaction that sees one state from its first query on.

    REPEATABLE READ on PostgreSQL, a deferred BEGIN on SQLite, where readers must not take the write lock. Inside a
    transaction that is open already (a preview at the desk, a test) it adds nothing.
    """
    from commitments.models import Standing

    # Before the replica is thought of: it knows nothing of what this transaction has written.
    if connections["default"].in_atomic_block:
        yield
        return
    outer = _reading.get()
    _reading.set(True)
    try:
        connection = connections[router.db_for_read(Standing) or "default"]
        if connection.in_atomic_block:
            yield
            return
        with _read_only(connection):
            yield
    finally:
        # No token: a stream may be read to its end in another context than it was begun in.
        _reading.set(outer)


@contextmanager
def _read_only(connection):
    if connection.vendor == "sqlite":
        # A thread's first request finds no connection yet, and the mode is read when one is made.
        connection.ensure_connection()
        with ExitStack() as stack:
            writing, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
            try:
                stack.enter_context(transaction.atomic(using=connection.alias))
            finally:
                connection.transaction_mode = writing
            stack.enter_context(_no_writes(connection))
            yield
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _no_writes(connection):
    """What PostgreSQL's READ ONLY does, for SQLite.

    By the driver's own connection: Django's asks for a transaction in order, and after a refused write it is not.
    """
    driver = connection.connection
    driver.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        # A connection that was closed meanwhile has nothing to undo.
        if connection.connection is driver:
            driver.execute("PRAGMA query_only = OFF")
