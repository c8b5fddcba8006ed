"""One row of each model of the ledger, and plain SQL to write with."""

from django.db import connection, transaction

from commitments import workflow
from commitments.models import (
    Assessment,
    Edition,
    Evidence,
    MemberScore,
    Reply,
    Retraction,
    Revision,
    RevisionLink,
    RevisionParty,
    SearchLogEntry,
)
from commitments.models.ledger import CHILDREN, SEALED
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_source,
    publish,
)

# A harmless change of each model: model -> (field, value).
CHANGES = {
    Assessment: ("note", "Changed."),
    Evidence: ("locator", "Page 2"),
    SearchLogEntry: ("found", "Something."),
    MemberScore: ("score", 1),
    Reply: ("text", "It said otherwise."),
    Retraction: ("reason", "Another reason."),
    Revision: ("title", "Another promise"),
    RevisionParty: ("role", "beneficiary"),
    RevisionLink: ("kind", "restates"),
    Edition: ("note", "Another note."),
}
LEDGER = [*SEALED, *CHILDREN, Edition]
WRITTEN_AS_DRAFTS = [*SEALED, *CHILDREN]


def name(model):
    return model._meta.model_name


def execute(sql, parameters=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def row_of(model, row):
    """The stored row as a dict of columns."""
    columns = [field.column for field in model._meta.local_fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_names(columns)} FROM {model._meta.db_table} WHERE {model._meta.pk.column} = %s", [row.pk]
        )
        return dict(zip(columns, cursor.fetchone(), strict=True))


def insert_sql(verb, model, row, tail=""):
    marks = ", ".join(["%s"] * len(row))
    return f"{verb} INTO {model._meta.db_table} ({_names(row)}) VALUES ({marks}){tail}"


def _names(columns):
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def make_published_rows():
    """One published row of each model of the ledger, by model."""
    pledger = make_party("A1")
    earlier = make_published("earlier")
    commitment = make_commitment("pledge", pledged_by=[pledger])
    commitment.related.add(earlier)
    judged = make_assessment(commitment, status="stalled")
    MemberScore.objects.create(
        assessment=judged, party=pledger, score=0, rationale="It did part.", source=make_source("scores")
    )
    silent = make_assessment(commitment, status="no_evidence")
    publish(commitment, judged, silent)
    reply = make_reply(judged)
    retraction = workflow.draft_retraction(earlier, by=make_person(), reason="It was never promised.")
    publish(reply, retraction)
    return {
        Assessment: judged,
        Evidence: judged.evidence.get(),
        SearchLogEntry: silent.search_log.get(),
        MemberScore: judged.member_scores.get(),
        Reply: reply,
        Retraction: retraction,
        Revision: commitment.revisions.get(),
        RevisionParty: commitment.revisions.get().parties.get(),
        RevisionLink: commitment.revisions.get().links.get(),
        Edition: Edition.objects.get(number=1),
    }


def make_draft_rows():
    """One row that nobody has published of each model whose rows are written as drafts."""
    commitment = make_published("open-pledge", assessments=[{}])
    judged = make_assessment(commitment)
    score = MemberScore.objects.create(
        assessment=judged, party=make_party(), score=0, rationale="It did part.", source=make_source()
    )
    silent = make_assessment(commitment, status="no_evidence")
    revision = commitment.revisions.get()
    revision.pk, revision._state.adding, revision.edition_id = None, True, None
    revision.save()
    # The newest edition is about something else.
    make_published("another")
    return {
        Assessment: judged,
        Evidence: judged.evidence.get(),
        SearchLogEntry: silent.search_log.get(),
        MemberScore: score,
        Reply: make_reply(commitment.assessments.exclude(edition=None).get()),
        Retraction: workflow.draft_retraction(commitment, by=make_person(), reason="A mistake."),
        Revision: revision,
        RevisionParty: RevisionParty.objects.create(revision=revision, party=make_party(), role="pledger"),
        RevisionLink: RevisionLink.objects.create(revision=revision, target=make_commitment(), kind="related"),
    }
