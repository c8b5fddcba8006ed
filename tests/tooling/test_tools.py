"""What is missing for the browser tests is said in sentences, and npm's packages are installed once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import tools

FOUND = "/usr/bin/env"


def test_each_missing_program_is_named_with_what_to_install(tmp_path):
    sentences = tools.missing(chromium=tmp_path / "chromium", which=lambda name: None)

    packages = ["chromium", "default-jre-headless", "npm"]
    assert [sentence.rpartition(" ")[2] for sentence in sentences] == [f"{one}." for one in packages]
    assert tools.missing(chromium=Path(FOUND), which=lambda name: FOUND) == []


def test_run_without_a_browser_ends_with_that_sentence(tmp_path):
    script = (
        "import sys; from pathlib import Path; from tests import run; from tests.browser import tools;"
        f"tools.missing.__defaults__ = (Path({str(tmp_path / 'chromium')!r}), tools.shutil.which); run.main()"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    assert "install Debian's package chromium" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.fixture
def folder(tmp_path):
    """A folder whose lock file names no package."""
    (tmp_path / "package.json").write_text('{"private": true}')
    lock = {"lockfileVersion": 3, "requires": True, "packages": {"": {}}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    (tmp_path / "node_modules").mkdir()
    return tmp_path


def test_packages_are_installed_again_only_after_the_lock_file_changed(folder, monkeypatch):
    calls = []

    def npm(command, **options):
        calls.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", npm)

    tools.install(folder)
    tools.install(folder)
    assert calls == [["npm", "ci"]]

    (folder / "package-lock.json").write_text("{}")
    tools.install(folder)
    assert len(calls) == 2


def test_npm_that_fails_is_a_sentence(folder):
    (folder / "package-lock.json").write_text("not a lock file")

    with pytest.raises(tools.MissingTool, match="could not be installed"):
        tools.install(folder)


def test_lock_files_name_versions_and_checksums_but_no_host():
    locks = [*tools.FOLDER.parent.glob("*/package-lock.json")]

    assert tools.FOLDER / "package-lock.json" in locks
    for lock in locks:
        packages = json.loads(lock.read_text())["packages"].values()
        assert len(packages) > 1
        assert not any("resolved" in package for package in packages)
        assert "://" not in "".join(package.get("integrity", "") for package in packages)
