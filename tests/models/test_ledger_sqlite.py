"""SQLite's own ways of doing away with a row: REPLACE deletes what is in the way without a DELETE trigger."""

import pytest
from django.db import IntegrityError

from commitments.models import (
    Assessment,
    Commitment,
    Evidence,
    MemberScore,
    Reply,
    Retraction,
    RevisionLink,
    RevisionParty,
)
from commitments.models.ledger import CHILDREN
from tests.factories import make_published
from tests.models.ledger_rows import CHANGES, LEDGER, execute, insert_sql, name, row_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
@pytest.mark.parametrize("model", LEDGER, ids=name)
def test_published_row_refuses_to_be_replaced_by_its_number(published, model, verb):
    field, value = CHANGES[model]
    before = row_of(model, published[model])
    row = {**before, field: value}
    if "edition_id" in row:
        row["edition_id"] = None

    with pytest.raises(IntegrityError):
        execute(insert_sql(verb, model, row), list(row.values()))

    assert row_of(model, published[model]) == before


@pytest.mark.parametrize(
    ("model", "unique"),
    [
        (Assessment, "key"),
        (Reply, "key"),
        (Retraction, "commitment_id"),
        (Evidence, ("assessment_id", "source_id")),
        (MemberScore, ("assessment_id", "party_id")),
        (RevisionParty, ("revision_id", "role", "party_id")),
        (RevisionLink, ("revision_id", "kind", "target_id")),
    ],
    ids=lambda value: (
        name(value) if isinstance(value, type) else "-".join(value) if isinstance(value, tuple) else value
    ),
)
def test_published_row_refuses_to_be_replaced_by_a_unique_value(published, model, unique):
    """The new row has a number of its own and clashes by what else is unique."""
    before = row_of(model, published[model])
    row = {key: value for key, value in before.items() if key != "id"}
    if "edition_id" in row:
        row["edition_id"] = None

    with pytest.raises(IntegrityError, match="never"):
        execute(insert_sql("INSERT OR REPLACE", model, row), list(row.values()))

    assert row_of(model, published[model]) == before


@pytest.mark.parametrize(
    ("model", "columns"),
    [(Assessment, ["key"]), (Reply, ["key"]), (Retraction, ["commitment_id"]), (Assessment, ["id"]), (Reply, ["id"])],
    ids=["assessment-key", "reply-key", "retraction-commitment", "assessment-id", "reply-id"],
)
def test_published_row_refuses_to_be_swept_away_by_update_or_replace(published, drafts, model, columns):
    target = row_of(model, published[model])
    changes = ", ".join(f"{column} = %s" for column in columns)

    with pytest.raises(IntegrityError, match="never replaced"):
        execute(
            f"UPDATE OR REPLACE {model._meta.db_table} SET {changes} WHERE id = %s",
            [*(target[column] for column in columns), drafts[model].pk],
        )

    assert row_of(model, published[model]) == target


@pytest.mark.parametrize("model", CHILDREN, ids=name)
def test_published_child_refuses_to_be_swept_away_by_update_or_replace(published, drafts, model):
    before = row_of(model, published[model])

    with pytest.raises(IntegrityError, match="never replaced"):
        execute(
            f"UPDATE OR REPLACE {model._meta.db_table} SET id = %s WHERE id = %s",
            [published[model].pk, drafts[model].pk],
        )

    assert row_of(model, published[model]) == before


def test_draft_may_be_replaced(drafts):
    row = {**row_of(Evidence, drafts[Evidence]), "locator": "Page 3"}

    assert execute(insert_sql("INSERT OR REPLACE", Evidence, row), list(row.values())) == 1
    assert Evidence.objects.get(pk=row["id"]).locator == "Page 3"


def test_upsert_of_a_published_row_is_refused(published):
    row = row_of(Evidence, published[Evidence])
    sql = insert_sql("INSERT", Evidence, row, " ON CONFLICT (id) DO UPDATE SET locator = 'Page 9'")

    with pytest.raises(IntegrityError):
        execute(sql, list(row.values()))

    assert Evidence.objects.get(pk=row["id"]).locator == ""


def test_commitment_is_never_replaced_under_another_key():
    commitment = make_published("pledge")
    row = {**row_of(Commitment, commitment), "slug": "promise"}

    with pytest.raises(IntegrityError, match="never replaced"):
        execute(insert_sql("INSERT OR REPLACE", Commitment, row), list(row.values()))

    assert Commitment.objects.get(pk=commitment.pk).slug == "pledge"
