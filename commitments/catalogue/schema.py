"""The shape of the catalogue's records: which fields each has, and what each field may hold.

``fixtures/sco/README.md`` says the same in prose; a test holds the two together.
"""

from dataclasses import dataclass

from commitments.choices import (
    Basis,
    Bearing,
    Body,
    Checkable,
    ClosureReason,
    Confidence,
    Kind,
    Obligation,
    PartyKind,
    Role,
    SourceKind,
    Stage,
    Status,
    Terms,
)

from .values import (
    address,
    day,
    flag,
    key,
    language,
    not_negative,
    one_of,
    partial_day,
    party_code,
    positive,
    score,
    short,
    source_key,
    text,
)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and how to mend it."""

    file: str
    key: str
    field: str
    value: object
    mend: str

    def __str__(self):
        shown = "" if self.value is None else f" “{str(self.value)[:80]}”"
        return f"{self.file}: {self.key}: {self.field}{shown}: {self.mend}"


@dataclass(frozen=True)
class Field:
    """How one field is checked: whether it may be null or absent, and whether it is a list, or a record of a kind."""

    check: object
    null: bool = False
    absent: bool = False
    many: bool = False
    record: str = ""


def optional(check):
    """A field that may be null."""
    return Field(check, null=True)


def keys(check):
    """A list without repetition."""
    return Field(check, many=True)


def rows(kind):
    """A list of records of another kind."""
    return Field(None, many=True, record=kind)


TITLE_NOTES = [
    ("our description; the page's own title was not seen", ""),
    ("taken from the page's address; the page's own title was not seen", ""),
]

RECORDS = {
    "themes": {"key": Field(key), "name": Field(short(100))},
    "parties": {
        "code": Field(party_code),
        "name": Field(short(200)),
        "short_name": Field(short(100)),
        "kind": Field(one_of(PartyKind)),
        "name_ru": optional(short(100)),
        "name_zh": optional(short(100)),
        "stands_for_members": Field(flag, absent=True),
        "memberships": rows("memberships"),
    },
    "memberships": {
        "role": Field(one_of(Role)),
        "since": Field(partial_day),
        "until": optional(partial_day),
        "decided": optional(partial_day),
        "source": Field(source_key),
        "note": optional(text),
    },
    "summits": {
        "key": Field(key),
        "name": Field(short(200)),
        "body": Field(one_of(Body)),
        "date": Field(day),
        "end_date": optional(day),
        "place": Field(short(100)),
        "country": Field(party_code),
        "source": optional(source_key),
    },
    "sources": {
        "key": Field(source_key),
        "title": Field(short(500)),
        "title_note": optional(one_of(TITLE_NOTES)),
        "publisher": Field(short(200)),
        "issuer": optional(party_code),
        "url": optional(address),
        "archived_url": optional(address),
        "published": optional(partial_day),
        "kind": Field(one_of(SourceKind)),
        "language": Field(language),
        "terms": Field(one_of(Terms)),
        "usage": optional(text),
    },
    "commitments": {
        "key": Field(key),
        "title": Field(short(200)),
        "summary": Field(text),
        "basis": Field(one_of(Basis)),
        "obligation": Field(one_of(Obligation)),
        "checkable": Field(one_of(Checkable)),
        "checkable_note": Field(text),
        "summit": optional(key),
        "made_on": Field(day),
        "theme": Field(key),
        "kind": Field(one_of(Kind)),
        "pledged_by": keys(party_code),
        "beneficiaries": keys(party_code),
        "target": Field(None, null=True, record="target"),
        "due": optional(day),
        "responsible": optional(short(300)),
        "source": Field(source_key),
        "locator": optional(short(300)),
        "in_seed": Field(flag),
        "related": keys(key),
        "restates": keys(key),
        "superseded_by": optional(key),
        "note": optional(text),
    },
    "target": {"quantity": Field(positive), "unit": Field(short(50)), "measure": Field(short(200))},
    "assessments": {
        "key": Field(text),
        "commitment": Field(key),
        "as_of": Field(day),
        "status": Field(one_of(Status.assessable())),
        "stage": optional(one_of(Stage)),
        "closure_reason": optional(one_of(ClosureReason)),
        "progress": optional(not_negative),
        "rationale": Field(text),
        "confidence": optional(one_of(Confidence)),
        "evidence": rows("evidence"),
        "search_log": Field(None, absent=True, many=True, record="search_log"),
        "below_rule": Field(text, absent=True),
        "note": Field(text, absent=True),
        "correction_reason": Field(text, absent=True),
    },
    "evidence": {
        "source": Field(source_key),
        "shows": Field(text),
        "bearing": Field(one_of(Bearing)),
        "locator": optional(short(300)),
    },
    "search_log": {"where": Field(text), "language": Field(language), "when": Field(day), "found": Field(text)},
    "member_scores": {
        "assessment": Field(text),
        "party": Field(party_code),
        "score": Field(score),
        "rationale": Field(text),
        "source": Field(source_key),
    },
    "replies": {
        "key": Field(text),
        "assessment": Field(text),
        "party": Field(party_code),
        "date": Field(day),
        "text": Field(text),
        "source": Field(source_key),
    },
}


def name_of(kind, row):
    """What to call a record in a message: its key, or what it hangs on."""
    if kind == "member_scores":
        return f"{row.get('assessment')} {row.get('party')}"
    return str(row.get("code") or row.get("key") or "(no key)")


def check_record(kind, row, file, name, prefix=""):
    """Yield a Problem for every field of ``row`` (a mapping) that is missing, unknown or of the wrong form."""
    fields = RECORDS[kind]
    for unknown in [field for field in row if field not in fields]:
        yield Problem(file, name, f"{prefix}{unknown}", None, f"is not a field of {kind}; take it out")
    for field_name, field in fields.items():
        label = f"{prefix}{field_name}"
        if field_name not in row:
            if not field.absent:
                yield Problem(file, name, label, None, "is missing; write null where it is not known")
            continue
        yield from _check_value(field, row[field_name], file, name, label)


def _check_value(field, value, file, name, label):
    if value is None:
        if not field.null:
            yield Problem(file, name, label, None, "write a list, [] for none" if field.many else "must not be null")
    elif field.many:
        yield from _check_list(field, value, file, name, label)
    elif field.record:
        if not isinstance(value, dict):
            yield Problem(file, name, label, value, f"write {', '.join(RECORDS[field.record])} under it, or null")
        else:
            yield from check_record(field.record, value, file, name, prefix=f"{label}.")
    else:
        mend = field.check(value)
        if mend:
            yield Problem(file, name, label, value, mend)


def _check_list(field, value, file, name, label):
    if not isinstance(value, list):
        yield Problem(file, name, label, value, "write a list, [] for none")
        return
    for number_in_list, one in enumerate(value, 1):
        place = f"{label} {number_in_list}"
        if field.record and not isinstance(one, dict):
            yield Problem(file, name, place, one, f"write {', '.join(RECORDS[field.record])} in it")
        elif field.record:
            yield from check_record(field.record, one, file, name, prefix=f"{place}, ")
        else:
            mend = field.check(one)
            if mend:
                yield Problem(file, name, place, one, mend)
    if not field.record and len({str(one) for one in value}) < len(value):
        yield Problem(file, name, label, ", ".join(map(str, value)), "names something twice; keep one")
