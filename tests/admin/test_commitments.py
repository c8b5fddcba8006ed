"""Working copies at the desk: open for changes, with what readers see beside them."""

import pytest
from django.urls import reverse

from commitments import workflow
from commitments.models import Commitment, Retraction, Revision
from tests.admin.desk import change_url
from tests.admin.forms import form_data, said
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_source,
    make_summit,
    make_theme,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/commitments/commitment/add/"
LIST = "/admin/commitments/commitment/"


def promise(**fields):
    """What an editor enters for a new commitment."""
    return {
        "title": "A new promise",
        "slug": "new-promise",
        "summary": "State A promised it.",
        "basis": "leader-pledge",
        "obligation": "one_off",
        "kind": "finance",
        "theme": make_theme().pk,
        "summit": make_summit().pk,
        "made_on": "2005-07-05",
        "pledged_by": [make_party().pk],
        "checkable": "yes",
        "checkable_note": "It can be counted.",
        "source": make_source().pk,
        **fields,
    }


def test_new_commitment_saved_and_submitted(desk, editor):
    data = form_data(desk.get(ADD)) | promise(_submit="1")

    desk.post(ADD, data)

    commitment = Commitment.objects.get()
    assert commitment.author == editor
    assert commitment.submitted_at is not None
    assert commitment.pledged_by.count() == 1


def test_commitment_without_a_pledger_is_saved_but_not_submitted(desk):
    response = desk.post(ADD, form_data(desk.get(ADD)) | promise(_submit="1", pledged_by=[]), follow=True)

    assert Commitment.objects.get().submitted_at is None
    assert "Name who promised it under “pledged by”." in said(response)


@pytest.mark.parametrize(
    ("entered", "field", "sentence"),
    [
        ({"slug": "A b"}, "slug", "cannot stand in an address"),
        ({"due": "2005-01-01"}, "due", "The deadline lies before the day of the promise."),
        ({"target_quantity": "5"}, "target_quantity", "Give the target an amount above zero, a unit and a measure"),
        ({"summit": ""}, "summit", "Name the summit; only an analyst's recommendation has none."),
    ],
    ids=["key", "deadline", "half a target", "no summit"],
)
def test_wrong_value_is_told_at_its_field(desk, entered, field, sentence):
    response = desk.post(ADD, form_data(desk.get(ADD)) | promise(_continue="1", **entered))

    assert response.status_code == 200
    assert sentence in response.context["adminform"].form.errors[field][0]
    assert not Commitment.objects.exists()


def test_published_commitment_names_its_unpublished_changes(desk):
    commitment = make_published(title="Old")
    data = form_data(desk.get(change_url(commitment))) | {"title": "New", "due": "2007-01-01", "_continue": "1"}

    response = desk.post(change_url(commitment), data, follow=True)

    assert "title, due" in response.content.decode()
    assert Revision.objects.get().title == "Old"


def test_key_is_written_once(desk):
    commitment = make_commitment("pledge-a")

    response = desk.get(change_url(commitment))
    desk.post(change_url(commitment), form_data(response) | {"slug": "pledge-b", "_continue": "1"})

    assert "slug" not in response.context["adminform"].form.fields
    assert Commitment.objects.get().slug == "pledge-a"


def test_published_commitment_is_retracted_with_a_reason(desk, editor):
    commitment = make_published()
    address = reverse("admin:commitments_commitment_retract", args=[commitment.pk])

    assert desk.get(address).status_code == 200
    desk.post(address, {"reason": "It was never made."})

    retraction = Retraction.objects.get()
    assert (retraction.commitment, retraction.author, retraction.state) == (commitment, editor, "submitted")


def test_retraction_without_a_reason_is_refused(desk):
    commitment = make_published()

    response = desk.post(reverse("admin:commitments_commitment_retract", args=[commitment.pk]), {"reason": " "})

    assert response.status_code == 200
    assert response.context["form"].errors == {"reason": ["This field is required."]}
    assert not Retraction.objects.exists()


def test_retraction_asked_for_twice_is_refused_in_a_sentence(desk, editor):
    commitment = make_published()
    workflow.draft_retraction(commitment, by=editor, reason="It was never made.")

    response = desk.post(reverse("admin:commitments_commitment_retract", args=[commitment.pk]), {"reason": "Again."})

    assert "Somebody has asked for its retraction already" in response.content.decode()


def test_own_commitment_that_was_never_published_is_deleted(desk, editor):
    commitment = make_commitment(author=editor)

    desk.post(reverse("admin:commitments_commitment_delete", args=[commitment.pk]), {"post": "yes"})

    assert not Commitment.objects.exists()


def test_commitment_with_a_judgement_stays(desk, editor):
    commitment = make_commitment(author=editor)
    make_assessment(commitment)
    address = reverse("admin:commitments_commitment_delete", args=[commitment.pk])

    response = desk.post(address, {"post": "yes"}, follow=True)

    assert said(response) == [f"“{commitment}” stays: other records refer to it."]
    assert Commitment.objects.exists()


def test_published_commitment_is_not_deleted(desk, editor):
    commitment = make_published()
    Commitment.objects.update(author=editor)
    address = reverse("admin:commitments_commitment_delete", args=[commitment.pk])

    response = desk.post(address, {"post": "yes"}, follow=True)

    assert said(response) == [f"“{commitment}” is published and never deleted. Correct or retract it instead."]


def titles(response):
    return {record.slug for record in response.context["cl"].result_list}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=fulfilled", {"done"}),
        ("status=not_assessed", {"silent"}),
        ("overdue=yes", {"late"}),
        ("overdue=no", {"done", "silent", "draft"}),
        ("freshness=year", {"late"}),
        ("freshness=older", {"done"}),
        ("freshness=never", {"silent"}),
        ("state=published", {"done", "silent", "late"}),
        ("state=draft", {"draft"}),
        ("by=me", {"draft"}),
        ("q=Promise+done", {"done"}),
    ],
)
def test_list_is_narrowed_by_what_readers_see_now(desk, editor, query, found):
    official = [make_source(kind="official-document")]
    make_published("done", assessments=[{"status": "fulfilled", "sources": official}], due="2005-12-31")
    make_published("silent")
    make_published("late", assessments=[{"as_of": "2026-05-01"}], due="2025-12-31")
    make_commitment("draft", author=editor)

    assert titles(desk.get(f"{LIST}?{query}")) == found


def test_facets_count_what_each_choice_would_show(desk):
    make_published("done", assessments=[{"status": "fulfilled", "sources": [make_source(kind="official-document")]}])
    make_published("silent")

    page = desk.get(LIST).content.decode()

    assert "Fulfilled (1)" in page
    assert "Not assessed (1)" in page


def test_list_needs_the_same_number_of_queries(desk, django_assert_max_num_queries):
    theme, summit, source = make_theme(), make_summit(), make_source()
    counts = []
    for rows in (2, 9):
        for _index in range(rows):
            make_published(theme=theme, summit=summit, source=source, assessments=[{}])
        desk.get(LIST)
        with django_assert_max_num_queries(60) as seen:
            desk.get(LIST)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_state_column_says_where_each_stands(desk, editor):
    make_published("public")
    make_commitment("new")
    waiting = make_commitment("waiting", author=make_person())
    workflow.submit(waiting, by=waiting.author)

    response = desk.get(LIST)

    admin = response.context["cl"].model_admin
    states = {record.slug: str(admin.state_shown(record)) for record in response.context["cl"].result_list}
    assert states == {"public": "published", "new": "draft", "waiting": "submitted"}
