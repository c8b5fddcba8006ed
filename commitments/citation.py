"""How to cite a page or a file of ours: declared once, written as text, BibTeX, CSL-JSON and RIS."""

import datetime
import hashlib
import json
import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commitments.moment import PARAMETERS as CLOCKS

WEBPAGE, DATASET = "webpage", "dataset"


@dataclass(frozen=True)
class Dataset:
    """A file that can be cited: its title, and the page (by the name of its address) whose title a narrowed one has."""

    title: str
    page: str = ""


# The name of a file's address -> how it is cited.
DATASETS = {
    "commitment-csv": Dataset(_lazy("Commitments"), "commitment-list"),
    "change-csv": Dataset(_lazy("What changed"), "change-list"),
    "between-csv": Dataset(_lazy("Two moments compared"), "between"),
    "score-csv": Dataset(_lazy("Scores of single members"), "score-matrix"),
}


@dataclass(frozen=True)
class Citation:
    """What every form of a citation says.

    ``url`` names both clocks, so it gives the same answer for ever; ``issued`` is the day of its edition, ``day`` the
    day the facts describe, ``kind`` WEBPAGE or DATASET. The organisation is the author and the publisher.
    """

    title: str
    url: str
    edition: int
    day: datetime.date
    issued: datetime.date
    kind: str = WEBPAGE

    @property
    def organisation(self):
        return settings.ORGANISATION

    @property
    def site(self):
        return settings.SITE_NAME

    @property
    def version(self):
        """The edition and the day, in words."""
        return _("edition %(number)s, as of %(day)s") % {
            "number": self.edition,
            "day": date_format(self.day, "j F Y"),
        }

    @property
    def text(self):
        """The citation as a line of text."""
        parts = (self.organisation, f"“{_one_line(self.title)}”", self.site, self.version, self.url)
        return ", ".join(parts)

    @property
    def key(self):
        """A key for reference managers: the address in letters, digits and hyphens, with both clocks."""
        address = urlsplit(self.url)
        words = "-".join(re.findall(r"[A-Za-z0-9]+", address.path)) or "home"
        narrowed = [part for part in address.query.split("&") if part.split("=")[0] not in CLOCKS]
        if narrowed:
            words += "-" + hashlib.sha256("&".join(narrowed).encode()).hexdigest()[:8]
        return f"{words}-{self.day.isoformat()}-edition-{self.edition}"


def cite(*, title, root, path, parameters, moment, kind=WEBPAGE):
    """The Citation of an address of ours at a Moment, or None before anything was published.

    ``root`` is the scheme and host, ``parameters`` [(name, value)] of what narrows the page; page numbers and empty
    values fall away, the clocks are written last.
    """
    if not moment.edition:
        return None
    kept = [(name, value) for name, value in parameters if value and name not in (*CLOCKS, "page")]
    url = f"{root}{path}?{urlencode([*kept, *moment.pinned.items()])}"
    return Citation(str(title), url, moment.edition, moment.as_of, moment.edition_day, kind)


def moved(citation, path, kind=DATASET):
    """The same citation for another address with the same parameters: the file behind a page."""
    before = urlsplit(citation.url)
    return replace(citation, url=before._replace(path=path).geturl(), kind=kind)


def _one_line(text):
    return " ".join(text.split())


# What LaTeX would read as a command. Braces by name: BibTeX counts a brace also after a backslash.
LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)


def _latex(text):
    return _one_line(text).translate(LATEX)


def bibtex(citation):
    """The citation as one BibTeX entry in UTF-8, for BibTeX and biblatex alike."""
    issued = citation.issued
    fields = {
        # A second pair of braces: an organisation has no first name, and a title keeps its capitals.
        "author": f"{{{_latex(citation.organisation)}}}",
        "title": f"{{{_latex(citation.title)}}}",
        "howpublished": _latex(citation.site),
        "publisher": _latex(citation.organisation),
        "year": str(issued.year),
        "month": issued.strftime("%m").lstrip("0"),
        "day": str(issued.day),
        "version": str(citation.edition),
        "note": _latex(citation.version[:1].upper() + citation.version[1:]),
        # As it is: a field that no style typesets, and percent signs are part of it.
        "url": citation.url,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{citation.key},", *lines, "}", ""])


def csl_json(citation):
    """The citation as a CSL-JSON document: a list with one item."""
    issued = citation.issued
    item = {
        "id": citation.key,
        "type": citation.kind,
        "title": _one_line(citation.title),
        "author": [{"literal": _one_line(citation.organisation)}],
        "container-title": _one_line(citation.site),
        "publisher": _one_line(citation.organisation),
        "issued": {"date-parts": [[issued.year, issued.month, issued.day]]},
        "version": str(citation.edition),
        "note": citation.version,
        "language": "en",
        "URL": citation.url,
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def ris(citation):
    """The citation as one RIS record, with the line ends the format asks for."""
    lines = [
        ("TY", "DATA" if citation.kind == DATASET else "ELEC"),
        ("ID", citation.key),
        ("AU", citation.organisation),
        ("TI", citation.title),
        ("T2", citation.site),
        ("PB", citation.organisation),
        ("PY", str(citation.issued.year)),
        ("DA", citation.issued.strftime("%Y/%m/%d")),
        ("ET", str(citation.edition)),
        ("N1", citation.version),
        ("LA", "en"),
        ("UR", citation.url),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in lines)


@dataclass(frozen=True)
class Style:
    """One form of a citation: its name for readers, how to write it, and how it is served."""

    label: str
    write: object
    content_type: str


STYLES = {
    "bib": Style("BibTeX", bibtex, "application/x-bibtex; charset=utf-8"),
    "json": Style("CSL-JSON", csl_json, "application/vnd.citationstyles.csl+json"),
    "ris": Style("RIS", ris, "application/x-research-info-systems; charset=utf-8"),
}
