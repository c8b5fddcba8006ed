"""Every named constraint of the models, from both sides: what it lets through and what it refuses, by plain SQL writes.

Most rows are drafts, so that the constraint speaks and not the ledger's triggers.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint
from django.utils import timezone

from commitments.models import (
    FAR_DAY,
    FAR_EDITION,
    Capture,
    Edition,
    LinkVisit,
    MemberScore,
    Membership,
    Reminder,
    Retraction,
    Revision,
    RevisionLink,
    RevisionParty,
    Standing,
)
from commitments.models.ledger import lifted, remove
from tests.factories import (
    AS_OF,
    MADE_ON,
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_source,
    make_summit,
    make_theme,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def make_revision(**fields):
    """A draft wording, which only publishing makes in earnest."""
    commitment = make_commitment()
    copied = {name.name: getattr(commitment, name.name) for name in Revision._meta.local_fields if name.name in WORDING}
    return Revision.objects.create(commitment=commitment, **{**copied, **fields})


def make_visit(**fields):
    """A visit of a source's address."""
    source = make_source()
    given = {"source": source, "which": "url", "address": source.url, "visited_at": timezone.now()}
    return LinkVisit.objects.create(**given | {"outcome": "answered"} | fields)


def make_capture(**fields):
    """A capture of a source, without its file."""
    given = {"source": make_source(), "sha256": "0" * 64, "media_type": "application/pdf", "size": 1, "taken_on": AS_OF}
    return Capture.objects.create(**given | fields)


WORDING = (
    "title", "summary", "basis", "obligation", "checkable", "checkable_note", "kind", "theme", "summit", "made_on",
    "source",
)  # fmt: skip


def make_evidence():
    return make_assessment(make_commitment()).evidence.get()


def make_search():
    return make_assessment(make_commitment(), status="no_evidence").search_log.get()


def make_score():
    assessment = make_assessment(make_commitment())
    return MemberScore.objects.create(
        assessment=assessment, party=make_party(), score=1, rationale="It did.", source=make_source()
    )


def make_reminder():
    return Reminder.objects.create(person=make_person(), day=AS_OF, claimed_at=timezone.now())


def make_membership():
    return Membership.objects.create(party=make_party(), role="member", since="2001-06-15", source=make_source())


def make_standing():
    return make_published().standings.get()


def make_assessed_standing():
    return make_published(assessments=[{"as_of": AS_OF}]).standings.exclude(assessment=None).get()


def make_retraction():
    return Retraction.objects.create(commitment=make_published(), reason="It was never promised.")


def make_draft_reply():
    return make_reply(make_published(assessments=[{}]).assessments.get())


def make_revision_party():
    return RevisionParty.objects.create(revision=make_revision(), party=make_party(), role="pledger")


def make_revision_link():
    return RevisionLink.objects.create(revision=make_revision(), target=make_commitment(), kind="related")


@dataclass
class Case:
    """One constraint: a maker of a row it holds for, changes it allows and changes it refuses."""

    name: str
    make: object
    allowed: dict
    refused: dict = field(default_factory=dict)


def wording_cases(noun, make):
    """The rules that a working copy and a revision share."""
    none = {"target_quantity": None, "target_unit": "", "target_measure": ""}
    yield Case(f"{noun}_worded", make, {"title": "A"}, {"title": ""})
    yield Case(f"{noun}_worded", make, {"summary": "A"}, {"summary": ""})
    yield Case(f"{noun}_worded", make, {"checkable_note": "A"}, {"checkable_note": ""})
    yield Case(f"{noun}_basis_known", make, {"basis": "treaty"}, {"basis": "rumour"})
    yield Case(f"{noun}_obligation_known", make, {"obligation": "continuing"}, {"obligation": "weekly"})
    yield Case(f"{noun}_checkable_known", make, {"checkable": "no"}, {"checkable": "perhaps"})
    yield Case(f"{noun}_kind_known", make, {"kind": "event"}, {"kind": "party"})
    yield Case(
        f"{noun}_has_summit",
        make,
        {"summit": None, "basis": "analyst-recommendation"},
        {"summit": None, "basis": "treaty"},
    )
    yield Case(f"{noun}_due_after_made", make, {"due": MADE_ON}, {"due": MADE_ON - DAY})
    whole = {"target_quantity": Decimal("0.0001"), "target_unit": "USD", "target_measure": "paid"}
    yield Case(f"{noun}_target_whole_or_none", make, none, {"target_quantity": 5})
    yield Case(f"{noun}_target_whole_or_none", make, whole, {**whole, "target_quantity": 0})
    yield Case(f"{noun}_target_whole_or_none", make, whole, {**none, "target_unit": "USD"})
    yield Case(f"{noun}_target_whole_or_none", make, whole, {**whole, "target_measure": ""})


