"""Replies: what an assessed party answered."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from commitments.models import Reply

from .desk import DraftAdmin, RecordAdmin
from .filters import By, State
from .forms import DraftForm, OwnWordsForm
from .retractions import RetractTool


class ReplyForm(DraftForm, OwnWordsForm):
    """An answer, told in our own words."""

    own_words = ("text",)


@admin.register(Reply)
class ReplyAdmin(RetractTool, DraftAdmin, RecordAdmin):
    """A published reply is read, or retracted and written anew."""

    form = ReplyForm
    list_display = ("assessment", "party", "date", "state_shown", "author", "edition")
    list_filter = (State, By, "party")
    list_select_related = ("assessment__commitment", "party", "author", "edition")
    search_fields = ("text", "key", "assessment__commitment__title", "assessment__commitment__slug")
    date_hierarchy = "date"
    autocomplete_fields = ("assessment", "party", "source")
    fieldsets = (
        (
            gettext_lazy("Who answered what"),
            {
                "fields": ("assessment", ("party", "date")),
                "description": gettext_lazy("Choose a published assessment; the answer will stand beside it."),
            },
        ),
        (gettext_lazy("The answer"), {"fields": ("text", "source", "version")}),
    )

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, obj):
        return obj.state
