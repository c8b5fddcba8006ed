"""Rows of the ledger, and which database's own tests to collect."""

import pytest
from django.db import connection

from tests.models.ledger_rows import make_draft_rows, make_published_rows

# Each database has ways of writing that the other does not know.
collect_ignore = ["test_ledger_postgresql.py" if connection.vendor == "sqlite" else "test_ledger_sqlite.py"]


@pytest.fixture
def published(db):
    """One published row of each model of the ledger, by model."""
    return make_published_rows()


@pytest.fixture
def drafts(db):
    """One row that nobody has published of each model whose rows are written as drafts."""
    return make_draft_rows()
