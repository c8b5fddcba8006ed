"""Run after run, with the desk at work in between: what the loader meets, it settles once, or says in a sentence."""

import datetime

import pytest

from commitments import workflow
from commitments.catalogue import promises
from commitments.catalogue.dumper import dump
from commitments.catalogue.files import read
from commitments.catalogue.loader import CatalogueError, load
from commitments.choices import Origin
from commitments.models import (
    Assessment,
    Commitment,
    Edition,
    Membership,
    Party,
    Reply,
    Retraction,
    RevisionParty,
    Source,
)

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 24)


def test_key_that_a_correction_took_is_reported_on_every_run(catalogue):
    """Without that, two records of the files would correct each other for ever."""
    catalogue.load()
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The loan was signed twice."
    catalogue.load()
    catalogue.add("assessments", "wells/2006-06-15", key="wells/2006-06-15-2", rationale="A second one of the day.")

    reports = [catalogue.load(), catalogue.load()]

    for report in reports:
        assert report.left_alone == [
            "assessments wells/2006-06-15-2: in the register this key belongs to a correction of wells/2006-06-15; "
            "give the record the next free number"
        ]
        assert report.corrected == []
        assert report.edition is None
    assert Assessment.objects.get(correction=None, commitment__slug="wells").rationale == "The loan was signed twice."


def test_dump_after_a_correction_loads_into_the_same_register_without_a_change(catalogue, tmp_path):
    catalogue.load()
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The loan was signed twice."
    catalogue.load()
    dump(tmp_path / "dumped")

    report = load(tmp_path / "dumped")

    assert report.edition is None
    assert (report.new, report.changed, report.revised, report.corrected) == ({}, [], [], [])
    assert (report.left_alone, report.not_in_files) == ([], [])


def test_mended_first_day_of_a_role_changes_the_role(catalogue):
    """It must not leave two memberships of one state: then "all members" would name it twice."""
    catalogue.load()
    catalogue.find("parties", "XA")["memberships"][0]["since"] = datetime.date(2001, 6, 16)
    catalogue.find("commitments", "wells")["title"] = "Another title"

    report = catalogue.load()

    role = Membership.objects.get(party__code="XA")
    assert role.since == "2001-06-16"
    assert report.changed == [f"memberships {role}: since"]
    members = RevisionParty.objects.filter(revision__edition=2, role="pledger", as_member=True)
    assert sorted(members.values_list("party__code", flat=True)) == ["XA", "XB"]


def test_state_with_two_roles_on_one_day_is_bound_once(catalogue):
    """The desk may have recorded the same membership twice, by its day and by its year."""
    catalogue.load()
    Membership.objects.create(party=Party.objects.get(code="XA"), role="member", since="2002")
    catalogue.find("commitments", "wells")["title"] = "Another title"

    report = catalogue.load()

    members = RevisionParty.objects.filter(revision__edition=report.edition, role="pledger", as_member=True)
    assert sorted(members.values_list("party__code", flat=True)) == ["XA", "XB"]


def test_role_that_the_files_no_longer_name_is_reported_and_stays(catalogue):
    catalogue.load()
    catalogue.find("parties", "XA")["memberships"] = []

    report = catalogue.load()

    role = Membership.objects.get(party__code="XA")
    assert report.not_in_files == [f"memberships {role}"]
    assert report.edition is None


def test_theme_that_the_files_no_longer_name_is_reported(catalogue):
    catalogue.records["themes"].append({"key": "forests", "name": "Forests"})
    catalogue.load()
    catalogue.records["themes"].pop()

    assert catalogue.load().not_in_files == ["themes forests"]


def test_address_of_a_source_that_the_desk_added_is_named(catalogue):
    catalogue.load()
    url = "https://example.org/new"
    Source.objects.create(key="desk", title="A", publisher="B", url=url, kind="news", language="en")
    catalogue.add("sources", "report", key="files", url=url)

    with pytest.raises(CatalogueError) as raised:
        catalogue.load()

    assert raised.value.problems == [
        f"sources.yaml: files: url “{url}”: is that of “desk” in the register; use that key, or change it there"
    ]
    assert Source.objects.filter(key="files").exists() is False


