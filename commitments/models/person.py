"""The people of the desk."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

# What a login writes by itself, and what nobody may read.
NOT_KEPT = ("password", "last_login")


class PersonHistory(HistoricalRecords):
    """The history of people, without an entry for each login."""

    def post_save(self, instance, created, using=None, **kwargs):
        written = kwargs.get("update_fields")
        if not written or not set(written) <= set(NOT_KEPT):
            super().post_save(instance, created, using=using, **kwargs)


class Person(AbstractUser):
    """Somebody who works at the desk. People are deactivated, never deleted: their work stays on the record."""

    public_name = models.CharField(
        _("public name"),
        max_length=150,
        blank=True,
        help_text=_("Your name as readers may see it beside your work. Leave it empty to stay unnamed in public."),
    )
    themes = models.ManyToManyField(
        "commitments.Theme",
        verbose_name=_("themes"),
        blank=True,
        related_name="+",
        help_text=_("An editor of these themes changes commitments of these only. Empty: of every theme."),
    )
    parties = models.ManyToManyField(
        "commitments.Party",
        verbose_name=_("parties"),
        blank=True,
        related_name="+",
        help_text=_(
            "An editor of these parties changes only commitments that one of them made or was to gain from, “all "
            "members” included. Empty: of every party."
        ),
    )

    history = PersonHistory(excluded_fields=NOT_KEPT, m2m_fields=("groups", "user_permissions", "themes", "parties"))

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")


class Reminder(models.Model):
    """One day's digest to one person: claimed by the run that sends it, and sent once it has a time of sending."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="reminders")
    day = models.DateField()
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="reminder_once_a_day")]

    def __str__(self):
        return f"{self.person_id}, {self.day}"
