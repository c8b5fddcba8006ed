"""What the ledger refuses, declared once: each rule as a condition in SQL that SQLite and PostgreSQL both read.

ledger.py renders them as triggers. A condition is about the row to be written (NEW) or the row that is there (OLD).
"""

from dataclasses import dataclass

from django.db.models import UniqueConstraint

from .assessment import Assessment, Evidence, MemberScore, Reply, SearchLogEntry
from .commitment import Commitment, Revision, RevisionLink, RevisionParty
from .edition import Edition, PublishingLock, Retraction, Standing
from .person import Person
from .reference import Source

# Rows that are sealed when their edition is set, and the children that are sealed with them: model -> foreign key.
SEALED = (Assessment, Reply, Retraction, Revision)
CHILDREN = {
    Evidence: "assessment_id",
    SearchLogEntry: "assessment_id",
    MemberScore: "assessment_id",
    RevisionParty: "revision_id",
    RevisionLink: "revision_id",
}
QUOTATION_MARKS = '“”„«»"'
# The one change of state that the rules below allow or refuse: a draft becomes public.
SEALING = "OLD.edition_id IS NULL AND NEW.edition_id IS NOT NULL"


@dataclass(frozen=True)
class Rule:
    """One trigger: before ``event`` on ``table``, a row for which ``condition`` holds is refused with ``message``.

    ``lock`` is a query that PostgreSQL runs first, so that the answer cannot change before the transaction ends.
    """

    name: str
    table: str
    event: str
    condition: str
    message: str
    lock: str = ""


def table_of(model):
    """The name of a model's table."""
    return model._meta.db_table


def _sealed_rules(model):
    table, noun = table_of(model), model._meta.model_name
    one = f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    newest = f"(SELECT MAX(number) FROM {table_of(Edition)})"
    is_open = f"EXISTS (SELECT 1 FROM {table_of(PublishingLock)} l WHERE l.open_edition = NEW.edition_id)"
    same_person = (
        f"EXISTS (SELECT 1 FROM {table_of(Edition)} e WHERE e.number = NEW.edition_id AND e.four_eyes "
        "AND e.origin = 'desk' AND (e.published_by_id IN (NEW.author_id, NEW.edited_by_id) "
        "OR NEW.earlier_writers LIKE '% ' || e.published_by_id || ' %'))"
    )
    yield Rule(
        f"ledger_{noun}_keep", table, "UPDATE", "OLD.edition_id IS NOT NULL", f"a published {noun} never changes"
    )
    yield Rule(
        f"ledger_{noun}_stay", table, "DELETE", "OLD.edition_id IS NOT NULL", f"a published {noun} is never deleted"
    )
    yield Rule(
        f"ledger_{noun}_born",
        table,
        "INSERT",
        "NEW.edition_id IS NOT NULL",
        f"{one} is written as a draft, then published",
    )
    yield Rule(
        f"ledger_{noun}_newest",
        table,
        "UPDATE",
        f"{SEALING} AND (NEW.edition_id <> {newest} OR NOT {is_open})",
        f"{one} is published in the newest edition only, and only while that is being made",
    )
    yield Rule(
        f"ledger_{noun}_four_eyes",
        table,
        "UPDATE",
        f"{SEALING} AND {same_person}",
        f"who wrote {one}, or a part of it, does not publish it",
    )


def _child_rules(model, parent_column):
    table, noun = table_of(model), model._meta.model_name
    parent = table_of(model._meta.get_field(parent_column.removesuffix("_id")).related_model)

    def rule(event, row, word):
        sealed = f"EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {row}.{parent_column} AND p.edition_id IS NOT NULL)"
        # Without the lock a row could slip in while another transaction is publishing its parent.
        lock = f"PERFORM 1 FROM {parent} p WHERE p.id = {row}.{parent_column} FOR SHARE;"
        return Rule(
            f"ledger_{noun}_{word}", table, event, sealed, f"the {noun} of a published record never changes", lock
        )

    yield rule("INSERT", "NEW", "add")
    yield rule("UPDATE", "OLD", "keep")
    yield rule("UPDATE", "NEW", "move")
    yield rule("DELETE", "OLD", "stay")


def _edition_rules():
    table = table_of(Edition)
    yield Rule("ledger_edition_keep", table, "UPDATE", "1 = 1", "an edition never changes")
    yield Rule("ledger_edition_stay", table, "DELETE", "1 = 1", "an edition is never deleted")
    yield Rule(
        "ledger_edition_next",
        table,
        "INSERT",
        f"NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM {table}) OR NEW.day < (SELECT MAX(day) FROM {table})",
        "an edition has the next number and no earlier day than the one before",
    )


