"""What awaits a second person: read, previewed, published or returned, and never by its author."""

import csv
import logging

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from commitments import workflow
from commitments.models import Assessment, Commitment, Edition, Retraction, Revision, Standing
from tests.admin.desk import PREVIEW, PUBLISH, QUEUE, RETURN, REVIEW
from tests.admin.forms import said
from tests.factories import make_assessment, make_commitment, make_person, make_published, make_reply, make_source

pytestmark = pytest.mark.django_db


def make_submitted(author, commitment=None, **fields):
    """An assessment that waits for a second person."""
    draft = make_assessment(commitment or make_published(), author=author, edited_by=author, **fields)
    workflow.submit(draft, by=author)
    return draft


def token(record, version=None):
    record.refresh_from_db()
    return f"{record._meta.model_name}-{record.pk}-{record.version if version is None else version}"


def state():
    """Everything that publishing could write."""
    models = (Assessment, Commitment, Edition, Retraction, Revision, Standing)
    return [list(model._base_manager.order_by("pk").values()) for model in models]


def test_queue_lists_every_kind_oldest_first(editor, publishing_desk, clock):
    published = make_published(assessments=[{}])
    judged = published.assessments.get()
    records = [
        make_commitment(author=editor),
        make_assessment(published, author=editor),
        make_reply(judged, author=editor),
    ]
    for record in reversed(records):
        clock.shift(60)
        workflow.submit(record, by=editor)
    clock.shift(60)
    retraction = workflow.draft_retraction(judged, by=editor, reason="It was mistaken.")

    response = publishing_desk.get(QUEUE)

    assert [row["record"] for row in response.context["rows"]] == [*reversed(records), retraction]


def test_queue_that_is_empty_says_so(publishing_desk):
    assert "Nothing waits." in publishing_desk.get(QUEUE).content.decode()


@pytest.mark.parametrize("rows", [2, 9])
def test_queue_needs_the_same_number_of_queries(editor, publishing_desk, rows, django_assert_num_queries):
    commitment = make_published()
    for _index in range(rows):
        make_submitted(editor, commitment)

    with django_assert_num_queries(8):
        response = publishing_desk.get(QUEUE)

    assert len(response.context["rows"]) == rows


def test_review_shows_before_and_after_and_the_evidence(editor, publishing_desk):
    commitment = make_published(assessments=[{"as_of": "2006-01-01", "status": "not_started"}])
    source = make_source(kind="official-document", title="Report R")
    draft = make_submitted(editor, commitment, status="fulfilled", sources=[source])

    response = publishing_desk.get(REVIEW, {"record": token(draft)})

    (one,) = response.context["reviews"]
    assert one.before == "Not started, as of 1 January 2006"
    assert one.after == "Fulfilled, as of 15 June 2006"
    assert ("status", "Not started", "Fulfilled") in [tuple(map(str, row)) for row in one.changes]
    assert "Report R" in response.content.decode()
    assert one.problems == []


def test_review_shows_the_wording_that_changes(editor, publishing_desk):
    commitment = make_published(title="Old title")
    commitment.refresh_from_db()
    commitment.title, commitment.author = "New title", editor
    commitment.save()
    workflow.submit(commitment, by=editor)

    response = publishing_desk.get(REVIEW, {"record": token(commitment)})

    (one,) = response.context["reviews"]
    assert [tuple(map(str, row)) for row in one.changes] == [("title", "Old title", "New title")]


def test_review_of_what_cannot_be_published_names_the_reasons(editor, publishing_desk):
    draft = make_submitted(editor)
    draft.evidence.all().delete()

    response = publishing_desk.get(REVIEW, {"record": token(draft)})

    assert "in_progress needs at least one evidence row." in response.content.decode()
    assert response.context["reviews"][0].after == ""


@pytest.mark.parametrize("named", [[], ["nonsense"], ["assessment-999999"], ["assessment-0"], ["edition-1"]])
def test_review_of_nothing_goes_back_to_the_queue_with_a_sentence(publishing_desk, named):
    response = publishing_desk.get(REVIEW, {"record": named}, follow=True)

    assert response.redirect_chain == [(QUEUE, 302)]
    assert len(said(response)) == 1


def test_preview_shows_the_page_as_it_would_become_and_leaves_nothing(editor, publishing_desk):
    commitment = make_published("pledge-a")
    draft = make_submitted(editor, commitment, rationale="It moved at last.")
    before, public = state(), Client().get("/commitments/pledge-a/").content.decode()

    response = publishing_desk.post(PREVIEW, {"record": token(draft), "slug": "pledge-a"})

    assert response.status_code == 200
    assert "It moved at last." in response.content.decode()
    assert "In progress" in response.content.decode()
    assert "It moved at last." not in public
    assert state() == before
    assert Client().get("/commitments/pledge-a/").content.decode() == public


