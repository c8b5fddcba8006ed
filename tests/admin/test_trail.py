"""The history of every record: who changed what, when, from what to what; read by the desk and changed by nobody."""

import datetime

import pytest
from django.apps import apps
from django.urls import reverse

from commitments import workflow
from commitments.apps import GROUPS
from commitments.models import Assessment, Evidence, Source
from tests.admin.desk import change_url
from tests.admin.forms import form_data
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_source,
    make_theme,
)

pytestmark = pytest.mark.django_db
TRAIL = "/admin/history/"


def save(client, record, **changes):
    data = form_data(client.get(change_url(record))) | changes | {"_continue": "1"}
    assert client.post(change_url(record), data).status_code == 302


def entries(client, address=TRAIL, **asked):
    return client.get(address, asked).context["entries"]


def told(entry):
    return (entry.who, entry.act, entry.kind, entry.name, entry.changes)


def test_change_says_who_what_and_from_what_to_what(desk):
    source = make_source(title="Report A")

    save(desk, source, title="Report B", terms="no_quotation")

    entry = entries(desk, kind="source")[0]
    assert told(entry) == (
        "editor",
        "~",
        "source",
        "Report B",
        [("title", "Report A", "Report B"), ("terms", "Open", "No quotation")],
    )
    assert (entry.at, entry.address) == (datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC), change_url(source))


def test_rows_of_a_judgement_have_a_history(desk, editor):
    draft = make_assessment(make_published(title="Promise A"), author=editor, sources=[make_source(title="Report A")])

    save(desk, draft, **{"evidence-0-shows": "More than a step."})

    entry = entries(desk, kind="evidence")[0]
    assert entry.changes == [("shows", "It shows a step.", "More than a step.")]
    assert entry.name.startswith("Report A")
    assert entry.address == change_url(draft)


def test_parties_of_a_commitment_are_told_by_name(desk):
    commitment = make_commitment(pledged_by=[make_party(short_name="State A")])

    save(desk, commitment, pledged_by=[make_party(short_name="State B").pk])

    changes = [change for entry in entries(desk, kind="commitment") for change in entry.changes]
    assert ("pledged by", "State A", "—") in changes
    assert ("pledged by", "—", "State B") in changes


def test_deleted_draft_is_told_with_its_last_words(desk, editor):
    commitment = make_commitment(title="Promise A", author=editor, pledged_by=[make_party(short_name="State A")])
    draft = make_assessment(commitment, author=editor, sources=[make_source(title="Report A")])
    for record in (draft, commitment):
        name = record._meta.model_name
        desk.post(reverse(f"admin:commitments_{name}_delete", args=[record.pk]), {"post": "yes"})
    assert not Assessment.objects.exists()

    gone = {entry.kind: entry for entry in entries(desk) if entry.act == "-"}

    assert set(gone) == {"assessment", "commitment", "evidence"}
    assert ("rationale", "Because of in_progress.", "—") in gone["assessment"].changes
    assert ("shows", "It shows a step.", "—") in gone["evidence"].changes
    assert ("pledged by", "State A", "—") in gone["commitment"].changes
    assert gone["assessment"].name == "Promise A, 15 June 2006"
    assert gone["evidence"].name.startswith("Report A")
    assert gone["evidence"].name.endswith("(Promise A, 15 June 2006)")
    assert {entry.address for entry in gone.values()} == {""}
    page = desk.get(TRAIL).content.decode()
    assert "What it said last" in page
    assert reverse("admin:commitments_assessment_history", args=[draft.pk]) not in page
    address = reverse("admin:commitments_assessment_history", args=[draft.pk])
    assert {entry.act for entry in entries(desk, address)} == {"-", "+"}


def test_publishing_is_told_with_its_publisher_and_its_records(desk, editor, publisher):
    draft = make_assessment(make_published(), author=editor)
    workflow.submit(draft, by=editor)
    workflow.publish([draft], by=publisher, note="The loan was paid.")

    entry = entries(desk, kind="edition")[0]

    assert (entry.who, entry.act_in_words, entry.reason) == ("publisher", "published", "The loan was paid.")
    assert entry.changes == [("assessments", "", "1")]


def test_copies_of_a_correction_and_its_retraction_are_told(desk, editor):
    judged = make_published(assessments=[{}]).assessments.get()

    desk.post(reverse("admin:commitments_assessment_correct", args=[judged.pk]))
    desk.post(reverse("admin:commitments_assessment_retract", args=[judged.pk]), {"reason": "Wrong loan."})

    mine = entries(desk, person=editor.pk)
    assert [(entry.act, entry.kind) for entry in mine] == [
        ("+", "retraction"), ("+", "evidence"), ("+", "assessment"),
    ]  # fmt: skip
    assert ("reason", "—", "Wrong loan.") in mine[0].changes


def test_rights_of_a_person_are_told_and_no_password(office, editor):
    theme = make_theme("security")
    data = form_data(office.get(change_url(editor)))
    office.post(change_url(editor), data | {"is_active": "on", "is_staff": "on", "themes": [theme.pk], "groups": []})

    found = entries(office, kind="person", text="editor")
    changes = [change for entry in found for change in entry.changes if entry.who == "administrator"]

    assert ("groups", "Editor", "—") in changes
    assert ("themes", "—", "Security") in changes
    assert "password" not in {label.lower() for label, _before, _after in changes}


