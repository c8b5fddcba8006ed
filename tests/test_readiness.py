"""Why a draft could not be published as it stands: every reason, in a sentence."""

import datetime

import pytest

from commitments.models import Evidence
from commitments.readiness import problems, to_check
from tests.factories import (
    AS_OF,
    MADE_ON,
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_reply,
    make_source,
    publish,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 24)
TARGET = {"target_quantity": 9, "target_unit": "USD", "target_measure": "Paid"}


def draft(commitment=None, /, **fields):
    """An unsaved change of a saved draft: what a form holds before the database has its say."""
    unsaved = {name: fields.pop(name) for name in ("confidence", "closure_reason") if name in fields}
    assessment = make_assessment(commitment or make_published(), **fields)
    for name, value in unsaved.items():
        setattr(assessment, name, value)
    return assessment


READY = {
    "plain": draft,
    "today": lambda: draft(as_of=TODAY),
    "day-of-the-promise": lambda: draft(as_of=MADE_ON),
    "silence": lambda: draft(status="no_evidence"),
    "high-confidence": lambda: draft(confidence="high"),
    "money": lambda: draft(make_published(kind="finance"), stage="used"),
    "measured": lambda: draft(make_published(**TARGET), progress=3),
    "superseded": lambda: draft(status="superseded"),
    "given-up": lambda: draft(status="not_fulfilled", closure_reason="renounced"),
    "deadline-passed": lambda: draft(make_published(due=AS_OF - DAY), status="not_fulfilled"),
    "below-the-rule": lambda: draft(
        status="fulfilled", sources=[make_source()], below_rule="fulfilled needs an official text: there is none."
    ),
    "commitment": make_commitment,
    "reply": lambda: make_reply(make_published(assessments=[{}]).assessments.get(), date=TODAY),
}


@pytest.mark.parametrize("case", READY)
def test_draft_is_ready(case):
    assert problems(READY[case]()) == []


def quoted():
    """What the database would refuse to store; a form asks first."""
    assessment = draft(sources=[make_source(title="Report A", terms="no_quotation")])
    row = Evidence.objects.select_related("source").get(assessment=assessment)
    row.shows = "It says “a step”."
    assessment._prefetched_objects_cache = {"evidence": [row]}
    return assessment


def silence_with_evidence():
    assessment = draft(status="no_evidence")
    Evidence.objects.create(assessment=assessment, source=make_source(), shows="A step.", bearing="supports")
    return assessment


def silence_without_a_search():
    assessment = draft(status="no_evidence", below_rule="no_evidence needs a search log: nobody searched.")
    assessment.search_log.all().delete()
    return assessment


def restating(target):
    commitment = make_commitment()
    commitment.restates.add(target)
    return commitment


def published():
    return make_published(assessments=[{}]).assessments.get()


