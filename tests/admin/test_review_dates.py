"""The day of the next review: shown beside a commitment, set on its own page, and never a change of the wording."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry

from commitments import reviews, workflow
from commitments.models import Commitment
from tests.acts import reload
from tests.admin.desk import change_url
from tests.admin.forms import said
from tests.factories import make_commitment, make_published
from tests.pages import page_at

pytestmark = pytest.mark.django_db
DAY = datetime.date(2027, 3, 1)


def page_of(commitment):
    return f"/admin/commitments/commitment/{commitment.pk}/review-date/"


def test_commitment_shows_its_next_review_with_the_reason(desk):
    commitment = make_published(assessments=[{}])

    page = page_at(desk, change_url(commitment))
    field = page.one("div", class_="field-review_told")

    assert "15 June 2007. One-off and open, without a deadline: 365 days after the day last judged." in field.text
    assert page_of(commitment) in page.addresses
    assert "15 June 2007." in page_at(desk, page_of(commitment)).one("div", id="content-main").text


def test_commitment_that_is_not_public_says_so(desk):
    field = page_at(desk, change_url(make_commitment())).one("div", class_="field-review_told")

    assert "Not before it is public." in field.text


def test_day_is_set_by_hand_without_touching_the_wording(desk, editor):
    commitment = make_published(assessments=[{}])
    before = reload(commitment)

    response = desk.post(page_of(commitment), {"next_review": "2027-03-01"}, follow=True)

    after = reload(commitment)
    assert said(response) == ["Next review: 1 March 2027. Readers see nothing of it."]
    assert (after.next_review, after.version, after.author, after.submitted_at) == (DAY, before.version, None, None)
    assert reviews.review_of(commitment).review_on == DAY
    assert Commitment.history.filter(id=after.pk).first().history_user == editor
    assert "Next review: 1 March 2027, before: by the rule." in LogEntry.objects.get().get_change_message()


def test_submitted_draft_stays_submitted(desk, editor):
    commitment = make_published()
    commitment.refresh_from_db()
    commitment.title = "Changed"
    workflow.note_edit(commitment, by=editor)
    commitment.save()
    workflow.submit(commitment, by=editor)

    desk.post(page_of(commitment), {"next_review": "2027-03-01"})

    assert reload(commitment).submitted_at is not None
    assert reload(commitment).version == commitment.version


def test_day_is_taken_away_again(desk):
    commitment = make_published(assessments=[{}])
    reviews.set_by_hand(commitment, DAY)

    response = desk.post(page_of(commitment), {"next_review": ""}, follow=True)

    assert reload(commitment).next_review is None
    assert said(response) == ["Next review: by the rule. Readers see nothing of it."]


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ("soon", "Write a day as YYYY-MM-DD, for example 2027-03-01."),
        ("2026-11-24", "24 November 2026 is not ahead of us; choose a day after today, or leave it empty"),
    ],
)
def test_wrong_day_is_told_and_kept_in_the_form(desk, entered, sentence):
    commitment = make_published()

    page = desk.post(page_of(commitment), {"next_review": entered}).content.decode()

    assert sentence in page
    assert f'value="{entered}"' in page
    assert reload(commitment).next_review is None


def test_day_that_has_come_may_be_saved_again(desk):
    commitment = make_published()
    reviews.set_by_hand(commitment, datetime.date(2026, 1, 1))

    assert desk.post(page_of(commitment), {"next_review": "2026-01-01"}).status_code == 302


def test_only_who_may_change_the_commitment_sets_the_day(publishing_desk, desk):
    commitment = make_published()

    assert page_of(commitment) not in page_at(publishing_desk, change_url(commitment)).addresses
    assert publishing_desk.get(page_of(commitment)).status_code == 403
    assert publishing_desk.post(page_of(commitment), {"next_review": "2027-03-01"}).status_code == 403
    assert desk.get("/admin/commitments/commitment/999999/review-date/").status_code == 404
    assert reload(commitment).next_review is None


def test_limited_editor_sets_no_day_outside_their_limits(desk, editor):
    commitment, theirs = make_published(), make_published()
    editor.themes.add(theirs.theme)

    assert desk.post(page_of(commitment), {"next_review": "2027-03-01"}).status_code == 403
    assert desk.post(page_of(theirs), {"next_review": "2027-03-01"}).status_code == 302
    assert (reload(commitment).next_review, reload(theirs).next_review) == (None, DAY)


def test_list_shows_the_next_review(desk):
    make_published(assessments=[{}])

    response = desk.get("/admin/commitments/commitment/?attention=review")

    (commitment,) = response.context["cl"].result_list
    assert response.context["cl"].model_admin.review_shown(commitment) == datetime.date(2007, 6, 15)