def draft(**fields):
    return lambda: make_assessment(make_commitment(), **fields)


def make_draft_correction():
    return make_assessment(make_commitment(), corrects=make_assessment(make_commitment()))


CHECKS = [
    Case("party_kind_known", make_party, {"kind": "organisation"}, {"kind": "planet"}),
    Case("party_named", make_party, {"name": "Republic A"}, {"name": ""}),
    Case("party_named", make_party, {"short_name": "State A"}, {"short_name": ""}),
    Case("theme_named", make_theme, {"name": "Theme A"}, {"name": ""}),
    Case("source_kind_known", make_source, {"kind": "academic"}, {"kind": "rumour"}),
    Case("source_terms_known", make_source, {"terms": "no_citation"}, {"terms": "secret"}),
    Case("source_named", make_source, {"title": "Report A"}, {"title": ""}),
    Case("source_named", make_source, {"publisher": "Press A"}, {"publisher": ""}),
    Case(
        "source_issuer_official",
        make_source,
        {"kind": "official-statement", "issuer": make_party},
        {"kind": "news", "issuer": make_party},
    ),
    Case("capture_hashed", make_capture, {"sha256": "1" * 64}, {"sha256": "1" * 63}),
    Case("capture_type_known", make_capture, {"media_type": "text/html"}, {"media_type": "text/plain"}),
    Case("capture_not_empty", make_capture, {"size": 2}, {"size": 0}),
    Case("visit_outcome_known", make_visit, {"outcome": "gone"}, {"outcome": "lost"}),
    Case("visit_which_known", make_visit, {"which": "archived"}, {"which": "copy"}),
    Case("visit_addressed", make_visit, {"address": "https://example.org/a"}, {"address": ""}),
    Case("summit_body_known", make_summit, {"body": "heads-of-government"}, {"body": "club"}),
    Case("summit_ends_after_it_begins", make_summit, {"end_date": MADE_ON + DAY}, {"end_date": MADE_ON}),
    Case("membership_role_known", make_membership, {"role": "observer"}, {"role": "guest"}),
    *wording_cases("commitment", make_commitment),
    *wording_cases("revision", make_revision),
    Case(
        "commitment_not_superseded_by_itself",
        make_commitment,
        {"superseded_by": make_commitment},
        {"superseded_by": lambda row: row},
    ),
    Case("revision_party_role_known", make_revision_party, {"role": "beneficiary"}, {"role": "witness"}),
    Case("revision_link_kind_known", make_revision_link, {"kind": "restates"}, {"kind": "rhymes"}),
    Case("assessment_status_known", draft(), {"status": "stalled"}, {"status": "not_assessed"}),
    Case("assessment_status_known", draft(), {"status": "fulfilled"}, {"status": "done"}),
    Case("assessment_has_rationale", draft(), {"rationale": "So."}, {"rationale": ""}),
    Case("assessment_stage_known", draft(), {"stage": "agreed"}, {"stage": "lost"}),
    Case("assessment_confidence_by_status", draft(), {"confidence": "high"}, {"confidence": ""}),
    Case(
        "assessment_confidence_by_status",
        draft(status="no_evidence"),
        {"status": "stalled", "confidence": "low"},
        {"confidence": "low"},
    ),
    Case("assessment_confidence_by_status", draft(), {"confidence": "low"}, {"confidence": "certain"}),
    Case(
        "assessment_closure_reason_by_status",
        draft(status="not_fulfilled"),
        {"closure_reason": "funding"},
        {"closure_reason": "funding", "status": "in_progress"},
    ),
    Case(
        "assessment_closure_reason_by_status",
        draft(status="superseded"),
        {"closure_reason": "overtaken"},
        {"closure_reason": ""},
    ),
    Case(
        "assessment_closure_reason_by_status",
        draft(status="not_fulfilled"),
        {"closure_reason": ""},
        {"closure_reason": "boredom"},
    ),
    Case("assessment_progress_not_negative", draft(), {"progress": 0}, {"progress": Decimal("-0.0001")}),
    Case("assessment_not_corrects_itself", draft(), {"corrects": draft()}, {"corrects": lambda row: row}),
    Case("assessment_reason_of_correction", draft(), {"correction_reason": ""}, {"correction_reason": "It was wrong."}),
    Case(
        "assessment_reason_of_correction",
        make_draft_correction,
        {"correction_reason": "It was wrong."},
        {"corrects": None},
    ),
    Case("evidence_bearing_known", make_evidence, {"bearing": "contradicts"}, {"bearing": "proves"}),
    Case("evidence_shows_something", make_evidence, {"shows": "A step."}, {"shows": ""}),
    Case("search_log_entry_complete", make_search, {"where": "Archive B"}, {"where": ""}),
    Case("search_log_entry_complete", make_search, {"found": "Little."}, {"found": ""}),
    Case("search_log_entry_complete", make_search, {"language": "ru"}, {"language": ""}),
    Case("member_score_known", make_score, {"score": -1}, {"score": 2}),
    Case("member_score_has_rationale", make_score, {"rationale": "So."}, {"rationale": ""}),
    Case("reply_has_text", make_draft_reply, {"text": "So it said."}, {"text": ""}),
    Case("retraction_has_reason", make_retraction, {"reason": "A mistake."}, {"reason": ""}),
    Case(
        "retraction_of_one_record",
        make_retraction,
        {"commitment": None, "assessment": draft()},
        {"commitment": None},
    ),
    Case("retraction_of_one_record", make_retraction, {"reason": "A."}, {"assessment": draft()}),
    Case("retraction_of_one_record", make_retraction, {"reason": "A."}, {"reply": make_draft_reply}),
    Case("standing_days_in_order", make_standing, {"valid_to": MADE_ON + DAY}, {"valid_to": MADE_ON}),
    Case("standing_editions_in_order", make_standing, {"edition_to": 2}, {"edition_to": 1}),
    Case("standing_status_known", make_assessed_standing, {"status": "stalled"}, {"status": "done"}),
    Case("standing_assessed_or_not", make_assessed_standing, {"as_of": MADE_ON}, {"as_of": None}),
    Case("standing_assessed_or_not", make_assessed_standing, {"as_of": MADE_ON}, {"status": "not_assessed"}),
    Case("standing_assessed_or_not", make_standing, {"counted": True}, {"status": "stalled"}),
    Case("standing_assessed_or_not", make_standing, {"counted": True}, {"as_of": MADE_ON}),
    Case("standing_counted_by_rule", make_standing, {"counted": False, "checkable": "no"}, {"checkable": "no"}),
    Case("standing_counted_by_rule", make_standing, {"counted": True}, {"counted": False}),
    Case(
        "standing_counted_by_rule",
        make_standing,
        {"counted": False, "basis": "call-on-others"},
        {"basis": "analyst-recommendation"},
    ),
]  # fmt: skip


