"""The preparation of a checkout."""

import stat
import sys

import pytest

from scotracker import bootstrap


def test_a_key_is_written_once_and_for_the_owner_alone(tmp_path):
    file = tmp_path / ".env"

    bootstrap.write_key(file)
    first = file.read_text()
    bootstrap.write_key(file)

    assert file.read_text() == first
    assert len(first.splitlines()[1].removeprefix("SECRET_KEY=")) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_env_file_without_a_key_is_left_alone(tmp_path):
    file = tmp_path / ".env"
    file.write_text("SITE_NAME=Tracker\n")

    bootstrap.write_key(file)

    assert file.read_text() == "SITE_NAME=Tracker\n"


def test_requirements_are_installed_again_when_an_included_file_changes(tmp_path):
    app, tests = tmp_path / "requirements.txt", tmp_path / "tests.txt"
    app.write_text("Django==5.2\n")
    tests.write_text("-r requirements.txt\npytest==9\n")
    before = bootstrap.digest(tests)

    app.write_text("Django==5.2.1\n")

    assert bootstrap.digest(tests) != before


def test_unchanged_requirements_are_not_installed_again(tmp_path):
    requirements, stamp = tmp_path / "requirements.txt", tmp_path / "stamp"
    requirements.write_text("Django==5.2\n")
    stamp.write_text(bootstrap.digest(requirements))

    bootstrap.install(tmp_path / "no-python-here", requirements, stamp)

    assert stamp.read_text() == bootstrap.digest(requirements)


def test_a_python_too_old_is_told_so(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))

    with pytest.raises(SystemExit) as raised:
        bootstrap.main([])

    assert str(raised.value) == (
        "This is Python 3.10; the tracker needs 3.11 or newer. Name it: make PYTHON=python3.12 run"
    )
