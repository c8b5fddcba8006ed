"""Families of commitments: what restates, raises or supersedes what. Standings at a moment in, plain data out."""

from dataclasses import dataclass, field

from commitments.choices import LinkKind
from commitments.models import RevisionLink, Standing

KINDS = (LinkKind.RESTATES.value, LinkKind.SUPERSEDED_BY.value)


@dataclass(frozen=True)
class Bond:
    """One link of a family, from the earlier commitment to the later one; ids of commitments."""

    earlier: int
    later: int
    kind: str


@dataclass
class Family:
    """Commitments that hang together: ``members`` are Standings by day of the promise and key, ``bonds`` the links."""

    members: list
    bonds: list = field(default_factory=list)

    def depth(self, member):
        """How many steps lead from the first of its line to a member: 0 for one that restates nothing."""
        return self._depths[member.commitment_id]

    @property
    def _depths(self):
        depths = {}
        # Members come by date, so what is restated stands before; a link against the dates counts as none.
        for member in self.members:
            before = [
                depths[bond.earlier]
                for bond in self.bonds
                if bond.later == member.commitment_id and bond.earlier in depths
            ]
            depths[member.commitment_id] = max(before) + 1 if before else 0
        return depths

    def before(self, member, kind):
        """The members that a member restates (or, by kind, that it took the place of)."""
        pks = {bond.earlier for bond in self.bonds if bond.later == member.commitment_id and bond.kind == kind}
        return [one for one in self.members if one.commitment_id in pks]


def families(moment):
    """[Family] of every two or more commitments that are linked at a Moment, the oldest first. Two queries."""
    visible = Standing.objects.at(moment)
    links = RevisionLink.objects.filter(revision__in=visible.values("revision"), kind__in=KINDS)
    bonds = [
        Bond(target, source, kind) if kind == LinkKind.RESTATES else Bond(source, target, kind)
        for source, target, kind in links.order_by("pk").values_list("revision__commitment", "target", "kind")
    ]
    linked = {pk for bond in bonds for pk in (bond.earlier, bond.later)}
    rows = {row.commitment_id: row for row in visible.filter(commitment__in=linked).select_related("revision")}
    bonds = [bond for bond in bonds if bond.earlier in rows and bond.later in rows]
    found = [
        Family(
            members=sorted((rows[pk] for pk in group), key=lambda row: (row.made_on, row.slug)),
            bonds=[bond for bond in bonds if bond.earlier in group],
        )
        for group in _groups(bonds)
    ]
    return sorted(found, key=lambda family: (family.members[0].made_on, family.members[0].slug))


def _groups(bonds):
    """The sets of ids that hang together."""
    groups = []
    for bond in bonds:
        pair = {bond.earlier, bond.later}
        touched = [group for group in groups if group & pair]
        groups = [group for group in groups if not group & pair] + [pair.union(*touched)]
    return groups
