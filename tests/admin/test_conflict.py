"""Two editors with the same record open: the second to save sees both versions, chooses, and nothing is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from commitments import workflow
from commitments.admin.forms import DeskForm
from commitments.models import Assessment, Commitment, Evidence, Membership, Party, Source, Theme
from tests.admin.desk import change_url
from tests.admin.forms import choices, differences, form_data
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_source,
    make_summit,
    make_theme,
    publish,
)

pytestmark = pytest.mark.django_db
ASKED = "Saved by second-editor on 24 November 2026, 12:00 (UTC), after you opened it."


@pytest.fixture
def other(db):
    """A browser in which a second editor has logged in."""
    client = Client()
    client.force_login(make_person("second-editor", "Editor"))
    return client


@pytest.fixture
def draft(editor):
    return make_assessment(make_published(), author=editor)


def opened(client, record):
    """What the form of ``record`` holds when ``client`` opens it now."""
    return form_data(client.get(change_url(record)))


def save(client, record, data, **changes):
    return client.post(change_url(record), data | changes | {"_continue": "1"})


def both_save(desk, other, record, mine, theirs):
    """Both open the record and save their changes, the other first; returns what the first of them then sees."""
    first, second = opened(desk, record), opened(other, record)
    assert save(other, record, second | theirs).status_code == 302
    return save(desk, record, first | mine)


def test_second_save_shows_what_both_did_and_what_was_there_before(desk, other, draft):
    response = both_save(
        desk, other, draft, {"rationale": "Mine.", "note": "My note."}, {"rationale": "Theirs.", "confidence": "low"}
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert ASKED in page
    assert differences(response) == {
        "rationale": ("Because of in_progress.", "Theirs.", "Mine.", "mine"),
        "confidence": ("Medium", "Low", "Medium", "theirs"),
        "note": ("—", "—", "My note.", "mine"),
    }
    assert [line.key for line in response.context["both"]] == ["keep-rationale"]
    assert page.count('class="desk-mark"') == 1
    assert Assessment.objects.get().rationale == "Theirs."


def test_what_is_chosen_is_saved_on_the_newest_version(desk, other, draft):
    conflict = both_save(desk, other, draft, {"rationale": "Mine.", "note": "My note."}, {"rationale": "Theirs."})

    response = desk.post(change_url(draft), choices(conflict, rationale="theirs"))

    assert response.status_code == 302
    stored = Assessment.objects.get()
    assert (stored.rationale, stored.note, stored.version) == ("Theirs.", "My note.", 3)


def test_each_keeps_what_only_they_changed(desk, other, draft):
    conflict = both_save(desk, other, draft, {"note": "My note."}, {"confidence": "low"})

    desk.post(change_url(draft), choices(conflict))

    stored = Assessment.objects.get()
    assert (stored.note, stored.confidence) == ("My note.", "low")


def test_third_save_in_between_is_asked_about_again(desk, other, draft):
    conflict = both_save(desk, other, draft, {"rationale": "Mine.", "note": "My note."}, {"rationale": "Theirs."})
    save(other, draft, opened(other, draft), rationale="Theirs again.")

    again = desk.post(change_url(draft), choices(conflict))

    assert differences(again) == {
        "rationale": ("Theirs.", "Theirs again.", "Mine.", "mine"),
        "note": ("—", "—", "My note.", "mine"),
    }
    assert Assessment.objects.get().rationale == "Theirs again."
    assert desk.post(change_url(draft), choices(again)).status_code == 302
    assert Assessment.objects.get().rationale == "Mine."


def test_mistake_in_what_was_entered_is_said_after_the_choice_and_the_text_is_kept(desk, other, draft):
    conflict = both_save(desk, other, draft, {"as_of": "yesterday", "note": "My note."}, {"rationale": "Theirs."})

    response = desk.post(change_url(draft), choices(conflict))

    form = response.context["adminform"].form
    assert differences(conflict)["as_of"][2] == "yesterday"
    assert list(form.errors) == ["as_of"]
    assert form["note"].value() == "My note."
    assert save(desk, draft, form_data(response), as_of="2006-06-16").status_code == 302
    assert Assessment.objects.get().rationale == "Theirs."


def test_row_changed_on_both_sides_is_chosen_field_by_field(desk, other, draft):
    row = draft.evidence.get()
    conflict = both_save(
        desk, other, draft, {"evidence-0-shows": "Mine."}, {"evidence-0-shows": "Theirs.", "evidence-0-locator": "p. 2"}
    )

    assert differences(conflict) == {
        f"evidence-{row.pk}-shows": ("It shows a step.", "Theirs.", "Mine.", "mine"),
        f"evidence-{row.pk}-locator": ("—", "p. 2", "—", "theirs"),
    }
    desk.post(change_url(draft), choices(conflict))
    row.refresh_from_db()
    assert (row.shows, row.locator) == ("Mine.", "p. 2")


@pytest.fixture
def two_rows(editor):
    return make_assessment(make_published(), author=editor, sources=[make_source(), make_source()])


@pytest.mark.parametrize(
    ("side", "left"), [("mine", {"It shows a step.", "Needed."}), ("theirs", {"It shows a step."})]
)
def test_row_that_the_other_took_away_is_kept_or_not(desk, other, two_rows, side, left):
    row = two_rows.evidence.first()
    conflict = both_save(desk, other, two_rows, {"evidence-0-shows": "Needed."}, {"evidence-0-DELETE": "on"})

    assert differences(conflict)[f"evidence-{row.pk}"][1] is None
    desk.post(change_url(two_rows), choices(conflict, **{f"evidence__{row.pk}": side}))

    assert set(Evidence.objects.values_list("shows", flat=True)) == left


@pytest.mark.parametrize(("side", "number"), [("mine", 1), ("theirs", 2)])
def test_row_that_i_took_away_and_the_other_changed_is_asked_about(desk, other, two_rows, side, number):
    row = two_rows.evidence.first()
    conflict = both_save(desk, other, two_rows, {"evidence-0-DELETE": "on"}, {"evidence-0-shows": "Theirs."})

    assert [line.mine for line in conflict.context["both"]] == [None]
    desk.post(change_url(two_rows), choices(conflict, **{f"evidence__{row.pk}": side}))

    assert Evidence.objects.count() == number


def new_row(source, shows):
    return {
        "evidence-TOTAL_FORMS": "2",
        "evidence-1-source": str(source.pk),
        "evidence-1-bearing": "context",
        "evidence-1-shows": shows,
        "evidence-1-new-terms": "open",
    }


def test_rows_added_on_both_sides_are_all_there(desk, other, draft):
    conflict = both_save(desk, other, draft, new_row(make_source(), "Mine."), new_row(make_source(), "Theirs."))

    assert [line[3] for line in differences(conflict).values()] == ["theirs", "mine"]
    desk.post(change_url(draft), choices(conflict))

    assert set(Evidence.objects.values_list("shows", flat=True)) == {"It shows a step.", "Mine.", "Theirs."}


def test_same_source_added_on_both_sides_is_one_row_with_a_choice(desk, other, draft):
    source = make_source()
    conflict = both_save(desk, other, draft, new_row(source, "Mine."), new_row(source, "Theirs."))

    assert [line[1:3] for line in differences(conflict).values()] == [("Theirs.", "Mine.")]
    desk.post(change_url(draft), choices(conflict))

    assert Evidence.objects.get(source=source).shows == "Mine."


def test_working_copy_names_parties_on_both_sides(desk, other):
    commitment, party = make_commitment(title="First"), make_party(short_name="State B")
    was = str(commitment.pledged_by.get())
    conflict = both_save(desk, other, commitment, {"title": "Mine"}, {"title": "Theirs", "pledged_by": [party.pk]})

    assert differences(conflict) == {
        "title": ("First", "Theirs", "Mine", "mine"),
        "pledged_by": (was, "State B", was, "theirs"),
    }
    desk.post(change_url(commitment), choices(conflict))
    stored = Commitment.objects.get()
    assert (stored.title, list(stored.pledged_by.all())) == ("Mine", [party])


def make_membership():
    return Membership.objects.create(party=make_party(), role="member", since="2001", source=make_source())


@pytest.mark.parametrize(
    ("make", "name"),
    [(make_source, "title"), (make_summit, "place"), (make_party, "name"), (make_theme, "name"),
     (make_membership, "note")],
)  # fmt: skip
def test_shared_record_is_not_overwritten_in_silence(desk, other, make, name):
    record = make()
    conflict = both_save(desk, other, record, {name: "Mine"}, {name: "Theirs"})

    assert differences(conflict)[name][1:] == ("Theirs", "Mine", "mine")
    record.refresh_from_db()
    assert getattr(record, name) == "Theirs"
    assert desk.post(change_url(record), choices(conflict, **{name: "theirs"})).status_code == 302
    record.refresh_from_db()
    assert getattr(record, name) == "Theirs"


def test_role_changed_in_the_list_of_roles_is_a_conflict_on_the_page_of_its_party(desk, other):
    role = make_membership()
    mine = opened(desk, role.party)
    save(other, role, opened(other, role), note="Theirs.")

    conflict = save(desk, role.party, mine, **{"memberships-0-note": "Mine."})

    assert differences(conflict)[f"memberships-{role.pk}-note"] == ("—", "Theirs.", "Mine.", "mine")
    desk.post(change_url(role.party), choices(conflict))
    role.refresh_from_db()
    assert role.note == "Mine."


def test_own_save_in_a_second_window_is_a_conflict(desk, draft):
    first, second = opened(desk, draft), opened(desk, draft)
    save(desk, draft, first, rationale="First window.")

    response = save(desk, draft, second, rationale="Second window.")

    assert differences(response)["rationale"][1:3] == ("First window.", "Second window.")


def test_submission_in_between_is_said_though_no_field_differs(desk, editor, draft):
    data = opened(desk, draft)
    workflow.submit(Assessment.objects.get(), by=editor)

    page = save(desk, draft, data).content.decode()

    assert "All fields say the same in both versions." in page
    assert "It has been submitted and waits for a second person" in page


def test_form_without_what_it_said_when_opened_still_shows_two_versions(desk, other, draft):
    data = opened(desk, draft)
    save(other, draft, opened(other, draft), rationale="Theirs.")
    del data["opened"]

    response = save(desk, draft, data, note="Mine.")

    assert "When you opened it" not in response.content.decode()
    assert differences(response)["rationale"] == (None, "Theirs.", "Because of in_progress.", "mine")


@pytest.mark.parametrize("name", ["version", "opened", "conflict-mine", "conflict-theirs"])
def test_what_was_tampered_with_is_refused(desk, other, draft, name):
    conflict = both_save(desk, other, draft, {"rationale": "Mine."}, {"rationale": "Theirs."})

    assert desk.post(change_url(draft), choices(conflict) | {name: "7"}).status_code == 400
    assert Assessment.objects.get().rationale == "Theirs."


def test_form_without_a_version_is_a_conflict(desk, draft):
    data = opened(desk, draft)
    del data["version"]

    assert save(desk, draft, data, rationale="Mine.").context["comparison"].lines
    assert Assessment.objects.get().rationale == "Because of in_progress."


def test_save_at_the_very_same_moment_is_a_conflict_too(desk, draft, monkeypatch):
    """The other's save comes after the check of the version and before the write; the database still notices."""
    data = opened(desk, draft)
    check = DeskForm.check_version

    def late(form):
        check(form)
        Assessment.objects.filter(pk=draft.pk).update(rationale="Theirs.", version=draft.version + 1)

    monkeypatch.setattr(DeskForm, "check_version", late)

    response = save(desk, draft, data, rationale="Mine.")

    # The write was taken back together with the other's save, which stood in the same transaction here.
    assert differences(response)["rationale"][2] == "Mine."
    assert Assessment.objects.get().rationale == "Because of in_progress."


