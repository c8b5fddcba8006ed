"""The desk of an editor who is limited to a theme: everything is read, and only what lies inside is changed."""

import pytest
from django.test import Client
from django.urls import reverse

from commitments import workflow
from commitments.models import Assessment, Commitment, Reply, Retraction
from tests.admin.desk import change_url
from tests.admin.forms import form_data, said
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
)

pytestmark = pytest.mark.django_db
SENTENCE = "is outside what you edit; an administrator says which are yours."


@pytest.fixture
def theme(db):
    return make_theme("security")


@pytest.fixture
def limited(theme):
    person = make_person("limited", "Editor")
    person.themes.add(theme)
    return person


@pytest.fixture
def small_desk(limited):
    client = Client()
    client.force_login(limited)
    return client


def drafts_on(commitment, author):
    """A draft of every kind on a published commitment."""
    judged = commitment.assessments.get()
    return [
        commitment,
        make_assessment(commitment, author=author),
        make_reply(judged, author=author),
        workflow.draft_retraction(judged, by=None, reason="Wrong."),
    ]


def test_outside_is_read_and_not_changed(small_desk, limited):
    for record in drafts_on(make_published(assessments=[{}]), limited):
        page = small_desk.get(change_url(record))
        assert page.status_code == 200
        assert SENTENCE in page.content.decode()
        assert "Save draft" not in page.content.decode()
        assert small_desk.post(change_url(record), {"_continue": "1"}).status_code == 403
        address = reverse(f"admin:commitments_{record._meta.model_name}_delete", args=[record.pk])
        assert small_desk.post(address, {"post": "yes"}).status_code == 302
        assert type(record).objects.filter(pk=record.pk).exists()


def test_inside_is_changed(small_desk, limited, theme):
    for record in drafts_on(make_published(theme=theme, assessments=[{}]), limited):
        data = form_data(small_desk.get(change_url(record)))
        assert small_desk.post(change_url(record), data | {"_continue": "1"}).status_code == 302


def test_tools_of_a_published_record_are_not_offered_outside_and_refused(small_desk):
    judged = make_published(assessments=[{}]).assessments.get()
    page = small_desk.get(change_url(judged)).content.decode()
    correct = reverse("admin:commitments_assessment_correct", args=[judged.pk])
    retract = reverse("admin:commitments_assessment_retract", args=[judged.pk])

    assert correct not in page
    assert retract not in page
    refused = small_desk.post(correct, follow=True)
    assert SENTENCE in said(refused)[0]
    assert SENTENCE in small_desk.post(retract, {"reason": "Wrong."}).content.decode()
    assert (Assessment.objects.count(), Retraction.objects.count()) == (1, 0)


def test_new_judgement_on_a_commitment_outside_is_refused_in_words(small_desk):
    data = form_data(small_desk.get(reverse("admin:commitments_assessment_add")))
    data |= {
        "commitment": make_published().pk,
        "as_of": "2006-06-15",
        "status": "no_evidence",
        "rationale": "None.",
        "evidence-TOTAL_FORMS": "0",
        "_continue": "1",
    }

    response = small_desk.post(reverse("admin:commitments_assessment_add"), data)

    assert SENTENCE in response.context["adminform"].form.errors["commitment"][0]
    assert not Assessment.objects.exists()
    inside = make_published(theme=make_person_theme(response))
    assert (
        small_desk.post(reverse("admin:commitments_assessment_add"), data | {"commitment": inside.pk}).status_code
        == 302
    )


def make_person_theme(response):
    return response.wsgi_request.user.themes.get()


def test_new_reply_on_a_judgement_outside_is_refused_in_words(small_desk):
    judged = make_published(assessments=[{}]).assessments.get()
    data = {
        "assessment": judged.pk, "party": make_party().pk, "date": "2006-06-15", "text": "It answered.",
        "source": make_source().pk, "_continue": "1",
    }  # fmt: skip

    response = small_desk.post(reverse("admin:commitments_reply_add"), data)

    assert SENTENCE in response.context["adminform"].form.errors["assessment"][0]
    assert not Reply.objects.exists()


def test_new_commitment_is_made_inside_only(small_desk, theme):
    data = {
        "title": "Promise", "slug": "promise", "summary": "A promise.", "basis": "leader-pledge",
        "obligation": "one_off", "kind": "finance", "summit": make_summit().pk, "made_on": "2005-07-05",
        "pledged_by": [make_party().pk], "checkable": "yes", "checkable_note": "Countable.",
        "source": make_source().pk, "_continue": "1",
    }  # fmt: skip
    address = reverse("admin:commitments_commitment_add")

    refused = small_desk.post(address, data | {"theme": make_theme("trade").pk})
    assert SENTENCE in refused.content.decode()
    assert not Commitment.objects.exists()

    assert small_desk.post(address, data | {"theme": theme.pk}).status_code == 302
    commitment = Commitment.objects.get()
    moved = form_data(small_desk.get(change_url(commitment))) | {"theme": make_theme("energy").pk, "_continue": "1"}
    assert SENTENCE in small_desk.post(change_url(commitment), moved).content.decode()


def test_editor_of_all_changes_what_the_limited_one_cannot(desk, limited):
    record = make_assessment(make_published(), author=limited)

    data = form_data(desk.get(change_url(record)))

    assert desk.post(change_url(record), data | {"_continue": "1"}).status_code == 302


def test_administrator_limits_others_and_not_themselves(office, administrator, limited, theme):
    fields = office.get(change_url(limited)).context["adminform"].form.fields
    own = office.get(change_url(administrator)).context["adminform"].form.fields

    assert {"themes", "parties"} <= set(fields)
    assert {"themes", "parties"}.isdisjoint(own)


def test_draft_of_somebody_who_left_is_anybodys(desk):
    left = make_person(is_active=False)
    draft = make_commitment(author=left)
    kept = make_commitment(author=make_person())

    data = form_data(desk.get(change_url(draft)))
    assert desk.post(change_url(draft), data | {"title": "Taken over", "_continue": "1"}).status_code == 302
    for record in (draft, kept):
        desk.post(reverse("admin:commitments_commitment_delete", args=[record.pk]), {"post": "yes"})

    assert list(Commitment.objects.all()) == [kept]
