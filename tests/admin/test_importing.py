"""Files at the desk: a template to begin with, a preview before anything is written, and a confirmation bound to it."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from commitments.models import Assessment, Commitment, ImportFile, Source
from tests.admin.desk import change_url
from tests.factories import make_assessment, make_commitment, make_published, make_source
from tests.imports.sheets import csv_file, exported, rows_of

pytestmark = pytest.mark.django_db
IMPORT = "/admin/commitments/commitment/import/"


def page(response):
    """The text of a streamed page."""
    return b"".join(response.streaming_content).decode()


def hand_in(client, content, address=IMPORT, name="table.csv"):
    """Upload a file; returns the text and the address of its preview."""
    response = client.post(address, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    return page(client.get(response.url)), response.url


def fingerprint(text):
    return text.split('name="fingerprint" value="')[1].split('"')[0]


def confirm(client, text, address, **data):
    return page(client.post(f"{address}confirm/", {"fingerprint": fingerprint(text), **data}))


@pytest.fixture
def change(db):
    """A file that changes the title of one of two commitments."""
    make_commitment("pledge-a")
    make_commitment("pledge-b")
    return csv_file({"slug": "pledge-a", "title": "Another <title>"}, {"slug": "pledge-b", "title": "Promise pledge-b"})


def test_preview_shows_the_one_change_and_writes_nothing(desk, change):
    text, _address = hand_in(desk, change)

    assert "<strong>1</strong> changed" in text
    assert "<strong>1</strong> unchanged" in text
    assert "Promise pledge-a</td>" in text
    assert "Another &lt;title&gt;</td>" in text
    assert "2 of 2 rows" in text
    assert text.strip().endswith("</html>")
    assert Commitment.objects.get(slug="pledge-a").title == "Promise pledge-a"


def test_confirmed_import_is_a_draft_of_the_person_and_is_on_record(desk, editor, change):
    text = confirm(desk, *hand_in(desk, change))

    assert "Written, as drafts of yours." in text
    stored = Commitment.objects.get(slug="pledge-a")
    assert (stored.title, stored.author) == ("Another <title>", editor)
    kept = ImportFile.objects.get()
    assert (bytes(kept.content), kept.changed, kept.unchanged, kept.person) == (b"", 1, 1, editor)
    assert "table.csv" in desk.get(IMPORT).content.decode()
    text, _address = hand_in(desk, change)
    assert "there is nothing to write" in text
    assert "fingerprint" not in text


def test_record_that_changed_in_between_refuses_and_shows_both_again(desk, change):
    text, address = hand_in(desk, change)
    other = Commitment.objects.get(slug="pledge-a")
    other.title = "Theirs"
    other.save()

    again = confirm(desk, text, address)

    assert "has changed since you looked" in again
    assert "Theirs</td>" in again
    assert fingerprint(again) != fingerprint(text)
    other.refresh_from_db()
    assert other.title == "Theirs"
    assert "Written" in confirm(desk, again, address)


def test_second_confirmation_of_one_file_writes_nothing(desk, change):
    text, address = hand_in(desk, change)
    confirm(desk, text, address)
    version = Commitment.objects.get(slug="pledge-a").version

    assert "imported already" in confirm(desk, text, address)
    assert "imported already" in page(desk.get(address))
    assert Commitment.objects.get(slug="pledge-a").version == version


def test_problems_are_a_table_of_places_and_nothing_can_be_confirmed(desk, change):
    text, address = hand_in(desk, csv_file({"slug": "pledge-a", "due": "31.12.2020"}))

    assert "<strong>1</strong> problem" in text
    assert "31.12.2020</td>" in text
    assert "fingerprint" not in text
    assert "changed since you looked" in page(desk.post(f"{address}confirm/", {"fingerprint": "x"}))
    assert Commitment.objects.get(slug="pledge-a").due is None


def test_file_that_cannot_be_read_is_refused_in_words(desk):
    text, _address = hand_in(desk, b"\xd0\xcf\x11\xe0 and more", name="old.xls")

    assert "Save it as .xlsx without a password." in text


@pytest.mark.parametrize(("content", "sentence"), [(b"", "The file is empty."), (None, "Choose a file.")])
def test_upload_without_a_file_is_told_at_the_field(desk, content, sentence):
    data = {} if content is None else {"file": SimpleUploadedFile("a.csv", content)}

    assert sentence in desk.post(IMPORT, data).content.decode()


def test_upload_beyond_the_limit_is_told_at_the_field(desk, monkeypatch):
    monkeypatch.setattr("commitments.admin.importing.MOST_BYTES", 3)

    answer = desk.post(IMPORT, {"file": SimpleUploadedFile("a.csv", b"slug\n")}).content.decode()

    assert "Divide it" in answer
    assert not ImportFile.objects.exists()


def test_file_of_somebody_else_is_not_shown(desk, change, client):
    from tests.factories import make_person

    _text, address = hand_in(desk, change)
    client.force_login(make_person("second", "Editor"))

    assert client.get(address).status_code == 404
    assert client.post(f"{address}confirm/").status_code == 404


def test_people_without_the_right_to_write_take_out_and_do_not_hand_in(publishing_desk, office, client, change):
    for seen in (publishing_desk, office):
        answer = seen.get(IMPORT)
        assert "you have not the right to write this table" in answer.content.decode()
        assert seen.post(IMPORT, {"file": SimpleUploadedFile("a.csv", change)}).status_code == 403
        assert seen.get("/admin/commitments/commitment/export/csv/").status_code == 200
    assert client.get(IMPORT).status_code == 302
    assert client.get("/admin/commitments/commitment/export/csv/").status_code == 302


def test_file_that_nobody_confirmed_for_a_day_goes(desk, change, clock):
    hand_in(desk, change)
    clock.shift(25 * 60 * 60)

    hand_in(desk, change)

    assert ImportFile.objects.count() == 1


def test_assessments_and_sources_go_the_same_way(desk, editor):
    make_published("pledge-a")
    make_source("source-a")
    judged = {
        "key": "new-1", "commitment": "pledge-a", "as_of": "2006-06-15", "status": "stalled", "confidence": "low",
        "rationale": "It stopped.", "source": "source-a", "bearing": "supports", "shows": "It shows it.",
    }  # fmt: skip
    text = confirm(desk, *hand_in(desk, csv_file(judged), "/admin/commitments/assessment/import/"))
    assert "Written, as drafts" in text
    made = Assessment.objects.get()
    assert (made.author, made.evidence.get().shows) == (editor, "It shows it.")
    assert "pledge-a/2006-06-15" in text

    renamed = csv_file({"key": "source-a", "title": "Renamed"})
    text = confirm(desk, *hand_in(desk, renamed, "/admin/commitments/source/import/"))
    assert "Written." in text
    assert "as drafts" not in text
    assert Source.objects.get(key="source-a").title == "Renamed"


# Out


@pytest.mark.parametrize("noun", ["commitment", "source", "assessment"])
def test_export_holds_what_the_desk_has_in_both_forms(desk, noun):
    make_assessment(make_published("pledge-a", source=make_source("secret", terms="no_citation")))

    text = b"".join(desk.get(f"/admin/commitments/{noun}/export/csv/").streaming_content)
    answer = desk.get(f"/admin/commitments/{noun}/export/xlsx/")

    assert text == exported(f"{noun}s")
    made = load_workbook(io.BytesIO(answer.content))
    assert made.sheetnames[0] == f"{noun}s"
    assert made.sheetnames[-1] == "explanation"
    assert made.worksheets[0].cell(2, 1).value == rows_of(text)[0][next(iter(rows_of(text)[0]))]
    assert 'filename="' in answer["Content-Disposition"]
    if noun != "assessment":
        assert "secret" in text.decode()


@pytest.mark.parametrize("noun", ["commitment", "source", "assessment"])
def test_template_has_the_columns_that_are_imported_and_explains_each(desk, noun):
    text = desk.get(f"/admin/commitments/{noun}/template/csv/").content.decode()
    made = load_workbook(io.BytesIO(desk.get(f"/admin/commitments/{noun}/template/xlsx/").content))

    (header,) = csv.reader(io.StringIO(text))
    explained = [row[1].value for row in list(made["explanation"].rows)[1:]]
    assert {"percent", "overdue", "moment_as_of", "edition"}.isdisjoint(header)
    assert set(header) <= set(explained)
    sheets = [name for name in made.sheetnames if name != "explanation"]
    assert sorted(explained) == sorted(cell.value for name in sheets for cell in made[name][1])
    assert all(row[3].value and row[4].value for row in made["explanation"].rows)


def test_text_that_no_cell_can_hold_is_told_and_not_cut(desk):
    make_commitment(note="x" * 32_768)

    answer = desk.get("/admin/commitments/commitment/export/xlsx/")

    assert (answer.status_code, "Take the CSV instead" in answer.content.decode()) == (409, True)
    assert desk.get("/admin/commitments/commitment/export/pdf/").status_code == 404


def test_lists_and_the_first_page_lead_here(desk, publishing_desk):
    made = make_commitment()

    assert IMPORT in desk.get("/admin/").content.decode()
    assert IMPORT in desk.get("/admin/commitments/commitment/").content.decode()
    shown = publishing_desk.get("/admin/commitments/commitment/").content.decode()
    assert "/admin/commitments/commitment/export/xlsx/" in shown
    assert "Import from a spreadsheet" not in shown
    assert desk.get(change_url(made)).status_code == 200
