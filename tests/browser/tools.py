"""What the browser tests need beside Python: Chromium, Java, and the npm packages of package-lock.json.

`missing()` says in sentences what this machine lacks, `install()` fetches the npm packages once.
"""

import fcntl
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CHROMIUM = Path("/usr/bin/chromium")
PACKAGES = FOLDER / "node_modules"
AXE = PACKAGES / "axe-core" / "axe.min.js"
NU_CHECKER = PACKAGES / "vnu-jar" / "build" / "dist" / "vnu.jar"


class MissingTool(Exception):
    """The browser tests can't run here; the message says what to install."""


def missing(chromium=CHROMIUM, which=shutil.which):
    """One sentence for each program that is not on this machine."""
    sentences = []
    if not chromium.exists():
        sentences.append(f"The browser tests need {chromium}; install Debian's package chromium.")
    if not which("java"):
        sentences.append("The checker of markup needs Java 11 or newer; install Debian's package default-jre-headless.")
    if not which("npm"):
        sentences.append("The accessibility rules and the checker of markup come by npm; install Debian's package npm.")
    return sentences


def require():
    """Install what npm brings, or raise MissingTool with everything that is missing."""
    if sentences := missing():
        raise MissingTool("\n".join(sentences))
    install()


def install(folder=FOLDER):
    """Install the packages of the folder's lock file, unless exactly these were installed before.

    Two test runs may come here at the same time; the second waits and finds everything done.
    """
    wanted = (folder / "package-lock.json").read_text()
    stamp = folder / "node_modules" / ".installed"
    with (folder / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        ran = subprocess.run(["npm", "ci"], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S607
        if ran.returncode:
            raise MissingTool(f"The npm packages of {folder} could not be installed: {ran.stderr.strip()}")
        stamp.write_text(wanted)
