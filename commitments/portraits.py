"""What the pages of parties show at a moment, and the parts that other pages share. Plain data out, no request.

Each number comes with the filters of the list behind it.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from commitments import scorecard, scores
from commitments.choices import PartyRole, Status
from commitments.exports.columns import with_rows
from commitments.filters import promised_by
from commitments.models import Party, Reply, RevisionParty, Standing
from commitments.models.fields import span
from commitments.roles import known_at, roles_at
from commitments.scorecard import Scorecard


@dataclass(frozen=True)
class Part:
    """One line of a table of totals: what it is about, the filters of the list behind it, its Scorecard or None."""

    label: str
    filters: dict
    card: Scorecard | None
    record: object = None


@dataclass(frozen=True)
class Term:
    """A role in time: ``until`` is '' where it lasted on the day; ``x`` and ``width`` place it on an axis of 100."""

    role: object
    until: str
    holds: bool
    x: float
    width: float


def terms(roles, day):
    """The Terms of one party's roles that had begun by ``day``; an end that lies after it is not known yet."""
    begun = [role for role in roles if role.began_by(day)]
    first = min((span(role.since)[0] for role in begun), default=day)
    whole = max((day - first).days, 1)
    found = []
    for role in begun:
        until = role.until if role.until and span(role.until)[0] <= day else ""
        start, end = span(role.since)[0], min(span(until)[1], day) if until else day
        x = (start - first).days * 100 / whole
        found.append(Term(role, until, role.covers(day), x, max((end - start).days * 100 / whole, 0.5)))
    return found


def by_status(rows):
    """[(Status, its Standings)] in the order of display, for the statuses that occur."""
    groups = [(status, [row for row in rows if row.status == status]) for status in Status]
    return [(status, found) for status, found in groups if found]


def parts_by(rows, name, key, filters, day):
    """Parts of Standings by "theme" or "summit", in the order of the model; ``key`` is that of its address."""
    groups = {}
    for row in rows:
        record = getattr(row, name)
        if record is not None:
            groups.setdefault(record, []).append(row)
    order = {"theme": lambda one: (one.position, one.slug), "summit": lambda one: (one.date, one.key)}[name]
    return [
        Part(str(one), {**filters, name: getattr(one, key)}, scorecard.of(groups[one], day=day), one)
        for one in sorted(groups, key=order)
    ]


@dataclass
class PartyPortrait:
    """What the page of a party reads. ``rows`` are {how it promised: Standings}, ``parts`` the same as totals."""

    party: Party
    filters: dict
    card: Scorecard
    parts: list
    rows: dict
    benefits: list
    benefit: Part
    themes: list
    terms: list
    average: object
    scores: list
    replies: list
    first: object = None
    last: object = None

    @property
    def role(self):
        """The Term of the role it had on the day, or None."""
        return next((term for term in self.terms if term.holds), None)


HOW = {
    "one": _("Alone"),
    "several": _("With others, each by name"),
    "all-members": _("As a member, with all of them"),
}


def _how(row):
    """How a Standing was promised: the value of the filter "pledgers"."""
    pledgers = [part for part in row.revision.parties.all() if part.role == PartyRole.PLEDGER]
    if any(part.as_member for part in pledgers):
        return "all-members"
    return "one" if len(pledgers) == 1 else "several"


def party_portrait(party, moment):
    """The PartyPortrait of a Party at a Moment. A constant number of queries."""
    day = moment.as_of
    own = RevisionParty.objects.filter(revision=OuterRef("revision"), party=party)
    involved = list(with_rows(Standing.objects.at(moment).filter(Exists(own)).in_order()))
    filters = {"pledger": party.code}
    rows = {how: [] for how in HOW}
    benefits = []
    for row in involved:
        roles = {part.role for part in row.revision.parties.all() if part.party_id == party.pk}
        if PartyRole.PLEDGER in roles:
            rows[_how(row)].append(row)
        if PartyRole.BENEFICIARY in roles:
            benefits.append(row)
    pledged = [row for found in rows.values() for row in found]
    days = sorted(row.made_on for row in pledged)
    matrix = scores.matrix(moment)
    gains = {"beneficiary": party.code}
    return PartyPortrait(
        party=party,
        filters=filters,
        card=scorecard.of(pledged, day=day),
        parts=[
            Part(label, {**filters, "pledgers": how}, scorecard.of(rows[how], day=day) if rows[how] else None)
            for how, label in HOW.items()
        ],
        rows=rows,
        benefits=benefits,
        benefit=Part(_("For its benefit"), gains, scorecard.of(benefits, day=day)),
        themes=parts_by(pledged, "theme", "slug", filters, day),
        terms=terms([role for role in roles_at(moment) if role.party_id == party.pk], day),
        average=matrix.averages.get(party.pk),
        scores=_party_scores(party, matrix),
        replies=_replies(party, moment),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )


