"""Every page, sheet and drawing is valid by the Nu checker, the validator of the W3C and WHATWG."""

import json
import subprocess

import pytest
from django.conf import settings

from tests.browser import tools
from tests.whole_site import MOMENTS, addresses, body, every_answer

pytestmark = pytest.mark.django_db
FEWEST_PAGES = 50
FEWEST_SHEETS = 2
SHEETS = settings.BASE_DIR / "commitments" / "static"
# What the checker does not know yet, each with the reason why it stays.
UNKNOWN_TO_IT = (
    # Container queries (CSS Containment Level 3): in every browser since 2023, but not in the checker yet.
    "Property “container-type” doesn't exist.",
    "Unrecognized at-rule “@container”",
)
KINDS = {"text/html": ".html", "image/svg+xml": ".svg"}


def check(folder):
    """[(file name, kind, sentence)] of everything that the checker says of the files in a folder."""
    command = ["java", "-jar", tools.NU_CHECKER, "--format", "json", "--stdout", "--also-check-css", "--also-check-svg"]
    ran = subprocess.run([*command, folder], capture_output=True, text=True, check=False)
    messages = json.loads(ran.stdout)["messages"]
    assert ran.returncode == int(any(one["type"] == "error" for one in messages)), ran.stderr
    return [
        (
            one.get("url", "").rpartition("/")[2],
            one.get("subType", one["type"]),
            f"{one['message']} {one.get('extract', '')}",
        )
        for one in messages
        if not any(known in one["message"] for known in UNKNOWN_TO_IT)
    ]


def test_nu_checker_finds_nothing_on_any_address(client, register, needed, monkeypatch, figures, tmp_path):
    answers = every_answer(client, monkeypatch)
    answers |= {f"{one}{start}": client.get(f"{one}{start}") for one in addresses().values() for start in MOMENTS[1:]}
    answers["/admin/login/"] = client.get("/admin/login/")
    names = {}
    for address, answer in answers.items():
        if suffix := KINDS.get(answer["Content-Type"].partition(";")[0]):
            name = f"{len(names):03}{suffix}"
            (tmp_path / name).write_bytes(body(answer))
            names[name] = address
    sheets = [sheet for kind in ("*.css", "*.svg") for sheet in SHEETS.rglob(kind)]
    for sheet in sheets:
        (tmp_path / sheet.name).write_bytes(sheet.read_bytes())

    found = check(tmp_path)

    for name, address in names.items():
        figures.note(address, "Nu", sum(one[0] == name for one in found))
    assert not found, "\n".join(f"{names.get(name, name)}: {kind}: {sentence}" for name, kind, sentence in found)
    assert len(names) >= FEWEST_PAGES
    assert len(sheets) >= FEWEST_SHEETS


def test_nu_checker_finds_what_is_planted(needed, tmp_path):
    start = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A</title></head><body>'
    (tmp_path / "wrong.html").write_text(f'{start}<p><a href="#b"><a href="#c">in</a></a></p></body></html>')
    (tmp_path / "doubtful.html").write_text(f"{start}<section><p>No heading.</p></section></body></html>")
    (tmp_path / "wrong.css").write_text("p { colour: red }")
    (tmp_path / "wrong.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><circel/></svg>')

    found = {(name, kind) for name, kind, _sentence in check(tmp_path)}

    assert found == {
        ("wrong.html", "error"),
        ("doubtful.html", "warning"),
        ("wrong.css", "error"),
        ("wrong.svg", "error"),
    }