NOT_READY = {
    "unpublished-commitment": (
        lambda: draft(make_commitment()),
        "Its commitment is not published yet; publish that first or together with it.",
    ),
    "future": (lambda: draft(as_of=TODAY + DAY), "As of 2026-11-25 lies in the future; today is 2026-11-24."),
    "before-the-promise": (
        lambda: draft(as_of=MADE_ON - DAY),
        "As of 2005-07-04 lies before the promise, made on 2005-07-05.",
    ),
    "no-confidence": (
        lambda: draft(confidence=""),
        "Give a confidence with every status but “No evidence found”, and none with that one.",
    ),
    "confident-silence": (
        lambda: draft(status="no_evidence", confidence="low"),
        "Give a confidence with every status but “No evidence found”, and none with that one.",
    ),
    "closed-while-open": (
        lambda: draft(closure_reason="funding"),
        "A closure reason belongs to “Not fulfilled” and “Superseded” only.",
    ),
    "superseded-without-reason": (
        lambda: draft(status="superseded", closure_reason=""),
        "“Superseded” needs a closure reason.",
    ),
    "stage-of-an-event": (
        lambda: draft(make_published(kind="event"), stage="used"),
        "A stage is for money only; this commitment's kind is “Event”.",
    ),
    "progress-to-nowhere": (lambda: draft(progress=3), "Progress 3 has no target to be measured against."),
    "silence-with-evidence": (
        silence_with_evidence,
        "“No evidence found” has no evidence rows; take them out or choose another status.",
    ),
    "silence-without-a-search": (
        silence_without_a_search,
        "no_evidence needs a search log: where, in which language and when somebody looked.",
    ),
    "quotation": (quoted, "The terms of “Report A” forbid quotation; say it without quotation marks."),
    "high-without-official": (
        lambda: draft(confidence="high", sources=[make_source()]),
        "High confidence rests on a supporting official source; choose medium or low, or add one.",
    ),
    "no-evidence-rows": (lambda: draft(sources=[]), "in_progress needs at least one evidence row."),
    "no-evidence-rows-declared": (
        lambda: draft(sources=[], below_rule="in_progress needs at least one evidence row: there is none."),
        "in_progress needs at least one evidence row.",
    ),
    "one-report": (
        lambda: draft(status="fulfilled", sources=[make_source()]),
        "fulfilled needs an official text of the act or two independent sources: a supporting source of an official "
        "kind, or supporting sources of two different publishers.",
    ),
    "flag-of-another-rule": (
        lambda: draft(below_rule="It falls short."),
        "“Below the evidence rule” must begin with “in_progress needs …”.",
    ),
    "published": (published, "It is published already. Correct or retract it instead."),
    "unchanged": (make_published, "Its wording is the published one; there is nothing to publish."),
    "commitment-of-tomorrow": (
        lambda: make_commitment(made_on=TODAY + DAY),
        "It was made on 2026-11-25, which lies in the future.",
    ),
    "nobody-pledged": (lambda: make_commitment(pledged_by=[]), "Name who promised it under “pledged by”."),
    "link-to-a-draft": (
        lambda: restating(make_commitment(title="Hidden promise")),
        "It points to “Hidden promise”, which is not published.",
    ),
    "reply-to-a-draft": (lambda: make_reply(draft()), "The assessment it answers is not published."),
    "reply-of-tomorrow": (
        lambda: make_reply(make_published(assessments=[{}]).assessments.get(), date=TODAY + DAY),
        "It is dated 2026-11-25, which lies in the future.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_READY)
def test_draft_is_not_ready_and_says_why(case):
    make, sentence = NOT_READY[case]

    assert problems(make()) == [sentence]


def test_every_reason_is_given_at_once():
    promise = make_published(kind="event")
    wrong = {"confidence": "", "closure_reason": "funding", "stage": "used", "progress": 3}
    assessment = draft(promise, as_of=TODAY + DAY, sources=[], **wrong)

    assert len(problems(assessment)) == 6


def test_quotation_marks_of_an_open_source_are_ready():
    assessment = draft(sources=[make_source(terms="open")])
    assessment.evidence.update(shows="It says “a step”.")

    assert problems(assessment) == []


def test_assessment_is_held_against_the_published_wording_and_not_the_working_copy():
    commitment = make_published(kind="finance")
    commitment.kind = "event"
    commitment.save()

    assert problems(draft(commitment, stage="used")) == []


def test_first_assessment_is_held_against_the_wording_that_goes_with_it():
    commitment = make_commitment(kind="event")
    together = {commitment.pk}

    assert problems(draft(commitment), together_with=together) == []
    assert problems(draft(commitment, stage="used"), together_with=together) == [
        "A stage is for money only; this commitment's kind is “Event”."
    ]
    assert len(problems(draft(commitment, as_of=MADE_ON - DAY), together_with=together)) == 1


def test_link_to_what_goes_with_it_is_ready():
    target = make_commitment()

    assert problems(restating(target), together_with=[target.pk]) == []


def test_asking_writes_nothing(django_assert_max_num_queries):
    assessment = draft(sources=[make_source(), make_source()])

    with django_assert_max_num_queries(10) as queries:
        assert problems(assessment) == []
    assert {one["sql"].split()[0] for one in queries} == {"SELECT"}


@pytest.mark.parametrize("number", [1, 6])
@pytest.mark.parametrize("kind", ["assessment", "commitment", "reply"])
def test_drafts_to_check_are_read_in_as_many_queries_for_many_as_for_few(django_assert_num_queries, number, kind):
    makers = {
        "assessment": (lambda: draft(sources=[make_source(), make_source()]), 4),
        "commitment": (lambda: make_commitment(beneficiaries=[make_party()]), 6),
        "reply": (lambda: make_reply(make_published(assessments=[{}]).assessments.get()), 1),
    }
    make, queries = makers[kind]
    made = [make() for _ in range(number)]
    drafts = to_check(type(made[0]))
    if kind != "commitment":
        drafts = drafts.filter(edition=None)

    with django_assert_num_queries(queries):
        assert len(drafts) == number


def test_published_correction_is_named_where_it_stands_in_the_way():
    commitment = make_published("pledge", assessments=[{}])
    mistaken = commitment.assessments.get()
    publish(make_assessment(commitment, corrects=mistaken, as_of=AS_OF + DAY))
    other = make_assessment(commitment)
    other.corrects, other.correction_reason = mistaken, "It was mistaken."

    assert problems(other) == ["It has been corrected already, by pledge/2006-06-16; correct that one."]
