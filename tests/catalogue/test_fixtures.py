"""The catalogue that ships: complete, sound, and loaded whole."""

import collections
import datetime
import re
import tempfile
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.test import TestCase

from commitments import projection
from commitments.catalogue.dumper import dump
from commitments.catalogue.files import read
from commitments.catalogue.loader import load
from commitments.choices import OFFICIAL_KINDS, Bearing
from commitments.models import (
    Assessment,
    Commitment,
    Edition,
    Evidence,
    MemberScore,
    Membership,
    Party,
    Reply,
    Revision,
    SearchLogEntry,
    Source,
    Standing,
    Summit,
    Theme,
)
from commitments.moment import Moment
from tests.catalogue.real import FOLDER, records
from tests.conftest import NOW

COUNTS = {
    Theme: 5,
    Party: 29,
    Membership: 48,
    Summit: 33,
    Source: 447,
    Commitment: 106,
    Revision: 106,
    Assessment: 316,
    Evidence: 565,
    SearchLogEntry: 18,
    MemberScore: 79,
    Reply: 6,
    Edition: 1,
}
BY_THEME = {"security": 31, "economy": 38, "culture": 28, "institutions": 5, "external": 4}
# Lists of keys without an order of their own.
UNORDERED = ("pledged_by", "beneficiaries", "related", "restates")


@pytest.fixture(scope="module")
def rows():
    return records()