def test_own_history_of_a_record_has_its_rows_and_its_editions(desk, editor):
    commitment = make_published(assessments=[{}])
    make_assessment(commitment, author=editor)
    judged = commitment.assessments.filter(edition__isnull=False).get()

    found = entries(desk, reverse("admin:commitments_assessment_history", args=[judged.pk]))
    assert sorted((entry.kind, entry.act) for entry in found) == [
        ("assessment", "+"), ("edition", "edition"), ("evidence", "+"),
    ]  # fmt: skip
    found = entries(desk, reverse("admin:commitments_commitment_history", args=[commitment.pk]))
    assert {entry.kind for entry in found} == {"commitment", "edition"}


@pytest.fixture
def busy_days(desk, publishing_desk, clock):
    """Changes by two people on three days."""
    source = make_source("report-a", title="Report A")
    for day, name in ((25, "Report B"), (26, "Report C"), (27, "Report D")):
        clock.move_to(datetime.datetime(2026, 11, day, 0 if day == 25 else 23, 59, tzinfo=datetime.UTC))
        desk.post("/admin/login/")
        save(desk, source, title=name)
    return source


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"since": "2026-11-26"}, ["Report D", "Report C"]),
        ({"until": "2026-11-25"}, ["Report B", "Report A"]),
        ({"since": "2026-11-26", "until": "2026-11-26"}, ["Report C"]),
        ({"text": "report c"}, ["Report C"]),
        ({"text": "nothing like it"}, []),
    ],
)
def test_trail_is_narrowed_by_day_and_name(desk, busy_days, asked, names):
    assert [entry.name for entry in entries(desk, kind="source", **asked)] == names


def test_trail_is_narrowed_by_person(desk, office, editor, busy_days):
    other = make_person("other", "Editor")

    assert len(entries(desk, person=editor.pk)) == 3
    assert entries(desk, person=other.pk) == []


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "yesterday"}, "Enter a valid date."),
        ({"since": "2026-11-26", "until": "2026-11-25"}, "The last day lies before the first."),
        ({"kind": "rumour"}, "Select a valid choice."),
        ({"person": "999999"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_listed(desk, asked, sentence):
    make_source()

    response = desk.get(TRAIL, asked)

    assert sentence in response.content.decode()
    assert response.context["entries"] == []


def test_trail_has_pages(desk):
    for _index in range(51):
        make_theme()

    first = desk.get(TRAIL, {"kind": "theme"})

    assert len(first.context["entries"]) == 50
    assert 'href="?kind=theme&amp;p=2"' in first.content.decode()
    assert len(entries(desk, kind="theme", p=2)) == 1


def make_many(rows):
    for _index in range(rows):
        commitment = make_published(assessments=[{}])
        make_reply(commitment.assessments.get())
        workflow.draft_retraction(commitment, by=None, reason="Wrong.")
        gone = make_assessment(make_commitment())
        Evidence.objects.filter(assessment=gone).delete()
        gone.delete()


def test_trail_takes_the_same_queries_for_few_and_many(desk, django_assert_max_num_queries):
    taken = []
    for _round in range(2):
        make_many(1)
        desk.get(TRAIL)
        with django_assert_max_num_queries(50) as seen:
            listed = len(entries(desk))
        taken.append((len(seen), listed))

    assert taken[0][0] == taken[1][0]
    assert taken[0][1] < taken[1][1]


def test_nothing_of_the_trail_can_be_changed(client, desk):
    root = make_person("root", is_superuser=True)
    client.force_login(root)
    source = make_source()
    kept = Source.history.count()
    own = reverse("admin:commitments_source_history", args=[source.pk])

    assert client.post(TRAIL, {"x": "1"}).status_code == 405
    assert client.delete(TRAIL).status_code == 405
    assert client.post(own, {"x": "1"}).status_code == 403
    for name in ("add/", f"{source.history.get().pk}/change/", f"{source.history.get().pk}/delete/"):
        assert client.post(f"{TRAIL}{name}", {"post": "yes"}).status_code in (302, 404)
        assert client.get(f"{TRAIL}{name}").status_code in (302, 404)
    assert Source.history.count() == kept


def test_only_the_desk_reads_the_trail(client, db):
    assert client.get(TRAIL).status_code == 302
    client.force_login(make_person("no-group"))
    assert client.get(TRAIL).status_code == 403


def test_every_desk_page_leads_to_the_trail(desk):
    source = make_source()

    assert f'href="{TRAIL}"' in desk.get("/admin/").content.decode()
    assert (
        reverse("admin:commitments_source_history", args=[source.pk]) in desk.get(change_url(source)).content.decode()
    )


def test_record_that_never_was_has_no_history(desk):
    assert desk.get(reverse("admin:commitments_source_history", args=[999])).status_code == 404


def test_every_table_that_people_write_keeps_a_history():
    written = [model for model in apps.get_app_config("commitments").get_models() if has_form(model)]

    assert len(written) >= 10
    assert [model for model in written if not hasattr(model, "history")] == []


def has_form(model):
    """Whether somebody at the desk can add or change records of this model."""
    name = model._meta.model_name
    return any(name in GROUPS[group].get(act, ()) for group in GROUPS for act in ("add", "change"))
