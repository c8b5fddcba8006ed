"""Whether a draft could be published as it stands, and if not, every reason in a sentence. Reads only."""

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.choices import CLOSING_STATUSES, Bearing, Confidence, Kind, PartyRole, Status
from commitments.models import WORDING_FIELDS, Assessment, Commitment, Evidence, Reply, Retraction, Revision
from commitments.models.ledger import QUOTATION_MARKS
from commitments.quality import breach_by

# What an assessment says, apart from its rows and its way through the desk; a correction starts from a copy of it, and
# adds a reason of its own.
JUDGEMENT_FIELDS = (
    "commitment", "as_of", "status", "progress", "stage", "confidence", "closure_reason", "rationale", "note",
    "below_rule",
)  # fmt: skip


def problems(record, *, together_with=()):
    """Every reason why ``record`` cannot be published, as sentences; an empty list when it can.

    ``together_with`` are the ids of commitments that the same edition publishes.
    """
    checks = {
        Commitment: _commitment_problems,
        Assessment: _assessment_problems,
        Reply: _reply_problems,
        Retraction: _retraction_problems,
    }
    if getattr(record, "edition_id", None):
        return [str(_("It is published already. Correct or retract it instead."))]
    return [str(problem) for problem in checks[type(record)](record, set(together_with)) if problem]


def to_check(model):
    """Drafts of one kind with all that ``problems`` looks at, in a number of queries that does not grow with them."""
    wordings = Prefetch("revisions", Revision.objects.filter(edition__isnull=False))
    if model is Commitment:
        sides = ("pledged_by", "beneficiaries", "related", "restates")
        return Commitment.objects.select_related("retraction", "superseded_by").prefetch_related(*sides, wordings)
    if model is Assessment:
        return Assessment.objects.select_related("commitment__retraction", "corrects").prefetch_related(
            Prefetch("evidence", Evidence.objects.select_related("source")),
            "search_log",
            Prefetch("commitment__revisions", wordings.queryset),
        )
    if model is Reply:
        return Reply.objects.select_related("party", "assessment__commitment__retraction")
    return Retraction.objects.select_related("assessment__commitment", "reply__assessment__commitment", "commitment")


def newest_revision(commitment):
    """The newest published Revision of a commitment, or None."""
    published = [revision for revision in commitment.revisions.all() if revision.is_published]
    return max(published, key=lambda revision: revision.edition_id, default=None)


def is_withdrawn(commitment):
    """Whether a published retraction has withdrawn the commitment."""
    retraction = getattr(commitment, "retraction", None)
    return retraction is not None and retraction.is_published


def unpublished_changes(commitment):
    """The names of the fields in which the working copy differs from the newest revision; all when there is none."""
    revision = newest_revision(commitment)
    links = {"pledged_by": [], "beneficiaries": [], "related": [], "restates": []}
    if revision is None:
        return [*WORDING_FIELDS, *links]
    for row in revision.parties.filter(as_member=False).values_list("role", "party"):
        links["pledged_by" if row[0] == PartyRole.PLEDGER else "beneficiaries"].append(row[1])
    for kind, target in revision.links.values_list("kind", "target"):
        if kind in links:
            links[kind].append(target)
    changed = [name for name in WORDING_FIELDS if getattr(commitment, name) != getattr(revision, name)]
    for name, published in links.items():
        if {target.pk for target in getattr(commitment, name).all()} != set(published):
            changed.append(name)
    return changed


def withdrawal_problem(target):
    """Why a published Assessment, Reply or Commitment cannot be withdrawn (again), or None."""
    if isinstance(target, Commitment):
        if newest_revision(target) is None:
            return _("It is not published; there is nothing to withdraw.")
        return _("It has been retracted already.") if is_withdrawn(target) else None
    if not target.is_published:
        return _("It is not published; change the draft instead.")
    retraction = getattr(target, "retraction", None)
    if retraction is not None and retraction.is_published:
        return _("It has been retracted already.")
    correction = getattr(target, "correction", None)
    if correction is not None and correction.is_published:
        return _("It has been corrected already, by %(key)s; correct that one.") % {"key": correction.key}
    return None


def _commitment_problems(commitment, together_with):
    today = timezone.localdate()
    if is_withdrawn(commitment):
        yield _("It has been retracted; a retracted commitment is not published again.")
    if not unpublished_changes(commitment):
        yield _("Its wording is the published one; there is nothing to publish.")
    if commitment.made_on > today:
        yield _("It was made on %(day)s, which lies in the future.") % {"day": commitment.made_on}
    pledgers = list(commitment.pledged_by.all())
    if not pledgers and commitment.basis != "analyst-recommendation":
        yield _("Name who promised it under “pledged by”.")
    judged = Assessment.objects.filter(commitment=commitment, as_of__lt=commitment.made_on).standing()
    earliest = judged.order_by("as_of").first()
    if earliest:
        yield _("It is judged as of %(as_of)s already, before the new day of the promise, %(made)s.") % {
            "as_of": earliest.as_of, "made": commitment.made_on,
        }  # fmt: skip
    yield from _link_problems(commitment, together_with)


def _link_problems(commitment, together_with):
    """A link to a commitment that the public cannot see would give it away."""
    targets = {target.pk: target for name in ("related", "restates") for target in getattr(commitment, name).all()}
    if commitment.superseded_by_id:
        targets[commitment.superseded_by_id] = commitment.superseded_by
    for target in targets.values():
        if target.pk not in together_with and newest_revision(target) is None:
            yield _("It points to “%(target)s”, which is not published.") % {"target": target}


