"""Editions and standings, for reading; and the addresses of what awaits a second person, and of how we judge."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from commitments.models import Edition, Standing

from .desk import ViewOnly
from .judging import judging_urls
from .queue import queue_urls


@admin.register(Edition)
class EditionAdmin(ViewOnly):
    """What was made public, when and by whom."""

    list_display = ("number", "day", "origin", "published_by", "four_eyes", "note")
    list_filter = ("origin", "four_eyes", "published_by")
    list_select_related = ("published_by",)
    search_fields = ("note", "file_set")
    date_hierarchy = "day"

    def get_urls(self):
        return [*queue_urls(self.admin_site), *judging_urls(self.admin_site), *super().get_urls()]


@admin.register(Standing)
class StandingAdmin(ViewOnly):
    """The read model: what readers see of each commitment, for which days and by which editions."""

    list_display = ("slug", "status", "as_of", "valid_from", "valid_to", "edition_from", "edition_to", "overdue_shown")
    list_filter = ("status", "theme", "counted", "self_reported", "flagged")
    search_fields = ("slug", "title_key")
    ordering = ("slug", "edition_from", "valid_from")

    def has_view_permission(self, request, obj=None):
        """It has no rights of its own: who may see commitments may see what holds for them."""
        return request.user.has_perm("commitments.view_commitment")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    @admin.display(description=gettext_lazy("deadline"))
    def overdue_shown(self, obj):
        return obj.due or "—"