def test_preview_is_the_page_that_publishing_makes(editor, publishing_desk):
    draft = make_submitted(editor, make_published("pledge-a"))
    preview = publishing_desk.post(PREVIEW, {"record": token(draft), "slug": "pledge-a"}).content

    publishing_desk.post(PUBLISH, {"record": token(draft)})

    assert Client().get("/commitments/pledge-a/").content == preview


def test_preview_is_not_reached_without_the_right_to_publish(editor, desk, caplog):
    draft = make_submitted(make_person(), make_published("pledge-a"), rationale="It moved at last.")

    with caplog.at_level(logging.WARNING, "commitments.desk"):
        response = desk.post(PREVIEW, {"record": token(draft), "slug": "pledge-a"})

    assert response.status_code == 403
    assert said(response) == ["You do not have the right to publish; ask an administrator for the group “Publisher”."]
    assert "preview refused to editor" in caplog.text


def test_preview_of_a_retraction_shows_the_page_that_says_so(editor, publishing_desk):
    commitment = make_published("pledge-a")
    retraction = workflow.draft_retraction(commitment, by=editor, reason="It was never made.")

    response = publishing_desk.post(PREVIEW, {"record": token(retraction), "slug": "pledge-a"})

    assert response.status_code == 410
    assert "It was never made." in response.content.decode()
    assert Client().get("/commitments/pledge-a/").status_code == 200


@pytest.mark.parametrize("slug", ["pledge-z", "", "no such key"])
def test_preview_of_a_page_that_would_not_exist_is_refused(editor, publishing_desk, slug):
    draft = make_submitted(editor)

    response = publishing_desk.post(PREVIEW, {"record": token(draft), "slug": slug})

    assert response.status_code == 409
    assert said(response) == [f"After this, “{slug}” has no public page."]


@pytest.mark.parametrize("address", [PREVIEW, PUBLISH, RETURN])
def test_writing_by_get_is_refused(publishing_desk, address):
    assert publishing_desk.get(address).status_code == 405


@pytest.mark.parametrize("address", [PREVIEW, PUBLISH, RETURN])
def test_writing_without_the_token_of_the_form_is_refused(publisher, address):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(publisher)

    assert strict.post(address, {"record": "assessment-1-1"}).status_code == 403


def test_one_draft_published(editor, publishing_desk, publisher):
    draft = make_submitted(editor)

    response = publishing_desk.post(PUBLISH, {"record": token(draft), "note": "First judgement."}, follow=True)

    edition = Edition.objects.newest()
    draft.refresh_from_db()
    assert draft.edition == edition
    assert (edition.published_by, edition.note, edition.four_eyes) == (publisher, "First judgement.", True)
    assert "edition 2" in said(response)[0]
    assert LogEntry.objects.filter(user=publisher, change_message="Published in edition 2.").count() == 1


def test_public_pages_show_what_was_published_at_once(editor, publishing_desk):
    draft = make_submitted(editor, make_published("pledge-a", title="Loan to State A"), rationale="It moved at last.")
    publishing_desk.post(PUBLISH, {"record": token(draft), "note": "First judgement."})

    reader = Client()
    rows = csv.DictReader(b"".join(reader.get("/commitments.csv")).decode().splitlines())
    assert [(row["slug"], row["status"]) for row in rows] == [("pledge-a", "in_progress")]
    assert "It moved at last." in reader.get("/commitments/pledge-a/").content.decode()
    assert "Loan to State A" in reader.get("/commitments/?status=in_progress").content.decode()
    assert "First judgement." in reader.get("/changes/").content.decode()


def test_several_drafts_published_as_one_edition(editor, publishing_desk):
    commitment = make_commitment(author=editor)
    workflow.submit(commitment, by=editor)
    judgement = make_assessment(commitment, author=editor)
    Assessment.objects.filter(pk=judgement.pk).update(submitted_at=commitment.submitted_at)

    publishing_desk.post(PUBLISH, {"record": [token(judgement), token(commitment)]})

    judgement.refresh_from_db()
    assert judgement.edition_id == 1
    assert commitment.revisions.get().edition_id == 1


def test_of_several_drafts_all_or_none_are_published(editor, publishing_desk):
    good, bad = make_submitted(editor), make_submitted(editor)
    bad.evidence.all().delete()
    before = state()

    response = publishing_desk.post(PUBLISH, {"record": [token(good), token(bad)], "note": "A long note."})

    assert response.status_code == 409
    assert "in_progress needs at least one evidence row." in said(response)[0]
    assert "A long note." in response.content.decode()
    assert state() == before


