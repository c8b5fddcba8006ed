"""What a publisher needs to see before publishing: the drafts, what would change, and the page as it would be."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import readiness, workflow
from commitments.models import Assessment, Commitment, Reply, Retraction, Standing
from commitments.moment import Moment

from .forms import in_words

KINDS = {"commitment": Commitment, "assessment": Assessment, "reply": Reply, "retraction": Retraction}
TOKEN = re.compile(r"(commitment|assessment|reply|retraction)-([1-9][0-9]{0,17})(?:-([0-9]{1,18}))?")
RELATED = {
    Commitment: ("author", "edited_by", "theme"),
    Assessment: ("author", "edited_by", "commitment", "corrects"),
    Reply: ("author", "edited_by", "assessment__commitment", "party", "source"),
    Retraction: ("author", "edited_by", "assessment__commitment", "reply__assessment__commitment", "commitment"),
}
REPLY_FIELDS = ("assessment", "party", "date", "text", "source")


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


def standings_of(commitments):
    """The Standing that readers see now, by commitment id."""
    held = Standing.objects.at(Moment.now()).filter(commitment__in=commitments)
    return {row.commitment_id: row for row in held.select_related("revision", "assessment")}


def in_a_line(standing):
    """A Standing in one line for the desk."""
    if standing is None:
        return _("Not shown to readers")
    if standing.as_of is None:
        return str(standing.status_label)
    return _("%(status)s, as of %(day)s") % {"status": standing.status_label, "day": in_words(standing.as_of)}


@dataclass
class Review:
    """One draft as its publisher reads it; ``changes`` are rows (label, now, after)."""

    record: object
    changes: list
    problems: list
    subject: object = None
    before: str = ""
    after: str = ""
    evidence: list = field(default_factory=list)
    searches: list = field(default_factory=list)
    scores: list = field(default_factory=list)

    @property
    def token(self):
        return token_of(self.record)

    @property
    def kind(self):
        return self.record._meta.verbose_name

    @property
    def admin_url(self):
        return reverse(f"admin:commitments_{self.record._meta.model_name}_change", args=[self.record.pk])


def review(records):
    """A Review for each record, as it stands in the database."""
    together = {record.pk for record in records if isinstance(record, Commitment)}
    held = standings_of([subject_of(record).pk for record in records])
    found = []
    for record in records:
        subject = subject_of(record)
        one = Review(
            record, list(changes_of(record, held.get(subject.pk))), readiness.problems(record, together_with=together)
        )
        one.subject, one.before = subject, in_a_line(held.get(subject.pk))
        if isinstance(record, Assessment):
            one.evidence = list(record.evidence.select_related("source__issuer"))
            one.searches = list(record.search_log.all())
            one.scores = list(record.member_scores.select_related("party", "source"))
        found.append(one)
    return found


def foresee(reviews, *, by):
    """Fill in what readers would see after publishing; leaves it empty where publishing would be refused."""
    try:
        with as_published([one.token for one in reviews], by=by):
            held = standings_of([one.subject.pk for one in reviews])
            for one in reviews:
                one.after = in_a_line(held.get(one.subject.pk))
    except workflow.Refused:
        return


def changes_of(record, standing):
    """Rows (label, what readers see now, what they would see) for every public field that a draft sets or changes."""
    if isinstance(record, Commitment):
        yield from _wording_changes(record)
    elif isinstance(record, Assessment):
        current = record.corrects or (standing.assessment if standing else None)
        for name in readiness.JUDGEMENT_FIELDS:
            if name != "commitment":
                yield from _row(record, name, getattr(current, name, None) if current else None)
    elif isinstance(record, Reply):
        for name in REPLY_FIELDS:
            yield from _row(record, name, None)
    else:
        yield _("withdraws"), str(record.target), ""
        yield from _row(record, "reason", None)


def _row(record, name, before):
    meta = record._meta.get_field(name)
    now, after = in_words(before, meta), in_words(getattr(record, name), meta)
    if (now, after) != ("—", "—"):
        yield meta.verbose_name, now, after


def _wording_changes(commitment):
    revision = readiness.newest_revision(commitment)
    roles = {"pledged_by": "pledger", "beneficiaries": "beneficiary"}
    for name in readiness.unpublished_changes(commitment):
        before = getattr(revision, name, None) if revision else None
        if revision and name in roles:
            before = [row.party for row in revision.parties.filter(role=roles[name], as_member=False)]
        elif revision and name in ("related", "restates"):
            before = [row.target for row in revision.links.filter(kind=name)]
        yield from _row(commitment, name, before)


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
