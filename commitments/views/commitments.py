"""The list of commitments, as a page and as CSV: one query string, the same rows."""

from django.template.response import TemplateResponse

from commitments import facets, findings, scorecard
from commitments.bibliography import cited_at
from commitments.exports import columns
from commitments.exports.csv import stream
from commitments.filters import PARAMETERS, CommitmentFilter
from commitments.search import names, passages

from .data import described
from .paging import page_of
from .public import public, public_stream

PER_PAGE = 50


@public(parameters=PARAMETERS)
def commitment_list(request):
    """Filters, facets with counts, and a page of commitments."""
    chosen = CommitmentFilter(request.GET, moment=request.moment)
    rows = chosen.rows()
    card, narrowed = scorecard.totals(rows, day=request.moment.as_of), facets.sentence(chosen)
    total = chosen.queryset.count()
    page = page_of(columns.with_rows(rows), request.GET, PER_PAGE)
    context = {
        "finding": findings.of_list(narrowed, card, total),
        "structured": described(request),
        "page": page,
        "card": card,
        "facets": facets.facets(chosen),
        "chips": facets.chips(chosen),
        "heading": facets.heading(narrowed),
        "clear_url": facets.clear_url(request.GET),
        "chosen": chosen,
        "all": total,
        "sorts": chosen.sorts,
        "sort": chosen.sorted_by,
    }
    if chosen.search:
        passages.attach(page.object_list, chosen.search)
        context["search_notes"] = list(chosen.search.notes())
        context["sources_found"] = names.matching(
            cited_at(request.moment), chosen.search.query, chosen.search.names
        ).count()
    return TemplateResponse(request, "commitments/commitment_list.html", context)


def _file_name(moment):
    return f"commitments-{moment.as_of.isoformat()}-edition-{moment.edition}.csv"


@public_stream(parameters=[name for name in PARAMETERS if name != "page"], filename=_file_name)
def commitment_csv(request):
    """Every commitment that the list with this query string shows, in its order."""
    rows = CommitmentFilter(request.GET, moment=request.moment).rows()
    yield from stream(columns.COMMITMENTS, columns.commitment_rows(rows, request.moment))
