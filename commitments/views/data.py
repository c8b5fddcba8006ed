"""What may be taken away: files, what is in them, on what terms, and how to cite them."""

from django.db.models import Count, Min
from django.template.response import TemplateResponse

from commitments import findings, jsonld
from commitments.bibliography import cited_at
from commitments.exports import inventory, tables, terms
from commitments.models import Edition, Standing, Theme

from .public import public


def described(request):
    """The catalogue and the data set as schema.org describes them, at the request's moment."""
    absolute, moment = request.build_absolute_uri, request.moment
    held = Standing.objects.at(moment).aggregate(listed=Count("pk"), first=Min("made_on"))
    edition = Edition.objects.filter(number=moment.edition).first()
    themes = list(Theme.objects.values_list("name", flat=True))
    return [
        jsonld.catalog(absolute),
        jsonld.dataset(absolute, edition=edition, last=moment.as_of, themes=themes, **held),
    ]


@public(clocks=False)
def data(request):
    """Downloads, counts, the data dictionary, licence and citation, all by the newest edition."""
    moment = request.moment
    edition = Edition.objects.filter(number=moment.edition).first()
    counts, rows = inventory.inventory(moment, cited_at(moment)), inventory.rows_of(moment)
    context = {
        "finding": findings.of_data(counts[0][1], counts[2][1]),
        "structured": described(request),
        "edition": edition,
        "inventory": counts,
        "tables": [(table, rows[table.key]) for table in tables.TABLES],
        "types": tables.TYPES.items(),
        "terms": terms,
        "clocks": False,
    }
    return TemplateResponse(request, "commitments/data.html", context)