def _person_rules():
    """Their work and their changes stay on the record, and so do they."""
    yield Rule("ledger_person_stay", table_of(Person), "DELETE", "1 = 1", "a person is deactivated and never deleted")


def _assessment_rules():
    """Invariants 4 and 5 as far as a database can hold them; workflow.py explains the rest to the editor."""
    table = table_of(Assessment)
    made_on = (
        f"(SELECT r.made_on FROM {table_of(Revision)} r WHERE r.commitment_id = NEW.commitment_id "
        "AND r.edition_id IS NOT NULL ORDER BY r.edition_id DESC LIMIT 1)"
    )
    rules = {
        "future": (
            f"NEW.as_of > (SELECT e.day FROM {table_of(Edition)} e WHERE e.number = NEW.edition_id)",
            "an assessment does not describe a day in the future",
        ),
        "before_promise": (
            f"({made_on} IS NULL OR NEW.as_of < {made_on})",
            "an assessment needs a published commitment and a day not before it was made",
        ),
        "evidence": (
            "NEW.status <> 'no_evidence' AND NOT EXISTS "
            f"(SELECT 1 FROM {table_of(Evidence)} v WHERE v.assessment_id = NEW.id)",
            "an assessment needs at least one evidence row",
        ),
        "search_log": (
            "NEW.status = 'no_evidence' AND NOT EXISTS "
            f"(SELECT 1 FROM {table_of(SearchLogEntry)} s WHERE s.assessment_id = NEW.id)",
            "no_evidence needs a search log",
        ),
        "corrects": (
            f"NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} c WHERE c.id = NEW.corrects_id "
            "AND c.commitment_id = NEW.commitment_id AND c.edition_id < NEW.edition_id)",
            "a correction names an assessment of the same commitment that an earlier edition published",
        ),
        "reason": (
            "NEW.corrects_id IS NOT NULL AND NEW.correction_reason = ''",
            "a correction says what was mistaken",
        ),
    }
    for name, (condition, message) in rules.items():
        yield Rule(f"ledger_assessment_{name}", table, "UPDATE", f"{SEALING} AND {condition}", message)


def _revision_rules():
    table, assessments = table_of(Revision), table_of(Assessment)
    yield Rule(
        "ledger_revision_future",
        table,
        "UPDATE",
        f"{SEALING} AND NEW.made_on > (SELECT e.day FROM {table_of(Edition)} e WHERE e.number = NEW.edition_id)",
        "a commitment is not made in the future",
    )
    yield Rule(
        "ledger_revision_judged",
        table,
        "UPDATE",
        f"{SEALING} AND EXISTS (SELECT 1 FROM {assessments} a WHERE a.commitment_id = NEW.commitment_id "
        "AND a.edition_id IS NOT NULL AND a.as_of < NEW.made_on "
        f"AND NOT EXISTS (SELECT 1 FROM {assessments} c WHERE c.corrects_id = a.id AND c.edition_id IS NOT NULL) "
        f"AND NOT EXISTS (SELECT 1 FROM {table_of(Retraction)} r WHERE r.assessment_id = a.id "
        "AND r.edition_id IS NOT NULL))",
        "a commitment is not made after a day that a published assessment describes",
    )


def _target_rules():
    """An answer to a draft, or its withdrawal, would tell the public that there is one."""

    def public(model, column):
        return (
            f"EXISTS (SELECT 1 FROM {table_of(model)} t WHERE t.{column} AND t.edition_id IS NOT NULL "
            "AND t.edition_id <= NEW.edition_id)"
        )

    yield Rule(
        "ledger_reply_answers",
        table_of(Reply),
        "UPDATE",
        f"{SEALING} AND NOT {public(Assessment, 'id = NEW.assessment_id')}",
        "a reply answers a published assessment",
    )
    withdraws = (
        f"(NEW.assessment_id IS NULL OR {public(Assessment, 'id = NEW.assessment_id')}) "
        f"AND (NEW.reply_id IS NULL OR {public(Reply, 'id = NEW.reply_id')}) "
        f"AND (NEW.commitment_id IS NULL OR {public(Revision, 'commitment_id = NEW.commitment_id')})"
    )
    yield Rule(
        "ledger_retraction_withdraws",
        table_of(Retraction),
        "UPDATE",
        f"{SEALING} AND NOT ({withdraws})",
        "a retraction withdraws a published record",
    )


