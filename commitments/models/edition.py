"""Editions, retractions, and the read model: what holds for a commitment at a moment."""

import datetime
from contextlib import contextmanager

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from commitments.choices import UNCOUNTED_BASES, Basis, Checkable, Origin, Status

from .draft import Publishable
from .fields import BytewiseCharField
from .person import Person
from .reference import Summit, Theme

# Far ends of a standing's rectangle, instead of NULL: an open row is an equality, which a partial index serves.
FAR_DAY = datetime.date(9999, 12, 31)
FAR_EDITION = 2147483647


class EditionQuerySet(models.QuerySet):
    """Questions about what has been published so far."""

    def newest(self):
        """The edition with the highest number, or None before anything was published."""
        return self.order_by("-number").first()

    def newest_number(self):
        """The highest number, 0 before anything was published."""
        return self.order_by("-number").values_list("number", flat=True).first() or 0


class Edition(models.Model):
    """A numbered, dated act of publishing: one transaction that makes one or more changes public."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    published_at = models.DateTimeField(_("published at"))
    day = models.DateField(_("day"), help_text=_("The day of publishing in the site's time zone (UTC)."))
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    published_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("published by"), null=True, related_name="editions"
    )
    four_eyes = models.BooleanField(_("a second person published it"))
    note = models.TextField(_("note to readers"), blank=True)
    file_set = models.CharField(_("file set"), max_length=200, blank=True, help_text=_("The folder of an import."))

    objects = EditionQuerySet.as_manager()

    class Meta:
        # No ordering: order_by("edition") on what points here would take it over, and newest would come first.
        verbose_name = _("edition")
        permissions = [("publish_edition", _("Can publish what others have submitted"))]
        verbose_name_plural = _("editions")
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_number_positive"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="edition_origin_known"),
            models.CheckConstraint(
                condition=Q(origin=Origin.IMPORT) | Q(published_by__isnull=False), name="edition_desk_has_publisher"
            ),
            models.CheckConstraint(
                condition=~Q(origin=Origin.IMPORT) | ~Q(file_set=""), name="edition_import_has_files"
            ),
        ]

    def __str__(self):
        return f"Edition {self.number}"

    def get_absolute_url(self):
        return f"{reverse('commitments:change-list')}?edition={self.number}"


class PublishingLock(models.Model):
    """One row, written first by every act of publishing, so that editions are made one after another."""

    turns = models.BigIntegerField(default=0)
    # The edition that is being made. Only its own transaction ever sees a number here, so nothing is added later.
    open_edition = models.PositiveIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.turns} turns"

    @classmethod
    def take(cls):
        """Wait for the lock and hold it to the end of the transaction."""
        if not cls.objects.filter(pk=1).update(turns=F("turns") + 1):
            cls.objects.get_or_create(pk=1)
            cls.objects.filter(pk=1).update(turns=F("turns") + 1)

    @classmethod
    @contextmanager
    def opened(cls, edition):
        """Let records be sealed in an edition; before and after, the ledger refuses it."""
        cls.objects.filter(pk=1).update(open_edition=edition.number)
        yield
        cls.objects.filter(pk=1).update(open_edition=None)


class Retraction(Publishable):
    """The withdrawal of a published assessment, reply or commitment, with the reason. It revives nothing."""

    assessment = models.OneToOneField(
        "Assessment", models.PROTECT, verbose_name=_("assessment"), null=True, blank=True, related_name="retraction"
    )
    reply = models.OneToOneField(
        "Reply", models.PROTECT, verbose_name=_("reply"), null=True, blank=True, related_name="retraction"
    )
    commitment = models.OneToOneField(
        "Commitment", models.PROTECT, verbose_name=_("commitment"), null=True, blank=True, related_name="retraction"
    )
    reason = models.TextField(_("reason"), help_text=_("Readers see this sentence beside the withdrawn record."))

    history = HistoricalRecords(excluded_fields=["version", "earlier_writers"])

    class Meta:
        verbose_name = _("retraction")
        verbose_name_plural = _("retractions")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(assessment__isnull=False, reply__isnull=True, commitment__isnull=True)
                    | Q(assessment__isnull=True, reply__isnull=False, commitment__isnull=True)
                    | Q(assessment__isnull=True, reply__isnull=True, commitment__isnull=False)
                ),
                name="retraction_of_one_record",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="retraction_has_reason"),
        ]

    def __str__(self):
        return f"Retraction of {self.target}"

    @property
    def target(self):
        """The record that is withdrawn: an Assessment, a Reply or a Commitment."""
        return self.assessment or self.reply or self.commitment

    @property
    def subject(self):
        """The commitment concerned."""
        if self.commitment_id:
            return self.commitment
        return self.assessment.commitment if self.assessment_id else self.reply.assessment.commitment


class StandingQuerySet(models.QuerySet):
    """Every public list, total and export starts here."""

    def at(self, moment):
        """What held for every commitment at ``moment`` (a Moment: ``as_of``, ``edition``, ``is_newest``).

        The present is an equality on the open rows, any other moment a range over the same table.
        """
        if moment.is_newest:
            return self.filter(valid_to=FAR_DAY, edition_to=FAR_EDITION)
        return self.filter(
            valid_from__lte=moment.as_of,
            valid_to__gt=moment.as_of,
            edition_from__lte=moment.edition,
            edition_to__gt=moment.edition,
        )

    def through(self, moment):
        """What held on every day up to ``moment``, by what its edition had published: many rows per commitment."""
        return self.filter(
            valid_from__lte=moment.as_of, edition_from__lte=moment.edition, edition_to__gt=moment.edition
        )

    def counted(self):
        """Those in the totals: promises by those who made them, whose outcome can be told at least in part."""
        return self.filter(counted=True)

    def promises(self):
        """Promises by those who made them, checkable or not: no calls on others, no recommendations."""
        return self.exclude(basis__in=UNCOUNTED_BASES)

    def overdue(self, day):
        """Due before ``day`` and not closed."""
        return self.filter(Standing.overdue_condition(day))

    def in_order(self):
        """Newest promise first, then by key: the one order of every list that asks for none."""
        return self.order_by("-made_on", "slug")


class Standing(models.Model):
    """What holds for one commitment over a span of days and a span of editions.

    One row per commitment and rectangle [valid_from, valid_to) × [edition_from, edition_to). A read model: projected
    from the ledger by workflow.py, recomputed by ``check_data``, never a source of truth. The copies are what lists
    filter and sort by.
    """

    commitment = models.ForeignKey("Commitment", models.PROTECT, related_name="standings")
    revision = models.ForeignKey("Revision", models.PROTECT, related_name="+")
    assessment = models.ForeignKey("Assessment", models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField()
    edition_from = models.PositiveIntegerField()
    edition_to = models.PositiveIntegerField()

    status = models.CharField(_("status"), max_length=20, choices=Status)
    as_of = models.DateField(_("as of"), null=True)
    confidence = models.CharField(max_length=10, blank=True)
    self_reported = models.BooleanField(_("self-reported"))
    flagged = models.BooleanField(_("below the evidence rule"))
    slug = BytewiseCharField(max_length=100)
    title_key = BytewiseCharField(max_length=300)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+")
    summit = models.ForeignKey(Summit, models.PROTECT, null=True, related_name="+")
    made_on = models.DateField()
    due = models.DateField(null=True)
    basis = models.CharField(max_length=30, choices=Basis)
    obligation = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)
    checkable = models.CharField(max_length=10, choices=Checkable)
    counted = models.BooleanField()
    # Lines of stems for the search; empty only until the first migrate after an upgrade has filled them.
    search_title = models.TextField(default="")
    search_promise = models.TextField(default="")
    search_record = models.TextField(default="")
    search_history = models.TextField(default="")

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "slug"]
        default_permissions = ()
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_to")), name="standing_days_in_order"),
            models.CheckConstraint(condition=Q(edition_from__lt=F("edition_to")), name="standing_editions_in_order"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="standing_status_known"),
            models.CheckConstraint(
                condition=(
                    Q(assessment__isnull=True, as_of__isnull=True, status=Status.NOT_ASSESSED)
                    | (Q(assessment__isnull=False, as_of__isnull=False) & ~Q(status=Status.NOT_ASSESSED))
                ),
                name="standing_assessed_or_not",
            ),
            models.CheckConstraint(
                condition=(
                    Q(counted=False) & (Q(basis__in=UNCOUNTED_BASES) | Q(checkable=Checkable.NO))
                    | Q(counted=True) & ~Q(basis__in=UNCOUNTED_BASES) & ~Q(checkable=Checkable.NO)
                ),
                name="standing_counted_by_rule",
            ),
        ]
        # valid_to and edition_to end each partial index: SQLite looks bound parameters up in the table otherwise.
        # The id is for COUNT(id), which PostgreSQL answers from an index only where it is a column.
        indexes = [
            models.Index(
                fields=["theme", "status", "-made_on", "slug", "id", "valid_to", "edition_to"],
                condition=Q(valid_to=FAR_DAY, edition_to=FAR_EDITION),
                name="standing_open_theme",
            ),
            models.Index(
                fields=["-made_on", "slug", "valid_to", "edition_to"],
                condition=Q(valid_to=FAR_DAY, edition_to=FAR_EDITION),
                name="standing_open_made",
            ),
            models.Index(
                fields=["valid_from", "valid_to", "edition_from", "edition_to", "theme", "status", "id"],
                name="standing_then",
            ),
            models.Index(fields=["commitment", "valid_from"], name="standing_of_commitment"),
        ]

    def __str__(self):
        return f"{self.slug}: {self.status} from {self.valid_from}, edition {self.edition_from}"

    def get_absolute_url(self):
        return reverse("commitments:commitment-detail", args=[self.slug])

    @staticmethod
    def overdue_condition(day):
        """The Q of "overdue on ``day``": due before it and not fulfilled, not_fulfilled or superseded."""
        closed = [status for status in Status.values if Status(status).is_closed]
        return Q(due__lt=day) & ~Q(status__in=closed)

    def is_overdue(self, day):
        """Whether it was overdue on ``day``; the same rule as the queryset's."""
        return self.due is not None and self.due < day and not Status(self.status).is_closed

    def freshness(self, day):
        """Days from the judgement to ``day``; None where there is no judgement."""
        return (day - self.as_of).days if self.as_of else None

    @property
    def percent(self):
        """Measured progress in per cent of the target, a Decimal that may pass 100; None where either is missing."""
        return None if self.assessment is None else self.revision.percent_of_target(self.assessment.progress)

    @property
    def status_label(self):
        """The status in words; a continuing commitment is fulfilled "for the period" and never for good."""
        if self.status == Status.FULFILLED and self.obligation == "continuing":
            return _("Fulfilled for the period")
        return Status(self.status).label