def test_what_was_entered_for_a_published_judgement_becomes_a_correction(desk, draft):
    data = opened(desk, draft) | new_row(make_source(), "Mine too.")
    publish(Assessment.objects.get())

    gone = save(desk, draft, data, rationale="Mine.")
    page = gone.content.decode()
    assert "It was published in edition 2 after you opened it" in page
    assert "Mine." in page
    assert "Mine too." in page
    asked = desk.post(gone.context["correct"], dict(gone.context["kept"]) | {"conflict-correct": "1"})
    correction = Assessment.objects.get(corrects=draft)
    assert differences(asked)["rationale"] == ("Because of in_progress.", "Because of in_progress.", "Mine.", "mine")
    assert desk.post(change_url(correction), choices(asked)).status_code == 302

    correction.refresh_from_db()
    assert correction.rationale == "Mine."
    assert set(correction.evidence.values_list("shows", flat=True)) == {"It shows a step.", "Mine too."}


def test_what_was_entered_for_a_deleted_draft_becomes_a_new_one(desk, draft):
    data = opened(desk, draft)
    Evidence.objects.all().delete()
    draft.delete()

    gone = save(desk, draft, data, rationale="Mine.")
    assert "It was deleted after you opened it." in gone.content.decode()
    assert desk.post(gone.context["add"], dict(gone.context["kept"])).status_code == 302

    new = Assessment.objects.get()
    assert (new.rationale, [row.shows for row in new.evidence.all()]) == ("Mine.", ["It shows a step."])


