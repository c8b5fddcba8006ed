"""manage.py dump_catalogue"""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commitments.models import Commitment
from tests.factories import publish

pytestmark = pytest.mark.django_db


def dump_catalogue(folder):
    printed = StringIO()
    call_command("dump_catalogue", str(folder), stdout=printed)
    return printed.getvalue()


def test_run_says_what_was_written(catalogue, tmp_path):
    catalogue.load()

    printed = dump_catalogue(tmp_path / "out")

    assert printed == (
        f"Written to {tmp_path / 'out'}: 2 themes, 3 parties, 1 summits, 3 sources, 2 commitments, 2 assessments, "
        "1 member_scores, 1 replies.\n"
    )


def test_second_run_into_the_same_folder_is_refused(catalogue, tmp_path):
    catalogue.load()
    dump_catalogue(tmp_path / "out")

    with pytest.raises(CommandError, match="is not an empty folder; name one that is empty or does not exist yet"):
        dump_catalogue(tmp_path / "out")


def test_folder_that_cannot_be_written_is_named(catalogue, tmp_path):
    catalogue.load()
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    with pytest.raises(CommandError) as raised:
        dump_catalogue(tmp_path / "file" / "out")

    assert str(raised.value) == f"{tmp_path / 'file' / 'out'} cannot be written: Not a directory. Name another folder."


def test_what_the_files_could_not_be_loaded_with_is_said(catalogue, tmp_path):
    """The desk may publish a longer title than the catalogue allows."""
    catalogue.load()
    commitment = Commitment.objects.get(slug="wells")
    commitment.title = "one two three four five six seven eight nine ten eleven"
    commitment.save()
    publish(commitment)

    with pytest.raises(CommandError) as raised:
        dump_catalogue(tmp_path / "out")

    assert str(raised.value).splitlines() == [
        f"commitments/water.yaml: wells: title “{commitment.title}”: use 10 words or fewer",
        "The files are written, but load_catalogue takes them only once this is mended.",
    ]
