"""The assessments and replies of a catalogue: new ones, and corrections of known ones."""

from commitments import readiness
from commitments.choices import Origin
from commitments.models import (
    Assessment,
    Commitment,
    Evidence,
    MemberScore,
    Party,
    Reply,
    SearchLogEntry,
    Source,
)

from .promises import amount, words

# What readers are told of a correction whose reason the files do not give: all that is known of it.
CHANGED = "The files from which this record was imported say otherwise now."


def load_assessments(catalogue, report, together_with):
    """Create drafts for new and for changed assessments; returns them, to be published.

    ``together_with`` are the Commitments that the same edition publishes.
    """
    index = _index(catalogue)
    open_to_readers = index["published"] | {commitment.slug for commitment in together_with}
    known = {assessment.key: assessment for assessment in _stored() if assessment.key}
    followers = {one.corrects_id: one for one in _stored() if one.corrects_id}
    drafts, claimed = [], {}
    for row in catalogue.records["assessments"]:
        first = known.get(row["key"])
        if first is None:
            reason = _why_not_new(row["commitment"], index, open_to_readers)
            if reason:
                report.left_alone.append(f"assessments {row['key']}: {reason}")
                continue
            drafts.append(_create(row, index, key=row["key"]))
            _count(report, row, index)
            continue
        head = _head(first, followers)
        # The register numbers corrections itself: a new record of the files may bear the key of another's correction.
        claimant = claimed.setdefault(head.pk, row["key"])
        if claimant != row["key"]:
            report.left_alone.append(
                f"assessments {row['key']}: in the register this key belongs to a correction of {claimant}; "
                "give the record the next free number"
            )
            continue
        if content_of(head) == content_in(row, index["scores"].get(row["key"], [])):
            report.unchanged += 1
            continue
        reason = _why_not(head)
        if reason:
            report.left_alone.append(f"assessments {row['key']}: {reason}")
            continue
        drafts.append(_create(row, index, corrects=head, correction_reason=row.get("correction_reason") or CHANGED))
        report.corrected.append(f"assessments {row['key']}: corrected, because the files say otherwise now")
    _strays(report, catalogue, known, followers)
    return drafts


def _index(catalogue):
    scores = {}
    for row in catalogue.records["member_scores"]:
        scores.setdefault(row["assessment"], []).append(row)
    return {
        "commitments": {commitment.slug: commitment for commitment in Commitment.objects.all()},
        "sources": {source.key: source for source in Source.objects.all()},
        "parties": {party.code: party for party in Party.objects.all()},
        "scores": scores,
        "published": set(Commitment.objects.published().values_list("slug", flat=True)),
        "withdrawn": set(Commitment.objects.filter(retraction__edition__isnull=False).values_list("slug", flat=True)),
    }


def _stored():
    return Assessment.objects.select_related("edition", "commitment", "retraction").prefetch_related(
        "evidence__source", "search_log", "member_scores__party", "member_scores__source"
    )


def _head(assessment, followers):
    """The last of a chain of corrections, drafts included: what an editor would see as the judgement now."""
    while assessment.pk in followers:
        assessment = followers[assessment.pk]
    return assessment


def _why_not_new(slug, index, open_to_readers):
    """Why the files may not judge this commitment, or None."""
    if slug in index["withdrawn"]:
        return "its commitment has been retracted"
    return None if slug in open_to_readers else "its commitment is a draft of the desk"


def _why_not(head):
    """Why the files may not correct this judgement, or None: what the desk did goes first."""
    if readiness.is_withdrawn(head.commitment):
        return "its commitment has been retracted"
    if not head.is_published:
        return "the desk is working on a correction"
    if head.published_retraction:
        return f"it was retracted in edition {head.published_retraction.edition_id}"
    if head.edition.origin == Origin.DESK:
        return f"the desk published it in edition {head.edition_id}"
    retraction = getattr(head, "retraction", None)
    return "the desk has asked for its retraction" if retraction is not None else None


def content_of(assessment):
    """What a stored assessment says, in a form to compare with ``content_in``."""
    return {
        "as_of": assessment.as_of,
        "status": assessment.status,
        "stage": assessment.stage,
        "closure_reason": assessment.closure_reason,
        "progress": assessment.progress,
        "rationale": assessment.rationale,
        "confidence": assessment.confidence,
        "below_rule": assessment.below_rule,
        "note": assessment.note,
        "evidence": [(row.source.key, row.shows, row.bearing, row.locator) for row in assessment.evidence.all()],
        "search_log": [(row.where, row.language, row.when, row.found) for row in assessment.search_log.all()],
        "member_scores": {
            (row.party.code, row.score, row.rationale, row.source.key) for row in assessment.member_scores.all()
        },
    }


