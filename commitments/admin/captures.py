"""The page of a source's captures at the desk: what is kept, one more, and what readers may download."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from commitments import captures
from commitments.models import Capture


class CaptureForm(forms.Form):
    """One more file. ``content`` holds its bytes once the form is valid."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A PDF, an HTML page in one file or a PNG picture, of 20 megabytes at most."),
    )
    taken_on = forms.DateField(
        label=gettext_lazy("Taken on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The day on which the copy was made."),
        error_messages={"invalid": gettext_lazy("Write a day as YYYY-MM-DD, for example 2026-03-01.")},
    )
    may_be_published = forms.BooleanField(
        label=gettext_lazy("May be published"),
        required=False,
        help_text=Capture._meta.get_field("may_be_published").help_text,
    )

    def clean_file(self):
        try:
            self.content = captures.read(self.cleaned_data["file"])
            captures.type_of(self.content)
        except captures.NotKept as refused:
            raise ValidationError(str(refused)) from refused
        return self.cleaned_data["file"]

    def clean_taken_on(self):
        day = self.cleaned_data["taken_on"]
        if day > timezone.localdate():
            said = _("%(day)s is ahead of us; give the day on which the copy was made.")
            raise ValidationError(said, params={"day": date_format(day, "j F Y")})
        return day


class KeepsCaptures:
    """Adds to the table of sources the page of a source's captures, their download, and what is public of them."""

    def get_urls(self):
        pages = (
            ("", self.captures_view, "captures"),
            ("<str:sha256>/", require_safe(self.capture_view), "capture"),
            ("<str:sha256>/publish/", require_POST(self.capture_publish_view), "capture_publish"),
        )
        ours = [
            path(
                f"<path:object_id>/captures/{address}",
                self.admin_site.admin_view(view),
                name=f"commitments_source_{name}",
            )
            for address, view, name in pages
        ]
        return [*ours, *super().get_urls()]

    def _source(self, request, object_id, *, to_change):
        source = self.get_object(request, unquote(object_id))
        if source is None:
            raise Http404
        may = self.has_change_permission if to_change else self.has_view_or_change_permission
        if not may(request, source):
            raise PermissionDenied
        return source

    def captures_view(self, request, object_id):
        """List them and ask for one more (GET); keep it (POST)."""
        source = self._source(request, object_id, to_change=request.method == "POST")
        form = CaptureForm(request.POST or None, request.FILES or None, initial={"taken_on": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            self._keep(request, source, form)
            return HttpResponseRedirect(reverse("admin:commitments_source_captures", args=[source.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Captures"),
            "subtitle": None,
            "opts": self.opts,
            "original": source,
            "captures": source.captures.select_related("added_by"),
            "form": form if self.has_change_permission(request, source) else None,
            "back": reverse("admin:commitments_source_change", args=[source.pk]),
        }
        return TemplateResponse(request, "admin/commitments/captures.html", context)

    def _keep(self, request, source, form):
        given = form.cleaned_data
        kept, is_new = captures.keep(
            source,
            form.content,
            taken_on=given["taken_on"],
            by=request.user,
            may_be_published=given["may_be_published"],
        )
        if is_new:
            messages.success(request, _("Kept as %(name)s.") % {"name": kept})
        else:
            messages.info(
                request, _("This source has the same bytes already: %(name)s. Nothing was added.") % {"name": kept}
            )

    def capture_view(self, request, object_id, sha256):
        """Hand one out."""
        source = self._source(request, object_id, to_change=False)
        found = source.captures.select_related("source").filter(sha256=sha256).first()
        if found is None:
            raise Http404
        try:
            return captures.download(found)
        except captures.NotKept as error:
            raise Http404(str(error)) from error

    def capture_publish_view(self, request, object_id, sha256):
        """Let readers download one, or no longer."""
        source = self._source(request, object_id, to_change=True)
        found = source.captures.filter(sha256=sha256).first()
        if found is None:
            raise Http404
        found.may_be_published = request.POST.get("may_be_published") == "yes"
        found.save()
        said = _("Readers may download it.") if found.may_be_published else _("Readers may not download it.")
        messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:commitments_source_captures", args=[source.pk]))
