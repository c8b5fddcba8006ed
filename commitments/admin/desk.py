"""What every table of the desk has in common, and what the tables of the ledger add to it."""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, router, transaction
from django.db.models import Max, ProtectedError, URLField
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from commitments import workflow

from .choosing import ReviewChosen
from .conflict import GuardsVersions
from .forms import DeskForm, DraftForm, RowFormSet
from .history import ShowsTrail
from .scoping import outside, scope_of


def database_sentence(error):
    """What the database said when it refused, without the parts that speak to programmers."""
    said = str(error).split("\n")[0].strip().rstrip(".")
    return _("Nothing was saved: the database refuses it (%(said)s). Mend it below and save again.") % {"said": said}


class DeskFields:
    """How single fields are asked for, in tables and in their rows."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        asked = super().formfield_for_dbfield(db_field, request, **kwargs)
        # Nothing is deleted from beside a field: what a record refers to may stand in the ledger.
        if hasattr(getattr(asked, "widget", None), "can_delete_related"):
            asked.widget.can_delete_related = False
        return asked


class DeskAdmin(DeskFields, GuardsVersions, admin.ModelAdmin):
    """A table of the desk. ``fixed_fields`` are written once, when a record is made."""

    form = DeskForm
    fixed_fields = ()
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50

    def get_actions(self, request):
        """No deleting in bulk: what readers have seen stays, and a draft is thrown away one by one."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def get_readonly_fields(self, request, obj=None):
        fixed = self.fixed_fields if obj is not None and obj.pk else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj is not None and obj.pk else super().get_prepopulated_fields(request, obj)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        # A class made for this one request, so that nothing of it reaches another.
        form.refusal = getattr(request, "desk_refusal", None)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form; where the database itself refuses, the form again with what was entered and its sentence."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, ProtectedError) as error:
            request.desk_refusal = database_sentence(error)
        return super().changeform_view(request, object_id, form_url, extra_context)


