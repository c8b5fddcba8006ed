"""Two to four parties, or two to four summits, side by side at a moment. Plain data out.

The order is the reader's; nothing is ranked.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from commitments import scorecard, scores
from commitments.choices import PartyRole
from commitments.exports.columns import with_rows
from commitments.models import Party, RevisionParty, Standing, Summit
from commitments.moment import BadParameter
from commitments.portraits import Part, parts_by, terms
from commitments.roles import known_at, members_on, roles_at
from commitments.scorecard import Scorecard

FEWEST, MOST = 2, 4


@dataclass
class Side:
    """One column: a Party or a Summit, the filters of the list behind it, its Scorecard and those by theme.

    ``term`` and ``average`` are of parties only, ``members`` (how many on the day) of summits only.
    """

    record: object
    filters: dict
    card: Scorecard
    themes: dict
    first: object = None
    last: object = None
    term: object = None
    average: object = None
    members: int | None = None

    @property
    def label(self):
        return str(self.record)


@dataclass
class Comparison:
    """``kind`` is "party" or "summit"; ``themes`` are [(Theme, a Part per Side)]; ``shared`` what all promised."""

    kind: str
    sides: list
    themes: list
    shared: list = field(default_factory=list)


def choices(moment):
    """{"party": Parties, "summit": Summits} that can be compared at a Moment: those with a commitment, in order."""
    standings = Standing.objects.at(moment)
    pledges = RevisionParty.objects.filter(role=PartyRole.PLEDGER, revision__in=standings.values("revision"))
    parties = known_at(Party.objects.filter(pk__in=pledges.values("party")), moment)
    summits = known_at(Summit.objects.filter(pk__in=standings.values("summit")), moment)
    return {"party": parties, "summit": summits}


def asked_for(parameters, moment):
    """("party" or "summit", its records in the order asked for) of a QueryDict; None where it names neither.

    Raises BadParameter for fewer than two or more than four, for a mixture, for what is unknown or named twice.
    """
    given = {name: parameters.getlist(name) for name in ("party", "summit") if name in parameters}
    if not given:
        return None
    if len(given) > 1:
        said = ", ".join(given["summit"])
        raise BadParameter("summit", said, _("Compare parties or summits, not both at once; leave one of them out."))
    ((name, values),) = given.items()
    key = {"party": "code", "summit": "key"}[name]
    known = {getattr(one, key): one for one in choices(moment)[name]}
    for value in values:
        if value not in known:
            mend = _("Nobody by this name promised anything on record at this moment. Use some of: %(known)s.")
            raise BadParameter(name, value, mend % {"known": ", ".join(known)})
        if values.count(value) > 1:
            raise BadParameter(name, value, _("Name it once."))
    if not FEWEST <= len(values) <= MOST:
        mend = _("Name two to four of them; this is %(number)s.") % {"number": len(values)}
        raise BadParameter(name, ", ".join(values), mend)
    return name, [known[value] for value in values]


def compare(kind, records, moment):
    """The Comparison of Parties or Summits at a Moment. As many queries for few commitments as for many."""
    roles = roles_at(moment)
    if kind == "party":
        averages = scores.matrix(moment).averages
        sides = [_party(party, roles, averages, moment) for party in records]
        shared = list(with_rows(_pledged(Standing.objects.at(moment), *records).in_order()))
    else:
        sides, shared = [_summit(summit, roles, moment) for summit in records], []
    themes = {part.record for side in sides for part in side.themes.values()}
    themes = sorted(themes, key=lambda one: (one.position, one.slug))
    return Comparison(kind, sides, [(theme, [_part(side, theme) for side in sides]) for theme in themes], shared)


def _part(side, theme):
    return side.themes.get(theme.slug) or Part(theme.name, {**side.filters, "theme": theme.slug}, Scorecard(), theme)


def _pledged(standings, *parties):
    """Those of a Standing queryset that every one of some parties promised, as a member too."""
    for party in parties:
        own = RevisionParty.objects.filter(revision=OuterRef("revision"), role=PartyRole.PLEDGER, party=party)
        standings = standings.filter(Exists(own))
    return standings


def _side(record, filters, standings, moment, **more):
    rows = list(standings.select_related("theme").order_by("made_on", "slug"))
    themes = parts_by(rows, "theme", "slug", filters, moment.as_of)
    return Side(
        record=record,
        filters=filters,
        card=scorecard.of(rows, day=moment.as_of),
        themes={part.record.slug: part for part in themes},
        first=rows[0].made_on if rows else None,
        last=rows[-1].made_on if rows else None,
        **more,
    )


def _party(party, roles, averages, moment):
    held = [term for term in terms([one for one in roles if one.party_id == party.pk], moment.as_of) if term.holds]
    standings = _pledged(Standing.objects.at(moment), party)
    more = {"term": held[0] if held else None, "average": averages.get(party.pk)}
    return _side(party, {"pledger": party.code}, standings, moment, **more)


def _summit(summit, roles, moment):
    standings = Standing.objects.at(moment).filter(summit=summit)
    return _side(summit, {"summit": summit.key}, standings, moment, members=len(members_on(roles, summit.date)))
