"""How good the promises are, and how good our own record of them is."""

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from commitments import findings, promises, record
from commitments.bibliography import cited_at
from commitments.choices import Checkable
from commitments.models import Standing

from .public import public

LISTED = 50


def _with_reasons(standings, value):
    """The newest promises that are checkable so far, for a list with the reason of each."""
    rows = standings.promises().filter(checkable=value).select_related("revision", "theme", "summit")
    return rows.in_order()[:LISTED]


@public
def quality(request):
    """Promises that could never be checked and why, what the promises name, and the gaps of our own record."""
    moment = request.moment
    standings = Standing.objects.at(moment)
    found, measures = promises.promises(standings), record.own_record(standings, day=moment.as_of)
    context = {
        "finding": findings.of_quality(found, measures),
        "heading": _("How checkable the promises are, and how good our record is"),
        "promises": found,
        "never": _with_reasons(standings, Checkable.NO),
        "partly": _with_reasons(standings, Checkable.PARTLY),
        "themes": promises.promise_groups(standings, "theme"),
        "summits": promises.promise_groups(standings, "summit"),
        "measures": measures,
        "mistakes": record.mistakes(moment),
        # Kept as they are now: a page of another moment must not change with them.
        "sources": record.source_figures(cited_at(moment)) if moment.is_now else [],
        "listed": LISTED,
    }
    return TemplateResponse(request, "commitments/quality.html", context)
