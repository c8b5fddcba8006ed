"""What must hold between the catalogue's records: references, order of days, the evidence rule."""

import datetime
import re

from commitments.addresses import normalised
from commitments.choices import CLOSING_STATUSES, OFFICIAL_KINDS, Basis, Bearing, Confidence, Kind, Status
from commitments.models.fields import span
from commitments.models.ledger import QUOTATION_MARKS
from commitments.quality import evidence_breach

from .countries import STATES
from .schema import RECORDS, Problem, name_of

TITLE_WORDS = 10
# The dates that may be as short as a year.
PARTIAL = ("published", "since", "decided")
# A deadline, and the day on which a role is known to end.
MAY_LIE_AHEAD = ("due", "until")
# How each kind of record is named, and which fields point to which kind.
IDENTITY = {"themes": "key", "parties": "code", "summits": "key", "sources": "key", "commitments": "key",
            "assessments": "key", "replies": "key"}  # fmt: skip
POINTS = {
    "summits": {"country": "parties", "source": "sources"},
    "sources": {"issuer": "parties"},
    "memberships": {"source": "sources"},
    "commitments": {"summit": "summits", "source": "sources", "pledged_by": "parties", "beneficiaries": "parties",
                    "related": "commitments", "restates": "commitments", "superseded_by": "commitments"},
    "assessments": {"commitment": "commitments"},
    "evidence": {"source": "sources"},
    "member_scores": {"assessment": "assessments", "party": "parties", "source": "sources"},
    "replies": {"assessment": "assessments", "party": "parties", "source": "sources"},
}  # fmt: skip


def check_rules(catalogue, sound, today):
    """Append to ``catalogue.problems`` everything that is wrong between records; ``sound`` are the ids to look at."""
    _from_the_future(catalogue, sound, today)
    index = _index(catalogue)
    checks = {"parties": _party, "summits": _summit, "sources": _source, "commitments": _commitment,
              "assessments": _assessment, "member_scores": _score, "replies": _reply}  # fmt: skip
    for kind, rows in catalogue.records.items():
        for row in rows:
            if id(row) not in sound:
                continue
            _references(catalogue, index, kind, row, row)
            if kind in checks:
                checks[kind](catalogue, index, sound, row)
    _once(catalogue, sound)


def _index(catalogue):
    """The records by kind and key; says which keys stand twice."""
    index = {}
    for kind, name in IDENTITY.items():
        index[kind] = {}
        for row in catalogue.records[kind]:
            if not isinstance(row.get(name), str):
                continue
            if row.get(name) in index[kind]:
                catalogue.report(row, kind, name, row.get(name), "stands twice; a key belongs to one record")
            index[kind].setdefault(row.get(name), row)
    return index


def _days(record):
    """Every day that is past for a record, nested ones included; a month or year by its first day."""
    for name, value in record.items():
        if name in MAY_LIE_AHEAD:
            continue
        if isinstance(value, datetime.date):
            yield value
        elif name in PARTIAL and value is not None:
            yield span(str(value))[0]
        for one in value if isinstance(value, list) else ():
            if isinstance(one, dict):
                yield from _days(one)


def _from_the_future(catalogue, sound, today):
    """Say once that the clock is behind the data, rather than for each of its days."""
    ahead = []
    for kind, rows in catalogue.records.items():
        for row in rows:
            if id(row) in sound:
                place = f"{catalogue.file_of(row)}: {name_of(kind, row)}"
                ahead += [(day, place) for day in _days(row) if day > today]
    if not ahead:
        return
    newest, place = max(ahead)
    mend = (
        f"the files speak of days up to {newest} ({place}), and this machine's clock says {today}. "
        "Set the clock right, or mend the day"
    )
    catalogue.problems.append(Problem(catalogue.folder.name, "-", "dates", None, mend))


def _references(catalogue, index, kind, row, record, prefix=""):
    for name, target in POINTS.get(kind, {}).items():
        value = record.get(name)
        for one in value if isinstance(value, list) else [value]:
            if one is not None and one not in index[target]:
                catalogue.report(row, _kind_of(catalogue, row), f"{prefix}{name}", one, f"is not among the {target}")
    for name, field in RECORDS[kind].items():
        if field.record and field.many:
            for number, one in enumerate(record.get(name) or [], 1):
                _references(catalogue, index, field.record, row, one, prefix=f"{name} {number}, ")


def _kind_of(catalogue, row):
    return next(kind for kind, rows in catalogue.records.items() if any(one is row for one in rows))


