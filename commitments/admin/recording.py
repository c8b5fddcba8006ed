"""The page on which an assessment is recorded: the promise beside it, and the verdict before it is submitted."""

from dataclasses import dataclass, field

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from commitments.choices import PartyRole
from commitments.models import Assessment, Commitment, Evidence, Revision, Standing
from commitments.moment import Moment

from . import new_sources, verdicts


@dataclass(frozen=True)
class Promise:
    """What an editor reads of a commitment while judging it.

    ``wording`` is the newest published Revision, or the working copy before there is one (``is_public`` tells).
    ``standing`` is what holds now, or None; ``drafts`` are the judgements on it that nobody has published yet.
    """

    commitment: Commitment
    wording: Revision | Commitment
    is_public: bool
    pledged_by: list
    standing: Standing | None
    drafts: list = field(default_factory=list)


def promise_of(commitment, besides=None):
    """The Promise of a Commitment; ``besides`` is the draft that is open, which is not listed. Few queries, fixed."""
    published = Revision.objects.filter(commitment=commitment, edition__isnull=False).prefetch_related("parties__party")
    revision = published.order_by("-edition").first()
    if revision is None:
        pledged = [party.short_name for party in commitment.pledged_by.all()]
    else:
        pledged = [name for _party, name in revision.named_in_words(PartyRole.PLEDGER)]
    standings = Standing.objects.at(Moment.now()).select_related("assessment").filter(commitment=commitment)
    drafts = Assessment.objects.filter(commitment=commitment, edition=None).select_related("commitment", "author")
    return Promise(
        commitment=commitment,
        wording=revision or commitment,
        is_public=revision is not None,
        pledged_by=pledged,
        standing=standings.first(),
        drafts=list(drafts.exclude(pk=besides)),
    )


class ProgressInput(forms.NumberInput):
    """An amount with its unit beside it, and how much of the target it is; ``measure`` is set before it is shown."""

    measure = None

    def render(self, name, value, attrs=None, renderer=None):
        said = render_to_string("admin/commitments/_measure.html", {"measure": self.measure})
        entry = super().render(name, value, attrs, renderer)
        return format_html(
            '{} <output id="desk-measure" class="desk-measure" for="id_{}">{}</output>', entry, name, said
        )


class RecordingPage(admin.ModelAdmin):
    """What the page of an assessment has beyond those of other drafts."""

    change_form_template = "admin/commitments/assessment_change_form.html"

    class Media:
        css = {"all": ("commitments/recording.css",)}
        js = ("admin/js/jquery.init.js", "commitments/recording.js")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        asked = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "commitment":
            # The promise stands beside the form with its links; here they would only hold up the Tab key.
            asked.widget.can_add_related = asked.widget.can_change_related = asked.widget.can_view_related = False
        return asked

    # Looking without saving

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.checking = getattr(request, "desk_checking", False)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and "_check" in request.POST:
            request.desk_checking = True
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_formset(self, request, form, formset, change):
        if formset.model is Evidence:
            new_sources.save_new(request, formset, self.admin_site)
        super().save_formset(request, form, formset, change)

    # Showing

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        commitment = self._judged(request, form)
        context["promise"] = promise_of(commitment, besides=form.instance.pk) if commitment else None
        context["verdict"] = self._verdict(context, form, obj)
        if "progress" in form.fields:
            progress = form.cleaned_data.get("progress") if form.is_bound else form.instance.progress
            form.fields["progress"].widget.measure = verdicts.measure_of(commitment, progress)
        here = [obj.pk] if obj is not None else []
        context["verdict_address"] = reverse(f"admin:commitments_assessment_verdict{'_of' if here else ''}", args=here)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _judged(self, request, form):
        """The commitment that the form is about as it is shown, or None."""
        chosen = form["commitment"].value() if "commitment" in form.fields else form.instance.commitment_id
        return self._commitments.get_object(request, str(chosen)) if chosen else None

    @property
    def _commitments(self):
        return self.admin_site.get_model_admin(Commitment)

    def _verdict(self, context, form, obj):
        if form.is_bound:
            return verdicts.of_form(form, [inline.formset for inline in context["inline_admin_formsets"]])
        return verdicts.of_saved(obj) if obj is not None and not obj.is_published else None

    # Addresses

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("autocomplete/", view(self.sources_view), name="commitments_assessment_sources"),
            path("promise/", view(require_GET(self.promise_view)), name="commitments_assessment_promise"),
            path("verdict/", view(require_POST(self.verdict_view)), name="commitments_assessment_verdict"),
            path(
                "<path:object_id>/verdict/",
                view(require_POST(self.verdict_view)),
                name="commitments_assessment_verdict_of",
            ),
            *super().get_urls(),
        ]

    def sources_view(self, request):
        """What the search field of an evidence row offers."""
        return new_sources.SourceSearch.as_view(admin_site=self.admin_site)(request)

    def promise_view(self, request):
        """The promise of the commitment that ``?commitment=`` names by its id, as a part of a page."""
        if not self._commitments.has_view_permission(request):
            raise PermissionDenied
        commitment = self._commitments.get_object(request, request.GET.get("commitment", ""))
        if commitment is None:
            raise Http404
        draft = request.GET.get("draft", "")
        promise = promise_of(commitment, besides=int(draft) if draft.isdecimal() else None)
        return TemplateResponse(request, "admin/commitments/_promise.html", {"promise": promise})

    def verdict_view(self, request, object_id=None):
        """The verdict on the form that is sent, as parts of a page; nothing is written."""
        request.desk_checking = True
        page = self.changeform_view(request, object_id)
        if not isinstance(page, TemplateResponse):
            return page
        if "verdict" not in page.context_data:
            # Saved, published or deleted meanwhile: the next save shows what became of it.
            return TemplateResponse(request, "admin/commitments/verdict_parts.html", {"overtaken": page.context_data})
        progress = page.context_data["adminform"].form.fields.get("progress")
        parts = {"verdict": page.context_data["verdict"], "measure": progress and progress.widget.measure}
        return TemplateResponse(request, "admin/commitments/verdict_parts.html", parts)
