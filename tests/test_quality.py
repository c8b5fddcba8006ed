"""The editorial rules: each kept and each breached, and what a record may declare about itself."""

import datetime

import pytest
from django.db import connection

from commitments import captures, quality, workflow
from commitments.choices import EVIDENCE_RULES
from commitments.models import Capture, Evidence, Retraction, Standing, ledger
from commitments.quality import RULES, Breach, breaches, evidence_breach, newest_revisions, voice
from tests.factories import (
    AS_OF,
    MADE_ON,
    make_assessment,
    make_commitment,
    make_published,
    make_source,
    make_summit,
    publish,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
TARGET = {"target_quantity": 9, "target_unit": "USD", "target_measure": "Paid"}


@pytest.fixture
def past_the_checks(monkeypatch):
    """Publish what the workflow would refuse: the register as it would be had a rule come later than a record."""

    def publish_anyway(*records):
        with monkeypatch.context() as patch:
            patch.setattr(workflow.readiness, "problems", lambda record, together_with=(): [])
            return publish(*records)

    return publish_anyway


def found(name):
    return [breach for rule, breach in breaches() if rule.name == name]


@pytest.mark.parametrize(
    ("publisher", "expected"),
    [
        ("Press A", "press a"),
        ("PRESS A!", "press a"),
        ("Press A (Town A)", "press a"),
        ("Press A, from Press B", "press b"),
        ("Press A, citing Press B", "press b"),
        ("Press A via Press B", "press a"),
        ("Press A; Press B", "press a"),
        ("Xinhua", "xinhua"),
        ("Press A, from Xinhua News Agency", "xinhua"),
        ("China Daily, citing Xinhua", "xinhua"),
        ("RIA Novosti", "ria novosti"),
        ("Sputnik", "ria novosti"),
        ("Qazinform", "kazinform"),
        ("Пресса А", "пресса а"),
    ],
)
def test_voice_behind_a_publisher(publisher, expected):
    assert voice(publisher) == expected


NEWS_A, NEWS_B = ("supports", "news", "Press A"), ("supports", "news", "Press B")
REPRINT = ("supports", "news", "Press C, from Press A")
OFFICIAL = ("supports", "official-document", "Ministry A")
STATEMENT = ("supports", "official-statement", "Ministry A")
AGAINST = ("contradicts", "official-document", "Ministry B")
CONTEXT = ("context", "official-document", "Ministry B")
EVIDENCE_TABLE = [
    ("fulfilled", [OFFICIAL], {}, True),
    ("fulfilled", [STATEMENT], {}, True),
    ("fulfilled", [NEWS_A, NEWS_B], {}, True),
    ("fulfilled", [NEWS_A], {}, False),
    ("fulfilled", [NEWS_A, NEWS_A], {}, False),
    ("fulfilled", [NEWS_A, REPRINT], {}, False),
    ("fulfilled", [NEWS_A, AGAINST], {}, False),
    ("fulfilled", [NEWS_A, CONTEXT], {}, False),
    ("fulfilled", [], {}, False),
    ("partly_fulfilled", [NEWS_A], {}, True),
    ("partly_fulfilled", [CONTEXT], {}, False),
    ("partly_fulfilled", [], {}, False),
    ("in_progress", [CONTEXT], {}, True),
    ("in_progress", [], {}, False),
    ("stalled", [AGAINST], {}, True),
    ("stalled", [], {}, False),
    ("not_started", [NEWS_A], {}, True),
    ("not_started", [], {}, False),
    ("not_fulfilled", [NEWS_A], {"due": AS_OF - DAY}, True),
    ("not_fulfilled", [NEWS_A], {"due": AS_OF}, False),
    ("not_fulfilled", [NEWS_A], {}, False),
    ("not_fulfilled", [NEWS_A], {"closure_reason": "renounced"}, True),
    ("not_fulfilled", [NEWS_A], {"closure_reason": "blocked"}, False),
    ("not_fulfilled", [], {"due": AS_OF - DAY}, False),
    ("superseded", [NEWS_A], {}, True),
    ("superseded", [], {}, False),
    ("no_evidence", [], {"searches": 1}, True),
    ("no_evidence", [], {}, False),
    ("no_evidence", [NEWS_A], {}, False),
]


@pytest.mark.parametrize(("status", "evidence", "more", "is_met"), EVIDENCE_TABLE)
def test_evidence_rule(status, evidence, more, is_met):
    given = {"as_of": AS_OF, "due": None, "closure_reason": "", "searches": 0, **more}

    breach = evidence_breach(status=status, evidence=evidence, **given)

    assert breach == (None if is_met else EVIDENCE_RULES[status])


def test_evidence_table_has_both_sides_of_each_status():
    sides = {(status, is_met) for status, _evidence, _more, is_met in EVIDENCE_TABLE}

    assert len(sides) == 2 * (len(EVIDENCE_RULES) - 1)


def test_register_in_order_breaks_no_rule():
    older = make_published("older", made_on=MADE_ON - 9 * DAY)
    commitment = make_commitment("pledge", due=AS_OF - DAY, **TARGET)
    commitment.restates.add(older)
    publish(
        commitment,
        make_assessment(commitment, status="fulfilled", confidence="high", stage="agreed", progress=4),
        make_assessment(commitment, as_of=AS_OF + DAY, status="not_fulfilled", closure_reason="deadline_passed"),
        make_assessment(commitment, as_of=AS_OF + 2 * DAY, status="no_evidence"),
    )

    assert list(breaches()) == []


def test_undeclared_breach_of_the_evidence_rule(past_the_checks):
    draft = make_assessment(make_published(), status="fulfilled", sources=[make_source()])
    past_the_checks(draft)

    assert found("evidence-rule") == [Breach(draft, str(EVIDENCE_RULES["fulfilled"]), declared=False)]


def test_declared_breach_of_the_evidence_rule():
    below = "fulfilled needs an official text or two independent sources: both reports repeat one statement."
    draft = make_assessment(make_published(), status="fulfilled", sources=[make_source()], below_rule=below)
    publish(draft)

    assert found("evidence-rule") == [Breach(draft, below, declared=True)]
    assert found("flag-names-rule") == []


def test_breach_that_only_a_person_sees_counts_as_declared():
    below = "fulfilled needs two independent sources: the second repeats the first."
    draft = make_assessment(
        make_published(), status="fulfilled", sources=[make_source(), make_source()], below_rule=below
    )
    publish(draft)

    assert [breach.declared for breach in found("evidence-rule")] == [True]


def test_evidence_is_judged_by_the_kind_that_the_source_had_when_it_was_published():
    source = make_source(kind="official-document")
    make_published(assessments=[{"status": "fulfilled", "confidence": "high", "sources": [source]}])

    source.kind = "news"
    source.save()

    assert list(breaches()) == []


def test_withdrawn_records_break_no_rule(past_the_checks):
    commitment = make_published()
    corrected, retracted = (make_assessment(commitment, status="fulfilled", sources=[make_source()]) for _ in range(2))
    gone = make_commitment(pledged_by=[])
    on_gone = make_assessment(gone, status="fulfilled", sources=[make_source()])
    past_the_checks(corrected, retracted, gone, on_gone)
    assert len(list(breaches())) == 4

    publish(
        make_assessment(commitment, corrects=corrected),
        Retraction.objects.create(assessment=retracted, reason="A mistake."),
        Retraction.objects.create(commitment=gone, reason="A mistake."),
    )

    assert list(breaches()) == []


def test_drafts_break_no_rule():
    commitment = make_published()
    make_assessment(commitment, status="fulfilled", sources=[], below_rule="Whatever.")
    commitment.made_on = MADE_ON + DAY
    commitment.save()

    assert list(breaches()) == []


def breach_of_flag(past_the_checks):
    draft = make_assessment(make_published(), status="stalled", below_rule="It falls short.")
    past_the_checks(draft)
    return draft, "It falls short."


def breach_of_confidence(past_the_checks):
    draft = make_assessment(make_published(), confidence="high", sources=[make_source(kind="news")])
    Evidence.objects.create(
        assessment=draft, source=make_source(kind="official-document"), shows="It doubts it.", bearing="contradicts"
    )
    past_the_checks(draft)
    return draft, ""


def breach_of_stage(past_the_checks):
    draft = make_assessment(make_published(kind="event"), stage="agreed")
    past_the_checks(draft)
    return draft, "agreed"


def breach_of_progress(past_the_checks):
    draft = make_assessment(make_published(), progress=3)
    past_the_checks(draft)
    return draft, "3.0000"


def breach_of_day(past_the_checks):
    summit = make_summit("town-2005", date=MADE_ON)
    return make_published(made_on=MADE_ON + DAY, summit=summit), f"{MADE_ON + DAY}, {summit}"


def breach_of_pledger(past_the_checks):
    commitment = make_commitment(pledged_by=[])
    past_the_checks(commitment)
    return commitment, ""


def breach_of_order(past_the_checks):
    commitment = make_commitment()
    commitment.restates.add(make_published(made_on=MADE_ON + DAY))
    publish(commitment)
    return commitment, ""


def breach_of_succession(past_the_checks):
    older = make_published(made_on=MADE_ON - DAY)
    commitment = make_commitment(superseded_by=older)
    publish(commitment)
    return commitment, str(older)


def breach_of_projection(past_the_checks):
    commitment = make_published()
    Standing.objects.update(counted=False, checkable="no")
    return commitment, str(commitment.standings.get())


def breach_of_ledger(past_the_checks):
    with connection.cursor() as cursor:
        name = "ledger_reply_stay"
        cursor.execute(f"DROP TRIGGER {name}" if connection.vendor == "sqlite" else f"DROP FUNCTION {name}() CASCADE")
    return None, name


def breach_of_capture(past_the_checks):
    source = make_source()
    Capture.objects.create(source=source, sha256="0" * 64, media_type="application/pdf", size=1, taken_on=AS_OF)
    return source, captures.problem(source.captures.get())


BREACHES = {
    "flag-names-rule": breach_of_flag,
    "high-confidence": breach_of_confidence,
    "money-stage": breach_of_stage,
    "progress-target": breach_of_progress,
    "made-at-summit": breach_of_day,
    "pledger-named": breach_of_pledger,
    "restates-earlier": breach_of_order,
    "superseded-later": breach_of_succession,
    "projection": breach_of_projection,
    "ledger-protected": breach_of_ledger,
    "captures-kept": breach_of_capture,
}


@pytest.mark.parametrize("name", BREACHES)
def test_breach_is_found_with_its_record_and_what_is_wrong(name, past_the_checks):
    record, text = BREACHES[name](past_the_checks)

    (breach,) = found(name)
    assert (breach.record, breach.text, breach.declared) == (record, text, False)


def test_every_rule_is_broken_once_here():
    assert {rule.name for rule in RULES} == set(BREACHES) | {"evidence-rule"}
    assert len(RULES) >= 11


def test_every_rule_is_stated_in_a_sentence():
    for rule in RULES:
        assert str(rule.sentence).endswith(".")
        assert rule.name == rule.name.lower().replace(" ", "-")


def test_breaches_of_chosen_rules_only(past_the_checks):
    past_the_checks(make_commitment(pledged_by=[]), make_commitment(pledged_by=[]))
    rules = [rule for rule in RULES if rule.name == "money-stage"]

    assert list(breaches(rules)) == []
    assert len(list(breaches())) == 2


def test_summit_of_two_days_takes_promises_of_both():
    summit = make_summit(date=MADE_ON, end_date=MADE_ON + DAY)
    for days in (0, 1):
        make_published(summit=summit, made_on=MADE_ON + DAY * days)
    late = make_published(summit=summit, made_on=MADE_ON + DAY * 2)

    assert [breach.record for breach in found("made-at-summit")] == [late]


def test_what_was_restated_is_compared_as_published():
    """The working copy of the other commitment is nobody's business yet."""
    target = make_published(made_on=MADE_ON - DAY)
    commitment = make_commitment()
    commitment.restates.add(target)
    publish(commitment)

    target.made_on = MADE_ON + DAY
    target.save()

    assert found("restates-earlier") == []


def test_newest_revisions_has_one_of_each_public_commitment():
    commitment, gone = make_published(), make_published()
    make_commitment()
    commitment.title = "Another promise"
    commitment.save()
    publish(commitment, Retraction.objects.create(commitment=gone, reason="A mistake."))

    assert [(one.commitment, one.edition_id) for one in newest_revisions()] == [(commitment, 3)]


def test_drift_of_the_projection_is_found_in_each_form():
    commitment = make_published(assessments=[{}])
    Standing.objects.filter(assessment=None).delete()
    Standing.objects.exclude(assessment=None).update(valid_from=AS_OF + DAY)

    assert len(found("projection")) == 3
    assert {breach.record for breach in found("projection")} == {commitment}


def test_record_has_an_address_in_the_admin():
    commitment = make_published()

    assert Breach(commitment, "").admin_url == f"/admin/commitments/commitment/{commitment.pk}/change/"
    assert Breach(None, "ledger_reply_stay").admin_url == ""
    assert Breach(commitment.revisions.get().parties.get(), "").admin_url == ""


@pytest.mark.parametrize("number", [1, 8])
def test_checking_takes_as_many_queries_for_many_as_for_few(django_assert_num_queries, number):
    for _ in range(number):
        make_published(
            due=AS_OF - DAY, **TARGET, assessments=[{"progress": 3, "stage": "agreed", "confidence": "high"}]
        )

    with django_assert_num_queries(33):
        assert list(breaches()) == []


def test_nothing_is_missing_before_anything_is_published():
    assert list(breaches()) == []
    assert ledger.missing(connection) == []
    assert quality.newest_revisions().count() == 0
