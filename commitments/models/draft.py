"""What every record that waits for publication has in common."""

from concurrency.fields import AutoIncVersionField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .person import Person


class DraftQuerySet(models.QuerySet):
    """Questions about the desk's work in hand."""

    def submitted(self):
        """Waiting for a second person."""
        return self.filter(submitted_at__isnull=False)


class Draft(models.Model):
    """The state of a text that one person writes and another publishes."""

    author = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("author"), null=True, blank=True, editable=False, related_name="+"
    )
    edited_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("last edited by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    return_reason = models.TextField(_("returned because"), blank=True, editable=False)
    version = AutoIncVersionField()
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def writers(self):
        """The ids of the people who may not publish it: who wrote it and who last changed it."""
        return {pk for pk in (self.author_id, self.edited_by_id) if pk}


class Publishable(Draft):
    """A ledger row of its own: a draft while ``edition`` is empty, sealed for good once it is set."""

    edition = models.ForeignKey(
        "commitments.Edition",
        models.PROTECT,
        verbose_name=_("edition"),
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        abstract = True

    @property
    def is_published(self):
        return self.edition_id is not None

    @property
    def state(self):
        """Where it stands on its way to the public, in one word for the desk."""
        if self.edition_id is not None:
            return _("published")
        if self.submitted_at:
            return _("submitted")
        return _("returned") if self.return_reason else _("draft")
