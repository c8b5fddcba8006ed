"""What every test stands on: a frozen clock, no network, and a ledger that lets go between tests."""

import contextlib
import gc
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
import time_machine
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from hypothesis.database import DirectoryBasedExampleDatabase

from commitments.models.ledger import lifted

# One day after the catalogue's research day: nothing in it lies in the future.
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

# Most of what a test makes lives as long as the test; looking for it every 700 objects took 6 % of the time.
gc.set_threshold(200_000, 20, 50)

hypothesis.settings.register_profile(
    "tracker",
    # Databases take longer on some days than on others.
    deadline=None,
    # A failure can be repeated from its printed line on any machine.
    print_blob=True,
    database=DirectoryBasedExampleDatabase(Path(tempfile.gettempdir()) / "scotracker-hypothesis"),
)
hypothesis.settings.load_profile("tracker")


def pytest_addoption(parser):
    """`--figures=FILE` writes what was measured on each page."""
    parser.addoption("--figures", help="write a table of pages × axe × Nu checker × weight to this file")


class Figures:
    """What tests measured on each address: {address: {what: figure}}."""

    def __init__(self):
        self.rows = {}

    def note(self, address, what, figure):
        """Keep one figure."""
        self.rows.setdefault(address, {})[what] = figure

    def table(self):
        """The figures as a table in Markdown, in the order of addresses."""
        columns = sorted({what for row in self.rows.values() for what in row})
        lines = [["address", *columns], ["---"] * (len(columns) + 1)]
        lines += [[address, *(str(row.get(one, "")) for one in columns)] for address, row in sorted(self.rows.items())]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)


@pytest.fixture(scope="session")
def figures(request):
    """Collect figures, and write them down at the end where a file was named; one process sees only its own tests."""
    collected = Figures()
    yield collected
    if path := request.config.getoption("--figures"):
        Path(path).write_text(collected.table(), encoding="utf-8")


@pytest.fixture(autouse=True)
def clock():
    """Stop the clock for every test; a test moves it with `clock.move_to()` or `clock.shift()`."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def empty_cache():
    """What one test drew of its database is not what the next has in another."""
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def flush_with_ledger_lifted():
    """Let the flush after a test with real transactions empty the tables that triggers guard."""
    flush = TransactionTestCase._fixture_teardown

    def flush_lifted(case):
        with contextlib.ExitStack() as stack:
            for alias in case._databases_names(include_mirrors=False):
                stack.enter_context(lifted(connections[alias]))
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_lifted)
        yield


@pytest.fixture
def register(db):
    """A register with at least one of everything that the public site can show, and of what it must not."""
    # Models can't be imported before the settings are there.
    from tests.whole_site import make_whole_register

    make_whole_register()
