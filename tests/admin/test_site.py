"""The first page of the desk, and who reaches which of its addresses."""

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from commitments import workflow
from commitments.apps import GROUPS
from commitments.models import Edition, Membership, Standing
from tests.admin.desk import QUEUE
from tests.factories import make_assessment, make_commitment, make_party, make_person, make_published, make_reply

pytestmark = pytest.mark.django_db
EDITED = ("party", "membership", "theme", "summit", "source", "commitment", "assessment", "reply")
READ = ("edition", "revision", "standing", "retraction")
FEWEST_ADDRESSES = 150


@pytest.fixture
def records(db):
    """One record of every kind, drafts by somebody else, by the name of its model."""
    commitment = make_published(assessments=[{}])
    judged = commitment.assessments.get()
    author = make_person("author")
    draft = make_assessment(make_commitment("draft", author=author), author=author)
    retraction = workflow.draft_retraction(judged, by=author, reason="Wrong.")
    party = make_party()
    return {
        "party": party,
        "membership": Membership.objects.create(party=party, role="member", since="2001"),
        "theme": commitment.theme,
        "summit": commitment.summit,
        "source": commitment.source,
        "commitment": draft.commitment,
        "assessment": draft,
        "reply": make_reply(judged, author=author),
        "retraction": retraction,
        "edition": Edition.objects.get(),
        "revision": commitment.revisions.get(),
        "standing": Standing.objects.first(),
        "person": author,
    }


def addresses(records):
    """(address, model, action) of every page of every record."""
    for model, record in records.items():
        for action in ("changelist", "add"):
            yield reverse(f"admin:commitments_{model}_{action}"), model, action
        for action in ("change", "history", "delete"):
            yield reverse(f"admin:commitments_{model}_{action}", args=[record.pk]), model, action


def expected(group, model, action):
    """What a person of ``group`` gets by GET: 200, 403, or 302 back to the record with a sentence."""
    if action in ("changelist", "change", "history"):
        return 200
    if action == "add":
        return 200 if f"{model}" in GROUPS[group].get("add", ()) and model != "retraction" else 403
    # Only their author throws drafts away, and nobody anything else.
    return 302 if model in ("commitment", "assessment", "reply", "retraction") else 403


@pytest.mark.parametrize("group", GROUPS)
def test_every_address_answers_each_group_as_its_rights_say(client, records, group):
    client.force_login(make_person("somebody", group))
    asked, wrong = 0, []
    for address, model, action in addresses(records):
        asked += 1
        status = client.get(address).status_code
        if status != expected(group, model, action):
            wrong.append((address, status))

    assert wrong == []
    assert asked * len(GROUPS) >= FEWEST_ADDRESSES


@pytest.mark.parametrize("group", GROUPS)
def test_every_address_takes_a_write_only_from_those_with_the_right(client, records, group):
    client.force_login(make_person("somebody", group))
    wrong = []
    for address, model, action in addresses(records):
        if action not in ("add", "change"):
            continue
        allowed = model in GROUPS[group].get(action, ()) and (model, action) != ("retraction", "add")
        # A form with nothing in it is shown again to those who may send it.
        if client.post(address, {}).status_code != (200 if allowed else 403):
            wrong.append(address)

    assert wrong == []


def test_nobody_reaches_the_desk_without_logging_in(client, records):
    answers = {client.get(address).status_code for address, _model, _action in addresses(records)}

    assert answers == {302}
    assert client.get(QUEUE).status_code == 302


def test_nothing_is_deleted_in_bulk(client, records):
    client.force_login(make_person("root", is_superuser=True))
    for model in records:
        page = client.get(reverse(f"admin:commitments_{model}_changelist"))
        assert "delete_selected" not in page.content.decode(), model


def test_superuser_deletes_nothing_published(client):
    client.force_login(make_person("root", is_superuser=True))
    commitment = make_published(assessments=[{}])
    for record in (commitment, commitment.assessments.get(), commitment.revisions.get(), Edition.objects.get()):
        address = reverse(f"admin:commitments_{record._meta.model_name}_delete", args=[record.pk])
        assert client.post(address, {"post": "yes"}).status_code in (302, 403)
        assert type(record).objects.filter(pk=record.pk).exists()


def test_reference_row_in_use_is_kept(client):
    client.force_login(make_person("root", is_superuser=True))
    theme = make_published().theme

    response = client.post(reverse("admin:commitments_theme_delete", args=[theme.pk]), {"post": "yes"})

    assert response.status_code == 200
    assert "Cannot delete theme" in response.content.decode()
    theme.refresh_from_db()


def test_desk_bears_the_name_of_the_site_and_leads_to_it(desk):
    page = desk.get("/admin/").content.decode()

    assert settings.SITE_NAME in page
    assert 'href="/"' in page


def test_every_table_shows_its_facets():
    ours = [table for model, table in admin.site._registry.items() if model._meta.app_label == "commitments"]

    assert len(ours) >= 13
    assert {table.show_facets for table in ours} == {admin.ShowFacets.ALWAYS}
