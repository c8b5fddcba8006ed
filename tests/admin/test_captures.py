"""Captures at the desk: one more, what readers may download, and who may do that."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commitments import captures
from commitments.models import Capture
from tests.admin.desk import change_url
from tests.admin.forms import said
from tests.factories import make_source
from tests.files import HTML, PDF
from tests.pages import page_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page_of(source):
    return reverse("admin:commitments_source_captures", args=[source.pk])


def bring(client, source, content=PDF, name="a.pdf", **fields):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(page_of(source), {"file": file, "taken_on": "2026-11-20", **fields}, follow=True)


def test_capture_is_kept_by_what_it_is_and_shown_with_the_source(desk, editor):
    source = make_source("paper")

    response = bring(desk, source, HTML)

    capture = Capture.objects.get()
    assert (capture.media_type, capture.taken_on, capture.added_by) == (
        "text/html",
        datetime.date(2026, 11, 20),
        editor,
    )
    assert not capture.may_be_published
    assert said(response)[0].startswith("Kept as ")
    download = reverse("admin:commitments_source_capture", args=[source.pk, capture.sha256])
    assert download in page_at(desk, change_url(source)).addresses
    assert download in page_at(desk, page_of(source)).addresses
    answer = desk.get(download)
    assert answer.content == HTML
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"


def test_same_bytes_again_are_told(desk):
    source = make_source()
    bring(desk, source)

    assert "the same bytes already" in said(bring(desk, source))[0]
    assert Capture.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "fields", "field", "sentence"),
    [
        (b"MZ\x90\x00", {}, "file", "no whole PDF, PNG or HTML file"),
        (b"", {}, "file", "The submitted file is empty."),
        (PDF + b" " * 200, {}, "file", "megabytes; 0 are the most"),
        (PDF, {"taken_on": "2026-11-25"}, "taken_on", "25 November 2026 is ahead of us"),
        (PDF, {"taken_on": "20/11"}, "taken_on", "Write a day as YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(desk, monkeypatch, content, fields, field, sentence):
    monkeypatch.setattr(captures, "MOST_BYTES", 100)

    response = bring(desk, make_source(), content, **fields)

    assert sentence in response.context["form"].errors[field][0]
    assert not Capture.objects.exists()


def test_capture_is_opened_to_readers_and_closed_again_with_a_history(desk):
    source = make_source("paper")
    bring(desk, source, may_be_published="on")
    capture = Capture.objects.get()
    assert capture.may_be_published
    act = reverse("admin:commitments_source_capture_publish", args=[source.pk, capture.sha256])

    closed = desk.post(act, {"may_be_published": "no"}, follow=True)

    assert said(closed) == ["Readers may not download it."]
    assert not Capture.objects.get().may_be_published
    entries = desk.get(reverse("admin:commitments_source_history", args=[source.pk])).context["entries"]
    assert [(one.kind, one.act, one.name) for one in entries[:2]] == [
        ("capture", "~", f"{source} ({capture.sha256[:12]})"),
        ("capture", "+", f"{source} ({capture.sha256[:12]})"),
    ]
    assert entries[0].changes == [("may be published", "yes", "no")]
    assert entries[0].address == change_url(source)


def test_who_may_not_change_a_source_only_looks(publishing_desk, desk, client):
    source = make_source()
    bring(desk, source)
    capture = Capture.objects.get()
    act = reverse("admin:commitments_source_capture_publish", args=[source.pk, capture.sha256])

    assert bring(publishing_desk, source, HTML).status_code == 403
    assert publishing_desk.post(act, {"may_be_published": "yes"}).status_code == 403
    assert publishing_desk.get(act).status_code == 405
    page = page_at(publishing_desk, page_of(source))
    assert page.all("input", type="file") == []
    assert (
        publishing_desk.get(reverse("admin:commitments_source_capture", args=[source.pk, capture.sha256])).content
        == PDF
    )
    assert client.get(page_of(source)).status_code == 302
    assert not Capture.objects.get().may_be_published
    assert desk.get(reverse("admin:commitments_source_captures", args=[999])).status_code == 404
    assert desk.get(reverse("admin:commitments_source_capture", args=[source.pk, "0" * 64])).status_code == 404
