"""Retractions: asked for beside the published record, published like everything else."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import readiness, workflow
from commitments.models import Retraction

from .desk import DraftAdmin, RecordAdmin
from .filters import By, State


class ReasonForm(forms.Form):
    """Why a record is withdrawn, or sent back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 4, "cols": 80}))


class RetractTool:
    """Adds to a table of published records the page that asks for the withdrawal of one."""

    def is_withdrawable(self, obj):
        """Whether a published record can still be withdrawn."""
        return readiness.withdrawal_problem(obj) is None

    def tools(self, request, obj):
        yield from super().tools(request, obj)
        if request.user.has_perm("commitments.add_retraction") and self.is_withdrawable(obj):
            yield _("Retract"), reverse(f"admin:commitments_{self.opts.model_name}_retract", args=[obj.pk]), False

    def get_urls(self):
        address = path(
            "<path:object_id>/retract/",
            self.admin_site.admin_view(self.retract_view),
            name=f"commitments_{self.opts.model_name}_retract",
        )
        return [address, *super().get_urls()]

    def retract_view(self, request, object_id):
        """Ask for the reason (GET); make the submitted Retraction (POST)."""
        target = self.get_object(request, unquote(object_id))
        if target is None:
            raise Http404
        if not request.user.has_perm("commitments.add_retraction"):
            raise PermissionDenied
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                retraction = workflow.draft_retraction(target, by=request.user, reason=form.cleaned_data["reason"])
            except workflow.Refused as refusal:
                for problem in refusal.problems:
                    form.add_error(None, problem)
            else:
                self.log_change(request, target, _("Retraction asked for."))
                sentence = _('Asked for. It is now among those <a href="{}">awaiting a second person</a>.')
                messages.success(request, format_html(sentence, reverse("admin:commitments_queue")))
                return HttpResponseRedirect(reverse("admin:commitments_retraction_change", args=[retraction.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Retract %(name)s") % {"name": self.opts.verbose_name},
            "subtitle": None,
            "opts": self.opts,
            "original": target,
            "form": form,
            "problem": readiness.withdrawal_problem(target),
            "back": reverse(f"admin:commitments_{self.opts.model_name}_change", args=[target.pk]),
        }
        return TemplateResponse(request, "admin/commitments/retract.html", context)


@admin.register(Retraction)
class RetractionAdmin(DraftAdmin, RecordAdmin):
    """What was asked to be withdrawn; the asking itself is done at the record."""

    list_display = ("target_shown", "kind_shown", "reason", "state_shown", "author", "edition")
    list_filter = (State, By)
    list_select_related = ("assessment__commitment", "reply__assessment", "commitment", "author", "edition")
    search_fields = ("reason", "assessment__key", "reply__key", "commitment__slug")
    readonly_fields = ("target_link",)
    fieldsets = (
        (
            gettext_lazy("What is withdrawn, and why"),
            {
                "fields": ("target_link", "reason", "version"),
                "description": gettext_lazy(
                    "The record stays visible to readers, marked as withdrawn with this reason."
                ),
            },
        ),
    )

    def has_add_permission(self, request):
        """It is asked for at the published record, with “Retract”."""
        return False

    @admin.display(description=gettext_lazy("record"))
    def target_shown(self, obj):
        return str(obj.target)

    @admin.display(description=gettext_lazy("kind"))
    def kind_shown(self, obj):
        return obj.target._meta.verbose_name

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, obj):
        return obj.state

    @admin.display(description=gettext_lazy("record"))
    def target_link(self, obj):
        target = obj.target
        address = reverse(f"admin:commitments_{target._meta.model_name}_change", args=[target.pk])
        return format_html('<a href="{}">{}</a>', address, target)
