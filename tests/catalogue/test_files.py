"""Reading a folder: what is no catalogue is said in sentences, and never raises."""

import datetime

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.catalogue.files import read

TODAY = datetime.date(2026, 11, 24)


def problems(folder):
    return [str(problem) for problem in read(folder, TODAY).problems]


def test_sound_folder_has_no_problem_and_every_record(catalogue):
    found = read(catalogue.write(), TODAY)

    assert found.problems == []
    assert {kind: len(rows) for kind, rows in found.records.items()} == {
        "themes": 2, "parties": 3, "summits": 1, "sources": 3, "member_scores": 1, "replies": 1, "commitments": 2,
        "assessments": 2,
    }  # fmt: skip


def test_themes_may_be_absent(catalogue):
    folder = catalogue.write()
    (folder / "themes.yaml").unlink()

    assert problems(folder) == []


def test_files_are_read_in_the_order_of_the_themes(catalogue):
    found = read(catalogue.write(), TODAY)

    assert [row["key"] for row in found.records["commitments"]] == ["wells", "bridges"]


def test_missing_folder_is_named(tmp_path):
    assert problems(tmp_path / "nowhere") == [
        f"{tmp_path / 'nowhere'}: -: folder: there is no such folder; name another"
    ]


def test_empty_folder_names_each_missing_file(tmp_path):
    assert problems(tmp_path) == [
        "parties.yaml: -: file: is missing",
        "summits.yaml: -: file: is missing",
        "sources.yaml: -: file: is missing",
        "member_scores.yaml: -: file: is missing",
        "replies.yaml: -: file: is missing",
        "commitments/: -: file: none is there; add <theme>.yaml",
        "assessments/: -: file: none is there; add <theme>.yaml",
    ]


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("replies: [", "is not sound YAML"),
        ("replies:\n  - key: a\n    key: b\n", "the field “key” stands twice"),
        ("replies:\n  - ? [a]\n    : b\n", "the name of a field is a text"),
        ("replies:\n  - !!python/object:os.system {}\n", "is not sound YAML"),
        ("", "must hold one list under “replies:”"),
        ("- key: a\n", "must hold one list under “replies:”"),
        ("replies: none\n", "must hold one list under “replies:”"),
        ("replies: []\nscores: []\n", "must hold one list under “replies:”"),
        ("replies: [answer]\n", "must be a record with fields"),
        ("replies:\n  - &a {key: *a}\n", "write a text that is not empty"),
    ],
)
def test_file_of_wrong_form_is_named_with_what_is_wrong(catalogue, text, mend):
    folder = catalogue.write()
    (folder / "replies.yaml").write_text(text, encoding="utf-8")

    found = problems(folder)

    assert found
    assert all(line.startswith("replies.yaml: ") for line in found)
    assert any(mend in line for line in found)


def test_file_that_is_no_text_is_named(catalogue):
    folder = catalogue.write()
    (folder / "replies.yaml").write_bytes(b"replies: \xff\xfe")

    (found,) = problems(folder)
    assert found.startswith("replies.yaml: -: file: cannot be read: ")


def test_file_that_does_not_belong_is_named(catalogue):
    folder = catalogue.write()
    (folder / "notes.yml").write_text("notes: []", encoding="utf-8")
    (folder / "README.md").write_text("Any text may stand beside the files.", encoding="utf-8")

    assert problems(folder) == ["notes.yml: -: file: is not part of the catalogue; take it out"]


def test_day_that_no_calendar_has_is_a_problem_of_its_field(catalogue):
    folder = catalogue.write()
    path = folder / "summits.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2005-07-06", "2005-02-30"), encoding="utf-8")

    assert problems(folder) == ["summits.yaml: town-2005: end_date “2005-02-30”: write a day as YYYY-MM-DD"]


def test_everything_wrong_is_said_at_once(catalogue):
    catalogue.find("parties", "XA")["kind"] = "country"
    catalogue.find("sources", "report")["language"] = "English"
    catalogue.find("assessments", "wells/2006-06-15")["status"] = "done"
    catalogue.find("commitments", "bridges")["summit"] = "town-1999"
    del catalogue.find("replies", "wells/XB/2006-07-01")["text"]
    folder = catalogue.write()
    (folder / "notes.yaml").write_text("notes: []", encoding="utf-8")

    files = {line.split(": ")[0] for line in problems(folder)}
    assert files == {
        "parties.yaml",
        "sources.yaml",
        "assessments/water.yaml",
        "commitments/roads.yaml",
        "replies.yaml",
        "notes.yaml",
    }


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.dates(), st.datetimes(),
    st.lists(st.text(max_size=3), max_size=2), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_value_in_any_field_makes_reading_raise(catalogue, data):
    """Whatever stands in a record, the answer is a list of sentences."""
    kind = data.draw(st.sampled_from(sorted(catalogue.records)))
    number = data.draw(st.integers(0, len(catalogue.records[kind]) - 1))
    row = catalogue.records[kind][number]
    folder = catalogue.write()
    path = next(path for path in folder.rglob("*.yaml") if path.name == f"{kind}.yaml" or path.parent.name == kind)
    name = data.draw(st.sampled_from(sorted(row)))
    before, row[name] = row[name], data.draw(VALUES)
    try:
        path.write_text(yaml.safe_dump({kind: [row]}, allow_unicode=True), encoding="utf-8")
        found = problems(folder)
    finally:
        row[name] = before

    assert all(line.endswith(line.strip()) and ": " in line for line in found)
