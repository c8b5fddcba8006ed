"""What a publisher reads of a draft, and that nobody gets their own work past it by whatever way."""

import logging

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from commitments import workflow
from commitments.models import Assessment, Edition, Evidence
from tests.admin.desk import PREVIEW, PUBLISH, QUEUE, RETURN, REVIEW
from tests.admin.forms import said
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_scores,
    make_source,
)
from tests.pages import read

pytestmark = pytest.mark.django_db
LIST = "/admin/commitments/{}/"


def token(record):
    record.refresh_from_db()
    return f"{record._meta.model_name}-{record.pk}-{record.version}"


def make_submitted(author, commitment=None, **fields):
    draft = make_assessment(commitment or make_published(), author=author, edited_by=author, **fields)
    workflow.submit(draft, by=author)
    return draft


@pytest.fixture
def correction(editor):
    """A correction that keeps one source, tells another differently, drops a third and adds a fourth."""
    sources = [make_source(key, title=f"Report {key}", kind="official-document") for key in ("a", "b", "c", "d")]
    published = make_published("pledge-a", assessments=[{"sources": sources[:3], "rationale": "All was paid."}])
    draft = workflow.draft_correction(published.assessments.get(), by=editor, reason="The sum was misread.")
    draft.rationale = "Half was paid."
    draft.save()
    draft.evidence.filter(source=sources[1]).update(shows="It shows a half step.")
    draft.evidence.filter(source=sources[2]).delete()
    Evidence.objects.create(
        assessment=draft, source=sources[3], shows="It shows a sum.", bearing="contradicts", position=9
    )
    make_scores(draft, {make_party("A"): 1})
    workflow.submit(draft, by=editor)
    return draft


def test_correction_stands_beside_what_it_corrects(correction, publishing_desk):
    response = publishing_desk.get(REVIEW, {"record": token(correction)})

    (one,) = response.context["reviews"]
    assert one.corrects == correction.corrects
    assert tuple(map(str, one.changes[0])) == (
        "reason for the correction",
        "—",
        "The sum was misread.",
    )
    states = {str(heading): [row.state for row in rows] for heading, rows in one.rows}
    assert states == {"Evidence": ["same", "changed", "new", "gone"], "Member scores": ["new"]}
    page = read(response)
    (row,) = [row for row in page.all("tr") if row.text.startswith("Rationale")]
    assert "changed" in row.one("th").text
    assert [one.text for one in row.all("del")] == ["taken out: All"]
    assert [one.text for one in row.all("ins")] == ["new: Half"]
    assert "which readers will see struck, with the reason below" in page.text


def test_first_judgement_is_read_without_an_empty_side(editor, publishing_desk):
    draft = make_submitted(editor)

    response = publishing_desk.get(REVIEW, {"record": token(draft)})

    assert response.context["reviews"][0].is_all_new
    assert "Public now" not in response.content.decode()
    assert read(response).all("ins") == []


def test_retraction_says_what_it_withdraws_and_what_readers_will_see(editor, publishing_desk):
    published = make_published(assessments=[{"rationale": "All was paid."}]).assessments.get()
    retraction = workflow.draft_retraction(published, by=editor, reason="It was mistaken.")

    page = read(publishing_desk.get(REVIEW, {"record": token(retraction)})).text

    assert f"It withdraws {published}." in page
    assert "Readers will see it struck, with the reason below." in page
    assert "All was paid." in page


def test_people_who_edited_in_between_are_named(editor, publishing_desk):
    draft = make_assessment(make_published(), author=editor, edited_by=editor)
    workflow.note_edit(draft, by=make_person("helper"))
    workflow.note_edit(draft, by=editor)
    draft.save()

    response = publishing_desk.get(REVIEW, {"record": token(draft)})

    assert "Edited in between by helper." in response.content.decode()


