"""The form of each field, and that the README, the schema and the columns agree on it."""

import datetime
import re
from pathlib import Path

import pytest
from django.db.models import CharField

from commitments import models
from commitments.catalogue.schema import RECORDS, Problem, check_record

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sco"
COLUMNS = {
    "themes": (models.Theme, {"key": "slug"}),
    "parties": (models.Party, {}),
    "summits": (models.Summit, {}),
    "sources": (models.Source, {}),
    "commitments": (models.Commitment, {"key": "slug"}),
    "target": (models.Commitment, {"unit": "target_unit", "measure": "target_measure"}),
    "evidence": (models.Evidence, {}),
}


def problems(kind, row):
    return [str(problem) for problem in check_record(kind, row, "file.yaml", "record")]


def field_problems(kind, name, value):
    """What is wrong with one field of a record in which the others are missing."""
    return [problem for problem in problems(kind, {name: value}) if "is missing" not in problem]


def test_problem_names_file_record_field_value_and_mend():
    problem = Problem("assessments/water.yaml", "wells/2006-06-15", "status", "done", "use one of a, b")

    assert str(problem) == "assessments/water.yaml: wells/2006-06-15: status “done”: use one of a, b"


def test_problem_without_value_leaves_it_out():
    assert str(Problem("parties.yaml", "XA", "name", None, "is missing")) == "parties.yaml: XA: name: is missing"


def test_long_value_is_cut():
    assert len(str(Problem("f", "k", "n", "x" * 500, "shorten it"))) < 120


@pytest.mark.parametrize(
    ("kind", "name", "value", "mend"),
    [
        ("parties", "code", "xa", "use capital letters, for a state its ISO 3166-1 alpha-2 code"),
        ("parties", "kind", "country", "use one of state, organisation"),
        ("parties", "name", "", "write a text that is not empty"),
        ("parties", "name", 5, "write a text that is not empty"),
        ("parties", "name", "State ", "take the blanks at its ends away"),
        ("parties", "stands_for_members", "yes", "write true or false"),
        ("parties", "memberships", None, "write a list, [] for none"),
        ("parties", "memberships", "member", "write a list, [] for none"),
        ("memberships", "since", "15 June 2001", "write a date as YYYY, YYYY-MM or YYYY-MM-DD"),
        ("memberships", "since", "2001-13", "write a date as YYYY, YYYY-MM or YYYY-MM-DD"),
        ("memberships", "since", True, "write a date as YYYY, YYYY-MM or YYYY-MM-DD"),
        ("memberships", "role", "guest", "use one of member, observer, dialogue-partner, partner"),
        ("summits", "key", "Town_2005", "use lower-case letters and digits in words joined by single hyphens"),
        ("summits", "key", "town--2005", "use lower-case letters and digits in words joined by single hyphens"),
        ("summits", "date", "2005-07-05", "write a day as YYYY-MM-DD"),
        ("summits", "date", datetime.datetime(2005, 7, 5, 12, tzinfo=datetime.UTC), "write a day as YYYY-MM-DD"),
        ("sources", "url", "ftp://example.org", "write an address that begins with http:// or https://"),
        ("sources", "language", "English", "use an ISO 639 code such as en, ru or zh"),
        ("sources", "terms", "closed", "use one of open, no_quotation, no_citation"),
        ("sources", "title_note", "ours", "use one of our description; the page's own title was not seen, "),
        ("commitments", "in_seed", "yes", "write true or false"),
        ("commitments", "in_seed", 1, "write true or false"),
        ("commitments", "checkable", True, "use one of yes, partly, no"),
        ("commitments", "pledged_by", ["XA", "XA"], "names something twice; keep one"),
        ("commitments", "pledged_by", "XA", "write a list, [] for none"),
        ("commitments", "target", 5, "write quantity, unit, measure under it, or null"),
        ("target", "quantity", "12", "write a number, without quotes, blanks or a unit"),
        ("target", "quantity", True, "write a number, without quotes, blanks or a unit"),
        ("target", "quantity", 0, "write a number above 0"),
        ("target", "quantity", float("nan"), "write a number of 15 digits at most"),
        ("target", "quantity", 1e20, "write a number of 15 digits at most"),
        ("target", "quantity", 0.00001, "write four decimal places at most"),
        ("assessments", "status", "done", "use one of fulfilled, partly_fulfilled, in_progress"),
        ("assessments", "status", "not_assessed", "use one of fulfilled, partly_fulfilled, in_progress"),
        ("assessments", "progress", -1, "write a number that is not below 0"),
        ("assessments", "below_rule", None, "must not be null"),
        ("member_scores", "score", True, "write -1, 0 or 1"),
        ("member_scores", "score", 2, "write -1, 0 or 1"),
    ],
)
def test_field_of_wrong_form_is_refused_with_what_to_do(kind, name, value, mend):
    found = field_problems(kind, name, value)

    assert len(found) == 1
    assert found[0].startswith(f"file.yaml: record: {name}")
    assert mend in found[0]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("memberships", "since", 2015),
        ("memberships", "since", "2015-09"),
        ("memberships", "since", datetime.date(2015, 9, 24)),
        ("memberships", "until", None),
        ("sources", "published", "2006-09-15"),
        ("target", "quantity", 0.0001),
        ("target", "quantity", 999_999_999_999_999),
        ("target", "quantity", 12_345_678_901.2345),
        ("assessments", "progress", 0),
        ("assessments", "search_log", []),
        ("commitments", "pledged_by", []),
        ("member_scores", "score", -1),
    ],
)
def test_field_of_right_form_is_taken(kind, name, value):
    assert field_problems(kind, name, value) == []


