"""Commitments: the working copy of a promise, and what readers see of it now."""

from django.contrib import admin
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import readiness
from commitments.models import Commitment, Revision

from .desk import DraftAdmin, RecordAdmin, ViewOnly
from .filters import Attention, By, Freshness, Overdue, StandingStatus, State, standings
from .forms import DraftForm, clean_key
from .importing import SheetAdmin
from .retractions import RetractTool
from .review_dates import ReviewDate


class CommitmentForm(DraftForm):
    """The working copy; its key can stand in an address."""

    clean_slug = clean_key("slug")


@admin.register(Commitment)
class CommitmentAdmin(SheetAdmin, ReviewDate, RetractTool, DraftAdmin, RecordAdmin):
    """The working copy stays open for changes; readers see none of them before they are published."""

    sheet_table = "commitments"

    form = CommitmentForm
    fixed_fields = ("slug",)
    prepopulated_fields = {"slug": ("title",)}
    list_display = (
        "title", "state_shown", "status_shown", "due", "overdue_shown", "freshness_shown", "review_shown", "theme",
        "summit", "made_on",
    )  # fmt: skip
    list_filter = (
        State, Attention, StandingStatus, Overdue, Freshness, "theme", "summit", By, "kind", "basis", "in_seed",
    )  # fmt: skip
    list_select_related = ("theme", "summit")
    search_fields = ("title", "slug", "summary")
    date_hierarchy = "made_on"
    ordering = ("-made_on", "slug")
    autocomplete_fields = (
        "theme", "summit", "pledged_by", "beneficiaries", "source", "related", "restates", "superseded_by",
    )  # fmt: skip
    readonly_fields = ("unpublished", "review_told")
    fieldsets = (
        (None, {"fields": ("unpublished", "review_told")}),
        (
            gettext_lazy("What was promised"),
            {
                "fields": (
                    "title",
                    "slug",
                    "summary",
                    ("basis", "obligation"),
                    ("kind", "theme"),
                    ("summit", "made_on"),
                ),
                "description": gettext_lazy("In your own words, as the source has it; judge nothing here."),
            },
        ),
        (gettext_lazy("By whom, to whom"), {"fields": ("pledged_by", "beneficiaries", "responsible")}),
        (
            gettext_lazy("How much, until when"),
            {"fields": (("target_quantity", "target_unit", "target_measure"), "due")},
        ),
        (gettext_lazy("Can it be checked"), {"fields": ("checkable", "checkable_note")}),
        (gettext_lazy("Where it is recorded"), {"fields": ("source", "locator")}),
        (gettext_lazy("Other commitments"), {"fields": ("related", "restates", "superseded_by")}),
        (gettext_lazy("Notes"), {"fields": ("note", "in_seed", "version")}),
    )

    def get_queryset(self, request):
        """With what holds now for each, one query however many."""
        held = Prefetch("standings", standings().select_related("assessment"), to_attr="held")
        return super().get_queryset(request).prefetch_related(held)

    def is_public(self, obj):
        return readiness.newest_revision(obj) is not None

    def tools(self, request, obj):
        yield from super().tools(request, obj)
        if request.user.has_perm("commitments.add_assessment") and self.is_withdrawable(obj):
            address = reverse("admin:commitments_assessment_add")
            yield _("Record an assessment"), f"{address}?commitment={obj.pk}", False

    def view_on_site(self, obj):
        return obj.get_absolute_url() if self.is_withdrawable(obj) else None

    @admin.display(description=gettext_lazy("status now"))
    def status_shown(self, obj):
        return obj.held[0].status_label if obj.held else _("not public")

    @admin.display(description=gettext_lazy("overdue"))
    def overdue_shown(self, obj):
        return _("overdue") if obj.held and obj.held[0].is_overdue(timezone.localdate()) else "—"

    @admin.display(description=gettext_lazy("days since judged"))
    def freshness_shown(self, obj):
        days = obj.held[0].freshness(timezone.localdate()) if obj.held else None
        return "—" if days is None else days

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, obj):
        if obj.submitted_at:
            return _("submitted")
        if obj.return_reason:
            return _("returned")
        return _("published") if obj.held and not obj.author_id else _("draft")

    @admin.display(description=gettext_lazy("unpublished changes"))
    def unpublished(self, obj):
        """The fields in which the working copy differs from what readers see, by name."""
        if obj.pk is None or not self.is_public(obj):
            return _("Nothing of it is public yet.")
        names = [str(Commitment._meta.get_field(name).verbose_name) for name in readiness.unpublished_changes(obj)]
        return ", ".join(names) or _("None: this is the wording that readers see.")


@admin.register(Revision)
class RevisionAdmin(ViewOnly):
    """The published wordings, one for each edition that changed one."""

    list_display = ("commitment", "edition", "title", "made_on", "due")
    list_filter = ("theme", "summit", "basis")
    list_select_related = ("commitment", "edition")
    search_fields = ("title", "commitment__slug")
    ordering = ("-edition", "-pk")
    exclude = ("version", "author", "edited_by", "submitted_at", "return_reason")
    readonly_fields = ("parties_named", "links_named")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(edition__isnull=False)

    @admin.display(description=gettext_lazy("parties"))
    def parties_named(self, obj):
        rows = obj.parties.select_related("party")
        return "; ".join(f"{row.get_role_display()}: {row.party}" for row in rows) or "—"

    @admin.display(description=gettext_lazy("links"))
    def links_named(self, obj):
        return "; ".join(f"{row.get_kind_display()}: {row.target}" for row in obj.links.select_related("target")) or "—"
