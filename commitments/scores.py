"""Scores of single members at a moment: who did what they were singly bound to, with averages that name their n.

Querysets at a Moment in, plain data out, no request. One judgement speaks for a commitment: the newest that scores
members and that nothing has withdrawn. A later judgement of the whole does not take the members' scores back, so it
need not be the one that holds. A state is scored only for what was promised while it was a member, by its dated roles;
everything else is outside every average.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from commitments.choices import SCORES, Basis, Checkable, PartyRole
from commitments.exports.columns import with_rows
from commitments.models import Assessment, MemberScore, Party, Standing
from commitments.roles import members_on, members_until, roles_at

SCORED, NOT_ASSESSED, NOT_MEMBER, NOT_BOUND = "scored", "not_assessed", "not_member", "not_bound"
# What a cell of the matrix says; only the first two are inside the averages.
STATES = {
    SCORED: _("scored"),
    NOT_ASSESSED: _("not assessed"),
    NOT_MEMBER: _("not a member then"),
    NOT_BOUND: _("not among those who promised"),
}


def percentage(score):
    """A score or an average of scores from −1 to +1 as per cent: (score + 1) ÷ 2 × 100."""
    return (score + 1) * 50


@dataclass(frozen=True)
class Cell:
    """One member and one commitment. ``state`` is a key of STATES, ``score`` the MemberScore where there is one.

    A state that was not a member then may have a score all the same: it is shown on the commitment's own page.
    """

    party: Party
    standing: Standing
    state: str
    score: MemberScore | None = None

    @property
    def value(self):
        """−1, 0 or 1 where the cell counts, else None."""
        return self.score.score if self.state == SCORED else None

    @property
    def is_bound(self):
        """Whether the member was bound, so that the cell belongs to the denominators."""
        return self.state in (SCORED, NOT_ASSESSED)

    @property
    def label(self):
        return STATES[self.state]


@dataclass
class Average:
    """The scores of some cells: ``counts`` is {score: how many}, ``bound`` how many cells could have had one."""

    counts: dict = field(default_factory=lambda: dict.fromkeys(sorted(SCORES, reverse=True), 0))
    bound: int = 0

    def add(self, cell):
        """Take one cell in; what is outside the denominators changes nothing."""
        self.bound += cell.is_bound
        if cell.value is not None:
            self.counts[cell.value] += 1

    @property
    def n(self):
        """How many scores there are."""
        return sum(self.counts.values())

    @property
    def not_assessed(self):
        """How many were bound and have no score. That is not a zero."""
        return self.bound - self.n

    @property
    def total(self):
        return sum(score * count for score, count in self.counts.items())

    @property
    def mean(self):
        """The average of the scores, a Decimal to two places; None where there is none."""
        return (Decimal(self.total) / self.n).quantize(Decimal("0.01"), ROUND_HALF_UP) if self.n else None

    @property
    def percent(self):
        """The average as per cent, (average + 1) ÷ 2 × 100, a Decimal to one place; None where there is no score."""
        return (Decimal(self.total + self.n) * 50 / self.n).quantize(Decimal("0.1"), ROUND_HALF_UP) if self.n else None

    def share(self, count):
        """``count`` as per cent of the bound; 0 where none was."""
        return count * 100 / self.bound if self.bound else 0.0

    @property
    def distribution(self):
        """[(score, how many, share of the bound)] from +1 down to −1."""
        return [(score, count, self.share(count)) for score, count in self.counts.items()]

    @property
    def not_assessed_share(self):
        return self.share(self.not_assessed)


@dataclass
class Row:
    """One commitment: its Standing, the Assessment that scores its members, a Cell for each member, their average.

    ``cells`` is {party id: Cell}, ``in_order`` the same in the order of the members. ``outside`` are the parties that
    it scores and no average takes in, ``rounds`` is how many judgements have scored members, this one included.
    """

    standing: Standing
    assessment: Assessment
    cells: dict
    outside: list = field(default_factory=list)
    rounds: int = 1
    average: Average = field(default_factory=Average)

    @property
    def in_order(self):
        return list(self.cells.values())

    @property
    def reasons(self):
        """The cells with a score that counts, in lists of one score, one rationale and one source."""
        found = {}
        for cell in self.cells.values():
            if cell.state == SCORED:
                found.setdefault((cell.value, cell.score.rationale, cell.score.source_id), []).append(cell)
        return list(found.values())

    @property
    def not_assessed(self):
        """The parties that were bound and have no score."""
        return [cell.party for cell in self.cells.values() if cell.state == NOT_ASSESSED]


@dataclass
class Matrix:
    """Members × commitments at a moment.

    ``members`` are Parties in the order of the register, ``rows`` by day of the promise and key, ``averages``
    {party id: Average}, ``whole`` that of every cell. ``left_out`` is [(Row, why)] of scored commitments outside,
    ``scores`` every MemberScore that is public, earlier rounds and those outside too.
    """

    moment: object
    members: list
    rows: list
    left_out: list
    averages: dict
    whole: Average
    scores: list

    @property
    def by_member(self):
        """[(Party, Average)] in the order of the register."""
        return [(party, self.averages[party.pk]) for party in self.members]

    @property
    def cells(self):
        """Every Cell, commitment by commitment."""
        return [cell for row in self.rows for cell in row.in_order]


def scores_at(moment):
    """The MemberScores of every judgement that is public and not withdrawn at a Moment, newest judgement first."""
    found = MemberScore.objects.filter(
        assessment__edition__lte=moment.edition,
        assessment__as_of__lte=moment.as_of,
        assessment__commitment__in=Standing.objects.at(moment).values("commitment"),
    )
    found = found.select_related("party", "source", "assessment__correction", "assessment__retraction")
    found = found.order_by(
        "-assessment__as_of", "-assessment__edition", "-assessment", "party__position", "party__code"
    )
    return [score for score in found if not score.assessment.withdrawn_at(moment.edition)]


def matrix(moment):
    """The Matrix at a Moment. A constant number of queries."""
    roles = roles_at(moment)
    members = members_until(roles, moment.as_of)
    judged, every = {}, scores_at(moment)
    for score in every:
        judged.setdefault(score.assessment.commitment_id, {}).setdefault(score.assessment, []).append(score)
    standings = with_rows(Standing.objects.at(moment).filter(commitment__in=judged)).order_by("made_on", "slug")
    found = Matrix(moment, members, [], [], {party.pk: Average() for party in members}, Average(), every)
    for standing in standings:
        # Newest first: a dict keeps the order it was filled in.
        assessment, scores = next(iter(judged[standing.commitment_id].items()))
        cells = _cells(standing, scores, members, roles)
        inside = {pk for pk, cell in cells.items() if cell.state == SCORED}
        outside = [score.party for score in scores if score.party_id not in inside]
        _place(found, Row(standing, assessment, cells, outside, rounds=len(judged[standing.commitment_id])))
    return found


def _cells(standing, scores, members, roles):
    then = members_on(roles, standing.made_on)
    bound = {part.party_id for part in standing.revision.parties.all() if part.role == PartyRole.PLEDGER}
    by_party = {score.party_id: score for score in scores}
    cells = {}
    for party in members:
        score = by_party.get(party.pk)
        if party.pk not in then:
            state = NOT_MEMBER
        elif party.pk not in bound:
            state = NOT_BOUND
        else:
            state = SCORED if score else NOT_ASSESSED
        cells[party.pk] = Cell(party, standing, state, score)
    return cells


def _place(found, row):
    """Put a row into the matrix with its averages, or among what is left out with the reason."""
    reason = _why_left_out(row)
    if reason:
        found.left_out.append((row, reason))
        return
    found.rows.append(row)
    for pk, cell in row.cells.items():
        for average in (row.average, found.averages[pk], found.whole):
            average.add(cell)


def _why_left_out(row):
    if row.standing.basis == Basis.ANALYST_RECOMMENDATION:
        return _("an analyst's recommendation, which nobody promised")
    if row.standing.basis == Basis.CALL_ON_OTHERS:
        return _("a call on others, who promised nothing")
    if row.standing.checkable == Checkable.NO:
        return _("its wording cannot be checked")
    if not any(cell.is_bound for cell in row.cells.values()):
        return _("none of the states that promised it was a member on the day of the promise")
    return ""