def test_what_was_entered_for_a_deleted_correction_becomes_one_again(desk, editor):
    published = make_published(assessments=[{}]).assessments.get()
    draft = workflow.draft_correction(published, by=editor)
    data = opened(desk, draft)
    draft.evidence.all().delete()
    draft.delete()

    gone = save(desk, draft, data, rationale="Mine.")
    asked = desk.post(gone.context["correct"], dict(gone.context["kept"]) | {"conflict-correct": "1"})

    assert differences(asked)["rationale"][2] == "Mine."
    assert Assessment.objects.get(corrects=published).pk != draft.pk


def test_what_was_entered_for_a_published_reply_is_shown_to_be_copied(desk, editor):
    reply = make_reply(make_published(assessments=[{}]).assessments.get(), author=editor)
    data = opened(desk, reply)
    publish(reply)

    page = save(desk, reply, data, text="What I had typed.").content.decode()

    assert "Published in the meantime" in page
    assert "What I had typed." in page


def test_correction_that_cannot_be_begun_says_why_and_keeps_the_text(desk, editor, draft):
    data = opened(desk, draft)
    publish(Assessment.objects.get())
    gone = save(desk, draft, data, rationale="Mine.")
    publish(workflow.draft_retraction(Assessment.objects.get(), by=editor, reason="Wrong."))

    page = desk.post(gone.context["correct"], dict(gone.context["kept"]) | {"conflict-correct": "1"}).content.decode()

    assert "It has been retracted already." in page
    assert "Mine." in page


def test_reader_of_the_desk_sends_no_conflict_page(publishing_desk, draft, desk):
    data = opened(desk, draft)

    assert publishing_desk.post(change_url(draft), data).status_code == 403
    assert publishing_desk.post(change_url(draft), {"conflict-correct": "1"}).status_code in (400, 403)


def test_every_shared_table_counts_its_versions():
    for model, record in ((Source, make_source()), (Theme, make_theme()), (Party, make_party())):
        record.save()
        assert model.objects.get(pk=record.pk).version == 2


def test_add_form_of_a_shared_record_has_no_version(desk):
    assert "version" not in desk.get(reverse("admin:commitments_theme_add")).context["adminform"].form.fields
