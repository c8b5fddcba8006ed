"""The people of the desk."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Person(AbstractUser):
    """Somebody who works at the desk. People are deactivated, never deleted: their work stays on the record."""

    public_name = models.CharField(
        _("public name"),
        max_length=150,
        blank=True,
        help_text=_("Your name as readers may see it beside your work. Leave it empty to stay unnamed in public."),
    )

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
