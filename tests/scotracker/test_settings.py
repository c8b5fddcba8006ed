"""The settings as a process of its own sees them, in a copy of the site without a developer's .env."""

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = secrets.token_urlsafe(50)
SITE = ("manage.py", "scotracker", "commitments")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for name in SITE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def manage(site, *arguments, **variables):
    """Run manage.py with these variables alone."""
    environ = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"} | variables
    return subprocess.run(
        [sys.executable, site / "manage.py", *arguments], env=environ, capture_output=True, text=True, check=False
    )


def show(site, expression, **variables):
    """Evaluate an expression with the settings at hand."""
    ran = manage(
        site, "shell", "--no-imports", "-c", f"from django.conf import settings; print(({expression}))", **variables
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_missing_key_is_one_sentence_without_a_traceback(site):
    ran = manage(site, "check")

    assert ran.returncode == 1
    assert ran.stderr.startswith("SECRET_KEY is not set; ")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "https://tracker.example"),
        ("CACHE_URL", "redis://127.0.0.1"),
        ("DATABASE_URL", "oracle://db/tracker"),
        ("DATABASE_REPLICA_URL", "postgres://db/tracker"),
        ("DEBUG", "perhaps"),
        ("EMAIL_FROM", "The desk"),
        ("EMAIL_URL", "pigeon://loft"),
        ("FOUR_EYES", "two"),
        ("LOG_FORMAT", "xml"),
        ("MEDIA_ROOT", "media"),
        ("ORGANISATION", ""),
        ("RELEASES_ROOT", "releases"),
        ("SITE_NAME", ""),
    ],
)
def test_each_variable_stops_the_start_when_wrong(site, name, value):
    ran = manage(site, "check", **{"SECRET_KEY": KEY, name: value})

    assert ran.returncode == 1
    assert ran.stderr.startswith(f"{name} is {value!r}; ")
    assert ran.stderr.count("\n") == 1


def test_public_site_passes_the_deployment_check(site):
    ran = manage(site, "check", "--deploy", "--fail-level", "WARNING", SECRET_KEY=KEY, ALLOWED_HOSTS="tracker.example")

    assert ran.returncode == 0, ran.stderr


def test_public_site_insists_on_tls(site):
    shown = show(
        site,
        "settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,"
        " settings.SECURE_HSTS_SECONDS > 0",
        SECRET_KEY=KEY,
        ALLOWED_HOSTS="localhost,tracker.example",
    )

    assert shown == "(True, True, True, True)"


def test_local_site_does_without_tls(site):
    shown = show(
        site,
        "settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,"
        " settings.SECURE_HSTS_SECONDS > 0, settings.DEBUG",
        SECRET_KEY="short",
    )

    assert shown == "(False, False, False, False, False)"


def test_key_comes_from_the_env_file(site):
    file = site / ".env"
    file.write_text("SECRET_KEY=from-the-file\n")
    try:
        assert show(site, "settings.SECRET_KEY") == "from-the-file"
        assert show(site, "settings.SECRET_KEY", SECRET_KEY="from-the-environment") == "from-the-environment"
    finally:
        file.unlink()


def test_sqlite_waits_for_the_writer_and_keeps_foreign_keys(site, tmp_path):
    shown = show(
        site,
        "[__import__('django').db.connection.cursor().execute(f'PRAGMA {name}').fetchone()[0]"
        " for name in ('journal_mode', 'foreign_keys', 'busy_timeout')]",
        SECRET_KEY=KEY,
        DATABASE_URL=f"sqlite:///{tmp_path}/tracker.sqlite3",
    )

    assert shown == "['wal', 1, 20000]"


def test_postgresql_keeps_its_connections_and_checks_them(site):
    shown = show(
        site,
        "[settings.DATABASES['default'][name] for name in ('CONN_MAX_AGE', 'CONN_HEALTH_CHECKS')]",
        SECRET_KEY=KEY,
        DATABASE_URL="postgres://desk@db.example/tracker",
    )

    assert shown == "[600, True]"


def test_replica_is_configured_beside_the_primary(site):
    shown = show(
        site,
        "[(alias, database['HOST'], database['CONN_MAX_AGE']) for alias, database in settings.DATABASES.items()]",
        SECRET_KEY=KEY,
        DATABASE_URL="postgres://desk@db.example/tracker",
        DATABASE_REPLICA_URL="postgres://reader@copy.example/tracker",
    )

    assert shown == "[('default', 'db.example', 600), ('replica', 'copy.example', 600)]"


def test_without_a_replica_there_is_one_database(site):
    assert show(site, "list(settings.DATABASES)", SECRET_KEY=KEY) == "['default']"
