"""What rests on each source at a moment. Plain data out, no request.

A source that may not be cited is in none of these lists.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from commitments.choices import Terms
from commitments.models import Assessment, Evidence, MemberScore, Reply, Source, Standing, Summit
from commitments.portraits import withdrawn_at
from commitments.roles import roles_at

USES = ("promises", "evidence", "scores", "replies", "roles", "summits")


def _judged(moment):
    """The judgements that a page shows at a Moment, withdrawn ones too."""
    return Assessment.objects.published_by(moment.edition).filter(
        as_of__lte=moment.as_of, commitment__in=Standing.objects.at(moment).values("commitment")
    )


def _role_sources(moment):
    """The ids of the sources of the roles that had begun by the Moment's day, once for each role."""
    return [role.source_id for role in roles_at(moment) if role.source_id and role.began_by(moment.as_of)]


def _replies(moment, judged):
    return Reply.objects.filter(edition__lte=moment.edition, date__lte=moment.as_of, assessment__in=judged)


def cited_at(moment):
    """The citable sources on which something public at the moment rests."""
    judged = _judged(moment).values("pk")
    here = OuterRef("pk")
    uses = (
        Exists(Standing.objects.at(moment).filter(revision__source=here)),
        Exists(Evidence.objects.filter(source=here, assessment__in=judged)),
        Exists(MemberScore.objects.filter(source=here, assessment__in=judged)),
        Exists(_replies(moment, judged).filter(source=here)),
        Exists(Summit.objects.filter(source=here)),
    )
    condition = Q(pk__in=_role_sources(moment))
    for use in uses:
        condition |= Q(use)
    return Source.objects.exclude(terms=Terms.NO_CITATION).filter(condition).order_by("key")


def speaking_for(party, moment):
    """The citable sources that speak for a Party and bear evidence at a Moment.

    For whom a source speaks is taken from the evidence, where it was put down when that was published.
    """
    rows = Evidence.objects.filter(source=OuterRef("pk"), issuer=party, assessment__in=_judged(moment).values("pk"))
    return Source.objects.exclude(terms=Terms.NO_CITATION).filter(Exists(rows)).order_by("key")


def uses(sources, moment):
    """{source id: {use: how many}} of a list of Sources at a Moment, for the USES that are not nought. Six queries."""
    wanted = [source.pk for source in sources]
    judged = _judged(moment).values("pk")
    counted = {
        "promises": (Standing.objects.at(moment), "revision__source"),
        "evidence": (Evidence.objects.filter(assessment__in=judged), "source"),
        "scores": (MemberScore.objects.filter(assessment__in=judged), "source"),
        "replies": (_replies(moment, judged), "source"),
        "summits": (Summit.objects.filter(date__lte=moment.as_of), "source"),
    }
    found = {pk: {} for pk in wanted}
    for use, (rows, column) in counted.items():
        here = rows.filter(**{f"{column}__in": wanted}).order_by()
        for pk, number in here.values_list(column).annotate(Count("pk")):
            found[pk][use] = number
    for pk in _role_sources(moment):
        if pk in found:
            found[pk]["roles"] = found[pk].get("roles", 0) + 1
    return found


@dataclass
class Resting:
    """Everything public that rests on one source: rows with their Standing, and with what withdrew them or None."""

    promises: list
    evidence: list
    scores: list
    replies: list
    roles: list
    summits: list

    @property
    def counts(self):
        """[(use, how many)] of the uses that are not nought."""
        return [(use, len(getattr(self, use))) for use in USES if getattr(self, use)]


def resting_on(source, moment):
    """The Resting of a Source at a Moment. A constant number of queries."""
    judged = _judged(moment).values("pk")
    taken = ("assessment__correction", "assessment__retraction")
    order = ("assessment__as_of", "pk")
    evidence = Evidence.objects.filter(source=source, assessment__in=judged).select_related(*taken).order_by(*order)
    scores = MemberScore.objects.filter(source=source, assessment__in=judged)
    scores = scores.select_related("party", *taken).order_by(*order)
    replies = _replies(moment, judged).filter(source=source).select_related("party", "assessment", "retraction")
    evidence, scores, replies = list(evidence), list(scores), list(replies.order_by("date", "pk"))
    wanted = {row.assessment.commitment_id for row in (*evidence, *scores, *replies)}
    standings = Standing.objects.at(moment).filter(Q(commitment__in=wanted) | Q(revision__source=source))
    standings = {row.commitment_id: row for row in standings.select_related("revision").in_order()}

    def judged_rows(rows):
        return [
            (row, standings[row.assessment.commitment_id], row.assessment.withdrawn_at(moment.edition)) for row in rows
        ]

    return Resting(
        promises=[row for row in standings.values() if row.revision.source_id == source.pk],
        evidence=judged_rows(evidence),
        scores=judged_rows(scores),
        replies=[(row, standings[row.assessment.commitment_id], withdrawn_at(row, moment)) for row in replies],
        roles=[role for role in roles_at(moment) if role.source_id == source.pk and role.began_by(moment.as_of)],
        summits=list(Summit.objects.filter(source=source, date__lte=moment.as_of)),
    )
