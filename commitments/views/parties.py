"""Parties: what each promised, alone and with others, its roles over time and its scores."""

from django.db.models import Count, Exists, OuterRef
from django.template.response import TemplateResponse

from commitments import findings, scorecard
from commitments.choices import PartyRole
from commitments.exports.columns import with_rows
from commitments.models import MemberScore, Membership, Party, RevisionParty, Standing

from .lookup import found_or_404
from .public import public


@public
def party_list(request):
    """Every party with its role on the day and how many commitments it made."""
    parts = RevisionParty.objects.filter(
        revision__in=Standing.objects.at(request.moment).values("revision"), role=PartyRole.PLEDGER
    )
    pledges = dict(parts.order_by().values_list("party").annotate(Count("revision", distinct=True)))
    roles = {}
    for role in Membership.objects.all():
        if role.covers(request.moment.as_of):
            roles[role.party_id] = role.get_role_display()
    parties = [(party, roles.get(party.pk, ""), pledges.get(party.pk, 0)) for party in Party.objects.all()]
    context = {"finding": findings.of_parties(len(parties), len(pledges)), "parties": parties}
    return TemplateResponse(request, "commitments/party_list.html", context)


@public
def party_detail(request, code):
    """One party: promises made, roles, scores."""
    party = found_or_404(Party.objects.all(), code=code)
    standings = Standing.objects.at(request.moment)
    own = RevisionParty.objects.filter(revision=OuterRef("revision"), role=PartyRole.PLEDGER)
    pledged = standings.filter(Exists(own.filter(party=party)))
    alone = pledged.exclude(Exists(own.exclude(party=party)))
    scores = MemberScore.objects.filter(party=party, assessment__in=standings.values("assessment"))
    rows = list(with_rows(pledged.in_order()))
    by_assessment = {row.assessment_id: row for row in rows} | {
        row.assessment_id: row
        for row in standings.filter(assessment__member_scores__party=party).select_related("revision")
    }
    scored = scores.select_related("source", "assessment").order_by("assessment__as_of", "pk")
    card = scorecard.totals(pledged, day=request.moment.as_of)
    context = {
        "finding": findings.of_party(party, card),
        "party": party,
        "roles": party.memberships.select_related("source").order_by("since"),
        "card": card,
        "alone": scorecard.totals(alone, day=request.moment.as_of),
        "rows": rows,
        "scores": [(score, by_assessment[score.assessment_id]) for score in scored],
    }
    return TemplateResponse(request, "commitments/party_detail.html", context)
