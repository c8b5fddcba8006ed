"""Spreadsheets handed in at the desk: choose a file, see what it would do, confirm. Progress is streamed into the page.

A page is sent piece by piece while the file is read, so progress shows without a script, a queue or a second process.
"""

import hashlib
from datetime import timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect, StreamingHttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from commitments.imports.apply import NotWritten, write
from commitments.imports.dry_run import draw_up
from commitments.imports.reading import MEGABYTE, MOST_BYTES, MOST_ROWS
from commitments.imports.tables import TABLES
from commitments.models import ImportFile

from . import exporting
from .preview import Preview

KEPT = timedelta(days=1)
SHOWN_IMPORTS = 10
# Where the page is cut in two, for what happens in between.
CUT = "<!-- progress -->"


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A .csv in UTF-8 or an .xlsx, with the columns of the template or of the export."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty. Begin with a template; it has the header."),
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            sentence = _("The file has more than %(most)s MB. Divide it and import the parts one after another.")
            raise forms.ValidationError(sentence % {"most": MOST_BYTES // MEGABYTE})
        return file


class SheetAdmin:
    """Import and export of a table of the desk; ``sheet_table`` is its key in TABLES."""

    change_list_template = "admin/commitments/change_list.html"
    sheet_table = ""

    def get_urls(self):
        def address(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"commitments_{self.opts.model_name}_{name}")

        return [
            address("import/", self.import_view, "import"),
            address("import/<int:number>/", require_safe(self.preview_view), "import_preview"),
            address("import/<int:number>/confirm/", require_POST(self.confirm_view), "import_confirm"),
            address("export/<slug:form>/", require_safe(self.export_view), "export"),
            address("template/<slug:form>/", require_safe(self.template_view), "template"),
            *super().get_urls(),
        ]

    def sheet_url(self, name, *args):
        """The address of one of these pages."""
        return reverse(f"admin:commitments_{self.opts.model_name}_{name}", args=args)

    def may_import(self, request):
        return request.user.has_perms(TABLES[self.sheet_table].rights)

    def changelist_view(self, request, extra_context=None):
        offered = {"sheet_export": self.has_view_permission(request), "sheet_import": self.may_import(request)}
        return super().changelist_view(
            request, {**(extra_context or {}), **offered, "sheet_noun": self.opts.model_name}
        )

    # Out

    def export_view(self, request, form):
        """The table as a file, drafts included."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return exporting.export(self.sheet_table, form)

    def template_view(self, request, form):
        """An empty file with the header."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return exporting.template(self.sheet_table, form)

    # In

    def import_view(self, request):
        """Ask for a file (GET); keep it and go to its preview (POST)."""
        if not self.has_view_permission(request) or (request.method == "POST" and not self.may_import(request)):
            raise PermissionDenied
        sent = request.method == "POST"
        form = FileForm(request.POST if sent else None, request.FILES if sent else None)
        if sent and form.is_valid():
            kept = keep(form.cleaned_data["file"], self.sheet_table, by=request.user)
            return HttpResponseRedirect(self.sheet_url("import_preview", kept.pk))
        done = ImportFile.objects.filter(table=self.sheet_table, applied_at__isnull=False).defer("content")
        context = {
            "form": form,
            "most": f"{MOST_ROWS:,}",
            "may_import": self.may_import(request),
            "tables": TABLES.values(),
            "done": done.select_related("person")[:SHOWN_IMPORTS],
        }
        return TemplateResponse(
            request, "admin/commitments/import.html", self._context(request, _("Import and export"), **context)
        )

    def preview_view(self, request, number):
        """What the file would do, row by row; nothing is written."""
        file = self._file(request, number)
        if file.applied_at:
            return self._streamed(request, file, iter([_already(file)]))
        return self._streamed(request, file, self._previewed(request, file))

    def confirm_view(self, request, number):
        """Write it, all or nothing, if it is still what was shown."""
        file = self._file(request, number)
        if file.applied_at:
            return self._streamed(request, file, iter([_already(file)]))
        return self._streamed(request, file, self._written(request, file))

    def _file(self, request, number):
        """The person's own file, or 404."""
        if not self.may_import(request):
            raise PermissionDenied
        file = ImportFile.objects.filter(pk=number, table=self.sheet_table, person=request.user).first()
        if file is None:
            raise Http404
        return file

    def _previewed(self, request, file):
        plan = yield from _told(draw_up(bytes(file.content), file.table, by=request.user), _("Checked"))
        yield self._result(request, file, plan)

    def _written(self, request, file):
        try:
            with transaction.atomic():
                plan = yield from _told(_carried_out(request, file), _("Done"))
        except NotWritten as refused:
            plan = refused.plan
            if plan is None:
                plan = yield from _told(draw_up(bytes(file.content), file.table, by=request.user), _("Checked"))
            yield self._result(request, file, plan, refused=str(refused))
            return
        yield self._result(request, file, plan, written=True)

    def _result(self, request, file, plan, **context):
        context |= {
            "plan": plan,
            "preview": Preview(plan, noun=self.opts.model_name),
            "file": file,
            "again": self.sheet_url("import"),
            "confirm": self.sheet_url("import_confirm", file.pk),
            "list": self.sheet_url("changelist"),
            "drafts": file.table != "sources",
        }
        return render_to_string("admin/commitments/_import_result.html", context, request)

    def _context(self, request, title, **context):
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "noun": self.opts.model_name,
            "list": self.sheet_url("changelist"),
            "again": self.sheet_url("import"),
            **context,
        }

    def _streamed(self, request, file, pieces):
        """The page of a file around ``pieces`` of HTML, each sent as soon as it is there."""
        context = self._context(request, _("Import of %s") % file.name, cut=CUT)
        before, _cut, after = render_to_string("admin/commitments/import_file.html", context, request).partition(CUT)

        def page():
            yield before
            yield from pieces
            yield after

        response = StreamingHttpResponse(page())
        # A proxy that gathers the answer first would show no progress.
        response["X-Accel-Buffering"] = "no"
        response["Cache-Control"] = "no-store"
        return response


def keep(uploaded, table, *, by):
    """Store an uploaded file for its preview; what nobody confirmed for a day goes. Returns the ImportFile."""
    ImportFile.objects.filter(applied_at=None, uploaded_at__lt=timezone.now() - KEPT).delete()
    content = uploaded.read()
    return ImportFile.objects.create(
        person=by, table=table, name=uploaded.name, content=content, sha256=hashlib.sha256(content).hexdigest()
    )


def _told(steps, word):
    """Run a generator of (done, total), yielding a line of HTML for each step; returns what it returns."""
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            return end.value
        yield format_html(
            '<p class="desk-progress">{} <progress value="{}" max="{}">{}</progress> {}</p>\n',
            word, done, total, done, _("%(done)s of %(total)s rows") % {"done": done, "total": total},
        )  # fmt: skip


def _carried_out(request, file):
    """Write a file and note on it that this is done; a generator as ``write`` is."""
    locked = ImportFile.objects.select_for_update().defer("content").get(pk=file.pk)
    if locked.applied_at:
        raise NotWritten(_("It was imported in the meantime."))
    fingerprint = request.POST.get("fingerprint", "")
    plan = yield from write(bytes(file.content), file.table, by=request.user, name=file.name, fingerprint=fingerprint)
    ImportFile.objects.filter(pk=file.pk).update(
        applied_at=timezone.now(),
        content=b"",
        new=len(plan.new),
        changed=len(plan.changed),
        unchanged=len(plan.unchanged),
    )
    return plan


def _already(file):
    return format_html(
        '<p class="desk-note">{}</p>',
        _("This file was imported already: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.")
        % {"new": file.new, "changed": file.changed, "unchanged": file.unchanged},
    )