def waiting_wordings():
    """The ids of the submitted commitments: what waits beside a draft can go public in the same edition."""
    return set(Commitment.objects.submitted().values_list("pk", flat=True))


def judged_wording(commitment, together_with=()):
    """The wording that a judgement on ``commitment`` would be about: a Revision, the working copy, or None.

    The working copy counts where ``together_with``, the ids of commitments of the same edition, has it.
    """
    return newest_revision(commitment) or (commitment if commitment.pk in together_with else None)


def _assessment_problems(assessment, together_with):
    evidence, searches = list(assessment.evidence.all()), list(assessment.search_log.all())
    yield from _judgement_problems(assessment, evidence, searches, together_with)


def judgement_problems(assessment, *, evidence, searches, together_with=()):
    """``problems`` of an Assessment whose rows are not saved: every reason why it could not be published as it stands.

    ``evidence`` are its Evidence rows, ``searches`` its SearchLogEntry rows; neither it nor they need to be saved. It
    has a commitment, a day and a status.
    """
    found = _judgement_problems(assessment, evidence, searches, set(together_with))
    return [str(problem) for problem in found if problem]


def _judgement_problems(assessment, evidence, searches, together_with):
    today = timezone.localdate()
    wording = judged_wording(assessment.commitment, together_with)
    if wording is None:
        yield _("Its commitment is not published yet; publish that first or together with it.")
        return
    if is_withdrawn(assessment.commitment):
        yield _("Its commitment has been retracted.")
    if assessment.as_of > today:
        yield _("As of %(day)s lies in the future; today is %(today)s.") % {"day": assessment.as_of, "today": today}
    if assessment.as_of < wording.made_on:
        yield _("As of %(day)s lies before the promise, made on %(made)s.") % {
            "day": assessment.as_of, "made": wording.made_on,
        }  # fmt: skip
    yield from _field_problems(assessment, wording)
    yield from _evidence_problems(assessment, wording, evidence, searches)
    if assessment.corrects_id:
        if assessment.corrects.commitment_id != assessment.commitment_id:
            yield _("It corrects an assessment of another commitment.")
        yield withdrawal_problem(Assessment.objects.get(pk=assessment.corrects_id))
        if not assessment.correction_reason.strip():
            yield _("Say under “reason for the correction” what was mistaken; readers see it beside the struck record.")


def _field_problems(assessment, wording):
    silent = assessment.status == Status.NO_EVIDENCE
    if silent == bool(assessment.confidence):
        yield _("Give a confidence with every status but “No evidence found”, and none with that one.")
    if assessment.closure_reason and assessment.status not in CLOSING_STATUSES:
        yield _("A closure reason belongs to “Not fulfilled” and “Superseded” only.")
    if assessment.status == Status.SUPERSEDED and not assessment.closure_reason:
        yield _("“Superseded” needs a closure reason.")
    if assessment.stage and wording.kind != Kind.FINANCE:
        yield _("A stage is for money only; this commitment's kind is “%(kind)s”.") % {
            "kind": wording.get_kind_display()
        }
    if assessment.progress is not None and wording.target_quantity is None:
        yield _("Progress %(value)s has no target to be measured against.") % {"value": assessment.progress}


def _no_quotation(source):
    return _("The terms of “%(source)s” forbid quotation; say it without quotation marks.") % {"source": source.title}


def _evidence_problems(assessment, wording, rows, searches):
    silent = assessment.status == Status.NO_EVIDENCE
    if silent and rows:
        yield _("“No evidence found” has no evidence rows; take them out or choose another status.")
    for row in rows:
        if row.source.terms != "open" and any(mark in row.shows + row.locator for mark in QUOTATION_MARKS):
            yield _no_quotation(row.source)
    supported = any(row.bearing == Bearing.SUPPORTS and row.source.is_official for row in rows)
    if assessment.confidence == Confidence.HIGH and not supported:
        yield _("High confidence rests on a supporting official source; choose medium or low, or add one.")
    breach = breach_by(assessment, wording.due, rows, searches)
    # A row of evidence (or a search log) is the floor that no flag replaces; the database holds it too.
    has_floor = bool(searches) if silent else bool(rows)
    if breach and not (assessment.below_rule and has_floor):
        yield breach
    if assessment.below_rule and not assessment.below_rule.startswith(f"{assessment.status} needs "):
        yield _("“Below the evidence rule” must begin with “%(status)s needs …”.") % {"status": assessment.status}


def _reply_problems(reply, together_with):
    answered = Assessment.objects.get(pk=reply.assessment_id)
    if not answered.is_published:
        yield _("The assessment it answers is not published.")
    if is_withdrawn(answered.commitment):
        yield _("Its commitment has been retracted.")
    if reply.date > timezone.localdate():
        yield _("It is dated %(day)s, which lies in the future.") % {"day": reply.date}
    wording = newest_revision(answered.commitment)
    # A reply may be older than the judgement it stands beside: a month is judged as of its last day, and a correction
    # takes over what was said of the one before. It cannot be older than the promise.
    if wording and reply.date < wording.made_on:
        yield _("It is dated %(day)s, before the promise, made on %(made)s.") % {
            "day": reply.date, "made": wording.made_on,
        }  # fmt: skip
    if reply.source.terms != "open" and any(mark in reply.text for mark in QUOTATION_MARKS):
        yield _no_quotation(reply.source)


def _retraction_problems(retraction, together_with):
    yield withdrawal_problem(type(retraction.target).objects.get(pk=retraction.target.pk))
