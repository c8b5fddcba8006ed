"""Two editors with the same record open: the second to save sees both versions, and nothing is lost."""

import pytest
from django.test import Client

from commitments.admin.forms import DraftForm
from commitments.models import Assessment, Commitment, Evidence
from tests.admin.desk import change_url
from tests.admin.forms import form_data
from tests.factories import make_assessment, make_commitment, make_party, make_person, make_published, make_source

pytestmark = pytest.mark.django_db
SENTENCE = "Somebody else saved this record after you opened it, so nothing was saved now."


@pytest.fixture
def other(db):
    """A browser in which a second editor has logged in."""
    client = Client()
    client.force_login(make_person("second-editor", "Editor"))
    return client


def opened(client, record):
    """What the form of ``record`` holds when ``client`` opens it now."""
    return form_data(client.get(change_url(record)))


def test_second_save_of_a_draft_shows_both_versions(desk, other, editor):
    draft = make_assessment(make_published(), author=editor)
    mine, theirs = opened(desk, draft), opened(other, draft)
    other.post(change_url(draft), theirs | {"rationale": "Theirs.", "confidence": "low", "_continue": "1"})

    response = desk.post(change_url(draft), mine | {"rationale": "Mine.", "_continue": "1"})

    assert response.status_code == 200
    page = response.content.decode()
    assert SENTENCE in page
    assert "Saved meanwhile by second-editor" in page
    rows = [tuple(map(str, row)) for row in response.context["conflict"]]
    assert rows == [("rationale", "Theirs.", "Mine."), ("confidence", "Low", "Medium")]
    assert "Mine.</textarea>" in page
    assert Assessment.objects.get().rationale == "Theirs."


def test_save_after_seeing_both_versions_goes_through(desk, other, editor):
    draft = make_assessment(make_published(), author=editor)
    mine = opened(desk, draft)
    other.post(change_url(draft), opened(other, draft) | {"rationale": "Theirs.", "_continue": "1"})
    conflict = desk.post(change_url(draft), mine | {"rationale": "Mine.", "_continue": "1"})

    response = desk.post(change_url(draft), form_data(conflict) | {"_continue": "1"})

    assert response.status_code == 302
    assert Assessment.objects.get().rationale == "Mine."


def test_third_save_in_between_is_a_conflict_again(desk, other, editor):
    draft = make_assessment(make_published(), author=editor)
    mine = opened(desk, draft)
    other.post(change_url(draft), opened(other, draft) | {"rationale": "Theirs.", "_continue": "1"})
    conflict = desk.post(change_url(draft), mine | {"rationale": "Mine.", "_continue": "1"})
    other.post(change_url(draft), opened(other, draft) | {"rationale": "Theirs again.", "_continue": "1"})

    response = desk.post(change_url(draft), form_data(conflict) | {"_continue": "1"})

    assert SENTENCE in response.content.decode()
    assert Assessment.objects.get().rationale == "Theirs again."


def test_change_of_one_row_only_is_a_conflict_too(desk, other, editor):
    draft = make_assessment(make_published(), author=editor)
    mine, theirs = opened(desk, draft), opened(other, draft)
    other.post(change_url(draft), theirs | {"evidence-0-shows": "Theirs.", "_continue": "1"})

    response = desk.post(change_url(draft), mine | {"evidence-0-shows": "Mine.", "_continue": "1"})

    page = response.content.decode()
    assert SENTENCE in page
    assert "· Theirs." in page
    assert "Mine.</textarea>" in page
    assert Evidence.objects.get().shows == "Theirs."


def test_row_that_the_other_took_away_is_kept_as_a_new_one(desk, other, editor):
    draft = make_assessment(make_published(), author=editor, sources=[make_source(), make_source()])
    mine, theirs = opened(desk, draft), opened(other, draft)
    other.post(change_url(draft), theirs | {"evidence-0-DELETE": "on", "_continue": "1"})
    conflict = desk.post(change_url(draft), mine | {"evidence-0-shows": "I need this one.", "_continue": "1"})

    response = desk.post(change_url(draft), form_data(conflict) | {"_continue": "1"})

    assert SENTENCE in conflict.content.decode()
    assert "I need this one.</textarea>" in conflict.content.decode()
    assert response.status_code == 302
    assert set(Evidence.objects.values_list("shows", flat=True)) == {"It shows a step.", "I need this one."}


