"""The drafts that wait, by the names that forms give them, and the page as publishing them would make it."""

import re
from contextlib import contextmanager

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import workflow
from commitments.models import Assessment, Commitment, Reply, Retraction

KINDS = {"commitment": Commitment, "assessment": Assessment, "reply": Reply, "retraction": Retraction}
TOKEN = re.compile(r"(commitment|assessment|reply|retraction)-([1-9][0-9]{0,17})(?:-([0-9]{1,18}))?")
RELATED = {
    Commitment: ("author", "edited_by", "theme"),
    Assessment: ("author", "edited_by", "commitment", "corrects"),
    Reply: ("author", "edited_by", "assessment__commitment", "party", "source"),
    Retraction: ("author", "edited_by", "assessment__commitment", "reply__assessment__commitment", "commitment"),
}


def subject_of(record):
    """The Commitment that a record is about."""
    if isinstance(record, Commitment):
        return record
    if isinstance(record, Retraction):
        return record.subject
    return record.commitment if isinstance(record, Assessment) else record.assessment.commitment


def token_of(record):
    """A draft and the version of it that somebody looks at, as text for a form: "assessment-5-3"."""
    return f"{record._meta.model_name}-{record.pk}-{record.version}"


def chosen(tokens):
    """The records named by ``tokens``, each with the version that its token carries, if it carries one.

    Raises workflow.Refused for a token that names nothing.
    """
    records = []
    for token in dict.fromkeys(tokens):
        parts = TOKEN.fullmatch(token)
        record = None
        if parts:
            model = KINDS[parts[1]]
            record = model._base_manager.select_related(*RELATED[model]).filter(pk=int(parts[2])).first()
        if record is None:
            raise workflow.Refused(_("“%(token)s” is no draft any more; open the list again.") % {"token": token[:60]})
        if parts[3] is not None:
            record.version = int(parts[3])
        records.append(record)
    if not records:
        raise workflow.Refused(_("Choose at least one draft."))
    return records


def submitted():
    """Everything that waits for a second person, oldest first; one query for each kind."""
    found = []
    for model in KINDS.values():
        found += model._base_manager.filter(submitted_at__isnull=False).select_related(*RELATED[model])
    return sorted(found, key=lambda record: record.submitted_at)


@contextmanager
def as_published(tokens, *, by):
    """The database as it would be if ``by`` published these drafts now; every change is taken back at the end.

    Yields the Edition, whose number stays unused. Raises workflow.Refused where publishing would.
    """
    with transaction.atomic():
        edition = workflow.publish(chosen(tokens), by=by)
        try:
            yield edition
        finally:
            transaction.set_rollback(True)


def preview(request, tokens, slug):
    """The public page of the commitment ``slug`` exactly as it would be after publishing, as an HttpResponse.

    Raises workflow.Refused where publishing would be refused, or where there would be no page.
    """
    with as_published(tokens, by=request.user):
        try:
            match = resolve(reverse("commitments:commitment-detail", args=[slug]))
            page = match.func(_as_reader(request, slug), *match.args, **match.kwargs)
            page = page.render() if hasattr(page, "render") else page
        except (Http404, NoReverseMatch) as error:
            raise workflow.Refused(_("After this, “%(slug)s” has no public page.") % {"slug": slug}) from error
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return HttpResponse(page.content, status=page.status_code, headers=headers)


def _as_reader(request, slug):
    """The request of somebody without an account for that page."""
    seen = HttpRequest()
    seen.method = "GET"
    seen.path = seen.path_info = reverse("commitments:commitment-detail", args=[slug])
    kept = (
        "SERVER_NAME",
        "SERVER_PORT",
        "HTTP_HOST",
        "wsgi.url_scheme",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_ACCEPT_LANGUAGE",
    )
    seen.META = {name: request.META[name] for name in kept if name in request.META}
    seen.META |= {"REQUEST_METHOD": "GET", "PATH_INFO": seen.path, "QUERY_STRING": "", "SCRIPT_NAME": ""}
    seen._get_scheme = lambda: request.scheme
    seen.user = AnonymousUser()
    seen.resolver_match = resolve(seen.path)
    return seen


def in_number(records):
    """How many drafts, in words."""
    return ngettext("%(count)d draft", "%(count)d drafts", len(records)) % {"count": len(records)}