class TestLoaded(TestCase):
    """One load for all of these tests."""

    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOW, tick=False):
            cls.report = load(FOLDER)

    def test_every_record_arrives(self):
        assert {model: model.objects.count() for model in COUNTS} == COUNTS

    def test_every_commitment_stands_in_public_by_theme(self):
        standings = Standing.objects.at(Moment.now())

        counts = collections.Counter(standings.values_list("theme__slug", flat=True))

        assert counts == BY_THEME

    def test_themes_have_the_order_of_the_file(self):
        assert list(Theme.objects.values_list("slug", flat=True)) == list(BY_THEME)

    def test_everything_is_published_in_one_edition_of_origin_import(self):
        edition = Edition.objects.get()

        assert (edition.number, edition.origin, edition.file_set) == (1, "import", "sco")
        for model in (Revision, Assessment, Reply):
            assert model.objects.exclude(edition=edition).count() == 0

    def test_amount_promised_as_credit_is_stored_exactly(self):
        promised = Revision.objects.filter(target_quantity=900_000_000).values_list("target_unit", flat=True)

        assert list(promised) == ["USD"]

    def test_second_run_changes_nothing(self):
        report = load(FOLDER)

        assert report.edition is None
        assert report.new == {}
        assert report.unchanged == 5 + 29 + 48 + 33 + 447 + 106 + 316 + 6
        assert report.changed == report.revised == report.corrected == report.left_alone == report.not_in_files == []

    def test_rules_find_only_what_the_catalogue_declares(self):
        printed = StringIO()

        call_command("check_data", stdout=printed)

        lines = printed.getvalue().splitlines()
        assert sum("declared · " in line for line in lines) == 14
        assert lines[-1].endswith(" rules over 106 commitments and 316 assessments: 14 declared, 0 undeclared.")

    def test_read_model_is_what_the_ledger_says(self):
        assert not projection.compare()
        assert Standing.objects.count() > 106

    def test_source_that_may_not_be_cited_is_stored_whole(self):
        (source,) = Source.objects.filter(terms="no_citation")

        assert source.key == "pan-2006"
        assert source.title

    def test_dump_says_the_same_record_by_record(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "sco"
            counts = dump(folder)
            written, names = records(folder), {path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")}

        shipped = records()
        assert names == {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml")}
        assert counts == {kind: len(found) for kind, found in shipped.items()}
        compared = 0
        for kind, found in shipped.items():
            for one, other in zip(ordered(kind, found), ordered(kind, written[kind]), strict=True):
                compared += 1
                assert one == other
        assert compared == 5 + 29 + 33 + 447 + 106 + 316 + 79 + 6


def ordered(kind, rows):
    """Records by key, with their lists of keys in one order."""
    names = {"parties": "code", "member_scores": "assessment"}
    plain = [{name: sorted(value) if name in UNORDERED else value for name, value in row.items()} for row in rows]
    return sorted(plain, key=lambda row: (row[names.get(kind, "key")], str(row.get("party"))))


# The files by themselves


def test_files_have_no_problem(rows):
    found = read(FOLDER, datetime.date(2026, 11, 24))

    assert found.problems == []
    assert sum(len(kind) for kind in found.records.values()) == 5 + 29 + 33 + 447 + 106 + 316 + 79 + 6


def test_heads_of_state_met_once_in_each_year(rows):
    years = collections.Counter(row["date"].year for row in rows["summits"] if row["body"] != "heads-of-government")

    assert years == dict.fromkeys(range(1996, 2026), 1)


def test_summits_stand_in_the_order_of_their_days(rows):
    days = [row["date"] for row in rows["summits"]]

    assert len(days) == 33
    assert days == sorted(days)


def test_assessments_of_each_commitment_stand_in_the_order_of_their_days(rows):
    days = collections.defaultdict(list)
    for row in rows["assessments"]:
        days[row["commitment"]].append(row["as_of"])

    assert len(days) == 106
    assert [commitment for commitment, found in days.items() if found != sorted(found)] == []


def test_every_commitment_has_an_assessment(rows):
    assert {row["commitment"] for row in rows["assessments"]} == {row["key"] for row in rows["commitments"]}


def test_names_are_in_the_script_of_their_language(rows):
    assert len(rows["parties"]) == 29
    assert [row["code"] for row in rows["parties"] if not re.search("[а-яё]", row["name_ru"], re.IGNORECASE)] == []
    assert [row["code"] for row in rows["parties"] if not re.search("[\u4e00-\u9fff]", row["name_zh"])] == []


def test_every_party_has_a_role_or_a_part(rows):
    named = {row["country"] for row in rows["summits"]} | {row["issuer"] for row in rows["sources"]}
    for row in rows["commitments"]:
        named |= {*row["pledged_by"], *row["beneficiaries"]}
    for kind in ("member_scores", "replies"):
        named |= {row["party"] for row in rows[kind]}

    assert [row["code"] for row in rows["parties"] if row["code"] not in named and not row["memberships"]] == []


def test_titles_of_sources_are_the_pages_own(rows):
    assert [row["key"] for row in rows["sources"] if re.search(r"[\[\]]", row["title"])] == []


def test_high_confidence_rests_on_official_texts(rows):
    kinds = {row["key"]: row["kind"] for row in rows["sources"]}
    high = [row for row in rows["assessments"] if row["confidence"] == "high"]

    assert len(high) > 10
    for row in high:
        supporting = {kinds[one["source"]] for one in row["evidence"] if one["bearing"] == Bearing.SUPPORTS}
        assert supporting & set(OFFICIAL_KINDS), row["key"]


def test_readme_gives_the_counts_of_the_files(rows):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    themes = ", ".join(f"{theme} {count}" for theme, count in BY_THEME.items())

    assert f"| parties.yaml | {len(rows['parties'])} parties, 48 dated roles |" in readme
    assert f"| summits.yaml | {len(rows['summits'])} meetings" in readme
    assert f"| sources.yaml | {len(rows['sources'])} sources" in readme
    assert f"{len(rows['commitments'])} commitments: {themes} |" in readme
    assert f"{len(rows['assessments'])} assessments, with 565 evidence rows; 14 say that nothing was found" in readme
    assert f"| member_scores.yaml | {len(rows['member_scores'])} scores on 14 assessments of 9 commitments |" in readme
    assert f"| replies.yaml | {len(rows['replies'])} public answers" in readme
    assert len({row["assessment"] for row in rows["member_scores"]}) == 14
    assert sum("below_rule" in row for row in rows["assessments"]) == 14
    assert sum(row["status"] == "no_evidence" for row in rows["assessments"]) == 14
