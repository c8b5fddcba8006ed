"""Stored records as the catalogue's files hold them: the reverse of loading, field by field, in the files' order."""

from commitments.choices import LinkKind, PartyKind, PartyRole
from commitments.models.fields import plain_number, span


def _number(value):
    """A Decimal as a plain number, None for None."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(plain_number(value))


def _day(text):
    """A partial date: a date where the day is known, else text, None for ''."""
    if len(text) == len("2006-09-15"):
        return span(text)[0]
    return text or None


def _key(record):
    return record.key if record else None


def theme_record(theme):
    """The record of a Theme."""
    return {"key": theme.slug, "name": theme.name}


def party_record(party):
    """The record of a Party with its roles, which the caller puts in order."""
    row = {
        "code": party.code,
        "name": party.name,
        "short_name": party.short_name,
        "kind": party.kind,
        "name_ru": party.name_ru or None,
        "name_zh": party.name_zh or None,
    }
    if party.stands_for_members != (party.kind == PartyKind.ORGANISATION):
        row["stands_for_members"] = party.stands_for_members
    row["memberships"] = [
        {
            "role": role.role,
            "since": _day(role.since),
            "until": _day(role.until),
            "decided": _day(role.decided),
            "source": _key(role.source),
            "note": role.note or None,
        }
        for role in party.memberships.all()
    ]
    return row


def summit_record(summit):
    """The record of a Summit."""
    return {
        "key": summit.key,
        "name": summit.name,
        "body": summit.body,
        "date": summit.date,
        "end_date": summit.end_date,
        "place": summit.place,
        "country": summit.country.code,
        "source": _key(summit.source),
    }


def source_record(source):
    """The record of a Source, whatever its terms."""
    return {
        "key": source.key,
        "title": source.title,
        "title_note": source.title_note or None,
        "publisher": source.publisher,
        "issuer": source.issuer.code if source.issuer else None,
        "url": source.url or None,
        "archived_url": source.archived_url or None,
        "published": source.published or None,
        "kind": source.kind,
        "language": source.language,
        "terms": source.terms,
        "usage": source.usage or None,
    }


def commitment_record(revision, parties, links, slugs):
    """The record of a commitment as one Revision words it.

    ``parties`` maps (revision id, PartyRole) to codes, ``links`` (revision id, LinkKind) to keys, ``slugs`` the ids of
    the commitments that may be named to their keys.
    """
    target = {
        "quantity": _number(revision.target_quantity),
        "unit": revision.target_unit,
        "measure": revision.target_measure,
    }
    return {
        "key": revision.commitment.slug,
        "title": revision.title,
        "summary": revision.summary,
        "basis": revision.basis,
        "obligation": revision.obligation,
        "checkable": revision.checkable,
        "checkable_note": revision.checkable_note,
        "summit": _key(revision.summit),
        "made_on": revision.made_on,
        "theme": revision.theme.slug,
        "kind": revision.kind,
        "pledged_by": parties[revision.pk, PartyRole.PLEDGER],
        "beneficiaries": parties[revision.pk, PartyRole.BENEFICIARY],
        "target": None if revision.target_quantity is None else target,
        "due": revision.due,
        "responsible": revision.responsible or None,
        "source": revision.source.key,
        "locator": revision.locator or None,
        # The one field that readers never see, so it is in no revision.
        "in_seed": revision.commitment.in_seed,
        "related": links[revision.pk, LinkKind.RELATED],
        "restates": links[revision.pk, LinkKind.RESTATES],
        "superseded_by": slugs.get(revision.superseded_by_id),
        "note": revision.note or None,
    }


def assessment_record(assessment):
    """The record of an Assessment with its evidence and search log; fields that may be absent are, when empty."""
    row = {
        "key": assessment.key,
        "commitment": assessment.commitment.slug,
        "as_of": assessment.as_of,
        "status": assessment.status,
        "stage": assessment.stage or None,
        "closure_reason": assessment.closure_reason or None,
        "progress": _number(assessment.progress),
        "rationale": assessment.rationale,
        "confidence": assessment.confidence or None,
        "evidence": [
            {"source": one.source.key, "shows": one.shows, "bearing": one.bearing, "locator": one.locator or None}
            for one in assessment.evidence.all()
        ],
    }
    log = [
        {"where": one.where, "language": one.language, "when": one.when, "found": one.found}
        for one in assessment.search_log.all()
    ]
    optional = {"search_log": log, "below_rule": assessment.below_rule, "note": assessment.note}
    return row | {name: value for name, value in optional.items() if value}


def score_record(score):
    """The record of a MemberScore."""
    return {
        "assessment": score.assessment.key,
        "party": score.party.code,
        "score": score.score,
        "rationale": score.rationale,
        "source": score.source.key,
    }


def reply_record(reply, assessment):
    """The record of a Reply beside ``assessment``, which may be a correction of the one it answered."""
    return {
        "key": reply.key,
        "assessment": assessment.key,
        "party": reply.party.code,
        "date": reply.date,
        "text": reply.text,
        "source": reply.source.key,
    }
