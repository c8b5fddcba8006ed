"""Summits: the meetings that make commitments."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from commitments.models import Summit

from .desk import RecordAdmin
from .forms import DeskForm, clean_key


class SummitForm(DeskForm):
    """A summit; its key can stand in an address."""

    clean_key = clean_key("key")


@admin.register(Summit)
class SummitAdmin(RecordAdmin):
    """A meeting with its day, place and the source that records it."""

    form = SummitForm
    fixed_fields = ("key",)
    prepopulated_fields = {"key": ("place", "date")}
    list_display = ("name", "date", "place", "country", "body")
    list_filter = ("body", "country")
    list_select_related = ("country",)
    search_fields = ("name", "key", "place")
    date_hierarchy = "date"
    autocomplete_fields = ("country", "source")
    fieldsets = (
        (gettext_lazy("The meeting"), {"fields": ("name", "body", ("date", "end_date"), ("place", "country"), "key")}),
        (gettext_lazy("Where it is recorded"), {"fields": ("source",)}),
    )
