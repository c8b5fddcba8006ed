"""A party's reply, from the desk to the page beside the judgement it answers, and back."""

import csv
import datetime

import pytest
from django.test import Client

from commitments import workflow
from commitments.models import Reply
from tests.admin.desk import PUBLISH, change_url
from tests.admin.forms import form_data, said
from tests.factories import AS_OF, MADE_ON, make_assessment, make_party, make_published, make_reply, make_source
from tests.pages import read

pytestmark = pytest.mark.django_db
ADD = "/admin/commitments/reply/add/"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def judged():
    return make_published("pledge-a", assessments=[{}]).assessments.get()


def token(record):
    record.refresh_from_db()
    return f"{record._meta.model_name}-{record.pk}-{record.version}"


def lines(reader):
    rows = csv.DictReader(b"".join(reader.get("/changes.csv?kind=reply").streaming_content).decode().splitlines())
    return [(row["commitment"], row["record"], row["text"]) for row in rows]


def test_reply_is_recorded_submitted_published_shown_and_retracted(desk, editor, publishing_desk, judged):
    tools = {str(label): address for label, address, _post in desk.get(change_url(judged)).context["desk_tools"]}
    form = desk.get(tools["Record a reply"])
    assert form.context["adminform"].form.initial["assessment"] == str(judged.pk)
    party, source = make_party("AA"), make_source(title="Note of the ministry")
    entered = {
        "party": party.pk, "date": "2006-06-20", "text": "It said that work goes on.", "source": source.pk,
        "_submit": "1",
    }  # fmt: skip

    desk.post(tools["Record a reply"], form_data(form) | entered)

    reply, reader = Reply.objects.get(), Client()
    assert (reply.assessment, reply.party, reply.source, reply.state) == (judged, party, source, "submitted")
    assert "work goes on" not in reader.get("/commitments/pledge-a/").content.decode()
    assert lines(reader) == []
    publishing_desk.post(PUBLISH, {"record": token(reply)})

    reply.refresh_from_db()
    shown = read(reader.get("/commitments/pledge-a/")).one("section", id=f"a{judged.pk}").one("div", class_="reply")
    assert "State AA answered, 20 June 2006" in shown.text
    assert "It said that work goes on." in shown.text
    assert "Note of the ministry" in shown.text
    assert lines(reader) == [("pledge-a", "pledge-a/AA/2006-06-20", "It said that work goes on.")]
    assert "It said that work goes on." in reader.get("/commitments/pledge-a/feed.atom").content.decode()

    desk.post(f"/admin/commitments/reply/{reply.pk}/retract/", {"reason": "It was on another promise."})
    publishing_desk.post(PUBLISH, {"record": token(reply.retraction)})

    shown = read(reader.get("/commitments/pledge-a/")).one("section", id=f"a{judged.pk}").one("div", class_="reply")
    assert shown.one("del").text == "It said that work goes on."
    assert "Retracted in edition 3: It was on another promise." in shown.text
    assert "It was on another promise." in reader.get("/changes/?corrections=yes").content.decode()


def test_who_recorded_a_reply_does_not_publish_it(publishing_desk, publisher, judged):
    reply = make_reply(judged, author=publisher, edited_by=publisher)
    workflow.submit(reply, by=publisher)

    response = publishing_desk.post(PUBLISH, {"record": token(reply)})

    assert said(response) == [f"“{reply}” is your own work; a second person publishes it."]


def test_draft_does_not_offer_to_record_a_reply(desk, editor):
    draft = make_assessment(make_published(), author=editor)

    assert "Record a reply" not in {str(label) for label, *_rest in desk.get(change_url(draft)).context["desk_tools"]}


@pytest.mark.parametrize(
    ("date", "problem"),
    [
        (datetime.date(2026, 11, 25), "It is dated 2026-11-25, which lies in the future."),
        (MADE_ON - DAY, f"It is dated {MADE_ON - DAY}, before the promise, made on {MADE_ON}."),
    ],
)
def test_day_that_is_certainly_wrong_is_refused_in_a_sentence(editor, judged, date, problem):
    reply = make_reply(judged, date=date, author=editor)

    with pytest.raises(workflow.Refused) as refusal:
        workflow.submit(reply, by=editor)

    assert refusal.value.problems == [problem]


@pytest.mark.parametrize("date", [MADE_ON, AS_OF - DAY, datetime.date(2026, 11, 24)])
def test_day_that_may_be_right_is_taken(editor, judged, date):
    reply = make_reply(judged, date=date, author=editor)

    workflow.submit(reply, by=editor)

    assert reply.submitted_at
