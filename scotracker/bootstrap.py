"""Prepares a checkout: a virtual environment with the pinned packages, and a .env with a secret key.

Run by the system's Python before anything is installed, so it uses the standard library alone:
`python3 scotracker/bootstrap.py [requirements file]`. A second run with unchanged requirements does nothing.
"""

import hashlib
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)


def environment(root):
    """Make .venv if there is none, and return its Python."""
    python = root / ".venv" / "bin" / "python"
    if not python.exists():
        say("Making the virtual environment .venv …")
        # Without pip: Debian's Python can't put it there unless a further package is installed.
        ran = subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", root / ".venv"], check=False)
        if ran.returncode:
            sys.exit("No virtual environment could be made; install Python's venv module (Debian: python3-venv).")
    return python


def install(python, requirements, stamp):
    """Install the requirements unless exactly these were installed before."""
    wanted = digest(requirements)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installing {requirements.relative_to(ROOT)} …")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, "-r", requirements], check=False).returncode:
        sys.exit("The packages could not be installed; pip's message above says why. It takes pip 22.3 or newer.")
    stamp.write_text(wanted)


def digest(requirements):
    """Identify the content of a requirements file and of those it includes."""
    text = requirements.read_text()
    included = [requirements.parent / line.split()[1] for line in text.splitlines() if line.startswith("-r ")]
    return hashlib.sha256("".join([text, *map(digest, included)]).encode()).hexdigest()


def write_key(path):
    """Write a .env with a fresh secret key if there is none; an existing file is never touched."""
    if not path.exists():
        path.touch(mode=0o600)
        key = secrets.token_urlsafe(50)
        path.write_text(f"# Read by the settings; the environment wins over it.\nSECRET_KEY={key}\n")
        say("Wrote .env with a new SECRET_KEY.")


def say(text):
    """Print a line of progress."""
    print(text, flush=True)  # noqa: T201 - this is a command


def main(arguments):
    """Prepare the checkout for the app, or for what the named requirements file is for."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"This is Python {found}; the tracker needs 3.11 or newer. Name it: make PYTHON=python3.12 run")
    requirements = ROOT / (arguments[0] if arguments else "requirements.txt")
    python = environment(ROOT)
    install(python, requirements, ROOT / ".venv" / f"installed-{requirements.parent.name}-{requirements.name}")
    write_key(ROOT / ".env")


if __name__ == "__main__":
    main(sys.argv[1:])
