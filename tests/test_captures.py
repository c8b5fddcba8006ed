"""Captures: known by their content, kept once, handed out as files to save."""

import datetime
import hashlib

import pytest

from commitments import captures, quality
from commitments.models import Capture
from tests.factories import make_published, make_source
from tests.files import HTML, PDF, PNG, chunk
from tests.pages import main_of

DAY = datetime.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(source, content=PDF, **said):
    return captures.keep(source, content, **{"taken_on": DAY, "by": None, **said})[0]


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (HTML, "text/html"),
        (b"  <HTML lang=en>A</HTML>", "text/html"),
        (b'<?xml version="1.0"?>\n<!doctype HTML >', "text/html"),
        ('<html><meta charset="windows-1251">Отчёт'.encode("cp1251"), "text/html"),
    ],
)
def test_type_is_told_by_content(content, kind):
    assert captures.type_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"A text.",
        b"\x00" + PDF,
        PDF.replace(b"%%EOF", b""),
        b"%PDF-x\n%%EOF",
        PNG[:-1],
        PNG + b"<script>",
        PNG.replace(b"IDAT", b"IDAX"),
        PNG[:8] + chunk(b"IEND", b""),
        PNG[:8] + b"\xff\xff\xff\xff" + PNG[12:],
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<htmlx>",
        b"<!-- <!doctype html>",
        b"<!-- -->" * 2000,
        b"<html>\x00",
        "<html>Отчёт".encode("cp1251"),
        '<html><meta charset="nonsense">Отчёт'.encode("cp1251"),
        b"PK\x03\x04",
    ],
)
def test_every_other_content_is_refused(content):
    with pytest.raises(captures.NotKept, match="no whole PDF, PNG or HTML"):
        captures.type_of(content)


@pytest.mark.django_db
def test_same_bytes_of_two_sources_are_one_file(folder):
    first, second = kept(make_source()), kept(make_source())

    sha256 = hashlib.sha256(PDF).hexdigest()
    assert (first.sha256, first.media_type, first.size) == (sha256, "application/pdf", len(PDF))
    assert first.pk != second.pk
    assert files(folder) == [f"captures/{sha256[:2]}/{sha256}.pdf"]


@pytest.mark.django_db
def test_same_bytes_of_one_source_are_one_capture():
    source = make_source()
    first = kept(source)

    assert captures.keep(source, PDF, taken_on=DAY, by=None, may_be_published=True) == (first, False)
    assert not Capture.objects.get().may_be_published


@pytest.mark.django_db
def test_nothing_is_left_of_a_file_that_could_not_be_written(folder, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept(make_source())

    assert files(folder) == []
    assert not Capture.objects.exists()


def captures_kept():
    rule = next(rule for rule in quality.RULES if rule.name == "captures-kept")
    return [(breach.record.key, breach.text) for breach in rule.breaches()]


@pytest.mark.django_db
def test_check_data_finds_files_that_are_gone_or_changed(folder):
    gone, changed = kept(make_source("gone"), PDF), kept(make_source("changed"), HTML)
    kept(make_source("kept"), PNG)
    assert captures_kept() == []

    captures.path_of(gone.sha256, gone.media_type).unlink()
    captures.path_of(changed.sha256, changed.media_type).write_bytes(HTML + b" ")

    found = dict(captures_kept())
    assert set(found) == {"gone", "changed"}
    assert "cannot be read: No such file" in found["gone"]
    assert "has other bytes" in found["changed"]
    kept(make_source("again"), HTML)
    assert set(dict(captures_kept())) == {"gone"}


def address(capture):
    return f"/sources/{capture.source.key}/captures/{capture.sha256}"


@pytest.mark.django_db
@pytest.mark.parametrize("content", [PDF, HTML, PNG], ids=["pdf", "html", "png"])
def test_published_capture_is_a_file_to_save(client, content):
    source = make_source("paper")
    make_published(source=source)
    capture = kept(source, content, may_be_published=True)

    answer = client.get(address(capture))

    assert (answer.status_code, answer.content) == (200, content)
    assert answer["Content-Type"] == capture.media_type
    assert answer["Content-Disposition"] == f'attachment; filename="paper-2026-11-20.{capture.extension}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert client.get(f"{address(capture)}?as_of=2026-01-01").status_code == 400
    assert client.post(address(capture)).status_code == 405


@pytest.mark.django_db
def test_capture_that_is_not_for_readers_is_not_there(client, settings):
    public, closed, unused = make_source("public"), make_source("closed", terms="no_citation"), make_source("unused")
    for source in (public, closed):
        make_published(source=source)
    hidden = kept(public)
    others = [kept(source, may_be_published=True) for source in (closed, unused)]
    lost = kept(public, PNG, may_be_published=True)
    captures.path_of(lost.sha256, lost.media_type).write_bytes(b"")

    for capture in (hidden, *others, lost):
        assert client.get(address(capture)).status_code == 404, capture
    assert client.get(f"/sources/public/captures/{'0' * 64}").status_code == 404
    for root in ("/media", "/static", ""):
        path = captures.path_of(hidden.sha256, hidden.media_type).relative_to(settings.MEDIA_ROOT)
        assert client.get(f"{root}/{path}").status_code == 404


@pytest.mark.django_db
def test_page_of_the_source_tells_of_its_captures(client):
    source = make_source("paper")
    make_published(source=source)
    hidden, public = kept(source), kept(source, PNG, may_be_published=True)

    main = main_of(client, "/sources/paper/")

    assert f"PDF of 20 November 2026, {len(PDF)} bytes, SHA-256 {hidden.sha256}" in main.text
    assert public.sha256 in main.text
    assert [one for one in main.addresses if "/captures/" in one] == [address(public)]


@pytest.mark.django_db
def test_pinned_page_tells_of_no_later_capture(client, clock):
    source = make_source("paper")
    make_published(source=source)
    clock.shift(datetime.timedelta(3))
    kept(source)
    clock.shift(datetime.timedelta(1))

    assert "SHA-256" in main_of(client, "/sources/paper/").text
    assert "SHA-256" in main_of(client, "/sources/paper/?as_of=2026-11-28").text
    # On its own day one might have been kept after the page was read.
    assert "SHA-256" not in main_of(client, "/sources/paper/?as_of=2026-11-27").text
