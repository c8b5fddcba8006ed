"""Themes: the fields of policy by which commitments are grouped."""

from django.contrib import admin

from commitments.models import Theme

from .desk import RecordAdmin
from .forms import DeskForm, clean_key


class ThemeForm(DeskForm):
    """A theme; its key can stand in an address."""

    clean_slug = clean_key("slug")


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    """A short list; its order is the order on every page."""

    form = ThemeForm
    fixed_fields = ("slug",)
    prepopulated_fields = {"slug": ("name",)}
    list_display = ("name", "slug", "position")
    search_fields = ("name", "slug")
    ordering = ("position", "slug")
    fields = ("name", "slug", "position")
