"""What happens when somebody else saved, published or deleted a record that is being edited: nothing typed is lost.

django-concurrency keeps the version of each record, and the form compares it. Here is the page that then shows what
differs, field by field, takes the choices, and hands the merged form back to the table's own view.
"""

from concurrency.exceptions import RecordModifiedError
from concurrency.forms import VersionFieldSigner
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core import signing
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.forms import HiddenInput
from django.http import Http404, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from commitments import workflow

from . import versions
from .forms import Stale

OPENED, MINE, THEIRS, CORRECT = "opened", "conflict-mine", "conflict-theirs", "conflict-correct"
PASSED_ON = (IS_POPUP_VAR, TO_FIELD_VAR)


class OpenedVersion(HiddenInput):
    """The number of the version that a form shows, and beside it what that version said."""

    def __init__(self, opened):
        super().__init__()
        self.opened = opened

    def render(self, name, value, attrs=None, renderer=None):
        shown = super().render(name, value, attrs, renderer)
        return format_html('{}<input type="hidden" name="{}" value="{}">', shown, OPENED, self.opened)


def seal(version, table):
    """A version as text that only this server can have written."""
    return signing.dumps(version, salt=f"conflict:{table.opts.label}", compress=True)


def unseal(text, table):
    """The version of such a text; None for an empty one. Raises SuspiciousOperation for any other."""
    if not text:
        return None
    try:
        return signing.loads(text, salt=f"conflict:{table.opts.label}")
    except signing.BadSignature as error:
        raise SuspiciousOperation("A version of a record was not signed by this server.") from error


def posted(data, request):
    """Merged data as a POST, with what the page itself needs."""
    query = QueryDict(mutable=True)
    for name, values in data.items():
        query.setlist(name, values)
    for name in PASSED_ON:
        if name in request.POST:
            query[name] = request.POST[name]
    query["_save" if IS_POPUP_VAR in request.POST else "_continue"] = "1"
    return query