def content_in(row, scores):
    """What a record says, with its member scores."""
    return {
        "as_of": row["as_of"],
        "status": row["status"],
        "stage": words(row["stage"]),
        "closure_reason": words(row["closure_reason"]),
        "progress": amount(row["progress"]),
        "rationale": row["rationale"],
        "confidence": words(row["confidence"]),
        "below_rule": words(row.get("below_rule")),
        "note": words(row.get("note")),
        "evidence": [(one["source"], one["shows"], one["bearing"], words(one["locator"])) for one in row["evidence"]],
        "search_log": [
            (one["where"], one["language"], one["when"], one["found"]) for one in row.get("search_log") or []
        ],
        "member_scores": {(one["party"], one["score"], one["rationale"], one["source"]) for one in scores},
    }


def _create(row, index, **fields):
    scores = index["scores"].get(row["key"], [])
    content = content_in(row, scores)
    plain = {name: value for name, value in content.items() if name not in ("evidence", "search_log", "member_scores")}
    draft = Assessment(commitment=index["commitments"][row["commitment"]], **plain, **fields)
    draft.save()
    Evidence.objects.bulk_create(
        Evidence(
            assessment=draft,
            source=index["sources"][key],
            shows=shows,
            bearing=bearing,
            locator=locator,
            position=number,
        )
        for number, (key, shows, bearing, locator) in enumerate(content["evidence"])
    )
    SearchLogEntry.objects.bulk_create(
        SearchLogEntry(assessment=draft, where=where, language=language, when=when, found=found, position=number)
        for number, (where, language, when, found) in enumerate(content["search_log"])
    )
    MemberScore.objects.bulk_create(
        MemberScore(
            assessment=draft,
            party=index["parties"][one["party"]],
            score=one["score"],
            rationale=one["rationale"],
            source=index["sources"][one["source"]],
        )
        for one in scores
    )
    return draft


def _count(report, row, index):
    report.add_new("assessments")
    for kind, count in (
        ("evidence rows", len(row["evidence"])),
        ("search log entries", len(row.get("search_log") or [])),
        ("member scores", len(index["scores"].get(row["key"], []))),
    ):
        if count:
            report.add_new(kind, count)


def _strays(report, catalogue, known, followers):
    """Report what stands and is named by no file, neither by its own key nor by that of a judgement it corrects."""
    keys = [row["key"] for row in catalogue.records["assessments"]]
    named = {_head(known[key], followers).pk for key in keys if key in known}
    heads = [one for one in known.values() if one.pk not in followers and not one.published_retraction]
    report.not_in_files += [f"assessments {one.key}" for one in heads if one.pk not in named]


def load_replies(catalogue, report):
    """Create drafts for new replies; returns them. A changed one is reported: the desk retracts it and records anew."""
    keyed = Assessment.objects.filter(key__isnull=False).select_related("commitment")
    assessments = {assessment.key: assessment for assessment in keyed}
    followers = {one.corrects_id: one for one in Assessment.objects.filter(corrects__isnull=False)}
    index = _index(catalogue)
    known = {reply.key: reply for reply in Reply.objects.select_related("assessment", "party", "source") if reply.key}
    drafts = []
    for row in catalogue.records["replies"]:
        stored, answered = known.get(row["key"]), assessments.get(row["assessment"])
        if answered is None:
            report.left_alone.append(f"replies {row['key']}: the assessment it answers is not in the register")
        elif stored is None and answered.commitment.slug in index["withdrawn"]:
            report.left_alone.append(f"replies {row['key']}: the commitment it is about has been retracted")
        elif stored is None:
            reply = Reply(
                key=row["key"],
                assessment=answered,
                party=index["parties"][row["party"]],
                date=row["date"],
                text=row["text"],
                source=index["sources"][row["source"]],
            )
            reply.save()
            report.add_new("replies")
            drafts.append(reply)
        elif (
            _head(stored.assessment, followers) != _head(answered, followers)
            or (stored.text, stored.source.key) != (row["text"], row["source"])
        ):  # fmt: skip
            report.left_alone.append(f"replies {row['key']}: it is published as it was; retract it and record it anew")
        else:
            report.unchanged += 1
    gone = set(Reply.objects.filter(retraction__edition__isnull=False).values_list("key", flat=True))
    gone |= {row["key"] for row in catalogue.records["replies"]}
    report.not_in_files += [f"replies {key}" for key in known if key not in gone]
    return drafts