def test_judgement_on_a_draft_of_the_desk_is_reported_and_the_rest_is_loaded(catalogue):
    catalogue.load()
    draft = Commitment.objects.get(slug="bridges")
    draft.pk, draft.slug, draft.version, draft._state.adding = None, "canals", 0, True
    draft.save()
    catalogue.add("commitments", "bridges", key="canals")
    catalogue.add("assessments", "bridges/2006-06-15", key="canals/2006-06-15", commitment="canals")
    catalogue.add("assessments", "bridges/2006-06-15", key="bridges/2007-06-15", as_of=datetime.date(2007, 6, 15))

    report = catalogue.load()

    assert "assessments canals/2006-06-15: its commitment is a draft of the desk" in report.left_alone
    assert Assessment.objects.filter(commitment__slug="canals").exists() is False
    assert Assessment.objects.get(key="bridges/2007-06-15").edition_id == report.edition.number == 2


def test_save_by_the_desk_during_the_run_is_a_sentence_and_writes_nothing(catalogue, monkeypatch):
    catalogue.load()
    catalogue.find("commitments", "wells")["title"] = "Another title"
    decide = promises._why_not

    def saved_meanwhile(commitment):
        Commitment.objects.filter(pk=commitment.pk).update(version=commitment.version + 1)
        return decide(commitment)

    monkeypatch.setattr(promises, "_why_not", saved_meanwhile)

    with pytest.raises(CatalogueError) as raised:
        catalogue.load()

    assert raised.value.problems == ["Another title: the desk saved it during this run; run it again."]
    assert Commitment.objects.get(slug="wells").title == "Promise wells"
    assert Edition.objects.count() == 1


def test_day_ahead_hides_no_other_problem(catalogue):
    catalogue.find("replies", "wells/XB/2006-07-01").update(date=datetime.date(2106, 7, 1), key="wells/XB/2106-07-01")
    catalogue.find("summits", "town-2005")["country"] = "XZ"

    found = [str(problem) for problem in read(catalogue.write(), TODAY).problems]

    assert found == [
        "small: -: dates: the files speak of days up to 2106-07-01 (replies.yaml: wells/XB/2106-07-01), and this "
        "machine's clock says 2026-11-24. Set the clock right, or mend the day",
        "summits.yaml: town-2005: country “XZ”: is not among the parties",
    ]


def test_end_of_a_role_may_lie_ahead(catalogue):
    catalogue.find("parties", "XA")["memberships"][0]["until"] = datetime.date(2027, 1, 1)

    assert read(catalogue.write(), TODAY).problems == []


def test_party_without_russian_and_chinese_name_comes_back(catalogue, tmp_path):
    catalogue.load()
    Party.objects.create(code="XC", name="Republic XC", short_name="State XC", kind="state")
    dump(tmp_path / "dumped")

    dumped = read(tmp_path / "dumped", TODAY)

    assert dumped.problems == []
    (party,) = (row for row in dumped.records["parties"] if row["code"] == "XC")
    assert (party["name_ru"], party["name_zh"]) == (None, None)


def test_register_without_a_judgement_can_be_written_and_read(catalogue, tmp_path):
    for kind in ("member_scores", "replies", "assessments"):
        catalogue.records[kind] = []
    folder = catalogue.write()
    (folder / "assessments").mkdir(exist_ok=True)
    (folder / "assessments" / "water.yaml").write_text("assessments: []\n", encoding="utf-8")
    load(folder)
    dump(tmp_path / "dumped")

    dumped = read(tmp_path / "dumped", TODAY)

    assert dumped.problems == []
    assert dumped.records["assessments"] == []
    assert len(dumped.records["commitments"]) == 2


@pytest.mark.parametrize(
    ("kind", "key", "field", "place"),
    [
        ("member_scores", "wells/2006-06-15", "rationale", "member_scores.yaml: wells/2006-06-15 XA"),
        ("replies", "wells/XB/2006-07-01", "text", "replies.yaml: wells/XB/2006-07-01"),
    ],
)
def test_quotation_of_a_closed_source_is_named_before_the_register_refuses_it(catalogue, kind, key, field, place):
    catalogue.find(kind, key).update({"source": "paper", field: "It said “late”."})

    found = [str(problem) for problem in read(catalogue.write(), TODAY).problems]

    assert found == [f"{place}: {field} “It said “late”.”: the source forbids quotation; take the quotation marks out"]


def test_reply_on_a_retracted_commitment_is_reported_and_left_out(catalogue):
    catalogue.load()
    retraction = Retraction.objects.create(commitment=Commitment.objects.get(slug="wells"), reason="Never promised.")
    workflow.publish([retraction], by=None, origin=Origin.IMPORT, file_set="elsewhere")
    catalogue.add("replies", "wells/XB/2006-07-01", key="wells/XB/2006-08-01", date=datetime.date(2006, 8, 1))

    report = catalogue.load()

    assert report.left_alone == ["replies wells/XB/2006-08-01: the commitment it is about has been retracted"]
    assert Reply.objects.count() == 1
