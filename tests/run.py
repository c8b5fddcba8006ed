"""Runs every test on SQLite and on PostgreSQL, and counts what ran: `python -m tests.run [pytest options]`.

Both runs go on at the same time. It fails when a test fails or is skipped, and when either database saw none.
"""

import os
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from tests.browser import tools
from tests.databases import NoDatabase, postgresql

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_STOP = 30


@dataclass(frozen=True)
class Count:
    """How one database's tests ended."""

    database: str
    tests: int = 0
    failed: int = 0
    skipped: int = 0
    exit_code: int = 0

    @property
    def passed(self):
        """Whether this half proves something: tests ran, none failed, none was left out."""
        return self.tests > 0 and not (self.failed or self.skipped or self.exit_code)

    def __str__(self):
        wrong = [f"{number} {word}" for number, word in [(self.failed, "failed"), (self.skipped, "skipped")] if number]
        if self.exit_code and not wrong:
            wrong = [f"pytest ended with code {self.exit_code}"]
        return f"{self.tests} tests on {self.database}" + (f" ({', '.join(wrong)})" if wrong else "")


@dataclass(frozen=True)
class Half:
    """The tests of one database: a process, what it prints, and its report."""

    database: str
    process: subprocess.Popen
    output: Path
    report: Path

    def stop(self):
        """End a run that still goes on, giving it time to drop its database."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def count(self):
        """Read the finished run's report."""
        return counted(self.database, self.report, self.process.returncode)


def counted(database, report, exit_code):
    """Add up a JUnit report; a run that left none counts as no tests."""
    if not report.exists():
        return Count(database, exit_code=exit_code)
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 - pytest wrote it a moment ago

    def total(name):
        return sum(int(suite.get(name, 0)) for suite in suites)

    return Count(
        database,
        tests=total("tests"),
        failed=total("failures") + total("errors"),
        skipped=total("skipped"),
        exit_code=exit_code,
    )


def start(database, url, arguments, folder):
    """Start one database's tests."""
    environ = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    if url:
        environ["TEST_DATABASE_URL"] = url
    output, report = folder / f"{database}.txt", folder / f"{database}.xml"
    command = [sys.executable, "-m", "pytest", f"--junit-xml={report}", *spread(os.cpu_count() or 1), *arguments]
    with output.open("w") as stream:
        # In a session of its own: Ctrl-C reaches this process, which then ends both halves in order, once.
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True
        )
    return Half(database, process, output, report)


def spread(processors):
    """Give each database half of the processors; workers cost more than they bring where that is one."""
    workers = processors // 2
    return ["--numprocesses", str(workers)] if workers > 1 else []


def run(arguments):
    """Run both halves, print them one after the other, and return whether both passed."""
    # Said now, not by a failure in ten minutes.
    tools.require()
    with tempfile.TemporaryDirectory(prefix="scotracker-run-") as folder, postgresql() as server:
        say(f"PostgreSQL is {server.origin}.")
        halves = []
        try:
            halves.append(start("SQLite", None, arguments, Path(folder)))
            halves.append(start("PostgreSQL", server.url, arguments, Path(folder)))
            for half in halves:
                half.process.wait()
        finally:
            # Also what an interrupted run got to say.
            for half in halves:
                half.stop()
                say(f"\n{half.database}\n{half.output.read_text()}")
        counts = [half.count() for half in halves]
    say(", ".join(map(str, counts)))
    return all(count.passed for count in counts)


def say(text):
    """Print at once, so that a log shows what was reached."""
    print(text, flush=True)  # noqa: T201 - this is a command


def main():
    """Run the tests and exit with what they say."""
    # A polite kill ends like Ctrl-C: the throw-away server is stopped and its folder removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(0 if run(sys.argv[1:]) else 1)
    except (NoDatabase, tools.MissingTool) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Interrupted.")


if __name__ == "__main__":
    main()
