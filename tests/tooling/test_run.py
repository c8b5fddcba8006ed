"""The count at the end of a test run tells the truth."""

import subprocess
import sys

import pytest

from tests import run

PASSES = "def test_one(): pass\ndef test_two(): pass\n"
FAILS = "def test_one(): pass\ndef test_two(): assert False\n"
SKIPS = "import pytest\ndef test_one(): pass\n@pytest.mark.skip\ndef test_two(): pass\n"
EXPECTS_TO_FAIL = "import pytest\ndef test_one(): pass\n@pytest.mark.xfail\ndef test_two(): assert False\n"
DOES_NOT_IMPORT = "import nothing_of_this_name\n"


@pytest.fixture
def count(tmp_path):
    """Run tests of their own in a process of their own and count them."""

    def counted(source):
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        (tmp_path / "test_it.py").write_text(source)
        plain = ("-p", "no:django", "-p", "no:randomly", "-p", "no:cacheprovider")
        report = tmp_path / "report.xml"
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", *plain, f"--junit-xml={report}", tmp_path],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        return run.counted("SQLite", report, ran.returncode)

    return counted


@pytest.mark.parametrize(
    ("source", "sentence", "passed"),
    [
        (PASSES, "2 tests on SQLite", True),
        (FAILS, "2 tests on SQLite (1 failed)", False),
        (SKIPS, "2 tests on SQLite (1 skipped)", False),
        (EXPECTS_TO_FAIL, "2 tests on SQLite (1 skipped)", False),
        (DOES_NOT_IMPORT, "1 tests on SQLite (1 failed)", False),
        ("", "0 tests on SQLite (pytest ended with code 5)", False),
    ],
    ids=["passing", "failing", "skipped", "expected to fail", "not importable", "none"],
)
def test_each_end_is_counted(count, source, sentence, passed):
    result = count(source)

    assert str(result) == sentence
    assert result.passed is passed


def test_a_run_without_a_report_counts_nothing(tmp_path):
    result = run.counted("PostgreSQL", tmp_path / "missing.xml", 137)

    assert str(result) == "0 tests on PostgreSQL (pytest ended with code 137)"
    assert result.passed is False


@pytest.mark.parametrize(("processors", "options"), [(1, []), (2, []), (3, []), (8, ["--numprocesses", "4"])])
def test_each_database_gets_half_of_the_processors(processors, options):
    assert run.spread(processors) == options
