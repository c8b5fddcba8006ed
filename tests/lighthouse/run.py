"""Lighthouse's four figures for the first page, the list and a commitment: `make lighthouse`.

Serves the shipped catalogue by the real server on a free port, with a database and a profile of its own that go away
afterwards, and fails where a figure is below 95. It measures time, so it is no part of the tests.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.browser import tools
from tests.databases import free_port

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
LEAST = 95
# On a busy machine Chromium now and then starts a page before Lighthouse listens.
TRIES = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = ("/", "/commitments/", "/commitments/buyers-credit-900m/")
SECONDS_TO_START = 120


def serve(folder, port):
    """Start the tracker as `make run` does, with its data in a folder."""
    environ = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/tracker.sqlite3", "PORT": str(port)}
    command = [sys.executable, ROOT / "manage.py", "run_tracker"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)


def wait_for(url, server):
    """Return when the site answers."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz"):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.5)
    sys.exit("The tracker did not start.")


def judge(url, folder):
    """{category: figure of 100} and the titles of what cost points, for one page."""
    flags = [
        "--headless=new",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    report = Path(folder) / "report.json"
    command = [FOLDER / "node_modules" / ".bin" / "lighthouse", url, "--quiet", "--output=json"]
    command += [f"--output-path={report}", f"--chrome-flags={' '.join(flags)}"]
    command += [f"--only-categories={','.join(CATEGORIES)}"]
    environ = os.environ | {"CHROME_PATH": str(tools.CHROMIUM)}
    for _try in range(TRIES):
        ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        if not ran.returncode:
            break
    if ran.returncode:
        sys.exit(f"Lighthouse failed at {url}: {ran.stderr.strip()}")
    read = json.loads(report.read_text())
    figures = {name: round(100 * read["categories"][name]["score"]) for name in CATEGORIES}
    lost = {
        audit["title"]
        for name in CATEGORIES
        for part in read["categories"][name]["auditRefs"]
        if part["weight"] and (audit := read["audits"][part["id"]])["score"] not in (None, 1)
    }
    return figures, sorted(lost)


def say(text):
    """Print at once."""
    print(text, flush=True)  # noqa: T201 - this is a command


def main():
    """Judge each page, print a table, and exit with whether every figure is high enough."""
    try:
        tools.require()
        tools.install(FOLDER)
    except tools.MissingTool as error:
        sys.exit(str(error))
    low = False
    with tempfile.TemporaryDirectory(prefix="scotracker-lighthouse-") as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        server = serve(folder, port)
        try:
            wait_for(url, server)
            say(f"| page | {' | '.join(CATEGORIES)} |\n| --- |{' --- |' * len(CATEGORIES)}")
            for page in PAGES:
                figures, lost = judge(f"{url}{page}", folder)
                say(f"| {page} | {' | '.join(str(figures[name]) for name in CATEGORIES)} |")
                if min(figures.values()) < LEAST:
                    low = True
                    say(f"Below {LEAST}: {'; '.join(lost)}")
        finally:
            server.terminate()
            server.wait()
    sys.exit(1 if low else 0)


if __name__ == "__main__":
    main()