def values(changes, row):
    """The values of a case: a maker is called, a function of the row is given the row."""
    return {name: _value(value, row) for name, value in changes.items()}


def _value(value, row):
    if not callable(value):
        return value
    return value(row) if value.__code__.co_argcount and value.__name__ == "<lambda>" else value()


def write(row, changes):
    return type(row)._base_manager.filter(pk=row.pk).update(**changes)


def ids(case):
    changed = ", ".join(f"{name}={value}" for name, value in case.refused.items() if not callable(value))
    return f"{case.name}: {changed}"


@pytest.mark.parametrize("case", CHECKS, ids=ids)
def test_check_constraint_allows(case):
    row = case.make()

    assert write(row, values(case.allowed, row)) == 1


@pytest.mark.parametrize("case", CHECKS, ids=ids)
def test_check_constraint_refuses(case):
    row = case.make()
    changes = values(case.refused, row)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write(row, changes)

    assert case.name in str(refusal.value)


def edition(**fields):
    """An edition by plain INSERT, as nothing but workflow.py makes one."""
    number = fields.pop("number", Edition.objects.newest_number() + 1)
    defaults = {"origin": "import", "file_set": "tests", "four_eyes": False, "day": timezone.localdate()}
    return Edition.objects.create(number=number, published_at=timezone.now(), **{**defaults, **fields})


def at_desk(**fields):
    return edition(**{"origin": "desk", "file_set": "", "published_by": make_person(), **fields})


EDITIONS = [
    ("edition_number_positive", lambda: edition(number=1), None),
    ("edition_origin_known", at_desk, lambda: edition(origin="rumour", published_by=make_person())),
    ("edition_desk_has_publisher", at_desk, lambda: at_desk(published_by=None)),
    ("edition_import_has_files", edition, lambda: edition(file_set="")),
]


