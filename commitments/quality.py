"""The editorial rules: each with a name, a sentence and what breaks it. The desk, check_data and publishing read them.

Where a rule comes from: the evidence rule and the conditions on single fields are the method of the register, stated in
choices.py and on the methodology page.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from commitments import captures
from commitments.choices import (
    EVIDENCE_RULES,
    OFFICIAL_KINDS,
    Bearing,
    ClosureReason,
    Confidence,
    Kind,
    LinkKind,
    Status,
)
from commitments.models import Assessment, Capture, Evidence, Revision, RevisionParty, ledger
from commitments.projection import batches, compare

# One voice, however it is spelt: news agencies that other publishers reprint.
AGENCIES = {
    "xinhua": "xinhua",
    "people's daily": "people's daily",
    "tass": "tass",
    "ria novosti": "ria novosti",
    "sputnik": "ria novosti",
    "kazinform": "kazinform",
    "qazinform": "kazinform",
    "trend": "trend",
}


def voice(publisher):
    """Who stands behind a publisher's name: "A, from B" and "B" are one voice, so are "A via B" and "A"."""
    name = publisher.lower()
    quoted = re.search(r"(?:, from |, citing )(.*)$", name)
    origin = re.split(r"[,;]", name)[0]
    if " via " in name:
        origin = name.split(" via ")[0]
    elif quoted:
        origin = quoted.group(1)
    origin = re.sub(r"\(.*?\)", "", origin)
    for agency, one in AGENCIES.items():
        if agency in origin:
            return one
    return re.sub(r"[^\w]+", " ", origin).strip()


def evidence_breach(*, status, as_of, due, closure_reason, evidence, searches):
    """The sentence of the evidence rule that a judgement fails, or None when it meets the rule of its status.

    ``evidence`` are (bearing, source kind, publisher) triples; ``searches`` is the number of search log entries;
    ``due`` is the deadline of the commitment or None.
    """
    rule = EVIDENCE_RULES[status]
    if status == Status.NO_EVIDENCE:
        return None if searches else rule
    if not evidence:
        return rule
    supporting = [(kind, publisher) for bearing, kind, publisher in evidence if bearing == Bearing.SUPPORTS]
    if status == Status.FULFILLED:
        official = any(kind in OFFICIAL_KINDS for kind, _publisher in supporting)
        met = official or len({voice(publisher) for _kind, publisher in supporting}) >= 2
    elif status == Status.PARTLY_FULFILLED:
        met = bool(supporting)
    elif status == Status.NOT_FULFILLED:
        met = bool(due and due < as_of) or closure_reason == ClosureReason.RENOUNCED
    else:
        met = True
    return None if met else rule


def breach_of(assessment, due):
    """``evidence_breach`` of a saved Assessment; its evidence, sources and search log should be prefetched."""
    return breach_by(assessment, due, assessment.evidence.all(), assessment.search_log.all())


def breach_by(assessment, due, evidence, searches):
    """``evidence_breach`` of an Assessment by these Evidence and search log rows, none of which need be saved."""
    return evidence_breach(
        status=assessment.status,
        as_of=assessment.as_of,
        due=due,
        closure_reason=assessment.closure_reason,
        # What is published was judged by the kind that the source had then.
        evidence=[(row.bearing, row.source_kind or row.source.kind, row.source.publisher) for row in evidence],
        searches=len(searches),
    )


@dataclass(frozen=True)
class Breach:
    """One record that breaks one rule; ``declared`` where the record itself says so, with the reason."""

    record: object
    text: str
    declared: bool = False

    @property
    def admin_url(self):
        """The address of the record in the admin, '' where it has none."""
        meta = getattr(self.record, "_meta", None)
        if meta is None:
            return ""
        try:
            return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[self.record.pk])
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class Rule:
    """An editorial rule: its name, the sentence that states it, and a function that yields its Breaches."""

    name: str
    sentence: str
    breaches: Callable


def standing_assessments():
    """Published assessments that nothing has withdrawn, with what the rules look at; a constant number of queries."""
    return (
        Assessment.objects.standing()
        .filter(commitment__retraction__edition__isnull=True)
        .select_related("commitment")
        .prefetch_related(
            Prefetch("evidence", Evidence.objects.select_related("source")),
            "search_log",
            Prefetch("commitment__revisions", Revision.objects.filter(edition__isnull=False).order_by("-edition")),
        )
        .order_by("pk")
    )


def newest_wording(assessment):
    """The newest published Revision of the assessment's commitment, from the prefetched rows."""
    return assessment.commitment.revisions.all()[0]