class GuardsVersions:
    """For a table whose model has a version: a second save shows both versions and asks what to keep."""

    def counts_versions(self):
        """Whether records of this table have versions at all."""
        return any(one.name == "version" for one in self.opts.local_fields)

    # The form carries the version, and what it said

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.counts_versions() or "version" in flatten_fieldsets(fieldsets):
            return fieldsets
        if not self.has_change_permission(request, obj):
            return fieldsets
        *others, (title, options) = fieldsets
        return [*others, (title, {**options, "fields": (*options["fields"], "version")})]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "version":
            kwargs["widget"] = HiddenInput()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if change and "version" in form.fields:
            opened = request.POST.get(OPENED)
            if opened is None:
                version = versions.as_stored(form, [one.formset for one in context["inline_admin_formsets"]])
                version["corrects"] = getattr(obj, "corrects_id", None)
                opened = seal(version, self)
            form.fields["version"].widget = OpenedVersion(opened)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Saving

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST" or not self.counts_versions():
            return super().changeform_view(request, object_id, form_url, extra_context)
        if object_id is None:
            if MINE in request.POST:
                request.POST = posted(versions.as_new(self._handed_back(request, MINE)), request)
            return super().changeform_view(request, object_id, form_url, extra_context)
        stored = self.get_object(request, unquote(object_id))
        if CORRECT in request.POST:
            return self._corrected(request, stored)
        if MINE in request.POST and stored is not None:
            request.POST = self._chosen(request, stored)
        try:
            if stored is not None:
                return super().changeform_view(request, object_id, form_url, extra_context)
        except (Stale, RecordModifiedError):
            stored = self.get_object(request, unquote(object_id))
        if stored is None or getattr(stored, "edition_id", None):
            return self._gone(request, stored)
        return self._ask(request, stored)

    def _handed_back(self, request, name):
        version = unseal(request.POST.get(name), self)
        if version is None:
            raise SuspiciousOperation(f"“{name}” is missing.")
        return version

    def _forms(self, request, obj):
        """The form and the formsets of a record, as they would be shown now; of a new one where ``obj`` is None."""
        if obj is not None and not self.has_change_permission(request, obj):
            raise PermissionDenied
        names = flatten_fieldsets(self.get_fieldsets(request, obj))
        form = self.get_form(request, obj, change=obj is not None, fields=names)(instance=obj)
        formsets = [
            asked(instance=form.instance, prefix=asked.get_default_prefix(), queryset=inline.get_queryset(request))
            for asked, inline in self.get_formsets_with_inlines(request, obj)
        ]
        return form, formsets

    def _chosen(self, request, stored):
        """The POST that follows from the choices made on the page; the version is the one that was seen there."""
        form, formsets = self._forms(request, stored)
        theirs = self._handed_back(request, THEIRS)
        comparison = versions.Comparison(
            form,
            formsets,
            base=unseal(request.POST.get(OPENED), self),
            theirs=theirs,
            mine=self._handed_back(request, MINE),
        )
        data = posted(comparison.merged(request.POST.dict()), request)
        data["version"] = request.POST.get("version", "")
        # If somebody saves again, what was seen here is what the person began with.
        data[OPENED] = seal(theirs, self)
        return data

    # Asking

    def _ask(self, request, stored):
        """The page with what differs, after a save that met a newer version."""
        form, formsets = self._forms(request, stored)
        base = unseal(request.POST.get(OPENED), self)
        mine = versions.as_entered(request.POST, form, formsets)
        return self._conflict_page(request, stored, form, formsets, base=base, mine=mine)

    def _conflict_page(self, request, stored, form, formsets, *, base, mine, title=None):
        theirs = versions.as_stored(form, formsets)
        theirs["corrects"] = getattr(stored, "corrects_id", None)
        comparison = versions.Comparison(form, formsets, base=base, theirs=theirs, mine=mine)
        context = {
            "title": title or _("Saved by somebody else in the meantime"),
            "comparison": comparison,
            "both": [line for line in comparison.lines if line.both],
            "knows_base": base is not None,
            "saved": None if title else self._last_save(stored),
            "submitted": getattr(stored, "submitted_at", None),
            "kept": [
                (OPENED, seal(base, self) if base else ""),
                (MINE, seal(mine, self)),
                (THEIRS, seal(theirs, self)),
                ("version", VersionFieldSigner().sign(stored.version) or ""),
            ],
            "address": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[stored.pk]),
        }
        return self._page(request, "admin/commitments/conflict.html", stored, context)

    def _last_save(self, stored):
        """(who, when) of the newest entry in the record's history."""
        entry = stored.history.select_related("history_user").order_by("-history_id").first()
        who = getattr(stored, "edited_by", None) or getattr(stored, "author", None)
        return (entry.history_user or who, entry.history_date) if entry else (who, None)

    def _page(self, request, template, obj, context):
        passed_on = [(name, request.POST[name]) for name in PASSED_ON if name in request.POST]
        context = {
            **self.admin_site.each_context(request),
            "subtitle": None,
            "opts": self.opts,
            "original": obj,
            "lists": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            "files": bool(request.FILES),
            **context,
        }
        context["kept"] = [*context["kept"], *passed_on]
        return TemplateResponse(request, template, context)

    # Published or deleted in the meantime

    def _gone(self, request, stored):
        """What somebody entered for a record that cannot be saved any more, and what can be made of it."""
        form, formsets = self._forms(request, stored)
        mine = versions.as_entered(request.POST, form, formsets)
        if MINE in request.POST:
            mine = self._handed_back(request, MINE)
        opened = unseal(request.POST.get(OPENED), self) or {}
        corrected = stored.pk if stored is not None and hasattr(stored, "corrects_id") else opened.get("corrects")
        comparison = versions.Comparison(form, formsets, base=None, theirs=versions.nothing(mine), mine=mine)
        context = {
            "title": _("Published in the meantime") if stored is not None else _("Deleted in the meantime"),
            "edition": getattr(stored, "edition", None),
            "comparison": comparison,
            "kept": [(MINE, seal(mine, self))],
            "correct": corrected and self._place("change", corrected),
            "add": not corrected and self.has_add_permission(request) and self._place("add"),
        }
        return self._page(request, "admin/commitments/gone.html", stored, context)

    def _place(self, action, *arguments):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{action}", args=arguments)

    def _corrected(self, request, published):
        """Begin a correction of ``published`` and ask how what was entered goes into it."""
        if published is None:
            raise Http404
        mine = self._handed_back(request, MINE)
        if not self.has_add_permission(request):
            raise PermissionDenied
        begun = getattr(published, "correction", None)
        try:
            draft = workflow.draft_correction(published, by=request.user)
        except workflow.Refused as refusal:
            context = {
                "title": _("No correction can be begun"),
                "problems": refusal.problems,
                "kept": [(MINE, seal(mine, self))],
            }
            form, formsets = self._forms(request, published)
            theirs = versions.nothing(mine)
            context["comparison"] = versions.Comparison(form, formsets, base=None, theirs=theirs, mine=mine)
            return self._page(request, "admin/commitments/gone.html", published, context)
        form, formsets = self._forms(request, draft)
        stored = versions.as_stored(form, formsets)
        return self._conflict_page(
            request,
            draft,
            form,
            formsets,
            # A correction that somebody else began already is theirs to differ from.
            base=None if begun is not None else stored,
            mine=versions.onto(mine, formsets, stored),
            title=_("A correction with what you entered"),
        )