def _party_scores(party, matrix):
    """[(MemberScore or None, Row, why it is in no average, or '')]: those that count, what is missing, the rest."""
    rows = {row.standing.commitment_id: row for row in (*matrix.rows, *(row for row, _why in matrix.left_out))}
    reasons = {row.standing.commitment_id: why for row, why in matrix.left_out}
    cells = [(row.cells[party.pk], row) for row in matrix.rows if party.pk in row.cells]
    found = [(cell.score if cell.value is not None else None, row, "") for cell, row in cells if cell.is_bound]
    counted = {score.pk for score, _row, _why in found if score}
    for score in matrix.scores:
        if score.party_id == party.pk and score.pk not in counted:
            commitment = score.assessment.commitment_id
            row = rows[commitment]
            cell = row.cells.get(party.pk)
            outside = cell.label if cell and not cell.is_bound else _("it was never a member")
            earlier = _("an earlier round; a newer one scores members too")
            why = reasons.get(commitment) or (earlier if cell and cell.is_bound else outside)
            found.append((score, row, why))
    return found


def _replies(party, moment):
    """[(Reply, Standing, its retraction or None)] of what a party answered, oldest first."""
    replies = Reply.objects.filter(party=party, edition__lte=moment.edition, date__lte=moment.as_of)
    replies = list(replies.select_related("assessment", "source", "retraction").order_by("date", "pk"))
    wanted = {reply.assessment.commitment_id for reply in replies}
    rows = Standing.objects.at(moment).filter(commitment__in=wanted).select_related("revision")
    by_commitment = {row.commitment_id: row for row in rows}
    return [
        (reply, by_commitment[reply.assessment.commitment_id], withdrawn_at(reply, moment))
        for reply in replies
        if reply.assessment.commitment_id in by_commitment
    ]


def withdrawn_at(reply, moment):
    """The Retraction that had taken a Reply back by the Moment's edition, or None."""
    retraction = getattr(reply, "retraction", None)
    taken = retraction is not None and retraction.edition_id and retraction.edition_id <= moment.edition
    return retraction if taken else None


@dataclass(frozen=True)
class PartyLine:
    """A party in the overview: the Term of its role on the day or None, Parts of what it promised, its Average."""

    party: Party
    term: Term | None
    whole: Part
    parts: list
    benefit: Part
    average: object


def party_lines(moment):
    """A PartyLine for every party the register had at a Moment, in its order. A constant number of queries."""
    standings, day = Standing.objects.at(moment), moment.as_of
    whole = scorecard.by_party(standings, PartyRole.PLEDGER, day=day)
    gains = scorecard.by_party(standings, PartyRole.BENEFICIARY, day=day)
    how = {one: scorecard.by_party(promised_by(standings, one), PartyRole.PLEDGER, day=day) for one in HOW}
    averages = scores.matrix(moment).averages
    roles = {}
    for role in roles_at(moment):
        roles.setdefault(role.party_id, []).append(role)
    found = []
    for party in known_at(Party.objects.all(), moment):
        filters = {"pledger": party.code}
        parts = [Part(HOW[one], {**filters, "pledgers": one}, how[one].get(party.pk, Scorecard())) for one in HOW]
        held = [term for term in terms(roles.get(party.pk, []), day) if term.holds]
        found.append(
            PartyLine(
                party=party,
                term=held[0] if held else None,
                whole=Part(party.short_name, filters, whole.get(party.pk, Scorecard()), party),
                parts=parts,
                benefit=Part("", {"beneficiary": party.code}, gains.get(party.pk, Scorecard())),
                average=averages.get(party.pk),
            )
        )
    return found