def _party(catalogue, index, sound, row):
    def bad(field, value, mend):
        catalogue.report(row, "parties", field, value, mend)

    if row["kind"] == "state" and row["code"] not in STATES:
        bad("code", row["code"], "use the ISO 3166-1 alpha-2 code of the state")
    before = None
    for number, role in enumerate(row["memberships"], 1):
        place = f"memberships {number}, "
        begin = span(str(role["since"]))
        end = span(str(role["until"])) if role["until"] is not None else None
        if end and end[1] < begin[0]:
            bad(f"{place}until", role["until"], "lies before “since”")
        if role["decided"] is not None and span(str(role["decided"]))[0] > begin[1]:
            bad(f"{place}decided", role["decided"], "lies after “since”")
        if number > 1 and before is None:
            bad(f"{place}since", role["since"], "the role above has no end; give it one, or put this one first")
        if before is not None and begin[1] < before:
            bad(f"{place}since", role["since"], "the role above has not ended by then")
        before = end[0] if end else None


def _summit(catalogue, index, sound, row):
    if row["end_date"] is not None and row["end_date"] <= row["date"]:
        catalogue.report(row, "summits", "end_date", row["end_date"], "must lie after the first day, or be null")


def _source(catalogue, index, sound, row):
    if row["issuer"] is not None and row["kind"] not in OFFICIAL_KINDS:
        catalogue.report(row, "sources", "issuer", row["issuer"], "only an official text has an issuer")


def _commitment(catalogue, index, sound, row):
    def bad(field, value, mend):
        catalogue.report(row, "commitments", field, value, mend)

    recommended = row["basis"] == Basis.ANALYST_RECOMMENDATION
    if len(row["title"].split()) > TITLE_WORDS:
        bad("title", row["title"], f"use {TITLE_WORDS} words or fewer")
    if index["themes"] and row["theme"] not in index["themes"]:
        bad("theme", row["theme"], f"use one of {', '.join(index['themes'])}, or add it to themes.yaml")
    if catalogue.file_of(row) != f"commitments/{row['theme']}.yaml":
        bad("theme", row["theme"], f"belongs in commitments/{row['theme']}.yaml")
    if bool(row["pledged_by"]) == recommended:
        bad("pledged_by", ", ".join(row["pledged_by"]), "is empty for an analyst's recommendation, and only there")
    _made_at(bad, index, sound, row)
    _links(bad, index, sound, row)


def _made_at(bad, index, sound, row):
    if row["due"] is not None and row["due"] < row["made_on"]:
        bad("due", row["due"], f"lies before the promise, made on {row['made_on']}")
    if row["summit"] is None and row["basis"] != Basis.ANALYST_RECOMMENDATION:
        bad("summit", None, "is missing; only an analyst's recommendation has none")
    meeting = index["summits"].get(row["summit"])
    if meeting and id(meeting) in sound:
        first, last = meeting["date"], meeting["end_date"] or meeting["date"]
        if not first <= row["made_on"] <= last:
            bad("made_on", row["made_on"], f"is not a day of {row['summit']}")


def _links(bad, index, sound, row):
    for name in ("related", "restates", "superseded_by"):
        for other in row[name] if isinstance(row[name], list) else [row[name]]:
            target = index["commitments"].get(other)
            if target is row:
                bad(name, other, "points to the commitment itself")
            elif target and id(target) in sound:
                if name == "restates" and target["made_on"] > row["made_on"]:
                    bad(name, other, "is younger; a commitment restates only an earlier one")
                if name == "superseded_by" and target["made_on"] < row["made_on"]:
                    bad(name, other, "is older; only a later commitment takes its place")


def _assessment(catalogue, index, sound, row):
    def bad(field, value, mend):
        catalogue.report(row, "assessments", field, value, mend)

    _key(catalogue, row, "assessments", f"{row['commitment']}/{row['as_of']}")
    parent = index["commitments"].get(row["commitment"])
    if not parent or id(parent) not in sound:
        return
    if catalogue.file_of(row) != f"assessments/{parent['theme']}.yaml":
        bad("commitment", row["commitment"], f"belongs in assessments/{parent['theme']}.yaml")
    if row["as_of"] < parent["made_on"]:
        bad("as_of", row["as_of"], f"lies before the promise, made on {parent['made_on']}")
    _judgement(bad, row, parent)
    _evidence(bad, index, row, parent)


