"""Loading: new records in one edition, changed ones as revisions and corrections, and the desk's work left alone."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from commitments import projection, workflow
from commitments.catalogue import loader
from commitments.catalogue.loader import CatalogueError, load
from commitments.choices import Origin
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
from tests.factories import make_assessment, make_commitment, make_person, make_source

pytestmark = pytest.mark.django_db

TABLES = (
    Assessment, Commitment, Edition, Evidence, MemberScore, Membership, Party, Reply, Revision, SearchLogEntry, Source,
    Standing, Summit, Theme,
)  # fmt: skip
HISTORIES = (Assessment, Commitment, Membership, Party, Reply, Source, Summit, Theme)


def everything():
    """Every row of the register and of its audit trail."""
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}
    return rows | {f"{model.__name__} history": model.history.count() for model in HISTORIES}


def publish_by_desk(*records):
    """Submit drafts by one person and publish them by another."""
    editor, publisher = make_person(group="Editor"), make_person(group="Publisher")
    for record in records:
        if not record.submitted_at:
            workflow.submit(record, by=editor)
    return workflow.publish(list(records), by=publisher)


def correct_by_desk(assessment, **changes):
    draft = workflow.draft_correction(assessment, by=make_person(group="Editor"), reason="It was mistaken.")
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def standing(slug):
    return Standing.objects.get(slug=slug, valid_to=datetime.date(9999, 12, 31), edition_to=2147483647)


# The first run


def test_first_run_publishes_everything_in_one_edition(catalogue):
    report = catalogue.load()

    assert report.new == {
        "themes": 2, "parties": 3, "sources": 3, "memberships": 2, "summits": 1, "commitments": 2, "assessments": 2,
        "evidence rows": 2, "search log entries": 1, "member scores": 1, "replies": 1,
    }  # fmt: skip
    edition = Edition.objects.get()
    assert report.edition == edition
    assert (edition.number, edition.origin, edition.file_set, edition.published_by) == (1, Origin.IMPORT, "small", None)
    assert edition.four_eyes is False
    assert edition.note == "From the catalogue: 2 commitments, 2 assessments, 1 replies."
    for model in (Revision, Assessment, Reply):
        assert set(model.objects.values_list("edition", flat=True)) == {1}


def test_every_field_of_an_assessment_arrives(catalogue):
    catalogue.load()

    assessment = Assessment.objects.get(key="wells/2006-06-15")
    assert assessment.commitment.slug == "wells"
    assert (assessment.as_of, assessment.status, assessment.stage) == (
        datetime.date(2006, 6, 15),
        "in_progress",
        "agreed",
    )
    assert (assessment.progress, assessment.confidence) == (Decimal("2.25"), "high")
    assert (assessment.rationale, assessment.note, assessment.below_rule) == (
        "The loan was signed.",
        "One loan of two.",
        "",
    )
    assert list(assessment.evidence.values_list("position", "source__key", "bearing", "locator")) == [
        (0, "charter", "supports", "page 2"),
        (1, "paper", "contradicts", ""),
    ]
    assert list(assessment.member_scores.values_list("party__code", "score", "source__key")) == [("XA", 1, "report")]
    reply = assessment.replies.get()
    assert (reply.key, reply.party.code, reply.date) == ("wells/XB/2006-07-01", "XB", datetime.date(2006, 7, 1))
    silent = Assessment.objects.get(key="bridges/2006-06-15")
    assert list(silent.search_log.values_list("where", "language", "found")) == [("Archive A", "en", "Nothing on it.")]


def test_every_field_of_a_commitment_arrives_in_copy_and_revision(catalogue):
    catalogue.load()

    commitment = Commitment.objects.get(slug="wells")
    assert (commitment.in_seed, commitment.locator, commitment.target_quantity) == (True, "section 3", Decimal("12.5"))
    assert [party.code for party in commitment.pledged_by.all()] == ["ORG"]
    assert [other.slug for other in commitment.related.all()] == ["bridges"]
    revision = commitment.revisions.get()
    assert (revision.title, revision.due) == ("Promise wells", datetime.date(2030, 1, 1))
    assert list(revision.parties.order_by("role", "party__code").values_list("role", "party__code", "as_member")) == [
        ("beneficiary", "XB", False),
        ("pledger", "ORG", False),
        ("pledger", "XA", True),
        ("pledger", "XB", True),
    ]


def test_themes_and_parties_keep_the_order_of_the_files(catalogue):
    catalogue.load()

    assert list(Theme.objects.values_list("slug", "name")) == [("water", "Water"), ("roads", "Roads")]
    assert list(Party.objects.values_list("code", "stands_for_members")) == [
        ("XA", False),
        ("XB", False),
        ("ORG", True),
    ]


def test_organisation_may_be_said_not_to_stand_for_members(catalogue):
    catalogue.find("parties", "ORG")["stands_for_members"] = False

    catalogue.load()

    assert Party.objects.get(code="ORG").stands_for_members is False


def test_themes_without_a_file_take_their_key_as_name(catalogue):
    del catalogue.records["themes"]

    catalogue.load()

    assert set(Theme.objects.values_list("slug", "name")) == {("roads", "Roads"), ("water", "Water")}


def test_person_who_ran_it_is_on_the_record(catalogue):
    person = make_person()

    report = catalogue.load(by=person)

    assert report.edition.published_by == person


def test_audit_trail_says_that_rows_came_from_the_catalogue(catalogue):
    catalogue.load()

    reasons = set()
    for model in (Commitment, Membership, Party, Source, Summit, Theme):
        reasons |= set(model.history.values_list("history_change_reason", flat=True))
    assert reasons == {"catalogue"}


# A second run


def test_second_run_changes_nothing_and_says_so(catalogue):
    catalogue.load()
    before = everything()

    report = catalogue.load()

    assert everything() == before
    assert report.edition is None
    assert report.new == {}
    assert report.unchanged == 16
    assert report.changed == report.revised == report.corrected == report.left_alone == report.not_in_files == []


def test_new_records_of_a_second_run_are_published_in_one_more_edition(catalogue):
    catalogue.load()
    catalogue.add("commitments", "bridges", key="canals", title="Promise canals")
    catalogue.add("assessments", "bridges/2006-06-15", key="canals/2006-06-15", commitment="canals")

    report = catalogue.load()

    assert report.new == {"commitments": 1, "assessments": 1, "search log entries": 1}
    assert report.edition.number == 2
    assert standing("canals").edition_from == 2
    assert standing("wells").edition_from == 1


def test_changed_reference_rows_are_brought_up_to_date_and_reported(catalogue):
    catalogue.load()
    catalogue.find("sources", "report")["title"] = "Another title"
    catalogue.find("parties", "XA")["short_name"] = "State AA"
    catalogue.find("parties", "XA")["memberships"][0]["note"] = "Its first day is known."
    catalogue.find("summits", "town-2005")["place"] = "Town AA"
    catalogue.records["themes"].reverse()

    report = catalogue.load()

    assert report.edition is None
    assert Edition.objects.count() == 1
    assert report.changed == [
        "themes Roads: position",
        "themes Water: position",
        "parties State AA: short_name",
        "sources Another title (Publisher report): title",
        "memberships State AA: Member, 2001-06-15–: note",
        "summits Town A 2005: place",
    ]
    assert Source.objects.get(key="report").title == "Another title"
    assert Source.history.filter(key="report").count() == 2
    assert Source.history.filter(key="charter").count() == 1


def test_changed_commitment_becomes_a_revision(catalogue):
    catalogue.load()
    record = catalogue.find("commitments", "wells")
    record.update(title="Promise of wells", beneficiaries=["XA", "XB"], related=[])

    report = catalogue.load()

    assert report.revised == ["commitments wells: title, beneficiaries, related"]
    assert report.edition.number == 2
    assert list(
        Revision.objects.filter(commitment__slug="wells").values_list("edition", "title").order_by("edition")
    ) == [
        (1, "Promise wells"),
        (2, "Promise of wells"),
    ]
    assert standing("wells").revision.title == "Promise of wells"
    assert catalogue.load().unchanged == 16


def test_change_that_readers_never_see_makes_no_edition(catalogue):
    catalogue.load()
    catalogue.find("commitments", "wells")["in_seed"] = False

    report = catalogue.load()

    assert report.revised == ["commitments wells: in_seed"]
    assert report.edition is None
    assert Commitment.objects.get(slug="wells").in_seed is False


# Corrections


@pytest.mark.parametrize(
    "change",
    [
        {"rationale": "The loan was paid."},
        {"progress": 3},
        {"note": "Another note."},
        {"stage": None},
        {"as_of": datetime.date(2006, 6, 15), "confidence": "medium"},
    ],
)
def test_changed_assessment_becomes_a_correction_and_says_so(catalogue, change):
    catalogue.load()
    first = Assessment.objects.get(key="wells/2006-06-15")
    before = Assessment.objects.filter(pk=first.pk).values().get()
    catalogue.find("assessments", "wells/2006-06-15").update(change)

    report = catalogue.load()

    assert report.corrected == ["assessments wells/2006-06-15: corrected, because the files say otherwise now"]
    correction = Assessment.objects.get(corrects=first)
    assert correction.edition == report.edition
    assert correction.key == "wells/2006-06-15-2"
    assert correction.correction_reason == "The files from which this record was imported say otherwise now."
    assert correction.evidence.count() == 2
    assert correction.member_scores.count() == 1
    assert standing("wells").assessment == correction
    assert Assessment.objects.filter(pk=first.pk).values().get() == before
    again = catalogue.load()
    assert (again.edition, again.corrected, again.unchanged) == (None, [], 16)


def test_correction_gives_the_reason_that_the_files_give(catalogue):
    record = catalogue.find("assessments", "wells/2006-06-15")
    record["correction_reason"] = "A page of the report was left out."
    catalogue.load()
    first = Assessment.objects.get(key="wells/2006-06-15")
    record["rationale"] = "The loan was paid."

    catalogue.load()

    assert first.correction_reason == ""
    assert Assessment.objects.get(corrects=first).correction_reason == "A page of the report was left out."


def test_changed_rows_of_an_assessment_become_a_correction(catalogue):
    catalogue.load()
    record = catalogue.find("assessments", "wells/2006-06-15")
    for change in (
        record["evidence"].reverse,
        lambda: record["evidence"][0].update(shows="It doubts it."),
        lambda: record["evidence"].pop(0),
        lambda: catalogue.records["member_scores"][0].update(score=0),
        catalogue.records["member_scores"].clear,
        lambda: record.update(search_log=[{"where": "A", "language": "en", "when": record["as_of"], "found": "B"}]),
    ):
        change()

        assert len(catalogue.load().corrected) == 1
        assert catalogue.load().corrected == []
    chain = Assessment.objects.filter(commitment__slug="wells").order_by("pk")
    assert [one.corrects_id for one in chain] == [None, *[one.pk for one in chain][:-1]]


def test_files_that_turn_back_are_a_correction_of_the_correction(catalogue):
    catalogue.load()
    record = catalogue.find("assessments", "wells/2006-06-15")
    before, record["rationale"] = record["rationale"], "The loan was paid."
    catalogue.load()
    record["rationale"] = before

    report = catalogue.load()

    assert len(report.corrected) == 1
    assert standing("wells").assessment.rationale == before
    assert Assessment.objects.filter(commitment__slug="wells").count() == 3


# What the desk did goes first


def test_correction_by_the_desk_is_reported_and_left_alone(catalogue):
    catalogue.load()
    draft = correct_by_desk(Assessment.objects.get(key="wells/2006-06-15"), rationale="The desk knows more.")
    publish_by_desk(draft)
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The files say otherwise."
    before = everything()

    report = catalogue.load()

    assert report.left_alone == ["assessments wells/2006-06-15: the desk published it in edition 2"]
    assert report.edition is None
    assert everything() == before


def test_correction_in_the_works_is_reported_and_left_alone(catalogue):
    catalogue.load()
    correct_by_desk(Assessment.objects.get(key="wells/2006-06-15"), rationale="The desk knows more.")
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The files say otherwise."

    report = catalogue.load()

    assert report.left_alone == ["assessments wells/2006-06-15: the desk is working on a correction"]
    assert report.edition is None


def test_retracted_assessment_is_reported_and_not_revived(catalogue):
    catalogue.load()
    first = Assessment.objects.get(key="wells/2006-06-15")
    publish_by_desk(workflow.draft_retraction(first, by=make_person(group="Editor"), reason="It was wrong."))
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The files say otherwise."

    report = catalogue.load()

    assert report.left_alone == ["assessments wells/2006-06-15: it was retracted in edition 2"]
    assert standing("wells").status == "not_assessed"


def test_retraction_in_the_works_is_reported_and_left_alone(catalogue):
    catalogue.load()
    first = Assessment.objects.get(key="wells/2006-06-15")
    workflow.draft_retraction(first, by=make_person(group="Editor"), reason="It was wrong.")
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The files say otherwise."

    assert catalogue.load().left_alone == ["assessments wells/2006-06-15: the desk has asked for its retraction"]


def test_wording_published_by_the_desk_is_reported_and_left_alone(catalogue):
    catalogue.load()
    commitment = Commitment.objects.get(slug="wells")
    commitment.title = "The desk's title"
    commitment.save()
    publish_by_desk(commitment)
    catalogue.find("commitments", "wells")["title"] = "The files' title"

    report = catalogue.load()

    assert report.left_alone == ["commitments wells (title): the desk published its wording in edition 2"]
    assert report.edition is None
    assert Commitment.objects.get(slug="wells").title == "The desk's title"


def test_wording_in_the_works_is_reported_and_left_alone(catalogue):
    catalogue.load()
    commitment = Commitment.objects.get(slug="wells")
    commitment.summary = "The desk is writing."
    commitment.save()
    catalogue.find("commitments", "wells")["title"] = "The files' title"

    report = catalogue.load()

    assert report.left_alone == ["commitments wells (title, summary): the desk is working on its wording"]
    assert Commitment.objects.get(slug="wells").summary == "The desk is writing."


def test_draft_of_the_desk_with_the_same_key_is_reported_and_left_alone(catalogue):
    make_commitment("canals", title="The desk's draft")
    catalogue.add("commitments", "bridges", key="canals")

    report = catalogue.load()

    (line,) = report.left_alone
    assert line.startswith("commitments canals (")
    assert line.endswith("): it is a draft of the desk")
    assert Revision.objects.filter(commitment__slug="canals").count() == 0


def test_retracted_commitment_takes_nothing_new_from_the_files(catalogue):
    catalogue.load()
    commitment = Commitment.objects.get(slug="bridges")
    publish_by_desk(workflow.draft_retraction(commitment, by=make_person(group="Editor"), reason="It was no promise."))
    catalogue.find("commitments", "bridges")["note"] = "The files say more."
    catalogue.find("assessments", "bridges/2006-06-15")["rationale"] = "Still nothing."
    new = catalogue.add("assessments", "bridges/2006-06-15", key="bridges/2007-06-15")
    new["as_of"] = datetime.date(2007, 6, 15)
    catalogue.add(
        "replies", "wells/XB/2006-07-01", key="bridges/XB/2006-07-01", assessment="bridges/2007-06-15"
    )  # fmt: skip

    report = catalogue.load()

    assert report.left_alone == [
        "commitments bridges (note): it has been retracted",
        "assessments bridges/2006-06-15: its commitment has been retracted",
        "assessments bridges/2007-06-15: its commitment has been retracted",
        "replies bridges/XB/2006-07-01: the assessment it answers is not in the register",
    ]
    assert report.edition is None


def test_changed_reply_is_reported_and_left_alone(catalogue):
    catalogue.load()
    catalogue.find("replies", "wells/XB/2006-07-01")["text"] = "It said something else."

    report = catalogue.load()

    assert report.left_alone == [
        "replies wells/XB/2006-07-01: it is published as it was; retract it and record it anew"
    ]
    assert Reply.objects.get().text == "It said that the loan is late."


def test_records_that_the_files_no_longer_name_are_reported_and_stay(catalogue):
    catalogue.load()
    for kind in ("replies", "member_scores"):
        catalogue.records[kind] = []
    catalogue.records["assessments"] = catalogue.records["assessments"][:1]
    catalogue.records["commitments"] = catalogue.records["commitments"][:1]
    catalogue.find("commitments", "wells")["related"] = []
    make_source("extra")
    before = Commitment.objects.count(), Reply.objects.count(), Source.objects.count()

    report = catalogue.load()

    assert report.not_in_files == [
        "sources extra",
        "commitments bridges",
        "assessments bridges/2006-06-15",
        "replies wells/XB/2006-07-01",
    ]
    assert (Commitment.objects.count(), Reply.objects.count(), Source.objects.count()) == before


def test_draft_of_the_desk_beside_the_files_stays_a_draft(catalogue):
    catalogue.load()
    draft = make_assessment(Commitment.objects.get(slug="wells"), as_of=datetime.date(2007, 1, 1))
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The files say otherwise."

    catalogue.load()

    draft.refresh_from_db()
    assert draft.edition is None


# All or nothing


def test_dry_run_says_what_would_happen_and_writes_nothing(catalogue):
    before = everything()

    report = catalogue.load(dry_run=True)

    assert everything() == before
    assert report.new["commitments"] == 2
    assert report.edition is None


def test_dry_run_of_a_change_writes_nothing(catalogue):
    catalogue.load()
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The files say otherwise."
    catalogue.find("sources", "report")["title"] = "Another title"
    before = everything()

    report = catalogue.load(dry_run=True)

    assert everything() == before
    assert len(report.corrected) == len(report.changed) == 1


def test_folder_with_problems_writes_nothing_and_says_all_of_them(catalogue):
    catalogue.find("sources", "report")["language"] = "English"
    catalogue.find("commitments", "wells")["basis"] = "rumour"

    with pytest.raises(CatalogueError) as raised:
        catalogue.load()

    assert [problem.split(": ")[0] for problem in raised.value.problems] == ["sources.yaml", "commitments/water.yaml"]
    assert Source.objects.count() == 0


def test_refusal_by_the_workflow_is_said_in_its_words_and_writes_nothing(catalogue):
    catalogue.load()
    before = everything()
    # The files speak of a promise made later, though it is judged as of an earlier day already.
    catalogue.find("summits", "town-2005").update(date=datetime.date(2010, 7, 5), end_date=None)
    for row in catalogue.records["commitments"]:
        row["made_on"] = datetime.date(2010, 7, 5)
    for row in catalogue.records["assessments"]:
        row["as_of"] = datetime.date(2010, 7, 15)
        row["key"] = f"{row['commitment']}/2010-07-15"
    catalogue.records["member_scores"] = catalogue.records["replies"] = []

    with pytest.raises(CatalogueError) as raised:
        catalogue.load()

    assert [problem.split(": ")[0] for problem in raised.value.problems] == ["Promise wells", "Promise bridges"]
    assert "It is judged as of 2006-06-15 already" in raised.value.problems[0]
    assert everything() == before


def test_refusal_by_the_database_is_a_sentence_and_writes_nothing(catalogue):
    catalogue.load()
    catalogue.find("assessments", "wells/2006-06-15")["evidence"][0]["shows"] = "It says “loan”."
    catalogue.load()
    before = everything()
    catalogue.find("assessments", "wells/2006-06-15")["evidence"][0]["shows"] = "It names the loan."
    catalogue.find("sources", "charter")["terms"] = "no_quotation"

    with pytest.raises(CatalogueError) as raised:
        catalogue.load()

    (problem,) = raised.value.problems
    assert problem.startswith("The register refuses a change: ")
    assert "holds quotation marks" in problem
    assert "\n" not in problem
    assert everything() == before


@pytest.mark.parametrize("name", ["load_commitments", "load_assessments", "load_replies"])
def test_failure_at_any_step_leaves_nothing_behind(catalogue, monkeypatch, name):
    before = everything()
    step = getattr(loader, name)

    def fail_after(*args):
        step(*args)
        raise IntegrityError("a failure")

    monkeypatch.setattr(loader, name, fail_after)

    with pytest.raises(CatalogueError, match="The register refuses a change: a failure"):
        catalogue.load()

    assert everything() == before


def test_clock_before_the_files_is_one_plain_message(catalogue, clock):
    clock.move_to(datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC))

    with pytest.raises(CatalogueError) as raised:
        load(catalogue.write())

    (problem,) = raised.value.problems
    assert "2026-11-23" in problem
    assert "this machine's clock says 2024-01-01" in problem


def test_read_model_agrees_with_the_ledger_after_every_kind_of_run(catalogue):
    catalogue.load()
    catalogue.find("assessments", "wells/2006-06-15")["status"] = "partly_fulfilled"
    catalogue.find("commitments", "bridges")["title"] = "Promise of bridges"
    catalogue.load()

    assert not projection.compare()
