"""Invariant 1: what is published never changes and is never deleted, whichever way somebody writes."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from commitments import workflow
from commitments.models import (
    Assessment,
    Commitment,
    Edition,
    Retraction,
    Revision,
    RevisionParty,
)
from commitments.models.ledger import CHILDREN, SEALED
from tests.factories import (
    AS_OF,
    make_commitment,
    make_person,
    make_published,
    publish,
)
from tests.models.ledger_rows import CHANGES, LEDGER, WRITTEN_AS_DRAFTS, execute, insert_sql, name, row_of

pytestmark = pytest.mark.django_db


def test_every_model_of_the_ledger_is_covered():
    assert set(CHANGES) == set(LEDGER)
    assert len(LEDGER) == 10


@pytest.mark.parametrize("model", LEDGER, ids=name)
def test_published_row_refuses_update_by_the_orm(published, model):
    field, value = CHANGES[model]
    before = row_of(model, published[model])

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        model._base_manager.filter(pk=published[model].pk).update(**{field: value})

    assert row_of(model, published[model]) == before


@pytest.mark.parametrize("model", LEDGER, ids=name)
def test_published_row_refuses_save(published, model):
    field, value = CHANGES[model]
    row = model._base_manager.get(pk=published[model].pk)
    setattr(row, field, value)

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        row.save()

    assert getattr(model._base_manager.get(pk=row.pk), field) != value


@pytest.mark.parametrize("model", LEDGER, ids=name)
def test_published_row_refuses_update_by_sql(published, model):
    field, value = CHANGES[model]
    key = model._meta.pk.column

    with pytest.raises(IntegrityError, match="never changes"):
        execute(f"UPDATE {model._meta.db_table} SET {field} = %s WHERE {key} = %s", [value, published[model].pk])

    assert getattr(model._base_manager.get(pk=published[model].pk), field) != value


@pytest.mark.parametrize("model", LEDGER, ids=name)
def test_published_row_refuses_delete_by_the_orm(published, model):
    # Whichever speaks first, nothing goes: PROTECT in the ORM, or the trigger.
    with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
        model._base_manager.filter(pk=published[model].pk).delete()

    assert model._base_manager.filter(pk=published[model].pk).exists()


@pytest.mark.parametrize("model", LEDGER, ids=name)
def test_published_row_refuses_delete_by_sql(published, model):
    key = model._meta.pk.column

    with pytest.raises(IntegrityError, match="never"):
        execute(f"DELETE FROM {model._meta.db_table} WHERE {key} = %s", [published[model].pk])

    assert model._base_manager.filter(pk=published[model].pk).exists()


@pytest.mark.parametrize("model", SEALED, ids=name)
def test_published_row_refuses_to_become_a_draft_again(published, model):
    with pytest.raises(IntegrityError, match="never changes"):
        execute(f"UPDATE {model._meta.db_table} SET edition_id = NULL WHERE id = %s", [published[model].pk])

    assert model._base_manager.get(pk=published[model].pk).is_published


@pytest.mark.parametrize("model", WRITTEN_AS_DRAFTS, ids=name)
def test_draft_row_may_change_and_go(drafts, model):
    field, value = CHANGES[model]
    row = model._base_manager.filter(pk=drafts[model].pk)

    assert row.update(**{field: value}) == 1
    assert getattr(row.get(), field) == value
    for child, column in CHILDREN.items():
        parent = child._meta.get_field(column.removesuffix("_id")).related_model
        if parent is model:
            child._base_manager.filter(**{column: drafts[model].pk}).delete()
    assert execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [drafts[model].pk]) == 1


@pytest.mark.parametrize("model", CHILDREN, ids=name)
def test_child_is_not_added_to_a_published_parent(published, drafts, model):
    column = CHILDREN[model]
    row = {**row_of(model, drafts[model]), column: getattr(published[model], column)}
    del row["id"]
    before = model._base_manager.count()

    with pytest.raises(IntegrityError, match="of a published record never changes"):
        execute(insert_sql("INSERT", model, row), list(row.values()))

    assert model._base_manager.count() == before


@pytest.mark.parametrize("model", CHILDREN, ids=name)
def test_child_is_not_moved_into_a_published_parent(published, drafts, model):
    column = CHILDREN[model]
    parent = getattr(published[model], column)

    with pytest.raises(IntegrityError, match="of a published record never changes"):
        execute(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", [parent, drafts[model].pk])

    assert getattr(model._base_manager.get(pk=drafts[model].pk), column) != parent


@pytest.mark.parametrize("model", CHILDREN, ids=name)
def test_child_is_not_moved_out_of_a_published_parent(published, drafts, model):
    column = CHILDREN[model]
    parent = getattr(drafts[model], column)

    with pytest.raises(IntegrityError, match="of a published record never changes"):
        execute(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", [parent, published[model].pk])

    assert getattr(model._base_manager.get(pk=published[model].pk), column) != parent


@pytest.mark.parametrize("model", SEALED, ids=name)
def test_row_is_not_born_published(drafts, model):
    row = {**row_of(model, drafts[model]), "edition_id": Edition.objects.newest_number()}
    del row["id"]
    if "key" in row:
        row["key"] = "another/key"
    if model is Retraction:
        row["commitment_id"], row["assessment_id"] = None, drafts[Assessment].pk
    before = model._base_manager.count()

    with pytest.raises(IntegrityError, match="is written as a draft, then published"):
        execute(insert_sql("INSERT", model, row), list(row.values()))

    assert model._base_manager.count() == before


def test_key_of_a_commitment_never_changes():
    commitment = make_commitment("pledge")

    with pytest.raises(IntegrityError, match="the key of a commitment never changes"), transaction.atomic():
        Commitment.objects.filter(pk=commitment.pk).update(slug="promise")

    assert Commitment.objects.filter(pk=commitment.pk).update(slug="pledge", title="Other") == 1


def test_published_commitment_is_never_deleted():
    commitment = make_published("pledge")

    with pytest.raises(IntegrityError, match="a published commitment is never deleted"):
        execute("DELETE FROM commitments_commitment WHERE id = %s", [commitment.pk])

    assert Commitment.objects.filter(pk=commitment.pk).exists()


def test_commitment_that_nobody_published_may_be_deleted():
    commitment = make_commitment("pledge")

    assert Commitment.objects.filter(pk=commitment.pk).delete()[1]["commitments.Commitment"] == 1


def test_working_copy_of_a_published_commitment_may_change():
    commitment = make_published("pledge", title="As promised")
    commitment.title = "Another title"
    commitment.save()

    assert commitment.revisions.get().title == "As promised"
    assert commitment.standings.get().revision.title == "As promised"


def test_what_the_ledger_refers_to_is_protected(published):
    """Every foreign key of the ledger is PROTECT: parties, sources, themes, summits and people stay."""
    revision = published[Revision]
    for target in (revision.theme, revision.source, revision.summit, published[RevisionParty].party):
        with pytest.raises(ProtectedError), transaction.atomic():
            target.delete()

    for model in LEDGER:
        for field in model._meta.local_fields:
            if field.is_relation:
                assert field.remote_field.on_delete.__name__ == "PROTECT", f"{model.__name__}.{field.name}"


def test_person_with_work_on_record_is_not_deleted():
    author, publisher = make_person(group="Editor"), make_person(group="Publisher")
    commitment = make_commitment()
    workflow.note_edit(commitment, by=author)
    commitment.save()
    workflow.submit(commitment, by=author)
    workflow.publish([commitment], by=publisher)

    for person in (author, publisher):
        with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
            person.delete()


def test_correction_and_what_it_corrects_both_stay():
    commitment = make_published(assessments=[{"as_of": AS_OF, "status": "stalled"}])
    mistaken = commitment.assessments.get()
    correction = workflow.draft_correction(mistaken, by=make_person(), reason="It was mistaken.")
    publish(correction)

    assert list(commitment.assessments.order_by("pk").values_list("edition", flat=True)) == [1, 2]
    mistaken.refresh_from_db()
    assert mistaken.published_correction == correction
    assert mistaken.withdrawn_at(1) is None
    assert mistaken.withdrawn_at(2) == correction
