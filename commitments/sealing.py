"""What a draft takes on as it is published: its key, frozen evidence, a revision with its rows.

Called by workflow.py alone, inside its transaction.
"""

from django.db.models import OuterRef, Subquery

from commitments.choices import LinkKind, PartyRole
from commitments.models import (
    WORDING_FIELDS,
    Assessment,
    Evidence,
    Party,
    Reply,
    Revision,
    RevisionLink,
    RevisionParty,
    Source,
)


def freeze_evidence(assessments):
    """Keep who issued each source and of what kind it was: the source card may change, the published page may not."""
    card = Source.objects.filter(pk=OuterRef("source"))
    Evidence.objects.filter(assessment__in=assessments, assessment__edition=None).update(
        issuer=Subquery(card.values("issuer")), source_kind=Subquery(card.values("kind"))
    )


def give_keys(model, drafts, commitments):
    """Give each draft of ``model`` (Assessment or Reply) without a key the next free one, in memory.

    ``<commitment>/<as_of>``, with -2, -3 for more; a reply's is ``<commitment>/<party>/<date>``. ``commitments`` are
    the ids of those that the drafts are about.
    """
    bases = {draft.pk: _base_key(draft) for draft in drafts if not draft.key}
    path = "commitment" if model is Assessment else "assessment__commitment"
    taken = set(model.objects.filter(**{f"{path}__in": commitments}).values_list("key", flat=True))
    taken |= {draft.key for draft in drafts}
    for draft in drafts:
        if draft.key:
            continue
        number, draft.key = 1, bases[draft.pk]
        while draft.key in taken:
            number += 1
            draft.key = f"{bases[draft.pk]}-{number}"
        taken.add(draft.key)


def _base_key(draft):
    if isinstance(draft, Reply):
        return f"{draft.assessment.commitment.slug}/{draft.party.code}/{draft.date.isoformat()}"
    return f"{draft.commitment.slug}/{draft.as_of.isoformat()}"


def new_revision(commitment):
    """A saved Revision of the working copy with its parties and links, not sealed yet."""
    revision = Revision(
        commitment=commitment,
        author_id=commitment.author_id,
        edited_by_id=commitment.edited_by_id,
        earlier_writers=commitment.earlier_writers,
        **{name: getattr(commitment, name) for name in WORDING_FIELDS},
    )
    revision.save()
    RevisionParty.objects.bulk_create(_party_rows(revision, commitment))
    RevisionLink.objects.bulk_create(_link_rows(revision, commitment))
    return revision


def _party_rows(revision, commitment):
    """The named parties and, where the organisation itself is one, each state that was a member on made_on."""
    sides = {PartyRole.PLEDGER: commitment.pledged_by, PartyRole.BENEFICIARY: commitment.beneficiaries}
    for role, side in sides.items():
        named = list(side.all())
        yield from (RevisionParty(revision=revision, party=party, role=role) for party in named)
        if any(party.stands_for_members for party in named):
            codes = {party.code for party in named}
            for member in Party.objects.members_on(commitment.made_on):
                if member.code not in codes:
                    yield RevisionParty(revision=revision, party=member, role=role, as_member=True)


def _link_rows(revision, commitment):
    for kind, targets in ((LinkKind.RELATED, commitment.related), (LinkKind.RESTATES, commitment.restates)):
        yield from (RevisionLink(revision=revision, target=target, kind=kind) for target in targets.all())
    if commitment.superseded_by_id:
        yield RevisionLink(revision=revision, target_id=commitment.superseded_by_id, kind=LinkKind.SUPERSEDED_BY)