def _judgement(bad, row, parent):
    silent = row["status"] == Status.NO_EVIDENCE
    if silent != (row["confidence"] is None):
        bad("confidence", row["confidence"], "is null with no_evidence, and only there")
    if row["stage"] is not None and parent["kind"] != Kind.FINANCE:
        bad("stage", row["stage"], f"is for finance only; the kind is {parent['kind']}")
    if row["closure_reason"] is not None and row["status"] not in CLOSING_STATUSES:
        bad("closure_reason", row["closure_reason"], f"goes with {' and '.join(CLOSING_STATUSES)} only")
    if row["closure_reason"] is None and row["status"] == Status.SUPERSEDED:
        bad("closure_reason", None, "superseded needs one")
    if row["progress"] is not None and parent["target"] is None:
        bad("progress", row["progress"], "the commitment has no target to measure it against")


def _evidence(bad, index, row, parent):
    found = [(one, index["sources"].get(one["source"])) for one in row["evidence"]]
    if any(source is None for _one, source in found):
        return
    _citations(bad, found)
    if row["status"] == Status.NO_EVIDENCE and row["evidence"]:
        bad("evidence", None, "no_evidence has no evidence rows")
    triples = [(one["bearing"], source.get("kind"), str(source.get("publisher"))) for one, source in found]
    official = any(bearing == Bearing.SUPPORTS and kind in OFFICIAL_KINDS for bearing, kind, _publisher in triples)
    if row["confidence"] == Confidence.HIGH and not official:
        bad("confidence", "high", "needs a supporting official source; use medium or low")
    breach = evidence_breach(
        status=row["status"],
        as_of=row["as_of"],
        due=parent["due"],
        closure_reason=row["closure_reason"],
        evidence=triples,
        searches=len(row.get("search_log") or []),
    )
    floor = row.get("search_log") if row["status"] == Status.NO_EVIDENCE else row["evidence"]
    if breach and not (row.get("below_rule") and floor):
        bad("status", row["status"], f"{breach} Add what is missing, or say under below_rule why it falls short")
    if row.get("below_rule") and not row["below_rule"].startswith(f"{row['status']} needs "):
        bad("below_rule", row["below_rule"], f"begin with “{row['status']} needs …”")


def _citations(bad, found):
    cited = [one["source"] for one, _source in found]
    twice = sorted({source for source in cited if cited.count(source) > 1})
    if twice:
        bad("evidence", ", ".join(twice), "is cited twice; join the rows")
    for number, (one, source) in enumerate(found, 1):
        for name in ("shows", "locator"):
            _quotation(bad, source, f"evidence {number}, {name}", one[name] or "")


def _quotation(bad, source, field, text):
    """Nothing is told between quotation marks of a source whose terms forbid quotation."""
    if source and source.get("terms") != "open" and any(mark in text for mark in QUOTATION_MARKS):
        bad(field, text, "the source forbids quotation; take the quotation marks out")


def _score(catalogue, index, sound, row):
    def bad(field, value, mend):
        catalogue.report(row, "member_scores", field, value, mend)

    _quotation(bad, index["sources"].get(row["source"]), "rationale", row["rationale"])


def _reply(catalogue, index, sound, row):
    def bad(field, value, mend):
        catalogue.report(row, "replies", field, value, mend)

    _quotation(bad, index["sources"].get(row["source"]), "text", row["text"])
    parent = index["assessments"].get(row["assessment"])
    if parent:
        _key(catalogue, row, "replies", f"{parent.get('commitment')}/{row['party']}/{row['date']}")


def _key(catalogue, row, kind, base):
    """A key says what it belongs to; of the numbers for more on one day some may be missing, as after corrections."""
    if not re.fullmatch(re.escape(base) + r"(-[2-9]|-[1-9][0-9]+)?", row["key"]):
        catalogue.report(row, kind, "key", row["key"], f"use {base}, or {base}-2 and so on for more on one day")


def _once(catalogue, sound):
    """Things that may stand once: an address, a summit's name, a member's score in one assessment."""
    seen = {}
    fields = {"sources": ("url", lambda row: row["url"] and normalised(row["url"])),
              "summits": ("name", lambda row: row["name"]),
              "member_scores": ("party", lambda row: (row["assessment"], row["party"]))}  # fmt: skip
    for kind, (field, identity) in fields.items():
        for row in catalogue.records[kind]:
            if id(row) in sound and identity(row):
                first = seen.setdefault((kind, identity(row)), row)
                if first is not row:
                    other = first.get("key", first.get("assessment"))
                    catalogue.report(row, kind, field, row[field], f"stands in {other} already; keep one")
