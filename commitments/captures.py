"""Captures: what a file is by its content, where it is kept, and whether it is still there.

Neither a file's name nor what a browser says about it is believed. Files lie in MEDIA_ROOT, which no address serves;
a view hands them out one by one.
"""

import hashlib
import os
import re
import tempfile
import zlib
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from commitments.choices import CaptureType
from commitments.models import Capture

MOST_BYTES = 20 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"
# What may stand before a page begins, and a page's beginning.
BEFORE = {"<!--": "-->", "<?xml": "?>"}
HTML = re.compile(r"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
SPACE = re.compile(r"\s*")
DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


class NotKept(Exception):
    """A file that is not kept; says why, in a sentence."""


def _is_pdf(content):
    return re.match(rb"%PDF-[12]\.\d", content) is not None and b"%%EOF" in content[-1024:]


def _is_png(content):
    """Whether every chunk is whole, from the header to the end, and nothing follows."""
    if not content.startswith(PNG):
        return False
    at, names = len(PNG), []
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        end = at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            return False
        names.append(content[at + 4 : at + 8])
        at = end
    return at == len(content) and names[:1] == [b"IHDR"] and names[-1:] == [b"IEND"] and b"IDAT" in names


def _begins_page(text):
    at = SPACE.match(text).end()
    while ends := [end for start, end in BEFORE.items() if text.startswith(start, at)]:
        found = text.find(ends[0], at)
        if found < 0:
            return False
        at = SPACE.match(text, found + len(ends[0])).end()
    return HTML.match(text, at) is not None


def _is_html(content):
    """Whether it is text in UTF-8, or in what it declares, that begins as a web page does."""
    if b"\x00" in content:
        return False
    declared = DECLARED.search(content[:4096])
    for encoding in ("utf-8-sig", declared.group(1).decode("ascii") if declared else None):
        try:
            return _begins_page(content.decode(encoding)) if encoding else False
        except (LookupError, ValueError):
            continue
    return False


SIGNS = {CaptureType.PDF: _is_pdf, CaptureType.PNG: _is_png, CaptureType.HTML: _is_html}


def type_of(content):
    """The CaptureType that bytes are. Raises NotKept for any other."""
    for kind, is_one in SIGNS.items():
        if is_one(content):
            return kind
    raise NotKept(
        _("It is no whole PDF, PNG or HTML file, by its content. Save the page as one of these and try again.")
    )


def read(upload):
    """The bytes of an uploaded file. Raises NotKept where it is empty or too big."""
    if upload.size > MOST_BYTES:
        raise NotKept(
            _("It has %(size).1f megabytes; %(most)s are the most. Save a smaller copy.")
            % {"size": upload.size / 2**20, "most": MOST_BYTES // 2**20}
        )
    content = upload.read(MOST_BYTES + 1)
    if not content:
        raise NotKept(_("It is empty. Choose another file."))
    return content


def path_of(sha256, kind):
    """Where the file with these bytes is."""
    return Path(settings.MEDIA_ROOT) / "captures" / sha256[:2] / f"{sha256}.{CaptureType(kind).extension}"


def _write(path, content):
    """Put the whole file in its place, or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o640)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def keep(source, content, *, taken_on, by, may_be_published=False):
    """Keep bytes as a Capture of a source; (the Capture, whether it is new). Raises NotKept.

    A source has the same bytes once; what was said about them then stays.
    """
    kind, sha256 = type_of(content), hashlib.sha256(content).hexdigest()
    path = path_of(sha256, kind)
    # Compared by content: a file that has gone bad since is mended by whoever brings it again.
    if not path.exists() or path.read_bytes() != content:
        _write(path, content)
    said = {"media_type": kind, "size": len(content), "taken_on": taken_on, "added_by": by}
    return Capture.objects.get_or_create(
        source=source, sha256=sha256, defaults={**said, "may_be_published": may_be_published}
    )


def _read(capture):
    """The bytes of a Capture. Raises NotKept where they are not there, or are no longer those that were kept."""
    try:
        content = path_of(capture.sha256, capture.media_type).read_bytes()
    except OSError as error:
        said = {"sha": capture.sha256, "why": error.strerror}
        raise NotKept(_("The file %(sha)s cannot be read: %(why)s.") % said) from error
    found = hashlib.sha256(content).hexdigest()
    if found != capture.sha256:
        said = {"sha": capture.sha256, "found": found}
        raise NotKept(_("The file %(sha)s has other bytes, with the SHA-256 %(found)s.") % said)
    return content


def problem(capture):
    """What is wrong with the file of a Capture, a sentence; '' where it is there with its SHA-256."""
    try:
        _read(capture)
    except NotKept as error:
        return str(error)
    return ""


def download(capture):
    """The answer that hands a Capture out: as a file to save, that no browser runs or guesses about.

    Raises NotKept where the file is not there, or not with its SHA-256.
    """
    # Read whole, which its size allows: what is handed out is what was kept.
    response = HttpResponse(_read(capture), content_type=capture.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=capture.file_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response
