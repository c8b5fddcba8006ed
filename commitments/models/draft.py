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
    # The ids of others who edited it in between, each with a space around it: " 3 17 ". A text beside the two names
    # above, so that it is sealed with the row, and one condition tells the ledger's trigger who they are.
    earlier_writers = models.TextField(_("edited before by"), blank=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    return_reason = models.TextField(_("returned because"), blank=True, editable=False)
    version = AutoIncVersionField()
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def writers(self):
        """The ids of the people who may not publish it: who wrote it, and everybody who has edited it since."""
        return {pk for pk in (self.author_id, self.edited_by_id) if pk} | set(map(int, self.earlier_writers.split()))

    def named_earlier_writers(self):
        """The people who edited it between its author and its last editor, by name."""
        return list(Person.objects.filter(pk__in=self.writers - {self.author_id, self.edited_by_id}))

    def keep_writer(self, person):
        """Remember, unsaved, that ``person`` edits it now, and who did before."""
        before = self.writers - {person.pk, self.author_id}
        if not self.author_id:
            self.author = person
        self.edited_by = person
        self.earlier_writers = "".join(f" {pk}" for pk in sorted(before)) + " " if before else ""


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
