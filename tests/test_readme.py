"""The README is held to the code: what the code names, the README explains."""

import ast
import re
from pathlib import Path

from django.core.management import get_commands

from commitments.choices import Status
from commitments.exports import columns

REGISTERS = (columns.SOURCES, columns.ASSESSMENTS, columns.EVIDENCE)
ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Read by the commands around the tracker, not by its settings.
OTHER_VARIABLES = {"PORT", "TEST_DATABASE_URL"}


def table_rows():
    """The cells of every table row in the README."""
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in README.splitlines() if line[:1] == "|"]


def settings_read():
    """The names of the variables that the settings ask the environment for."""
    tree = ast.parse((ROOT / "scotracker" / "settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func.value, ast.Name) and call.func.value.id == "env" and call.args
    }


def test_readme_names_every_command_of_ours():
    ours = {name for name, app in get_commands().items() if app == "commitments"}
    assert len(ours) >= 6
    assert ours == set(re.findall(r"^\| `manage\.py (\w+)", README, re.MULTILINE))


def test_readme_names_every_setting_and_no_other():
    read = settings_read()
    assert len(read) >= 12
    start = README.index("| variable |")
    named = set(re.findall(r"^\| `([A-Z_]+)`", README[start:], re.MULTILINE))
    assert named == read | OTHER_VARIABLES


def test_readme_names_every_status_with_its_meaning():
    rows = {cells[0].strip("` |"): cells for cells in table_rows()}
    for status in Status:
        assert status.value in rows, status


def test_readme_names_every_column_with_type_and_meaning_in_order():
    for table in (columns.COMMITMENTS, columns.CHANGES, columns.SCORES, columns.BETWEEN, *REGISTERS):
        lines = [f"| `{column.name}` | {column.type} | {column.meaning} |" for column in table]
        assert "\n".join(lines) in README


def test_readme_names_only_files_that_are_there():
    section = README[README.index("## Where things live") : README.index("Imports go one way")]
    paths = re.findall(r"(?<!\S)((?:scotracker|commitments|fixtures|tests)/[\w./]*)", section)
    assert len(paths) >= 10
    for path in paths:
        assert (ROOT / path).exists(), path


def test_readme_begins_with_what_the_tracker_says():
    headings = re.findall(r"^## (.*)$", README, re.MULTILINE)
    assert headings[:3] == ["What it says, and how it judges", "Two commands", "A tour"]
