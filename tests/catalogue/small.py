"""A small artificial catalogue: two states, an organisation, one summit, two promises, and what came of them."""

import copy
import datetime

import pytest
import yaml

from commitments.catalogue.loader import load

DAY = datetime.date(2005, 7, 5)

RECORDS = {
    "themes": [{"key": "water", "name": "Water"}, {"key": "roads", "name": "Roads"}],
    "parties": [
        {
            "code": code,
            "name": f"Republic {code}",
            "short_name": f"State {code}",
            "kind": "state",
            "name_ru": f"Страна {code}",
            "name_zh": f"国{code}",
            "memberships": [
                {
                    "role": "member",
                    "since": datetime.date(2001, 6, 15),
                    "until": None,
                    "decided": "2001-06",
                    "source": "charter",
                    "note": None,
                }
            ],
        }
        for code in ("XA", "XB")
    ]
    + [
        {
            "code": "ORG",
            "name": "Organisation A",
            "short_name": "Organisation",
            "kind": "organisation",
            "name_ru": "Организация",
            "name_zh": "组织",
            "memberships": [],
        }
    ],
    "summits": [
        {
            "key": "town-2005",
            "name": "Town A 2005",
            "body": "heads-of-state",
            "date": DAY,
            "end_date": datetime.date(2005, 7, 6),
            "place": "Town A",
            "country": "XA",
            "source": None,
        }
    ],
    "sources": [
        {
            "key": key,
            "title": f"Title {key}",
            "title_note": None,
            "publisher": f"Publisher {key}",
            "issuer": issuer,
            "url": f"https://example.org/{key}",
            "archived_url": None,
            "published": "2005-07",
            "kind": kind,
            "language": "en",
            "terms": terms,
            "usage": None,
        }
        for key, kind, issuer, terms in (
            ("charter", "official-document", "ORG", "open"),
            ("paper", "academic", None, "no_citation"),
            ("report", "news", None, "open"),
        )
    ],
    "commitments": [
        {
            "key": key,
            "title": f"Promise {key}",
            "summary": f"State XA promised {key}.",
            "basis": "leader-pledge",
            "obligation": "one_off",
            "checkable": "yes",
            "checkable_note": "It can be counted.",
            "summit": "town-2005",
            "made_on": DAY,
            "theme": theme,
            "kind": "finance",
            "pledged_by": pledged_by,
            "beneficiaries": ["XB"],
            "target": target,
            "due": datetime.date(2030, 1, 1),
            "responsible": None,
            "source": "charter",
            "locator": "section 3",
            "in_seed": seed,
            "related": related,
            "restates": [],
            "superseded_by": None,
            "note": None,
        }
        for key, theme, pledged_by, target, seed, related in (
            ("wells", "water", ["ORG"], {"quantity": 12.5, "unit": "USD", "measure": "money lent"}, True, ["bridges"]),
            ("bridges", "roads", ["XA"], None, False, []),
        )
    ],
    "assessments": [
        {
            "key": "wells/2006-06-15",
            "commitment": "wells",
            "as_of": datetime.date(2006, 6, 15),
            "status": "in_progress",
            "stage": "agreed",
            "closure_reason": None,
            "progress": 2.25,
            "rationale": "The loan was signed.",
            "confidence": "high",
            "evidence": [
                {"source": "charter", "shows": "It names the loan.", "bearing": "supports", "locator": "page 2"},
                {"source": "paper", "shows": "It doubts the loan.", "bearing": "contradicts", "locator": None},
            ],
            "note": "One loan of two.",
        },
        {
            "key": "bridges/2006-06-15",
            "commitment": "bridges",
            "as_of": datetime.date(2006, 6, 15),
            "status": "no_evidence",
            "stage": None,
            "closure_reason": None,
            "progress": None,
            "rationale": "Nothing was found.",
            "confidence": None,
            "evidence": [],
            "search_log": [
                {
                    "where": "Archive A",
                    "language": "en",
                    "when": datetime.date(2026, 11, 23),
                    "found": "Nothing on it.",
                }
            ],
        },
    ],
    "member_scores": [
        {
            "assessment": "wells/2006-06-15",
            "party": "XA",
            "score": 1,
            "rationale": "It paid.",
            "source": "report",
        }
    ],
    "replies": [
        {
            "key": "wells/XB/2006-07-01",
            "assessment": "wells/2006-06-15",
            "party": "XB",
            "date": datetime.date(2006, 7, 1),
            "text": "It said that the loan is late.",
            "source": "report",
        }
    ],
}


class Catalogue:
    """Records that a test may change, and a folder to write them to."""

    def __init__(self, folder):
        self.folder = folder
        self.records = copy.deepcopy(RECORDS)

    def find(self, kind, key):
        """The record of that key; for a party its code, for a score its assessment."""
        names = {"parties": "code", "member_scores": "assessment"}
        return next(row for row in self.records[kind] if row[names.get(kind, "key")] == key)

    def add(self, kind, key, /, **changes):
        """A copy of the record of that key with other values, put at the end."""
        row = copy.deepcopy(self.find(kind, key)) | changes
        self.records[kind].append(row)
        return row

    def write(self):
        """Write the files afresh; those of commitments and assessments go by theme."""
        for path in self.folder.rglob("*.yaml"):
            path.unlink()
        themes = {row["key"]: row["theme"] for row in self.records["commitments"]}
        files = {}
        for kind, rows in self.records.items():
            for row in rows:
                name = f"{kind}.yaml"
                if kind in ("commitments", "assessments"):
                    name = f"{kind}/{themes[row.get('commitment', row['key'])]}.yaml"
                files.setdefault(name, {kind: []})[kind].append(row)
            if kind not in ("commitments", "assessments", "themes"):
                files.setdefault(f"{kind}.yaml", {kind: []})
        for name, data in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return self.folder

    def load(self, **options):
        """Write the files and load them; returns the Report."""
        return load(self.write(), **options)


@pytest.fixture
def catalogue(tmp_path):
    """The small catalogue, in a folder of its own."""
    return Catalogue(tmp_path / "small")
