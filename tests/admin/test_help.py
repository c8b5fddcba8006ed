"""Every field has a sentence of help, and the page on how we judge has every declaration."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.utils.html import strip_tags

from commitments import attention, choices, drafts, quality, reviews
from commitments.admin.review_dates import ReviewDateForm
from commitments.models import Person
from commitments.views.methodology import VOCABULARIES
from tests.factories import make_person
from tests.pages import page_at

pytestmark = pytest.mark.django_db
JUDGING = "/admin/commitments/edition/how-we-judge/"
FEWEST_FIELDS = 90


def forms():
    """(name, form class) of every form of the desk in which somebody can write, rows included."""
    request = RequestFactory().get("/admin/")
    request.user = make_person("root", is_superuser=True)
    for model, table in admin.site._registry.items():
        if not (table.has_add_permission(request) or table.has_change_permission(request)):
            continue
        yield model.__name__, table.get_form(request)
        if model is Person:
            yield "Person", table.get_form(request, request.user, change=True)
        for inline in table.get_inline_instances(request):
            yield f"{model.__name__}, {inline.model.__name__}", inline.get_formset(request).form
    yield "Next review", ReviewDateForm


def test_every_field_has_a_sentence_of_help():
    asked, wanting = 0, []
    for name, form in forms():
        for key, field in form.base_fields.items():
            if field.widget.is_hidden:
                continue
            asked += 1
            told = strip_tags(str(field.help_text)).strip()
            if len(told.split()) < 3 or not told.endswith("."):
                wanting.append(f"{name}.{key}: {told!r}")

    assert wanting == []
    assert asked >= FEWEST_FIELDS


def test_every_declaration_is_on_the_page(desk):
    page = page_at(desk, JUDGING)
    said = {" ".join(cell.text.split()) for cell in page.all("td") + page.all("th")}

    declared = [(status.label, status.meaning, status.rule) for status in choices.Status]
    declared += [(value.label, value.meaning) for _name, vocabulary in VOCABULARIES for value in vocabulary]
    declared += [(rule.name, rule.sentence) for rule in quality.RULES]
    declared += [(one.label, one.meaning) for one in (*drafts.PILES, *attention.QUEUES)]
    declared += [(one.label, one.span, one.reason) for one in reviews.INTERVALS]
    wanting = [text for texts in declared for text in texts if " ".join(str(text).split()) not in said]

    assert wanting == []
    assert len(declared) >= 80
    assert len(page.one("section", id="scores").all("tr")) == len(choices.SCORES)


def test_page_is_for_the_people_of_the_desk(client, desk, publishing_desk, office):
    assert client.get(JUDGING).status_code == 302
    assert {browser.get(JUDGING).status_code for browser in (desk, publishing_desk, office)} == {200}


def test_form_of_an_assessment_leads_to_the_page(desk):
    assert JUDGING in page_at(desk, "/admin/commitments/assessment/add/").addresses
