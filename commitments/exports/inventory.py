"""How much of everything is public at a moment."""

from django.utils.translation import gettext as _

from commitments import changes, scores
from commitments.models import Assessment, Evidence, MemberScore, Party, Reply, Standing, Summit


def _judged(moment):
    """Published judgements on what is public at the moment, withdrawn ones included, as a queryset."""
    standings = Standing.objects.at(moment)
    return Assessment.objects.published_by(moment.edition).filter(commitment__in=standings.values("commitment"))


def inventory(moment, sources):
    """[(what, how many, name of the page that shows them or "")]; ``sources`` are the citable ones in use.

    A constant number of queries.
    """
    judged = _judged(moment)
    ids = judged.values("pk")
    return [
        (_("Commitments"), Standing.objects.at(moment).count(), "commitment-list"),
        (_("Judgements, those withdrawn since included"), judged.count(), "change-list"),
        (_("Pieces of evidence"), Evidence.objects.filter(assessment__in=ids).count(), ""),
        (_("Scores of single members"), MemberScore.objects.filter(assessment__in=ids).count(), "score-matrix"),
        (_("Replies"), Reply.objects.filter(edition__lte=moment.edition, assessment__in=ids).count(), ""),
        (_("Sources that may be cited"), sources.count(), "source-list"),
        (_("Summits"), Summit.objects.filter(date__lte=moment.as_of).count(), "summit-list"),
        (_("Parties"), Party.objects.count(), "party-list"),
    ]


def rows_of(moment):
    """{key of a table: how many rows its file has at the moment}."""
    changed = changes.ledger_lines(moment).count() + len(changes.reference_changes(moment))
    scored = sum(len(row.cells) for row in scores.matrix(moment).rows)
    return {"commitments": Standing.objects.at(moment).count(), "changes": changed, "scores": scored}
