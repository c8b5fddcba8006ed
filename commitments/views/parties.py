"""Parties: what each promised, alone and with others, its roles over time and its scores."""

from django.template.response import TemplateResponse

from commitments import findings
from commitments.bibliography import speaking_for
from commitments.models import Party
from commitments.portraits import party_lines, party_portrait
from commitments.roles import known_at
from commitments.scorecard import DONE

from .lookup import found_or_404
from .public import public


@public
def party_list(request):
    """Every party with its role on the day, what it promised and what came of it."""
    lines = party_lines(request.moment)
    pledging = sum(1 for line in lines if line.whole.card.listed)
    context = {"finding": findings.of_parties(len(lines), pledging), "lines": lines}
    return TemplateResponse(request, "commitments/party_list.html", context)


@public
def party_detail(request, code):
    """One party: promises made, roles, scores, replies, and who speaks for it."""
    parties = known_at(Party.objects.all(), request.moment)
    party = found_or_404(parties, code=code)
    portrait = party_portrait(party, request.moment)
    context = {
        "finding": findings.of_party(party, portrait.card),
        "party": party,
        "portrait": portrait,
        "done": DONE,
        "voices": list(speaking_for(party, request.moment)),
        "others": [(one.code, one.short_name) for one in parties if one != party],
    }
    return TemplateResponse(request, "commitments/party_detail.html", context)