def _quotation_rules():
    """Invariant 6: words between quotation marks are not stored of a source whose terms forbid quotation."""

    def quoted(*columns):
        return "(" + " OR ".join(f"{column} LIKE '%{mark}%'" for column in columns for mark in QUOTATION_MARKS) + ")"

    told = {Evidence: ("shows", "locator"), MemberScore: ("rationale",), Reply: ("text",)}
    closed = f"EXISTS (SELECT 1 FROM {table_of(Source)} s WHERE s.id = NEW.source_id AND s.terms <> 'open')"
    for model, columns in told.items():
        for event in ("INSERT", "UPDATE"):
            yield Rule(
                f"ledger_{model._meta.model_name}_quotes_{event.lower()}",
                table_of(model),
                event,
                f"{closed} AND {quoted(*(f'NEW.{column}' for column in columns))}",
                "the terms of this source forbid quotation",
            )
    kept = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table_of(model)} v WHERE v.source_id = NEW.id "
        f"AND {quoted(*(f'v.{column}' for column in columns))})"
        for model, columns in told.items()
    )
    # On INSERT too: SQLite replaces a row by inserting it anew.
    for event in ("INSERT", "UPDATE"):
        yield Rule(
            f"ledger_source_terms_{event.lower()}",
            table_of(Source),
            event,
            f"NEW.terms <> 'open' AND ({kept})",
            "what is told of this source holds quotation marks, which the new terms forbid",
        )


def _commitment_rules():
    table = table_of(Commitment)
    public = (
        f"EXISTS (SELECT 1 FROM {table_of(Revision)} r WHERE r.commitment_id = OLD.id AND r.edition_id IS NOT NULL)"
    )
    changed = "NEW.slug <> OLD.slug OR NEW.id <> OLD.id"
    yield Rule("ledger_commitment_slug", table, "UPDATE", changed, "the key of a commitment never changes")
    yield Rule("ledger_commitment_stay", table, "DELETE", public, "a published commitment is never deleted")


def _replace_rules():
    """SQLite's INSERT OR REPLACE and UPDATE OR REPLACE delete the row in the way without firing a DELETE trigger."""
    for model in (*SEALED, *CHILDREN, Edition):
        table, key = table_of(model), model._meta.pk.column
        uniques = [(field.column,) for field in model._meta.local_fields if field.unique]
        uniques += [
            tuple(model._meta.get_field(name).column for name in constraint.fields)
            for constraint in model._meta.constraints
            if isinstance(constraint, UniqueConstraint) and constraint.condition is None
        ]
        clash = " OR ".join("(" + " AND ".join(f"t.{c} = NEW.{c}" for c in columns) + ")" for columns in uniques)
        if model in CHILDREN:
            parent = table_of(model._meta.get_field(CHILDREN[model].removesuffix("_id")).related_model)
            sealed = f"(SELECT p.edition_id FROM {parent} p WHERE p.id = t.{CHILDREN[model]}) IS NOT NULL"
        else:
            sealed = "1 = 1" if model is Edition else "t.edition_id IS NOT NULL"
        for event, other in (("INSERT", ""), ("UPDATE", f" AND t.{key} <> OLD.{key}")):
            yield Rule(
                f"ledger_{model._meta.model_name}_replace_{event.lower()}",
                table,
                event,
                f"EXISTS (SELECT 1 FROM {table} t WHERE ({clash}) AND {sealed}{other})",
                f"a published {model._meta.model_name} is never replaced",
            )


def _replaced_commitment_rule():
    table = table_of(Commitment)
    yield Rule(
        "ledger_commitment_replace",
        table,
        "INSERT",
        f"EXISTS (SELECT 1 FROM {table} t WHERE t.id = NEW.id OR t.slug = NEW.slug)",
        "a commitment is never replaced",
    )


def _overlap_rules():
    """Invariant 9 on SQLite; PostgreSQL holds it by an exclusion constraint."""
    table = table_of(Standing)
    overlap = (
        f"EXISTS (SELECT 1 FROM {table} s WHERE s.commitment_id = NEW.commitment_id AND s.id <> COALESCE(NEW.id, -1) "
        "AND s.valid_from < NEW.valid_to AND NEW.valid_from < s.valid_to "
        "AND s.edition_from < NEW.edition_to AND NEW.edition_from < s.edition_to)"
    )
    for event in ("INSERT", "UPDATE"):
        yield Rule(f"standing_overlap_{event.lower()}", table, event, overlap, "standings of one commitment overlap")


def rules(vendor):
    """Every Rule of one database vendor ("sqlite" or "postgresql")."""
    found = [
        *_edition_rules(),
        *_person_rules(),
        *_assessment_rules(),
        *_revision_rules(),
        *_target_rules(),
        *_quotation_rules(),
        *_commitment_rules(),
    ]
    for model in SEALED:
        found += _sealed_rules(model)
    for model, column in CHILDREN.items():
        found += _child_rules(model, column)
    if vendor == "sqlite":
        found += [*_replace_rules(), *_replaced_commitment_rule(), *_overlap_rules()]
    return found
