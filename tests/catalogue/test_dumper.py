"""Writing the register back: what is written, what is left out, and that it loads to the same public face."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import workflow
from commitments.catalogue.dumper import dump
from commitments.catalogue.files import read
from commitments.catalogue.loader import CatalogueError, load
from commitments.catalogue.schema import RECORDS
from commitments.models import Assessment, Commitment, Reply, Standing
from commitments.models.ledger import lifted
from tests.catalogue.real import FOLDER, records
from tests.factories import make_assessment, make_commitment, make_person, make_reply, make_source, publish

pytestmark = pytest.mark.django_db

PUBLIC = ("/commitments.csv", "/commitments.csv?as_of=2006-09-14", "/changes.csv")


def empty_the_register():
    """Take every row away, as on a new machine."""
    with lifted(connection):
        call_command("flush", interactive=False, verbosity=0)


def public_face(client):
    """The bytes that a data user gets."""
    return {address: client.get(address).getvalue() for address in PUBLIC}


def standings():
    """What holds, without the numbers that a database gives to rows."""
    return list(
        Standing.objects.order_by("slug", "valid_from", "edition_from").values_list(
            "slug", "valid_from", "valid_to", "assessment__key", "revision__title", "status", "flagged", "self_reported"
        )
    )


def retract(target):
    publish(workflow.draft_retraction(target, by=make_person(), reason="It was wrong."))


def test_dump_has_the_records_that_were_loaded(catalogue, tmp_path):
    catalogue.load()

    counts = dump(tmp_path / "out")

    assert counts == {kind: len(rows) for kind, rows in catalogue.records.items()}
    assert records(tmp_path / "out") == records(catalogue.folder)


def test_dump_into_an_empty_folder_that_exists_is_written(catalogue, tmp_path):
    catalogue.load()
    (tmp_path / "out").mkdir()

    dump(tmp_path / "out")

    assert (tmp_path / "out" / "commitments" / "water.yaml").is_file()


def test_fields_stand_in_the_order_of_the_schema(catalogue, tmp_path):
    catalogue.load()

    dump(tmp_path / "out")

    for kind, rows in records(tmp_path / "out").items():
        for row in rows:
            assert list(row) == [name for name in RECORDS[kind] if name in row], kind


def test_dump_loads_into_the_same_register_without_a_change(catalogue, tmp_path):
    catalogue.load()
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The files say otherwise."
    catalogue.find("commitments", "wells")["title"] = "Promise of wells"
    catalogue.load()
    dump(tmp_path / "out")

    report = load(tmp_path / "out")

    assert (report.edition, report.new) == (None, {})
    assert report.changed == report.revised == report.corrected == report.left_alone == report.not_in_files == []


def test_dump_says_what_stands_now(catalogue, tmp_path):
    catalogue.load()
    catalogue.find("assessments", "wells/2006-06-15").update(rationale="The files say otherwise.", progress=3)
    catalogue.find("commitments", "wells")["title"] = "Promise of wells"
    catalogue.load()

    dump(tmp_path / "out")

    written = records(tmp_path / "out")
    (wells,) = [row for row in written["assessments"] if row["commitment"] == "wells"]
    assert (wells["key"], wells["rationale"], wells["progress"]) == (
        "wells/2006-06-15-2",
        "The files say otherwise.",
        3,
    )
    assert [row["title"] for row in written["commitments"] if row["key"] == "wells"] == ["Promise of wells"]
    assert {row["assessment"] for row in written["member_scores"] + written["replies"]} == {"wells/2006-06-15-2"}
    assert read(tmp_path / "out", datetime.date(2026, 11, 24)).problems == []


def test_working_copy_and_drafts_are_left_out(catalogue, tmp_path):
    catalogue.load()
    wells = Commitment.objects.get(slug="wells")
    wells.title = "A title that nobody has published"
    wells.save()
    make_commitment("draft-promise")
    make_assessment(wells, as_of=datetime.date(2007, 1, 1), rationale="A judgement that nobody has published.")
    make_reply(Assessment.objects.get(key="wells/2006-06-15"), text="An answer that nobody has published.")

    counts = dump(tmp_path / "out")

    assert (counts["commitments"], counts["assessments"], counts["replies"]) == (2, 2, 1)
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*.yaml"))
    assert "nobody has published" not in text
    assert "draft-promise" not in text


def test_retracted_assessment_takes_its_scores_and_replies_along(catalogue, tmp_path):
    catalogue.load()
    retract(Assessment.objects.get(key="wells/2006-06-15"))

    counts = dump(tmp_path / "out")

    assert (counts["assessments"], counts["member_scores"], counts["replies"]) == (1, 0, 0)


def test_retracted_reply_is_left_out(catalogue, tmp_path):
    catalogue.load()
    retract(Reply.objects.get())

    counts = dump(tmp_path / "out")

    assert (counts["assessments"], counts["replies"]) == (2, 0)


def test_retracted_commitment_is_left_out_with_all_links_to_it(catalogue, tmp_path):
    catalogue.load()
    retract(Commitment.objects.get(slug="bridges"))

    dump(tmp_path / "out")

    written = records(tmp_path / "out")
    assert [(row["key"], row["related"]) for row in written["commitments"]] == [("wells", [])]
    assert [row["key"] for row in written["assessments"]] == ["wells/2006-06-15"]
    assert not (tmp_path / "out" / "commitments" / "roads.yaml").exists()


def test_source_that_may_not_be_cited_is_written_for_the_desk(catalogue, tmp_path):
    catalogue.load()

    dump(tmp_path / "out")

    (paper,) = [row for row in records(tmp_path / "out")["sources"] if row["terms"] == "no_citation"]
    assert (paper["key"], paper["title"]) == ("paper", "Title paper")


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "2006-09-15",
        "a: b # c",
        "- a\n- b",
        "'quoted' \"twice\"",
        "~",
        "0x1F",
        "Ключ 钥匙 \U0001f511",
        "a\r\nb",
        "!tag",
    ],
)
def test_text_that_yaml_might_take_for_something_else_survives(catalogue, tmp_path, text):
    catalogue.find("commitments", "wells")["note"] = text
    catalogue.load()

    dump(tmp_path / "out")

    assert [row["note"] for row in records(tmp_path / "out")["commitments"] if row["key"] == "wells"] == [text]


@pytest.mark.parametrize("number", [1, 900_000_000, 0.0001, 12.5, 999_999_999_999_999, 12_345_678_901.2345])
def test_number_survives(catalogue, tmp_path, number):
    catalogue.find("commitments", "wells")["target"]["quantity"] = number
    catalogue.load()

    dump(tmp_path / "out")

    (wells,) = [row for row in records(tmp_path / "out")["commitments"] if row["key"] == "wells"]
    assert wells["target"]["quantity"] == number


def test_folder_that_is_not_empty_is_refused(catalogue, tmp_path):
    catalogue.load()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(CatalogueError) as raised:
        dump(tmp_path / "out")

    assert raised.value.problems == [
        f"{tmp_path / 'out'} is not an empty folder; name one that is empty or does not exist yet."
    ]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["notes.txt"]


def test_file_in_place_of_a_folder_is_refused(catalogue, tmp_path):
    catalogue.load()
    (tmp_path / "out").write_text("mine", encoding="utf-8")

    with pytest.raises(CatalogueError, match="is not an empty folder"):
        dump(tmp_path / "out")

    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_register_without_anything_published_is_refused(tmp_path):
    make_source()

    with pytest.raises(CatalogueError, match=r"^Nothing is published; there is nothing to write\.$"):
        dump(tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_number_of_queries_does_not_grow_with_the_register(catalogue, tmp_path):
    catalogue.load()
    with CaptureQueriesContext(connection) as few:
        dump(tmp_path / "few")
    for number in range(2, 12):
        catalogue.add("commitments", "wells", key=f"wells-{number}")
        catalogue.add(
            "assessments", "wells/2006-06-15", key=f"wells-{number}/2006-06-15", commitment=f"wells-{number}"
        )  # fmt: skip
        catalogue.add("member_scores", "wells/2006-06-15", assessment=f"wells-{number}/2006-06-15")
        catalogue.add("sources", "report", key=f"report-{number}", url=f"https://example.org/report-{number}")
    catalogue.load()

    with CaptureQueriesContext(connection) as many:
        counts = dump(tmp_path / "many")

    assert counts["commitments"] == 12
    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_dump_of_a_register_with_a_history_loads_to_the_same_standings(catalogue, tmp_path):
    catalogue.load()
    wells = Commitment.objects.get(slug="wells")
    # Two of one day, and a correction that comes later: which of them holds is a matter of order.
    publish(make_assessment(wells, as_of=datetime.date(2006, 6, 15), status="stalled", rationale="It stopped."))
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The files say otherwise."
    catalogue.load()
    held = Standing.objects.get(slug="wells", valid_to=datetime.date(9999, 12, 31), edition_to=2147483647)
    before = (held.assessment.key, held.status, held.valid_from)
    dump(tmp_path / "out")

    empty_the_register()
    load(tmp_path / "out")

    held = Standing.objects.get(slug="wells", valid_to=datetime.date(9999, 12, 31))
    assert (held.assessment.key, held.status, held.valid_from) == before
    assert Assessment.objects.filter(commitment__slug="wells").count() == 2


@pytest.mark.django_db(transaction=True)
def test_shipped_catalogue_loads_dumps_and_loads_to_the_same_public_bytes(client, tmp_path):
    load(FOLDER)
    faces, held = public_face(client), standings()
    dump(tmp_path / "sco")

    empty_the_register()
    assert Standing.objects.count() == 0
    load(tmp_path / "sco")

    assert standings() == held
    assert len(held) > 106
    again = public_face(client)
    for address in PUBLIC:
        assert len(faces[address].splitlines()) > 10, address
        assert again[address] == faces[address], address