def test_missing_and_unknown_fields_are_both_named():
    found = problems("themes", {"key": "water", "colour": "blue"})

    assert found == [
        "file.yaml: record: colour: is not a field of themes; take it out",
        "file.yaml: record: name: is missing; write null where it is not known",
    ]


def test_problem_in_a_row_names_its_place():
    evidence = [{"source": "report", "bearing": "for", "locator": None}, "report"]

    found = [problem for problem in problems("assessments", {"evidence": evidence}) if ": evidence" in problem]

    assert found == [
        "file.yaml: record: evidence 1, shows: is missing; write null where it is not known",
        "file.yaml: record: evidence 1, bearing “for”: use one of supports, contradicts, context",
        "file.yaml: record: evidence 2 “report”: write source, shows, bearing, locator in it",
    ]


def test_text_longer_than_its_column_is_refused_before_the_database_would():
    checked = 0
    for kind, (model, names) in COLUMNS.items():
        for name, field in RECORDS[kind].items():
            column = names.get(name, name)
            column = next((one for one in model._meta.local_fields if one.name == column), None)
            if not isinstance(column, CharField) or column.choices or name in ("language", "title_note", "published"):
                continue
            checked += 1
            longest = "a" * column.max_length
            if name.endswith("url"):
                longest = "https://".ljust(column.max_length, "a")
            if name == "code":
                longest = longest.upper()
            assert field.check(longest) is None, (kind, name)
            assert field.check(longest + longest[-1]) is not None, (kind, name)
    assert checked >= 20


def described():
    """The fields that the README describes, by kind, in its order."""
    found = {}
    for section in re.split(r"^## ", (FIXTURES / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| (\w+) \|", section, re.MULTILINE)
        if rows:
            assert rows[0] == "field"
            found[section.split("\n", 1)[0]] = rows[1:]
    return found


def test_readme_describes_every_field_and_no_other():
    assert described() == {kind: list(fields) for kind, fields in RECORDS.items()}


def test_readme_names_every_value_of_every_vocabulary():
    text = (FIXTURES / "README.md").read_text(encoding="utf-8")
    vocabularies = [
        getattr(models, name)._meta.get_field(field).choices
        for name, field in (
            ("Party", "kind"), ("Membership", "role"), ("Summit", "body"), ("Source", "kind"), ("Source", "terms"),
            ("Commitment", "basis"), ("Commitment", "obligation"), ("Commitment", "checkable"), ("Commitment", "kind"),
            ("Assessment", "status"), ("Assessment", "stage"), ("Assessment", "closure_reason"),
            ("Assessment", "confidence"), ("Evidence", "bearing"),
        )
    ]  # fmt: skip
    values = [value for vocabulary in vocabularies for value, _label in vocabulary]

    assert len(values) > 60
    assert [value for value in values if not re.search(rf"\b{value}\b", text)] == []
