"""What changed, as a page and as CSV."""

import datetime
import re

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from commitments import changes, findings
from commitments.exports import columns
from commitments.exports.csv import stream
from commitments.moment import BadParameter

from .paging import page_of
from .public import public, public_stream

PER_PAGE = 100
PARAMETERS = ("from", "to", "from_edition", "to_edition", "kind", "corrections", "commitment")


def _once(parameters, name):
    values = parameters.getlist(name)
    if len(values) > 1:
        raise BadParameter(name, ", ".join(values), _("Give it once."))
    return values[0] if values else ""


def _day(parameters, name):
    text = _once(parameters, name)
    try:
        if text and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadParameter(name, text, _("Write a day as YYYY-MM-DD.")) from error


def _number(parameters, name):
    text = _once(parameters, name)
    if text and not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise BadParameter(name, text, _("Write the number of an edition."))
    return int(text) if text else None


def _edition(parameters, name, moment):
    number = _number(parameters, name)
    if number and number > moment.edition:
        raise BadParameter(name, str(number), _("The newest edition here is %(last)s.") % {"last": moment.edition})
    return number


def _yes_or_no(parameters, name):
    text = _once(parameters, name)
    if text and text not in ("yes", "no"):
        raise BadParameter(name, text, _("Write yes or no."))
    return text == "yes" if text else None


def wanted(parameters, moment):
    """The Wanted that a QueryDict asks for at a Moment; raises BadParameter."""
    kind, commitment = _once(parameters, "kind"), _once(parameters, "commitment")
    kinds = [value for value, _label in changes.KINDS]
    if kind and kind not in kinds:
        raise BadParameter("kind", kind, _("Use one of: %(known)s.") % {"known": ", ".join(kinds)})
    if commitment and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", commitment):
        raise BadParameter("commitment", commitment, _("Write the key of a commitment, as in its address."))
    if commitment and not changes.is_known(commitment, moment):
        raise BadParameter("commitment", commitment, _("No commitment with this key has been published."))
    found = changes.Wanted(
        first_day=_day(parameters, "from"),
        last_day=_day(parameters, "to"),
        first_edition=_edition(parameters, "from_edition", moment),
        last_edition=_edition(parameters, "to_edition", moment),
        kind=kind,
        commitment=commitment,
        corrections=_yes_or_no(parameters, "corrections"),
    )
    if found.first_day and found.last_day and found.first_day > found.last_day:
        raise BadParameter("from", found.first_day.isoformat(), _("It lies after “to”."))
    if found.first_edition and found.last_edition and found.first_edition > found.last_edition:
        raise BadParameter("from_edition", str(found.first_edition), _("It lies after “to_edition”."))
    return found


@public(parameters=(*PARAMETERS, "page"))
def change_list(request):
    """Editions, newest first, and what each of them changed."""
    asked = wanted(request.GET, request.moment)
    page = page_of(changes.ledger_lines(request.moment, asked), request.GET, PER_PAGE)
    context = {
        "finding": findings.of_changes(request.moment.edition, page.paginator.count),
        "page": page,
        "lines": changes.changes(page.object_list),
        "renamed": changes.reference_changes(request.moment, asked) if page.number == 1 else [],
        "asked": asked,
        "kinds": changes.KINDS,
    }
    return TemplateResponse(request, "commitments/change_list.html", context)


def _file_name(moment):
    return f"changes-{moment.as_of.isoformat()}-edition-{moment.edition}.csv"


def _rows(moment, asked):
    lines = list(changes.ledger_lines(moment, asked))
    for start in range(0, len(lines), columns.BATCH):
        yield from changes.changes(lines[start : start + columns.BATCH])
    yield from changes.reference_changes(moment, asked)


@public_stream(parameters=PARAMETERS, filename=_file_name)
def change_csv(request):
    """Every change that the page with this query string shows."""
    yield from stream(columns.CHANGES, _rows(request.moment, wanted(request.GET, request.moment)))
