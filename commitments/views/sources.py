"""Sources: the bibliography, and what rests on each of them."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from commitments import findings
from commitments.choices import Terms
from commitments.models import Assessment, Evidence, MemberScore, Membership, Reply, Source, Standing, Summit
from commitments.moment import BadParameter
from commitments.search import names
from commitments.search.query import parse

from .lookup import found_or_404
from .paging import page_of
from .public import public

PER_PAGE = 100


def cited_at(moment):
    """The citable sources on which something public at the moment rests."""
    standings = Standing.objects.at(moment)
    judged = Assessment.objects.published_by(moment.edition).filter(
        as_of__lte=moment.as_of, commitment__in=standings.values("commitment")
    )
    judged = judged.values("pk")
    uses = (
        Exists(standings.filter(revision__source=OuterRef("pk"))),
        Exists(Evidence.objects.filter(source=OuterRef("pk"), assessment__in=judged)),
        Exists(MemberScore.objects.filter(source=OuterRef("pk"), assessment__in=judged)),
        Exists(Reply.objects.filter(source=OuterRef("pk"), edition__lte=moment.edition, assessment__in=judged)),
        Exists(Membership.objects.filter(source=OuterRef("pk"))),
        Exists(Summit.objects.filter(source=OuterRef("pk"))),
    )
    condition = Q()
    for use in uses:
        condition |= Q(use)
    return Source.objects.exclude(terms=Terms.NO_CITATION).filter(condition).order_by("key")


@public(parameters=("q", "page"))
def source_list(request):
    """Every source that something public rests on; ``q`` narrows it to titles, publishers and keys with these words."""
    asked = request.GET.getlist("q")
    if len(asked) > 1:
        raise BadParameter("q", ", ".join(asked), _("Give it once."))
    words = asked[0].strip() if asked else ""
    sources = cited_at(request.moment)
    if words:
        sources = names.matching(sources, parse(words))
    page = page_of(sources, request.GET, PER_PAGE)
    context = {
        "finding": findings.of_sources(page.paginator.count, words),
        "heading": _("Sources: %(words)s") % {"words": words} if words else _("Sources"),
        "page": page,
        "q": words,
    }
    return TemplateResponse(request, "commitments/source_list.html", context)


@public
def source_detail(request, key):
    """One source and everything public that rests on it."""
    moment = request.moment
    source = found_or_404(Source.objects.exclude(terms=Terms.NO_CITATION).select_related("issuer"), key=key)
    if not cited_at(moment).filter(pk=source.pk).exists():
        raise Http404(_("Nothing that is public at this moment rests on the source “%(key)s”.") % {"key": key})
    standings = {row.commitment_id: row for row in Standing.objects.at(moment).select_related("revision")}
    evidence = Evidence.objects.filter(
        source=source, assessment__edition__lte=moment.edition, assessment__as_of__lte=moment.as_of
    )
    evidence = evidence.select_related("assessment__correction", "assessment__retraction").order_by(
        "assessment__as_of", "pk"
    )
    scores = MemberScore.objects.filter(source=source, assessment__in=Standing.objects.at(moment).values("assessment"))
    replies = Reply.objects.filter(source=source, edition__lte=moment.edition, date__lte=moment.as_of)
    context = {
        "source": source,
        "promises": [row for row in standings.values() if row.revision.source_id == source.pk],
        "evidence": [
            (row, standings[row.assessment.commitment_id], row.assessment.withdrawn_at(moment.edition))
            for row in evidence
            if row.assessment.commitment_id in standings
        ],
        "scores": [
            (row, standings[row.assessment.commitment_id]) for row in scores.select_related("assessment", "party")
        ],
        "replies": [
            (row, standings[row.assessment.commitment_id])
            for row in replies.select_related("assessment", "party")
            if row.assessment.commitment_id in standings
        ],
        "roles": Membership.objects.filter(source=source).select_related("party"),
        "summits": Summit.objects.filter(source=source),
    }
    uses = sum(len(context[name]) for name in ("promises", "evidence", "scores", "replies", "roles", "summits"))
    context["finding"] = findings.of_source(source, uses)
    return TemplateResponse(request, "commitments/source_detail.html", context)
