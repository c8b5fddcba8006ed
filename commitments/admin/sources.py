"""Sources: each document once, with what its rights holder allows."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.choices import VisitOutcome
from commitments.models import Source
from commitments.refusals import quoting

from .captures import KeepsCaptures
from .desk import RecordAdmin
from .filters import Attention, LastVisit
from .forms import DeskForm, clean_key
from .importing import SheetAdmin

# Newest first; the others are in the database.
VISITS_SHOWN = 10
ARCHIVE = "https://web.archive.org"


def archives(source):
    """[(label, address)] at the Internet Archive for the address of a Source; the editor's browser goes there."""
    if not source.url:
        return []
    # A question mark belongs to the address that is archived; only what would cut it off is escaped.
    address = source.url.replace("#", "%23")
    return [
        (_("Make an archived copy"), f"{ARCHIVE}/save/{address}"),
        (_("Look for an archived copy"), f"{ARCHIVE}/web/*/{address}"),
    ]


class SourceForm(DeskForm):
    """A source once per address, however it is written, and no terms that its evidence already breaks."""

    clean_key = clean_key("key")

    def clean_url(self):
        url = self.cleaned_data["url"]
        first = Source.objects.at_address(url).exclude(pk=self.instance.pk).first()
        if first is not None:
            sentence = _('This address belongs to <a href="{}">{}</a> already; use that source.')
            address = reverse("admin:commitments_source_change", args=[first.pk])
            raise ValidationError(format_html(sentence, address, first))
        return url

    def clean_terms(self):
        terms = self.cleaned_data["terms"]
        if terms != "open" and self.instance.pk:
            told = {"evidence": ("shows", "locator"), "member_scores": ("rationale",), "replies": ("text",)}
            found = {
                str(row.assessment)
                for rows, names in told.items()
                for row in getattr(self.instance, rows).filter(quoting(names)).select_related("assessment__commitment")
            }
            if found:
                raise ValidationError(
                    _("These terms forbid quotation, and what is told of this source holds quotation marks, at "
                      "%(found)s. Reword that first."),
                    params={"found": ", ".join(sorted(found))},
                )  # fmt: skip
        return terms


@admin.register(Source)
class SourceAdmin(KeepsCaptures, SheetAdmin, RecordAdmin):
    """One document. What is kept of it has a page of its own."""

    sheet_table = "sources"

    form = SourceForm
    change_form_template = "admin/commitments/source_change_form.html"
    fixed_fields = ("key",)
    prepopulated_fields = {"key": ("publisher", "published")}
    list_display = ("title", "publisher", "published", "kind", "language", "issuer", "terms", "last_visit")
    list_filter = (Attention, LastVisit, "kind", "terms", "language", "issuer")
    list_select_related = ("issuer",)
    search_fields = ("title", "publisher", "url", "key")
    autocomplete_fields = ("issuer",)
    ordering = ("key",)
    fieldsets = (
        (
            gettext_lazy("The document"),
            {
                "fields": ("title", "title_note", ("publisher", "published"), "key", ("kind", "language"), "issuer"),
                "description": gettext_lazy("As it names itself; translate nothing in the title."),
            },
        ),
        (gettext_lazy("Where it is"), {"fields": ("url", "archived_url", "last_checked")}),
        (
            gettext_lazy("What its rights holder allows"),
            {
                "fields": ("terms", "usage"),
                "description": gettext_lazy(
                    "“No citation” hides everything about the source from readers until you record a permission."
                ),
            },
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_last_visit()

    @admin.display(description=gettext_lazy("last visit"), ordering="visited_at")
    def last_visit(self, obj):
        """Outcome and day of the newest visit of its address."""
        if not obj.visit_outcome:
            return "—"
        return f"{VisitOutcome(obj.visit_outcome).label}, {date_format(obj.visited_at, 'j F Y')}"

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context |= {
                "visits": obj.visits.all()[:VISITS_SHOWN],
                "archives": archives(obj),
                "captures": obj.captures.all(),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