def _evidence_rule():
    for assessment in standing_assessments():
        rule = breach_of(assessment, newest_wording(assessment).due)
        if rule:
            yield Breach(assessment, assessment.below_rule or str(rule), declared=bool(assessment.below_rule))
        elif assessment.below_rule:
            # Declared by a person where a count cannot see it: two publishers that repeat one statement.
            yield Breach(assessment, assessment.below_rule, declared=True)


def _flag_names_rule():
    for assessment in standing_assessments().exclude(below_rule=""):
        if not assessment.below_rule.startswith(f"{assessment.status} needs "):
            yield Breach(assessment, assessment.below_rule)


def _high_confidence():
    for assessment in standing_assessments().filter(confidence=Confidence.HIGH):
        rows = assessment.evidence.all()
        if not any(row.bearing == Bearing.SUPPORTS and row.is_official for row in rows):
            yield Breach(assessment, "")


def _money_stage():
    for assessment in standing_assessments().exclude(stage=""):
        if newest_wording(assessment).kind != Kind.FINANCE:
            yield Breach(assessment, assessment.stage)


def _progress_target():
    for assessment in standing_assessments().filter(progress__isnull=False):
        if newest_wording(assessment).target_quantity is None:
            yield Breach(assessment, str(assessment.progress))


def newest_revisions():
    """The newest published revision of every commitment that is not retracted."""
    return (
        Revision.objects.filter(edition__isnull=False, commitment__retraction__edition__isnull=True)
        .exclude(commitment__revisions__edition__gt=F("edition"))
        .select_related("commitment", "summit", "superseded_by")
        .order_by("pk")
    )


def _made_at_summit():
    last_day = Coalesce("summit__end_date", "summit__date")
    for revision in newest_revisions().filter(Q(made_on__lt=F("summit__date")) | Q(made_on__gt=last_day)):
        yield Breach(revision.commitment, f"{revision.made_on}, {revision.summit}")


def _pledger_named():
    pledged = RevisionParty.objects.filter(role="pledger").values("revision")
    for revision in newest_revisions().exclude(pk__in=pledged).exclude(basis="analyst-recommendation"):
        yield Breach(revision.commitment, "")


def _published_day(target):
    """The day of the promise as the newest published wording of the commitment in column ``target`` has it."""
    wordings = Revision.objects.filter(commitment=OuterRef(target), edition__isnull=False).order_by("-edition")
    return Subquery(wordings.values("made_on")[:1])


def _restates_earlier():
    found = newest_revisions().filter(links__kind=LinkKind.RESTATES).annotate(restated=_published_day("links__target"))
    for revision in found.filter(restated__gt=F("made_on")).distinct():
        yield Breach(revision.commitment, "")


def _superseded_later():
    for revision in newest_revisions().annotate(later=_published_day("superseded_by")).filter(later__lt=F("made_on")):
        yield Breach(revision.commitment, str(revision.superseded_by))


def _projection():
    for ids in batches():
        difference = compare(ids)
        for row in (*difference.missing, *difference.changed, *difference.stray):
            yield Breach(row.commitment, str(row))


def _ledger():
    for name in ledger.missing(connection):
        yield Breach(None, name)


def _captures():
    for capture in Capture.objects.select_related("source").order_by("source__key", "pk").iterator():
        said = captures.problem(capture)
        if said:
            yield Breach(capture.source, said)


RULES = (
    Rule("evidence-rule", _("An assessment meets the evidence rule of its status, or says why not."), _evidence_rule),
    Rule("flag-names-rule", _("A note “below the evidence rule” begins with the rule it fails."), _flag_names_rule),
    Rule("high-confidence", _("High confidence rests on a supporting official source."), _high_confidence),
    Rule("money-stage", _("Only money has a stage."), _money_stage),
    Rule("progress-target", _("Progress is measured against a target."), _progress_target),
    Rule("made-at-summit", _("A commitment is made on a day of its summit."), _made_at_summit),
    Rule("pledger-named", _("A commitment names who made it, unless an analyst recommended it."), _pledger_named),
    Rule("restates-earlier", _("A commitment restates only what was promised before it."), _restates_earlier),
    Rule("superseded-later", _("Only a later commitment takes the place of an earlier one."), _superseded_later),
    Rule("projection", _("What pages show is what the ledger says."), _projection),
    Rule("ledger-protected", _("Every trigger that protects the ledger is in place."), _ledger),
    Rule("captures-kept", _("The file of every capture is there, with its SHA-256."), _captures),
)


def breaches(rules=RULES):
    """Yield (Rule, Breach) for every breach of ``rules``."""
    for rule in rules:
        for breach in rule.breaches():
            yield rule, breach