def test_row_that_the_other_added_stays(desk, other, editor):
    draft = make_assessment(make_published(), author=editor)
    mine, theirs = opened(desk, draft), opened(other, draft)
    added = {
        "evidence-TOTAL_FORMS": "2",
        "evidence-1-source": make_source().pk,
        "evidence-1-bearing": "context",
        "evidence-1-shows": "Theirs.",
    }
    other.post(change_url(draft), theirs | added | {"_continue": "1"})
    conflict = desk.post(change_url(draft), mine | {"rationale": "Mine.", "_continue": "1"})

    desk.post(change_url(draft), form_data(conflict) | {"_continue": "1"})

    assert set(Evidence.objects.values_list("shows", flat=True)) == {"It shows a step.", "Theirs."}
    assert Assessment.objects.get().rationale == "Mine."


def test_second_save_of_a_working_copy_shows_both_versions(desk, other):
    commitment = make_commitment(title="First")
    party = make_party(short_name="State B")
    mine, theirs = opened(desk, commitment), opened(other, commitment)
    other.post(change_url(commitment), theirs | {"title": "Theirs", "pledged_by": [party.pk], "_continue": "1"})

    response = desk.post(change_url(commitment), mine | {"title": "Mine", "_continue": "1"})

    rows = [tuple(map(str, row)) for row in response.context["conflict"]]
    assert rows[0] == ("title", "Theirs", "Mine")
    assert rows[1][:2] == ("pledged by", "State B")
    assert Commitment.objects.get().title == "Theirs"


def test_own_save_in_a_second_window_is_a_conflict(desk, editor):
    draft = make_assessment(make_published(), author=editor)
    first, second = opened(desk, draft), opened(desk, draft)
    desk.post(change_url(draft), first | {"rationale": "First window.", "_continue": "1"})

    response = desk.post(change_url(draft), second | {"rationale": "Second window.", "_continue": "1"})

    assert SENTENCE in response.content.decode()


def test_version_that_was_tampered_with_is_refused(desk, editor):
    draft = make_assessment(make_published(), author=editor)

    response = desk.post(change_url(draft), opened(desk, draft) | {"version": "7", "_continue": "1"})

    assert response.status_code == 400


def test_form_without_a_version_is_a_conflict(desk, editor):
    draft = make_assessment(make_published(), author=editor)
    data = opened(desk, draft) | {"rationale": "Mine.", "_continue": "1"}
    del data["version"]

    response = desk.post(change_url(draft), data)

    assert SENTENCE in response.content.decode()
    assert Assessment.objects.get().rationale == "Because of in_progress."


def test_save_at_the_very_same_moment_is_a_conflict_too(desk, editor, monkeypatch):
    """The other's save comes after the check of the version and before the write; the database still notices."""
    draft = make_assessment(make_published(), author=editor)
    data = opened(desk, draft) | {"rationale": "Mine.", "_continue": "1"}
    check, checked = DraftForm._compare_with_stored, []

    def late(form):
        if not checked:
            checked.append(form)
            Assessment.objects.filter(pk=draft.pk).update(rationale="Theirs.", version=draft.version + 1)
            return
        # The write was taken back together with the other's save; here that one stays.
        Assessment.objects.filter(pk=draft.pk).update(rationale="Theirs.", version=draft.version + 1)
        check(form)

    monkeypatch.setattr(DraftForm, "_compare_with_stored", late)

    response = desk.post(change_url(draft), data)

    page = response.content.decode()
    assert response.status_code == 200
    assert "Somebody else saved this record at the same moment." in page
    assert ("rationale", "Theirs.", "Mine.") in [tuple(map(str, row)) for row in response.context["conflict"]]
    assert Assessment.objects.get().rationale == "Theirs."