@pytest.mark.parametrize("address", [PUBLISH, PREVIEW])
def test_person_who_edited_in_between_is_refused_and_it_is_written_down(
    editor, publisher, publishing_desk, address, caplog
):
    draft = make_assessment(make_published("pledge-a"), author=editor, edited_by=editor)
    for person in (publisher, editor):
        workflow.note_edit(draft, by=person)
        draft.save()
    workflow.submit(draft, by=editor)

    with caplog.at_level(logging.WARNING, "commitments.desk"):
        response = publishing_desk.post(address, {"record": token(draft), "slug": "pledge-a"})

    sentence = f"“{draft}” is your own work; a second person publishes it."
    assert (response.status_code, said(response)) == (409, [sentence])
    assert "refused to publisher" in caplog.text
    assert LogEntry.objects.get(user=publisher).change_message == f"Refused: {sentence}"
    assert Edition.objects.newest_number() == 1
    assert publishing_desk.get(QUEUE).context["rows"][0]["own"] is True


@pytest.mark.parametrize("way", ["nobody", "deactivated", "without-a-group"])
@pytest.mark.parametrize("address", [PUBLISH, PREVIEW, RETURN])
def test_stranger_is_refused_and_it_is_written_down(way, address, caplog):
    stranger, client = make_person("stranger"), Client()
    if way != "nobody":
        client.force_login(stranger)
    if way == "deactivated":
        stranger.is_active = False
        stranger.save()
    draft = make_submitted(make_person())

    with caplog.at_level(logging.WARNING, "commitments.desk"):
        response = client.post(address, {"record": token(draft), "reason": "No."})

    assert response.status_code == (403 if way == "without-a-group" else 302)
    assert f"refused to {'stranger' if way == 'without-a-group' else 'nobody'}" in caplog.text
    assert LogEntry.objects.filter(change_message__startswith="Refused").count() == (way == "without-a-group")
    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_forged_token_cannot_write_lines_of_its_own_into_the_log(publishing_desk, caplog):
    with caplog.at_level(logging.WARNING, "commitments.desk"):
        publishing_desk.post(PUBLISH, {"record": ["assessment-1-1\nEverything is well", "assessment-999999"]})

    (record,) = [one for one in caplog.records if one.name == "commitments.desk"]
    assert "\n" not in record.getMessage()
    assert "assessment-999999" in record.getMessage()


def test_chosen_in_a_list_are_reviewed_together(editor, publishing_desk):
    waiting = [make_submitted(editor) for _number in range(2)]
    idle = make_assessment(make_published())
    chosen = {"action": "review_chosen", "_selected_action": [one.pk for one in (*waiting, idle)]}

    response = publishing_desk.post(LIST.format("assessment"), chosen, follow=True)

    assert [one.record for one in response.context["reviews"]] == waiting
    assert said(response) == ["1 of the chosen does not wait for a second person and is left out."]


def test_each_list_of_drafts_offers_the_review(editor, publishing_desk):
    judged = make_published(assessments=[{}]).assessments.get()
    commitment = make_commitment(author=editor)
    reply = make_reply(judged, author=editor)
    for record in (commitment, reply):
        workflow.submit(record, by=editor)
    retraction = workflow.draft_retraction(judged, by=editor, reason="It was mistaken.")

    for record in (commitment, reply, retraction):
        address = LIST.format(record._meta.model_name)
        response = publishing_desk.post(
            address, {"action": "review_chosen", "_selected_action": [record.pk]}, follow=True
        )
        assert [one.record for one in response.context["reviews"]] == [record]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(0, "None of the chosen waits for a second person."), (2, "Choose at most 1 at once.")],
)
def test_list_says_why_there_is_nothing_to_review(editor, publishing_desk, monkeypatch, number, sentence):
    monkeypatch.setattr("commitments.admin.choosing.MOST_AT_ONCE", 1)
    drafts = [make_submitted(editor) for _number in range(number)] or [make_assessment(make_published())]
    chosen = {"action": "review_chosen", "_selected_action": [one.pk for one in drafts]}

    response = publishing_desk.post(LIST.format("assessment"), chosen, follow=True)

    assert said(response) == [sentence]


@pytest.mark.parametrize("action", ["publish", "delete_selected", "publish_chosen"])
def test_list_publishes_and_deletes_nothing_by_a_forged_action(editor, publishing_desk, action):
    draft = make_submitted(editor)

    publishing_desk.post(LIST.format("assessment"), {"action": action, "_selected_action": [draft.pk], "post": "yes"})

    assert Assessment.objects.get(pk=draft.pk).state == "submitted"
    assert Edition.objects.newest_number() == 1
