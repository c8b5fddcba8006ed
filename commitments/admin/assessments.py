"""Assessments: a judgement with its evidence, search log and member scores, on one page."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import keep_lazy_text
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import workflow
from commitments.choices import SCORES, Status
from commitments.models import Assessment, Evidence, MemberScore, SearchLogEntry

from . import new_sources
from .desk import DraftAdmin, DraftRows, RecordAdmin
from .filters import By, State
from .forms import DraftForm, OwnWordsForm
from .importing import SheetAdmin
from .recording import ProgressInput, RecordingPage
from .retractions import RetractTool


@keep_lazy_text
def linked(sentence, address, label):
    """A sentence of help with a link after it."""
    return format_html('{} <a href="{}">{}</a>', sentence, address, label)


class AssessmentForm(DraftForm):
    """Each status stands with its meaning and the evidence it asks for.

    ``checking`` is set by the admin on the class it makes for one request, where what was entered is looked at and
    never saved.
    """

    checking = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "progress" in self.fields:
            self.fields["progress"].widget = ProgressInput(attrs=self.fields["progress"].widget.attrs)
        if "below_rule" in self.fields:
            # Help is put into the page as it stands, and the angle brackets would vanish.
            self.fields["below_rule"].help_text = escape(self.fields["below_rule"].help_text)
        if "status" in self.fields:
            self.fields["status"].choices = [
                (
                    value,
                    format_html(
                        '<strong class="desk-status">{}</strong> <span>{}</span> <small>{}</small>',
                        label, Status(value).meaning, Status(value).rule,
                    ),
                )
                for value, label in Status.assessable()
            ]  # fmt: skip

    def is_valid(self):
        return super().is_valid() and not self.checking


class EvidenceInline(new_sources.SourceInPlace, DraftRows, admin.StackedInline):
    """One source, what it shows, and which way it points."""

    model = Evidence
    form = new_sources.EvidenceForm
    formset = new_sources.EvidenceRows
    template = "admin/commitments/evidence_rows.html"
    verbose_name_plural = gettext_lazy("Evidence")
    fieldsets = (
        (None, {"fields": ("source",)}),
        (None, {"fields": (("bearing", "locator"), "shows")}),
    )

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1


class SearchLogInline(DraftRows, admin.TabularInline):
    """Where somebody looked: what “No evidence found” rests on."""

    model = SearchLogEntry
    verbose_name_plural = gettext_lazy("Search log (asked for by “No evidence found”)")
    fields = ("where", "language", "when", "found")


class MemberScoreForm(OwnWordsForm):
    """The three scores, each with its meaning."""

    own_words = ("rationale",)

    score = forms.TypedChoiceField(
        label=gettext_lazy("score"),
        help_text=gettext_lazy("What this member did, by your source."),
        coerce=int,
        choices=[
            ("", "---------"),
            *((value, format_html("{}: {}", f"{value:+d}", said)) for value, said in SCORES.items()),
        ],
    )


class MemberScoreInline(DraftRows, admin.TabularInline):
    """For a commitment that binds members singly."""

    model = MemberScore
    form = MemberScoreForm
    verbose_name_plural = gettext_lazy("Member scores (only where a commitment binds members singly)")
    autocomplete_fields = ("party", "source")
    fields = ("party", "score", "rationale", "source")


# What only the form of a correction has.
CORRECTING = ("corrects_shown", "correction_reason")


@admin.register(Assessment)
class AssessmentAdmin(RecordingPage, SheetAdmin, RetractTool, DraftAdmin, RecordAdmin):
    """Where an editor records a judgement, and where a published one is read, corrected or retracted."""

    sheet_table = "assessments"

    form = AssessmentForm
    row_models = (Evidence, SearchLogEntry, MemberScore)
    inlines = (EvidenceInline, SearchLogInline, MemberScoreInline)
    autocomplete_fields = ("commitment",)
    radio_fields = {"status": admin.VERTICAL}
    list_display = ("commitment", "as_of", "status", "confidence", "state_shown", "author", "edition")
    list_filter = (State, "status", By, "commitment__theme", "commitment__summit", "confidence")
    list_select_related = ("commitment", "author", "edition")
    search_fields = ("commitment__title", "commitment__slug", "rationale", "key")
    date_hierarchy = "as_of"
    fieldsets = (
        (
            gettext_lazy("What is judged, and for which day"),
            {
                "fields": (*CORRECTING, "commitment", "as_of"),
                "description": gettext_lazy(
                    "Choose the commitment and the day that your facts describe: the day something happened or was "
                    "reported, not the day on which you write."
                ),
            },
        ),
        (
            gettext_lazy("The judgement"),
            {
                "fields": ("status", "progress", "rationale", "confidence"),
                "description": linked(
                    gettext_lazy("Take the weakest status that the evidence below carries."),
                    reverse_lazy("admin:commitments_how_we_judge"),
                    gettext_lazy("How we judge"),
                ),
            },
        ),
        (
            gettext_lazy("Only where it applies"),
            {
                "fields": (("stage", "closure_reason"), "note", "below_rule", "version"),
                "description": gettext_lazy("Most assessments leave all of this empty."),
            },
        ),
    )

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, obj):
        return obj.state

    @admin.display(description=gettext_lazy("corrects"))
    def corrects_shown(self, obj):
        if not obj.corrects_id:
            return "—"
        address = reverse("admin:commitments_assessment_change", args=[obj.corrects_id])
        return format_html('<a href="{}">{}</a>', address, obj.corrects)

    def get_fieldsets(self, request, obj=None):
        """A correction says first what it corrects, and why."""
        first, *others = super().get_fieldsets(request, obj)
        if obj is not None and obj.corrects_id:
            return (first, *others)
        title, options = first
        fields = tuple(name for name in options["fields"] if name not in CORRECTING)
        return ((title, {**options, "fields": fields}), *others)

    def get_readonly_fields(self, request, obj=None):
        correcting = ("commitment",) if obj is not None and obj.corrects_id else ()
        return (*super().get_readonly_fields(request, obj), "corrects_shown", *correcting)

    def tools(self, request, obj):
        yield from super().tools(request, obj)
        if self.is_withdrawable(obj) and request.user.has_perm("commitments.add_assessment"):
            yield _("Correct"), reverse("admin:commitments_assessment_correct", args=[obj.pk]), True
        if self.is_withdrawable(obj) and request.user.has_perm("commitments.add_reply"):
            yield _("Record a reply"), f"{reverse('admin:commitments_reply_add')}?assessment={obj.pk}", False

    def get_urls(self):
        address = path(
            "<path:object_id>/correct/",
            self.admin_site.admin_view(self.correct_view),
            name="commitments_assessment_correct",
        )
        return [address, *super().get_urls()]

    def correct_view(self, request, object_id):
        """Begin the draft of a correction (POST) and open it."""
        assessment = self.get_object(request, unquote(object_id))
        if assessment is None:
            raise Http404
        if not request.user.has_perm("commitments.add_assessment"):
            raise PermissionDenied
        back = reverse("admin:commitments_assessment_change", args=[assessment.pk])
        if request.method != "POST":
            return HttpResponseRedirect(back)
        try:
            draft = workflow.draft_correction(assessment, by=request.user)
        except workflow.Refused as refusal:
            for problem in refusal.problems:
                messages.error(request, problem)
            return HttpResponseRedirect(back)
        self.log_addition(request, draft, _("Correction begun."))
        messages.info(
            request,
            _("A draft with a copy of everything. Say why you correct it, change what was mistaken, then submit it."),
        )
        return HttpResponseRedirect(reverse("admin:commitments_assessment_change", args=[draft.pk]))
