"""The command: the same dry run and the same import as at the desk, with progress in lines."""

import io

import pytest
from django.core.management import CommandError, call_command

from commitments.models import Commitment
from tests.factories import make_commitment, make_person
from tests.imports.sheets import csv_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    """A file that changes one title."""
    make_commitment("pledge-a")
    make_person("editor", "Editor")
    path = tmp_path / "table.csv"
    path.write_bytes(csv_file({"slug": "pledge-a", "title": "Another title"}))
    return path


def run(path, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command(
        "import_records", str(path), **{"table": "commitments", "by": "editor", **options}, stdout=out, stderr=err
    )
    return out.getvalue()


def test_dry_run_reports_and_writes_nothing(file):
    said = run(file, dry_run=True)

    assert "Checked: 1 of 1 rows." in said
    assert "Changed: pledge-a, title: Promise pledge-a → Another title" in said
    assert "Dry run: nothing was written." in said
    assert Commitment.objects.get().title == "Promise pledge-a"


def test_import_writes_once(file):
    assert "Written by editor: 0 new, 1 changed." in run(file)
    assert Commitment.objects.get().author.username == "editor"
    assert "the file says what is on record" in run(file)


@pytest.mark.parametrize(
    ("options", "content", "sentence"),
    [
        ({"by": "nobody"}, None, "there is no such person at work"),
        ({"by": "publisher"}, None, "may not write commitments"),
        ({}, b"slug,due\npledge-a,soon\n", "1 problem; nothing was written."),
    ],
)
def test_what_cannot_be_done_is_said(file, options, content, sentence):
    make_person("publisher", "Publisher")
    if content:
        file.write_bytes(content)

    with pytest.raises(CommandError, match=sentence):
        run(file, **options)
    assert Commitment.objects.get().title == "Promise pledge-a"


def test_file_that_is_not_there_is_said(file):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(file.parent / "other.csv")