class ViewOnly(DeskAdmin):
    """A table that only workflow.py writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class RecordAdmin(ShowsTrail, DeskAdmin, SimpleHistoryAdmin):
    """A table whose history the desk keeps: who changed what, and when. An old state is shown, never put back."""

    def revert_disabled(self, request, obj=None):
        return True

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if request.method == "POST":
            messages.error(request, _("An old state is not put back by a click; enter what should stand now."))
            return HttpResponseRedirect(reverse(f"admin:{self._address}_history", args=[object_id]))
        return super().history_form_view(request, object_id, version_id, extra_context)

    @property
    def _address(self):
        return f"{self.opts.app_label}_{self.opts.model_name}"


def is_sealed(request, obj):
    """Whether ``obj`` is published and the desk shows it for reading only.

    A form that was opened before the publication and is sent after it is still read, so that what somebody typed comes
    back to them; DraftForm refuses to save it.
    """
    return bool(getattr(obj, "edition_id", None)) and not getattr(request, "desk_form_sent", False)


def is_closed(request, obj):
    """Whether ``obj`` is for reading only: published, or outside what the reader edits."""
    return is_sealed(request, obj) or outside(request, obj) is not None


class DraftAdmin(ReviewChosen, DeskAdmin):
    """A table of records that one person writes and another publishes."""

    form = DraftForm
    change_form_template = "admin/commitments/draft_change_form.html"
    # Models whose rows are deleted with a draft, by their foreign key "assessment".
    row_models = ()
    ordering = ("-pk",)

    def is_public(self, obj):
        return bool(obj.edition_id)

    def tools(self, request, obj):
        """(label, address, whether by POST) of what can be done with a record besides saving it."""
        if obj.submitted_at:
            token = f"{self.opts.model_name}-{obj.pk}"
            yield _("Review"), f"{reverse('admin:commitments_review')}?record={token}", False

    def get_fieldsets(self, request, obj=None):
        """Without the version where nothing is saved; nobody reads it."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {**options, "fields": tuple(name for name in options["fields"] if name != "version")})
            for title, options in fieldsets
        ]

    # Rights

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not is_closed(request, obj)

    def has_delete_permission(self, request, obj=None):
        """A draft is its author's to throw away, or anybody's once its author has left; what is published stays."""
        if not super().has_delete_permission(request, obj):
            return False
        if obj is None:
            return True
        left = obj.author is not None and not obj.author.is_active
        whose = left or obj.author_id == request.user.pk
        return whose and not self.is_public(obj) and outside(request, obj) is None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.scope = scope_of(request)
        return form

    # Saving

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.desk_form_sent = request.method == "POST"
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        workflow.note_edit(obj, by=request.user)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        """Save the rows; new ones go to the end, in the order in which they were entered."""
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            row.delete()
        for row in rows:
            if hasattr(row, "position") and row._state.adding:
                before = type(row)._base_manager.filter(assessment=form.instance).aggregate(last=Max("position"))
                row.position = 0 if before["last"] is None else before["last"] + 1
            row.save()
        formset.save_m2m()

    def response_add(self, request, obj, post_url_continue=None):
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self.response_change(request, obj)

    def response_change(self, request, obj):
        """Stay with the record, submitted if that was asked for and nothing speaks against it."""
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        if "_submit" in request.POST:
            self._submit(request, obj)
        else:
            messages.success(request, _("Saved as a draft. Nobody outside the desk sees it."))
        return HttpResponseRedirect(reverse(f"admin:commitments_{self.opts.model_name}_change", args=[obj.pk]))

    def _submit(self, request, obj):
        try:
            workflow.submit(obj, by=request.user)
        except workflow.Refused as refusal:
            messages.warning(request, _("Saved as a draft, but not submitted. What stands against it:"))
            for problem in refusal.problems:
                messages.error(request, problem)
            return
        self.log_change(request, obj, _("Submitted."))
        sentence = _('Submitted. It is now among those <a href="{}">awaiting a second person</a>.')
        messages.success(request, format_html(sentence, reverse("admin:commitments_queue")))

    # Showing

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["outside"] = outside(request, obj)
        tools = DraftAdmin.tools(self, request, obj) if context["outside"] else self.tools(request, obj)
        context["desk_tools"] = list(tools) if obj is not None else []
        context["sealed"] = obj is not None and bool(getattr(obj, "edition_id", None))
        context["may_save"] = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        context["may_delete"] = obj is not None and self.has_delete_permission(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Throwing a draft away

    def delete_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if obj is not None and self.has_view_permission(request, obj) and not self.has_delete_permission(request, obj):
            messages.error(request, self._why_kept(request, obj))
            return HttpResponseRedirect(reverse(f"admin:commitments_{self.opts.model_name}_change", args=[obj.pk]))
        try:
            with transaction.atomic(using=router.db_for_write(self.model)):
                return super().delete_view(request, object_id, extra_context)
        except (IntegrityError, ProtectedError):
            messages.error(request, _("“%(record)s” stays: other records refer to it.") % {"record": obj})
            return HttpResponseRedirect(reverse(f"admin:commitments_{self.opts.model_name}_change", args=[obj.pk]))

    def _why_kept(self, request, obj):
        if self.is_public(obj):
            return _("“%(record)s” is published and never deleted. Correct or retract it instead.") % {"record": obj}
        return outside(request, obj) or _("Only the author of “%(record)s” deletes the draft.") % {"record": obj}

    def get_deleted_objects(self, objs, request):
        """The draft and its rows; nothing else goes with it."""
        rows = [row for model in self.row_models for row in model._base_manager.filter(assessment__in=objs)]
        counts = {self.opts.verbose_name_plural: len(objs)}
        for model in self.row_models:
            counts[model._meta.verbose_name_plural] = sum(isinstance(row, model) for row in rows)
        listed = [*(str(obj) for obj in objs), [str(row) for row in rows]] if rows else [str(obj) for obj in objs]
        return listed, {name: number for name, number in counts.items() if number}, set(), []

    def delete_model(self, request, obj):
        for model in self.row_models:
            model._base_manager.filter(assessment=obj).delete()
        super().delete_model(request, obj)


class DraftRows(DeskFields, admin.options.InlineModelAdmin):
    """Rows that belong to a draft and are sealed with it."""

    form = DeskForm
    formset = RowFormSet
    extra = 0

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not is_closed(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not is_closed(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not is_closed(request, obj)