@pytest.mark.parametrize(("name", "allowed", "refused"), EDITIONS, ids=[name for name, *_rest in EDITIONS])
def test_edition_constraint(name, allowed, refused):
    if refused is not None:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            refused()

    assert allowed().pk == 1


def test_edition_number_positive_refuses_zero():
    """The rule that numbers follow each other speaks first; without it the constraint still holds."""
    with lifted(connection):
        with pytest.raises(IntegrityError, match="edition_number"), transaction.atomic():
            edition(number=0)
        assert edition(number=1).pk == 1
        # PostgreSQL switches no trigger back on while foreign keys wait to be looked at.
        connection.check_constraints()


@pytest.mark.parametrize(
    ("name", "make"),
    [("assessment_published_has_key", draft()), ("reply_published_has_key", make_draft_reply)],
    ids=["assessment", "reply"],
)
def test_published_record_has_a_key(name, make):
    """Without the triggers, which refuse to seal a row outside of publishing before the constraint can speak."""
    row = make()
    newest = edition()
    connection.check_constraints()

    with lifted(connection):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write(row, {"key": None, "edition": newest})
        assert write(row, {"key": None, "edition": None}) == 1
        assert write(row, {"key": "a/key", "edition": newest}) == 1
        connection.check_constraints()


def second_revision_of_an_edition():
    revision = make_published().revisions.get()
    revision.pk, revision._state.adding, revision.edition_id = None, True, None
    revision.save()
    remove(connection)
    write(revision, {"edition": 1})


def twice(make, **changes):
    """Insert the row that ``make`` gives once more, with changes."""

    def insert():
        row = make()
        row.pk, row._state.adding = None, True
        for name, value in changes.items():
            setattr(row, name, value() if callable(value) else value)
        row.save(force_insert=True)

    return insert


def make_source_with_url():
    return make_source(url="https://example.org/a")


UNIQUES = {
    "source_url_once": (
        twice(make_source, key="other", url=""),
        twice(make_source_with_url, key="another"),
    ),
    "capture_once": (twice(make_capture, sha256="1" * 64), twice(make_capture)),
    "membership_once": (twice(make_membership, role="observer"), twice(make_membership)),
    "revision_once_per_edition": (make_revision, second_revision_of_an_edition),
    "revision_party_once": (twice(make_revision_party, role="beneficiary"), twice(make_revision_party)),
    "revision_link_once": (twice(make_revision_link, kind="restates"), twice(make_revision_link)),
    "evidence_source_once": (twice(make_evidence, source=make_source), twice(make_evidence)),
    "member_score_once": (twice(make_score, party=make_party), twice(make_score)),
    "reminder_once_a_day": (twice(make_reminder, day=MADE_ON), twice(make_reminder)),
}


@pytest.mark.parametrize("name", UNIQUES)
def test_unique_constraint(name):
    allowed, refused = UNIQUES[name]
    model, constraint = constraints()[name]
    columns = [model._meta.get_field(each).column for each in constraint.fields]

    allowed()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        refused()

    # SQLite names the index or the columns, PostgreSQL the constraint.
    said = str(refusal.value)
    assert name in said or all(f"{model._meta.db_table}.{column}" in said for column in columns)


def test_two_sources_without_an_address_are_allowed():
    make_source(key="one", url="")
    make_source(key="two", url="")

    assert make_source(key="three", url="https://example.org/three").pk


def constraints():
    """Every named constraint of the app: name -> (model, constraint)."""
    return {
        constraint.name: (model, constraint)
        for model in apps.get_app_config("commitments").get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_is_tested_here():
    tested = {case.name for case in CHECKS} | {name for name, *_rest in EDITIONS} | set(UNIQUES)
    tested |= {"assessment_published_has_key", "reply_published_has_key"}

    assert tested == set(constraints())
    assert len(tested) >= 60


def test_every_unique_constraint_is_tested_as_one():
    declared = {name for name, (_model, one) in constraints().items() if isinstance(one, UniqueConstraint)}

    assert declared == set(UNIQUES)
    assert len(declared) >= 7


def test_far_ends_of_a_standing_are_the_sentinels():
    standing = make_standing()

    assert (standing.valid_to, standing.edition_to) == (FAR_DAY, FAR_EDITION)
    assert not Standing.objects.filter(valid_to=None).exists()
