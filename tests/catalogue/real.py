"""The catalogue that ships with the tracker."""

from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[2] / "fixtures" / "sco"


def records(folder=FOLDER):
    """Every record of a folder by kind, in the order of the files' names."""
    found = {}
    for path in sorted(folder.rglob("*.yaml")):
        for kind, rows in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).items():
            found.setdefault(kind, []).extend(rows)
    return found
