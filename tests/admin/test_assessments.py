"""Assessments at the desk: recorded on one page, sealed when published, then corrected or retracted."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from commitments import workflow
from commitments.models import Assessment, Evidence, Source
from tests.admin.desk import change_url
from tests.admin.forms import form_data, said
from tests.factories import make_assessment, make_commitment, make_person, make_published, make_source, publish

pytestmark = pytest.mark.django_db

ADD = "/admin/commitments/assessment/add/"


def judgement(commitment, source, **fields):
    """What an editor enters for a judgement with one evidence row."""
    return {
        "commitment": commitment.pk,
        "as_of": "2006-06-15",
        "status": "in_progress",
        "confidence": "medium",
        "rationale": "A step was reported.",
        "evidence-0-source": source.pk,
        "evidence-0-bearing": "supports",
        "evidence-0-shows": "It shows a step.",
        **fields,
    }


def test_form_shows_each_status_with_meaning_and_rule(desk):
    page = desk.get(ADD).content.decode()

    assert "A part of what was promised has been done, and the rest has not." in page
    assert "no_evidence needs a search log: where, in which language and when somebody looked." in page
    assert "not_assessed" not in page


def test_judgement_with_evidence_saved_on_one_page(desk, editor):
    commitment, source = make_published(), make_source()
    data = form_data(desk.get(ADD)) | judgement(commitment, source, _continue="1")

    response = desk.post(ADD, data, follow=True)

    draft = Assessment.objects.get()
    assert response.redirect_chain == [(change_url(draft), 302)]
    assert said(response) == ["Saved as a draft. Nobody outside the desk sees it."]
    assert (draft.author, draft.edited_by, draft.state) == (editor, editor, "draft")
    assert [row.source for row in draft.evidence.all()] == [source]


def test_judgement_saved_and_submitted(desk, editor):
    commitment, source = make_published(), make_source()
    data = form_data(desk.get(ADD)) | judgement(commitment, source, _submit="1")

    response = desk.post(ADD, data, follow=True)

    draft = Assessment.objects.get()
    assert draft.state == "submitted"
    assert "/admin/commitments/edition/queue/" in said(response)[0]
    assert LogEntry.objects.filter(user=editor, change_message="Submitted.").count() == 1


def test_judgement_that_cannot_be_submitted_is_saved_with_the_reasons(desk):
    commitment = make_published()
    data = form_data(desk.get(ADD)) | judgement(commitment, make_source(), _submit="1", status="fulfilled")

    response = desk.post(ADD, data, follow=True)

    assert Assessment.objects.get().state == "draft"
    assert said(response)[0] == "Saved as a draft, but not submitted. What stands against it:"
    assert said(response)[1].startswith("fulfilled needs an official text of the act or two independent sources")


@pytest.mark.parametrize(
    ("entered", "field", "sentence"),
    [
        ({"confidence": ""}, "confidence", "Give a confidence with every status but “No evidence found”"),
        ({"closure_reason": "blocked"}, "closure_reason", "“Superseded” needs a closure reason"),
        ({"progress": "-1"}, "progress", "Progress is zero or more."),
        ({"as_of": "2006-13-40"}, "as_of", "Enter a valid date."),
    ],
    ids=["no confidence", "closure of an open one", "progress below zero", "no day"],
)
def test_wrong_value_is_told_at_its_field_and_the_text_stays(desk, entered, field, sentence):
    data = form_data(desk.get(ADD)) | judgement(make_published(), make_source(), _continue="1", **entered)

    response = desk.post(ADD, data)

    assert response.status_code == 200
    assert sentence in response.context["adminform"].form.errors[field][0]
    assert "A step was reported." in response.content.decode()
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("field", ["shows", "locator"])
def test_quotation_from_a_source_that_forbids_it_is_refused(desk, field):
    source = make_source(terms="no_quotation", title="Report R")
    entered = {f"evidence-0-{field}": "It says “done”."}
    data = form_data(desk.get(ADD)) | judgement(make_published(), source, _continue="1", **entered)

    response = desk.post(ADD, data)

    assert "The terms of “Report R” forbid quotation; say it without quotation marks." in response.content.decode()
    assert not Assessment.objects.exists()


def test_same_source_twice_is_refused(desk):
    source = make_source()
    again = {
        "evidence-TOTAL_FORMS": "2",
        "evidence-1-source": source.pk,
        "evidence-1-bearing": "context",
        "evidence-1-shows": "The same again.",
    }
    data = form_data(desk.get(ADD)) | judgement(make_published(), source, _continue="1") | again

    response = desk.post(ADD, data)

    assert response.status_code == 200
    assert not Evidence.objects.exists()


def test_source_added_on_the_way_comes_back_to_the_form(desk):
    address = "/admin/commitments/source/add/?_popup=1&_to_field=id"
    data = form_data(desk.get(address)) | {
        "_popup": "1",
        "title": "Report N",
        "publisher": "Publisher N",
        "key": "publisher-n",
        "kind": "news",
        "language": "en",
        "terms": "open",
    }

    response = desk.post(address, data)

    source = Source.objects.get()
    assert response.status_code == 200
    assert f"&quot;value&quot;: &quot;{source.pk}&quot;" in response.content.decode()


def test_evidence_goes_to_the_end_in_the_order_entered(desk, editor):
    commitment = make_published()
    draft = make_assessment(commitment, author=editor)
    data = form_data(desk.get(change_url(draft)))
    for index in (1, 2):
        data |= {
            f"evidence-{index}-source": make_source().pk,
            f"evidence-{index}-bearing": "context",
            f"evidence-{index}-shows": f"Row {index}.",
        }

    desk.post(change_url(draft), data | {"evidence-TOTAL_FORMS": "3", "_continue": "1"})

    rows = draft.evidence.values_list("position", "shows")
    assert list(rows) == [(0, "It shows a step."), (1, "Row 1."), (2, "Row 2.")]


def test_submitted_draft_that_is_edited_is_a_draft_again(desk, editor):
    draft = make_assessment(make_published(), author=make_person())
    workflow.submit(draft, by=draft.author)

    desk.post(change_url(draft), form_data(desk.get(change_url(draft))) | {"_continue": "1"})

    draft.refresh_from_db()
    assert (draft.state, draft.edited_by) == ("draft", editor)


def test_published_assessment_is_shown_for_reading(desk):
    published = make_published(assessments=[{}]).assessments.get()

    page = desk.get(change_url(published)).content.decode()

    assert 'name="rationale"' not in page
    assert 'name="_continue"' not in page
    assert "Published in edition 1." in page
    assert "record revision number" not in page
    assert f'action="{change_url(published).replace("change", "correct")}"' in page
    assert change_url(published).replace("change", "retract") in page


def test_form_sent_after_the_publication_is_refused_and_its_text_comes_back(desk, editor):
    commitment = make_published()
    draft = make_assessment(commitment, author=editor)
    data = form_data(desk.get(change_url(draft))) | {"rationale": "A long new text.", "_submit": "1"}
    publish(draft)

    response = desk.post(change_url(draft), data)

    assert response.status_code == 200
    assert "It was published in edition 2 after you opened it" in response.content.decode()
    assert "A long new text." in response.content.decode()
    assert Assessment.objects.get().rationale == "Because of in_progress."


def test_correction_opens_a_draft_with_everything_copied(desk, editor):
    published = make_published(assessments=[{}]).assessments.get()

    response = desk.post(reverse("admin:commitments_assessment_correct", args=[published.pk]), follow=True)

    draft = Assessment.objects.get(corrects=published)
    assert response.redirect_chain == [(change_url(draft), 302)]
    assert (draft.author, draft.rationale, draft.evidence.count()) == (editor, published.rationale, 1)
    assert str(published) in response.content.decode()


def test_correction_asks_why_and_is_not_submitted_without(desk):
    published = make_published(assessments=[{}]).assessments.get()
    draft = workflow.draft_correction(published, by=None)
    data = form_data(desk.get(change_url(draft))) | {"_submit": "1"}

    silent = desk.post(change_url(draft), data, follow=True)
    data = form_data(silent) | {"correction_reason": "The report was misread.", "_submit": "1"}
    desk.post(change_url(draft), data)

    assert "Say under “reason for the correction” what was mistaken; readers see it beside the struck record." in said(
        silent
    )
    draft.refresh_from_db()
    assert (draft.state, draft.correction_reason) == ("submitted", "The report was misread.")


def test_form_of_what_corrects_nothing_does_not_ask_why(desk, editor):
    assert 'name="correction_reason"' not in desk.get(change_url(make_assessment(make_published()))).content.decode()


def test_correction_by_get_does_nothing(desk):
    published = make_published(assessments=[{}]).assessments.get()

    response = desk.get(reverse("admin:commitments_assessment_correct", args=[published.pk]))

    assert response.status_code == 302
    assert Assessment.objects.count() == 1


def test_draft_is_not_corrected(desk, editor):
    draft = make_assessment(make_published(), author=editor)

    response = desk.post(reverse("admin:commitments_assessment_correct", args=[draft.pk]), follow=True)

    assert said(response) == ["It is not published; change the draft instead."]


def test_own_draft_is_deleted_with_its_rows(desk, editor):
    draft = make_assessment(make_published(), author=editor)
    address = reverse("admin:commitments_assessment_delete", args=[draft.pk])

    assert desk.get(address).status_code == 200
    desk.post(address, {"post": "yes"})

    assert not Assessment.objects.exists()
    assert not Evidence.objects.exists()


def test_draft_of_somebody_else_is_not_deleted(desk):
    draft = make_assessment(make_published(), author=make_person())

    response = desk.post(reverse("admin:commitments_assessment_delete", args=[draft.pk]), {"post": "yes"}, follow=True)

    assert said(response) == [f"Only the author of “{draft}” deletes the draft."]
    assert Assessment.objects.exists()


def test_published_assessment_is_not_deleted(desk):
    published = make_published(assessments=[{}]).assessments.get()
    address = reverse("admin:commitments_assessment_delete", args=[published.pk])

    response = desk.post(address, {"post": "yes"}, follow=True)

    assert said(response) == [f"“{published}” is published and never deleted. Correct or retract it instead."]
    assert Assessment.objects.exists()


def test_old_state_is_not_put_back(desk, editor):
    draft = make_assessment(make_published(), author=editor)
    entry = Assessment.history.filter(id=draft.pk).first()
    address = reverse("admin:commitments_assessment_simple_history", args=[draft.pk, entry.pk])

    assert desk.get(address).status_code == 200
    response = desk.post(address, {"rationale": "Old."}, follow=True)

    assert said(response) == ["An old state is not put back by a click; enter what should stand now."]


def test_history_says_who_changed_what(desk, editor):
    draft = make_assessment(make_published(), author=editor)
    data = form_data(desk.get(change_url(draft))) | {"rationale": "A better reason.", "_continue": "1"}
    desk.post(change_url(draft), data)

    page = desk.get(reverse("admin:commitments_assessment_history", args=[draft.pk])).content.decode()

    assert "Because of in_progress. → A better reason." in page
    assert "style=" not in page


def test_commitment_named_in_the_address_is_filled_in(desk):
    commitment = make_published()

    response = desk.get(f"{ADD}?commitment={commitment.pk}")

    assert response.context["adminform"].form["commitment"].value() == str(commitment.pk)


@pytest.mark.parametrize("rows", [3, 12])
def test_list_needs_the_same_number_of_queries(desk, editor, rows, django_assert_num_queries):
    commitment = make_commitment()
    for index in range(rows):
        make_assessment(commitment, author=editor, as_of=datetime.date(2006, 1, 1 + index))
    # Permissions and content types are read once per process or person.
    desk.get(reverse("admin:commitments_assessment_changelist"))

    with django_assert_num_queries(26):
        response = desk.get(reverse("admin:commitments_assessment_changelist"))

    assert len(response.context["cl"].result_list) == rows
