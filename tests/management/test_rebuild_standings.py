"""manage.py rebuild_standings"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from commitments import projection
from commitments.models import Standing
from tests.factories import make_published

pytestmark = pytest.mark.django_db


def rebuild_standings():
    printed = StringIO()
    call_command("rebuild_standings", stdout=printed)
    return printed.getvalue().splitlines()


def rows():
    return list(Standing.objects.order_by("slug", "valid_from").values("slug", "valid_from", "status", "edition_to"))


@pytest.fixture
def register():
    for slug in ("wells", "bridges"):
        make_published(slug, assessments=[{}])
    return rows()


def test_sound_read_model_is_left_alone(register):
    numbers = list(Standing.objects.order_by("pk").values_list("pk", flat=True))

    lines = rebuild_standings()

    assert lines == [
        "Standings: 0 were missing, 0 wrong, 0 too many.",
        "The read model holds 4 rows, as the ledger says.",
    ]
    assert list(Standing.objects.order_by("pk").values_list("pk", flat=True)) == numbers


def test_missing_wrong_and_stray_rows_are_mended(register):
    Standing.objects.filter(slug="wells", status="not_assessed").delete()
    Standing.objects.filter(slug="wells").update(status="stalled")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE commitments_standing SET valid_from = '2000-01-01' WHERE slug = 'bridges' AND assessment_id IS NULL"
        )

    lines = rebuild_standings()

    assert lines[0] == "Standings: 2 were missing, 1 wrong, 1 too many."
    assert rows() == register
    assert not projection.compare()


def test_empty_read_model_is_built_anew(register):
    Standing.objects.all().delete()

    lines = rebuild_standings()

    assert lines[0] == "Standings: 4 were missing, 0 wrong, 0 too many."
    assert rows() == register


def test_register_without_records_is_no_error():
    assert rebuild_standings() == [
        "Standings: 0 were missing, 0 wrong, 0 too many.",
        "The read model holds 0 rows, as the ledger says.",
    ]
