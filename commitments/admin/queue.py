"""What awaits a second person: the list, the page on which it is read, and publishing, previewing and returning it.

Every rule is workflow.py's; these views turn its refusals into sentences and write them down.
"""

import logging
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commitments import workflow

from . import publishing, reviewing

log = logging.getLogger("commitments.desk")


def queue_urls(site):
    """The addresses of the queue, for the admin site ``site``."""

    def guarded(view):
        def seen(request):
            if not request.user.has_perm("commitments.view_edition"):
                _write_down_stranger(request, _("No right to see what awaits a second person."))
                raise PermissionDenied
            return view(request, site)

        inside = site.admin_view(seen)

        @wraps(inside)
        def watched(request):
            # Nobody in particular, or somebody deactivated: the desk asks them to log in.
            if not site.has_permission(request):
                _write_down_stranger(request, _("Not logged in at the desk."))
            return inside(request)

        return watched

    return [
        path("queue/", guarded(queue), name="commitments_queue"),
        path("queue/review/", guarded(review), name="commitments_review"),
        path("queue/preview/", guarded(preview), name="commitments_preview"),
        path("queue/publish/", guarded(publish), name="commitments_publish"),
        path("queue/return/", guarded(send_back), name="commitments_return"),
    ]


def _write_down(request, tokens, act, why):
    """Keep who was refused what: in the log, and in the history of the drafts. Says whether there are such drafts."""
    named = ", ".join(token if publishing.TOKEN.fullmatch(token) else ascii(token[:60]) for token in tokens[:100])
    log.warning(
        "%s refused to %s for %s: %s", act, request.user.get_username() or "nobody", named, " ".join(str(why).split())
    )
    try:
        records = publishing.chosen(tokens)
    except workflow.Refused:
        return False
    if request.user.is_authenticated:
        _note(request, records, _("Refused: %(reasons)s") % {"reasons": why})
    return True


def _write_down_stranger(request, why):
    """The same for an attempt by somebody who has no place at the desk; whoever only looks is let go."""
    if request.method == "POST":
        _write_down(request, request.POST.getlist("record"), request.resolver_match.url_name.split("_")[-1], why)


def is_own(request, record):
    """Whether the reader may not publish the record because it is their own work."""
    return settings.FOUR_EYES and request.user.pk in record.writers


@require_safe
def queue(request, site):
    """Everything submitted, oldest first, with boxes to choose what to read together; ``by`` is "me" or "others"."""
    by = request.GET.get("by", "")
    rows = [
        {
            "record": record,
            "kind": record._meta.verbose_name,
            "token": f"{record._meta.model_name}-{record.pk}",
            "subject": publishing.subject_of(record),
            "own": is_own(request, record),
        }
        for record in publishing.submitted()
        if by not in ("me", "others") or (request.user.pk in record.writers) == (by == "me")
    ]
    context = {"title": _("Awaiting a second person"), "rows": rows, "four_eyes": settings.FOUR_EYES, "by": by}
    return TemplateResponse(request, "admin/commitments/queue.html", {**site.each_context(request), **context})


@require_safe
def review(request, site):
    """One draft or several: what would change, what it rests on, and what speaks against it."""
    return _review(request, site, request.GET.getlist("record"))


def _review(request, site, tokens, *, problems=(), note="", reason="", status=200):
    try:
        # The newest state, whatever version was looked at before: what is refused now is read again.
        records = publishing.chosen([publishing.TOKEN.sub(r"\1-\2", token) for token in tokens])
    except workflow.Refused as refusal:
        return _refused_to_queue(request, refusal)
    reviews = reviewing.review(records)
    may_publish = workflow.may_publish(request.user)
    if may_publish:
        reviewing.foresee(reviews, by=request.user)
    for problem in problems:
        messages.error(request, problem)
    context = {
        **site.each_context(request),
        "title": _("Review of %(drafts)s") % {"drafts": publishing.in_number(records)},
        "reviews": reviews,
        "subjects": {one.subject.pk: one.subject for one in reviews}.values(),
        "own": [one.record for one in reviews if is_own(request, one.record)],
        "may_publish": may_publish,
        "note": note,
        "reason": reason,
    }
    return TemplateResponse(request, "admin/commitments/review.html", context, status=status)


def _refused_to_queue(request, refusal):
    for problem in refusal.problems:
        messages.error(request, problem)
    return HttpResponseRedirect(reverse("admin:commitments_queue"))


def _note(request, records, sentence):
    LogEntry.objects.log_actions(request.user.pk, records, CHANGE, change_message=sentence)


def _refuse(request, site, tokens, refusal, act, **kept):
    """Write down who was refused what, and show the drafts again with the reasons."""
    if not _write_down(request, tokens, act, refusal):
        return _refused_to_queue(request, refusal)
    status = 403 if not workflow.may_publish(request.user) else 409
    return _review(request, site, tokens, problems=refusal.problems, status=status, **kept)


@require_POST
def publish(request, site):
    """Make the chosen drafts public in one edition."""
    tokens, note = request.POST.getlist("record"), request.POST.get("note", "")
    try:
        records = publishing.chosen(tokens)
        edition = workflow.publish(records, by=request.user, note=note)
    except workflow.Refused as refusal:
        return _refuse(request, site, tokens, refusal, "publish", note=note)
    _note(request, records, _("Published in edition %(number)s.") % {"number": edition.number})
    sentence = _('Published in <a href="{}">edition {}</a>: {}. Readers see it now.')
    shown = publishing.in_number(records)
    messages.success(request, format_html(sentence, edition.get_absolute_url(), edition.number, shown))
    return HttpResponseRedirect(reverse("admin:commitments_queue"))


@require_POST
def preview(request, site):
    """The public page as it would become; nothing is written."""
    tokens = request.POST.getlist("record")
    try:
        return publishing.preview(request, tokens, request.POST.get("slug", ""))
    except workflow.Refused as refusal:
        return _refuse(request, site, tokens, refusal, "preview", note=request.POST.get("note", ""))


@require_POST
def send_back(request, site):
    """Return the chosen drafts to their authors with one reason."""
    tokens, reason = request.POST.getlist("record"), request.POST.get("reason", "")
    try:
        records = publishing.chosen(tokens)
        with transaction.atomic():
            for record in records:
                workflow.return_to_author(record, by=request.user, reason=reason)
    except workflow.Refused as refusal:
        return _refuse(request, site, tokens, refusal, "return", reason=reason)
    _note(request, records, _("Returned: %(reason)s") % {"reason": reason.strip()})
    messages.success(request, _("Returned: %(drafts)s. The authors see your reason.") % {
        "drafts": publishing.in_number(records),
    })  # fmt: skip
    return HttpResponseRedirect(reverse("admin:commitments_queue"))
