"""What a summit's page shows at a moment: its place in the sequence, who was there, what later meetings made of it."""

from dataclasses import dataclass

from commitments import scorecard
from commitments.choices import LinkKind, Role
from commitments.exports.columns import with_rows
from commitments.models import RevisionLink, Standing, Summit
from commitments.portraits import by_status, parts_by
from commitments.roles import known_at, roles_at
from commitments.scorecard import Scorecard


@dataclass(frozen=True)
class Echo:
    """Two linked commitments of different meetings: ``ours`` of this one, ``other`` of another; how, in a LinkKind."""

    kind: str
    ours: Standing
    other: Standing


@dataclass
class Sequence:
    """The place of a summit among the meetings of its body up to a day."""

    number: int
    count: int
    previous: Summit | None
    following: Summit | None


@dataclass
class SummitPortrait:
    """What the page of a summit reads. ``roles`` are [(role in words, Parties)] of its day."""

    summit: Summit
    card: Scorecard
    groups: list
    themes: list
    sequence: Sequence | None
    roles: list
    later: list
    earlier: list

    @property
    def filters(self):
        return {"summit": self.summit.key}


def summit_portrait(summit, moment):
    """The SummitPortrait of a Summit at a Moment. A constant number of queries."""
    rows = list(with_rows(Standing.objects.at(moment).filter(summit=summit).in_order()))
    filters = {"summit": summit.key}
    later, earlier = _echoes(summit, rows, moment)
    return SummitPortrait(
        summit=summit,
        card=scorecard.of(rows, day=moment.as_of),
        groups=by_status(rows),
        themes=parts_by(rows, "theme", "slug", filters, moment.as_of),
        sequence=_sequence(summit, moment),
        roles=_roles_on(summit.date, moment),
        later=later,
        earlier=earlier,
    )


def _sequence(summit, moment):
    """The Sequence of a summit; None on a day before it was held."""
    held = Summit.objects.filter(body=summit.body, date__lte=moment.as_of).order_by("date", "key")
    held = list(known_at(held, moment))
    if summit not in held:
        return None
    place = held.index(summit)
    return Sequence(
        number=place + 1,
        count=len(held),
        previous=held[place - 1] if place else None,
        following=held[place + 1] if place + 1 < len(held) else None,
    )


def _roles_on(day, moment):
    """[(role in words, Parties)] of the roles that held on ``day``, in the order of the vocabulary."""
    found = {}
    for role in roles_at(moment):
        if role.covers(day):
            parties = found.setdefault(role.role, [])
            if role.party not in parties:
                parties.append(role.party)
    return [(role.label, found[role]) for role in Role if role in found]


def _echoes(summit, rows, moment):
    """([Echo with a later meeting], [Echo with an earlier one]) of the links that restate or supersede."""
    visible = Standing.objects.at(moment)
    ours = {row.commitment_id: row for row in rows}
    kinds = (LinkKind.RESTATES, LinkKind.SUPERSEDED_BY)
    outward = [
        (link.kind, row, link.target_id) for row in rows for link in row.revision.links.all() if link.kind in kinds
    ]
    inward = RevisionLink.objects.filter(kind__in=kinds, target__in=ours, revision__in=visible.values("revision"))
    inward = list(inward.order_by().values_list("kind", "target", "revision__commitment"))
    wanted = {pk for _kind, _row, pk in outward} | {pk for _kind, _target, pk in inward}
    others = visible.filter(commitment__in=wanted).exclude(summit=summit).select_related("revision", "summit")
    others = {row.commitment_id: row for row in others}
    later, earlier = [], []
    for kind, row, pk in outward:
        if pk in others:
            # Ours restates an earlier one; ours was superseded by a later one.
            (earlier if kind == LinkKind.RESTATES else later).append(Echo(kind, row, others[pk]))
    for kind, target, pk in inward:
        if pk in others:
            (later if kind == LinkKind.RESTATES else earlier).append(Echo(kind, ours[target], others[pk]))
    return [
        sorted(found, key=lambda one: (one.other.made_on, one.other.slug, one.ours.slug)) for found in (later, earlier)
    ]
