"""The register of parties, summits and themes at a moment: which records it had, and who had which role on a day.

These rows are not part of the ledger, and a page shows their names as they are now. Whether a state was a member is no
name: a page pinned to an edition goes by the roles as the register had them when that edition was published.
"""

from commitments.choices import Role
from commitments.models import Edition, Membership, Party, Source
from commitments.models.reference import as_recorded


def _published_at(moment):
    """When the edition that the address names was published; None where it names none."""
    if not moment.asked_edition:
        return None
    return Edition.objects.values_list("published_at", flat=True).filter(number=moment.edition).first()


def known_at(records, moment):
    """Those of a queryset of parties, summits or themes that the register had at a Moment."""
    until = _published_at(moment)
    if until is None:
        return records
    later = records.model.history.filter(history_type="+", history_date__gt=until)
    return records.exclude(pk__in=later.values("id"))


def roles_at(moment):
    """Every Membership that the register had at a Moment, with party and source, by party and first day.

    Roles that begin after the moment's day are among them: each caller asks ``covers`` or ``began_by`` for its own day.
    """
    until = _published_at(moment)
    rows = Membership.objects.select_related("party", "source") if until is None else _as_recorded(until)
    return sorted(rows, key=lambda role: (role.party.position, role.party.code, role.since, role.pk))


def _as_recorded(until):
    """The roles as their history has them at an instant; a row without any history is as it is now."""
    history = Membership.history.order_by("history_date", "history_id")
    touched, latest = set(), {}
    for row in history:
        touched.add(row.id)
        if row.history_date <= until:
            latest[row.id] = row
    rows = [as_recorded(row) for row in latest.values() if row.history_type != "-"]
    rows += [role for role in Membership.objects.all() if role.pk not in touched]
    # A historical row does not carry its relations along: named here, one query each.
    parties, sources = Party.objects.in_bulk(), Source.objects.in_bulk([role.source_id for role in rows])
    for role in rows:
        role.party, role.source = parties[role.party_id], sources.get(role.source_id)
    return rows


def members_on(roles, day):
    """The ids of the parties that were members on ``day``, by roles as ``roles_at`` gives them."""
    return {role.party_id for role in roles if role.role == Role.MEMBER and role.covers(day)}


def members_until(roles, day):
    """The Parties that had been members by ``day``, former ones too, in the order of the register."""
    found = {role.party for role in roles if role.role == Role.MEMBER and role.began_by(day)}
    return sorted(found, key=lambda party: (party.position, party.code))
