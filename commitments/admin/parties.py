"""Parties and their dated roles."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from commitments.models import Membership, Party

from .desk import DeskFields, RecordAdmin
from .forms import CODE, DeskForm, RowFormSet, clean_key


class PartyForm(DeskForm):
    """A party; its code can stand in an address."""

    clean_code = clean_key("code", CODE)


class MembershipInline(DeskFields, admin.TabularInline):
    """A party's roles, oldest first."""

    model = Membership
    form = DeskForm
    formset = RowFormSet
    extra = 0
    autocomplete_fields = ("source",)


@admin.register(Party)
class PartyAdmin(RecordAdmin):
    """A state or organisation that pledges, benefits or speaks."""

    form = PartyForm
    fixed_fields = ("code",)
    inlines = (MembershipInline,)
    list_display = ("short_name", "code", "name", "kind", "stands_for_members", "position")
    list_filter = ("kind", "memberships__role")
    search_fields = ("code", "name", "short_name", "name_ru", "name_zh")
    ordering = ("position", "code")
    fieldsets = (
        (gettext_lazy("Names"), {"fields": ("code", "short_name", "name", "name_ru", "name_zh")}),
        (gettext_lazy("What it is"), {"fields": ("kind", "stands_for_members", "position")}),
    )


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    """All roles in one list, each with its history."""

    form = DeskForm
    list_display = ("party", "role", "since", "until", "decided", "source")
    list_filter = ("role", "party")
    list_select_related = ("party", "source")
    search_fields = ("party__short_name", "party__name", "note")
    autocomplete_fields = ("party", "source")
    fields = ("party", "role", ("since", "until", "decided"), "source", "note")
