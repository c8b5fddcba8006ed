"""Retractions and replies at the desk."""

import pytest
from django.urls import reverse

from commitments import workflow
from commitments.models import Reply, Retraction
from tests.admin.desk import PUBLISH, change_url
from tests.admin.forms import form_data, said
from tests.factories import make_party, make_published, make_reply, make_source, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(db):
    """A published assessment."""
    return make_published(assessments=[{}]).assessments.get()


def test_returned_retraction_is_reworded_and_submitted_again(desk, editor, publisher, judged):
    retraction = workflow.draft_retraction(judged, by=editor, reason="Wrong.")
    workflow.return_to_author(retraction, by=publisher, reason="Say what was wrong.")
    data = form_data(desk.get(change_url(retraction))) | {"reason": "The report was on another loan.", "_submit": "1"}

    desk.post(change_url(retraction), data)

    retraction.refresh_from_db()
    assert (retraction.state, retraction.reason) == ("submitted", "The report was on another loan.")


def test_retraction_is_published_like_everything_else(desk, editor, publishing_desk, judged):
    desk.post(reverse("admin:commitments_assessment_retract", args=[judged.pk]), {"reason": "It was mistaken."})
    retraction = Retraction.objects.get()

    publishing_desk.post(PUBLISH, {"record": f"retraction-{retraction.pk}-{retraction.version}"})

    retraction.refresh_from_db()
    assert retraction.edition_id == 2
    assert 'name="reason"' not in desk.get(change_url(retraction)).content.decode()


def test_retraction_is_not_added_without_its_record(desk):
    assert desk.get("/admin/commitments/retraction/add/").status_code == 403


def test_record_withdrawn_already_offers_neither_correction_nor_retraction(desk, editor, judged):
    publish(workflow.draft_retraction(judged, by=editor, reason="It was mistaken."))

    page = desk.get(change_url(judged))

    assert page.context["desk_tools"] == []
    response = desk.post(reverse("admin:commitments_assessment_correct", args=[judged.pk]), follow=True)
    assert said(response) == ["It has been retracted already."]


def test_own_retraction_draft_is_deleted(desk, editor, judged):
    retraction = workflow.draft_retraction(judged, by=editor, reason="Wrong.")

    desk.post(reverse("admin:commitments_retraction_delete", args=[retraction.pk]), {"post": "yes"})

    assert not Retraction.objects.exists()


def test_reply_recorded_and_submitted(desk, editor, judged):
    address = "/admin/commitments/reply/add/"
    entered = {
        "assessment": judged.pk,
        "party": make_party().pk,
        "date": "2006-07-01",
        "text": "It answered.",
        "source": make_source().pk,
        "_submit": "1",
    }

    desk.post(address, form_data(desk.get(address)) | entered)

    reply = Reply.objects.get()
    assert (reply.state, reply.author) == ("submitted", editor)


def test_published_reply_is_read_only_and_can_be_retracted(desk, judged):
    reply = make_reply(judged)
    publish(reply)

    page = desk.get(change_url(reply))

    assert 'name="text"' not in page.content.decode()
    assert [str(label) for label, _address, _post in page.context["desk_tools"]] == ["Retract"]
