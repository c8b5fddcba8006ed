"""The people of the desk: an administrator makes them, puts them into groups and deactivates them."""

from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy

from commitments.models import Person

from .history import ShowsTrail

# What nobody grants themselves, and what only a superuser grants at all.
OWN = ("is_active", "is_staff", "groups", "themes", "parties")
HIGH = ("is_superuser", "user_permissions")


class PersonForm(UserChangeForm):
    """Django's form of a person, each field with a sentence of help."""

    class Meta(UserChangeForm.Meta):
        help_texts = {
            "first_name": gettext_lazy("For the desk; readers never see it."),
            "last_name": gettext_lazy("For the desk; readers never see it."),
            "email": gettext_lazy("Where reminders go; leave it empty for none."),
        }


def end_sessions(person):
    """Log somebody out everywhere, so that no old session comes back to life with the account."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            session.delete()


@admin.register(Person)
class PersonAdmin(ShowsTrail, UserAdmin):
    """People are deactivated, never deleted: their work stays on the record."""

    form = PersonForm

    list_display = ("username", "first_name", "last_name", "public_name", "is_active", "last_login")
    list_filter = ("groups", "is_active", "is_superuser")
    show_facets = admin.ShowFacets.ALWAYS
    filter_horizontal = ()
    autocomplete_fields = ("themes", "parties")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (
            gettext_lazy("Who it is"),
            {
                "fields": ("first_name", "last_name", "email", "public_name"),
                "description": gettext_lazy("Only the public name ever reaches readers, and only where it is given."),
            },
        ),
        (
            gettext_lazy("What they may do"),
            {
                "fields": ("is_active", "is_staff", "groups", "is_superuser", "user_permissions"),
                "description": gettext_lazy(
                    "Editors write, publishers publish what others wrote, administrators manage people. Take “active” "
                    "away from somebody who has left; nobody is deleted."
                ),
            },
        ),
        (
            gettext_lazy("Which commitments they edit"),
            {
                "fields": ("themes", "parties"),
                "description": gettext_lazy(
                    "For editors. Where both are given, a commitment lies within both. Everything may be read in any "
                    "case, and publishing is not narrowed."
                ),
            },
        ),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", "usable_password", "password1", "password2"),
                "description": gettext_lazy("Then give them a group on the next page."),
            },
        ),
    )

    def get_actions(self, request):
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """An administrator does not touch those who stand above."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def get_readonly_fields(self, request, obj=None):
        """Rights are given by somebody else: no administrator makes themselves a publisher."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        own = OWN if obj is not None and obj.pk == request.user.pk else ()
        return (*fields, *HIGH, *own)

    def save_model(self, request, obj, form, change):
        # Everybody here works at the desk; without this a new person could not log in.
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            end_sessions(obj)


# Django registers its own page for groups when its module is read, which has happened above.
admin.site.unregister(Group)


@admin.register(Group)
class DeskGroupAdmin(GroupAdmin):
    """Who may do what; the three groups of the desk get their rights back with every migration."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "name":
            kwargs["help_text"] = gettext_lazy("What people see when they are put into it.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)
