"""Captures: the desk's own copies of sources, each known by the SHA-256 of its bytes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from commitments.choices import CaptureType

from .person import Person


class CaptureQuerySet(models.QuerySet):
    """Questions about captures."""

    def public(self):
        """Those that readers may download; whether they may see the source is asked of the source."""
        return self.filter(may_be_published=True)

    def known_at(self, moment):
        """Those of which a page of a Moment tells: away from now only such as were kept before its day."""
        return self if moment.is_now else self.filter(added_at__date__lt=moment.as_of)


class Capture(models.Model):
    """One copy of one source. The file is found by its SHA-256; the same bytes of two sources are one file."""

    source = models.ForeignKey(
        "commitments.Source", models.PROTECT, verbose_name=_("source"), related_name="captures", editable=False
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    media_type = models.CharField(_("type"), max_length=30, choices=CaptureType, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    taken_on = models.DateField(_("taken on"), help_text=_("The day on which the copy was made."))
    may_be_published = models.BooleanField(
        _("may be published"),
        default=False,
        help_text=_("Tick it only where the rights holder or the law lets us hand out the whole document."),
    )
    added_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("added by"), null=True, editable=False, related_name="+"
    )
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    objects = CaptureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-taken_on", "-pk"]
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        constraints = [
            models.CheckConstraint(condition=Q(sha256__length=64), name="capture_hashed"),
            models.CheckConstraint(condition=Q(media_type__in=CaptureType.values), name="capture_type_known"),
            models.CheckConstraint(condition=Q(size__gt=0), name="capture_not_empty"),
            models.UniqueConstraint(fields=["source", "sha256"], name="capture_once"),
        ]

    def __str__(self):
        return f"{self.source}, {self.get_media_type_display()} {self.sha256[:12]}"

    @property
    def extension(self):
        """The ending of its file's name."""
        return CaptureType(self.media_type).extension

    @property
    def file_name(self):
        """The name under which it is downloaded."""
        return f"{self.source.key}-{self.taken_on.isoformat()}.{self.extension}"
