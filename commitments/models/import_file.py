"""The spreadsheets that editors have handed in, kept until they are imported, and what became of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .person import Person


class ImportFile(models.Model):
    """One uploaded file. Its bytes go once it is imported, or after a day; who imported what and when stays."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="+")
    table = models.CharField(_("table"), max_length=20)
    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(blank=True)
    uploaded_at = models.DateTimeField(_("handed in"), auto_now_add=True)
    applied_at = models.DateTimeField(_("imported"), null=True, blank=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        # Whoever may write the table may import it; the file has no rights of its own.
        default_permissions = ()
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")

    def __str__(self):
        return self.name