@pytest.mark.parametrize("address", [PUBLISH, PREVIEW])
def test_author_is_refused_in_a_sentence_and_it_is_written_down(editor, desk, address, caplog):
    editor.groups.add(make_person(group="Publisher").groups.get())
    draft = make_submitted(editor, make_published("pledge-a"))
    before = state()

    with caplog.at_level(logging.WARNING, "commitments.desk"):
        response = desk.post(address, {"record": token(draft), "slug": "pledge-a"})

    assert response.status_code == 409
    assert said(response) == [f"“{draft}” is your own work; a second person publishes it."]
    assert state() == before
    assert "refused to editor" in caplog.text
    entry = LogEntry.objects.get(user=editor)
    assert entry.change_message == f"Refused: “{draft}” is your own work; a second person publishes it."


def test_author_among_several_is_refused_too(editor, desk):
    editor.groups.add(make_person(group="Publisher").groups.get())
    own, other = make_submitted(editor), make_submitted(make_person())
    before = state()

    response = desk.post(PUBLISH, {"record": [token(other), token(own)]})

    assert said(response) == [f"“{own}” is your own work; a second person publishes it."]
    assert state() == before


def test_last_editor_is_refused_like_the_author(editor, desk):
    editor.groups.add(make_person(group="Publisher").groups.get())
    draft = make_submitted(make_person())
    Assessment.objects.filter(pk=draft.pk).update(edited_by=editor)

    response = desk.post(PUBLISH, {"record": token(draft)})

    assert said(response) == [f"“{draft}” is your own work; a second person publishes it."]


@pytest.mark.parametrize("group", ["Editor", "Administrator"])
def test_nobody_publishes_without_the_right(group, client):
    client.force_login(make_person("somebody", group))
    draft = make_submitted(make_person())

    response = client.post(PUBLISH, {"record": token(draft)})

    assert response.status_code == 403
    assert said(response) == ["You do not have the right to publish; ask an administrator for the group “Publisher”."]
    draft.refresh_from_db()
    assert draft.edition_id is None


def test_superuser_does_not_publish_without_the_right(client):
    client.force_login(make_person("root", is_superuser=True))
    draft = make_submitted(make_person())

    assert client.post(PUBLISH, {"record": token(draft)}).status_code == 403


def test_draft_changed_since_the_review_is_refused(editor, publishing_desk):
    draft = make_submitted(editor)
    seen = token(draft)
    draft.rationale = "Changed behind the publisher's back."
    draft.save()

    response = publishing_desk.post(PUBLISH, {"record": seen})

    assert response.status_code == 409
    assert said(response) == [f"“{draft}” was changed by somebody else in the meantime."]
    assert "Changed behind the publisher&#x27;s back." in response.content.decode()
    assert token(draft) in response.content.decode()
    assert not Assessment.objects.filter(edition__isnull=False).exists()


def test_draft_deleted_since_the_review_is_told(editor, publishing_desk):
    draft = make_submitted(editor)
    seen = token(draft)
    draft.evidence.all().delete()
    draft.delete()

    response = publishing_desk.post(PUBLISH, {"record": seen}, follow=True)

    assert response.redirect_chain == [(QUEUE, 302)]
    assert said(response) == [f"“{seen}” is no draft any more; open the list again."]


def test_draft_published_twice_is_refused_the_second_time(editor, publishing_desk):
    draft = make_submitted(editor)
    seen = token(draft)
    publishing_desk.post(PUBLISH, {"record": seen})

    response = publishing_desk.post(PUBLISH, {"record": seen})

    assert response.status_code == 409
    assert Edition.objects.newest_number() == 2


def test_draft_returned_with_a_reason_that_its_author_sees(editor, desk, publishing_desk):
    draft = make_submitted(editor)

    publishing_desk.post(RETURN, {"record": token(draft), "reason": "Name the page."})

    draft.refresh_from_db()
    assert (draft.state, draft.return_reason) == ("returned", "Name the page.")
    assert "Name the page." in desk.get("/admin/").content.decode()


def test_return_without_a_reason_is_refused(editor, publishing_desk):
    draft = make_submitted(editor)

    response = publishing_desk.post(RETURN, {"record": token(draft), "reason": " "})

    assert said(response) == ["Say why you return it; its author needs the reason."]
    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_editor_does_not_return_drafts(desk):
    draft = make_submitted(make_person())

    response = desk.post(RETURN, {"record": token(draft), "reason": "No."})

    assert response.status_code == 403
    assert said(response) == ["Only a publisher returns a draft."]


@pytest.mark.parametrize("address", [QUEUE, REVIEW, PREVIEW, PUBLISH, RETURN])
def test_queue_is_closed_to_people_without_a_group(client, address):
    client.force_login(make_person())

    assert client.post(address).status_code == 403


def test_own_work_is_published_where_one_person_runs_the_desk(editor, desk, settings):
    settings.FOUR_EYES = False
    editor.groups.add(make_person(group="Publisher").groups.get())
    draft = make_submitted(editor)

    assert desk.get(QUEUE).context["rows"][0]["own"] is False
    desk.post(PUBLISH, {"record": token(draft)})

    assert Edition.objects.newest().four_eyes is False
