"""Assessments with their evidence, search log and member scores; replies to them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from commitments.choices import (
    CLOSING_STATUSES,
    OFFICIAL_KINDS,
    Bearing,
    ClosureReason,
    Confidence,
    SourceKind,
    Stage,
    Status,
)

from .commitment import Commitment
from .draft import DraftQuerySet, Publishable
from .fields import BytewiseCharField, validate_amount
from .reference import Party, Source


class AssessmentQuerySet(DraftQuerySet):
    """Questions about judgements, drafts included unless a method says otherwise."""

    def published_by(self, edition):
        """Those that edition number ``edition`` or an earlier one made public, withdrawn ones included."""
        return self.filter(edition__lte=edition)

    def live_at(self, moment):
        """Those that a Moment knows of and that nothing has withdrawn by its edition."""
        by_then = self.filter(edition__lte=moment.edition, as_of__lte=moment.as_of)
        return by_then.filter(
            Q(correction__edition__isnull=True) | Q(correction__edition__gt=moment.edition),
            Q(retraction__edition__isnull=True) | Q(retraction__edition__gt=moment.edition),
        )

    def standing(self):
        """Published ones that nothing has withdrawn."""
        return self.filter(edition__isnull=False, correction__edition__isnull=True, retraction__edition__isnull=True)


class Assessment(Publishable):
    """A judgement on a commitment, true as of a day."""

    key = BytewiseCharField(_("key"), max_length=130, unique=True, null=True, blank=True, editable=False)
    commitment = models.ForeignKey(
        Commitment,
        models.PROTECT,
        verbose_name=_("commitment"),
        related_name="assessments",
        help_text=_("The promise that you judge."),
    )
    as_of = models.DateField(
        _("as of"), help_text=_("The day the facts describe: not before the promise, not in the future.")
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status.assessable(),
        help_text=_("The weakest one that your evidence carries."),
    )
    progress = models.DecimalField(
        _("progress"),
        max_digits=24,
        decimal_places=4,
        validators=[validate_amount],
        null=True,
        blank=True,
        help_text=_("The measured amount in the target's unit; empty where no source gives one."),
    )
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, blank=True, help_text=_("For money only."))
    confidence = models.CharField(
        _("confidence"),
        max_length=10,
        choices=Confidence,
        blank=True,
        help_text=_("Empty only with “No evidence found”."),
    )
    closure_reason = models.CharField(
        _("closure reason"),
        max_length=20,
        choices=ClosureReason,
        blank=True,
        help_text=_("Only with “Not fulfilled” and “Superseded”."),
    )
    rationale = models.TextField(_("rationale"), help_text=_("Why this status, in one to three sentences."))
    note = models.TextField(_("note"), blank=True, help_text=_("For readers, beside the judgement."))
    below_rule = models.TextField(
        _("below the evidence rule"),
        blank=True,
        help_text=_(
            "Only where the rule of the status is not met: “<status> needs …: why this one falls short”. Public."
        ),
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("corrects"), null=True, blank=True, related_name="correction"
    )

    correction_reason = models.TextField(
        _("reason for the correction"),
        blank=True,
        help_text=_("What was mistaken in the published record. Readers see it beside the record that is struck."),
    )

    objects = AssessmentQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "earlier_writers"])

    class Meta:
        ordering = ["-as_of", "-edition", "-pk"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[value for value, _label in Status.assessable()]), name="assessment_status_known"
            ),
            models.CheckConstraint(condition=~Q(rationale=""), name="assessment_has_rationale"),
            models.CheckConstraint(condition=Q(stage="") | Q(stage__in=Stage.values), name="assessment_stage_known"),
            models.CheckConstraint(
                condition=(
                    Q(status=Status.NO_EVIDENCE, confidence="")
                    | ~Q(status=Status.NO_EVIDENCE) & Q(confidence__in=Confidence.values)
                ),
                name="assessment_confidence_by_status",
            ),
            models.CheckConstraint(
                condition=(
                    Q(closure_reason="") & ~Q(status=Status.SUPERSEDED)
                    | Q(closure_reason__in=ClosureReason.values) & Q(status__in=CLOSING_STATUSES)
                ),
                name="assessment_closure_reason_by_status",
            ),
            models.CheckConstraint(
                condition=Q(progress__isnull=True) | Q(progress__gte=0), name="assessment_progress_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(key__isnull=False), name="assessment_published_has_key"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")), name="assessment_not_corrects_itself"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=False) | Q(correction_reason=""), name="assessment_reason_of_correction"
            ),
        ]
        indexes = [models.Index(fields=["commitment", "-as_of"], name="assessment_of_commitment")]

    def __str__(self):
        return self.key or f"{self.commitment.slug}/{self.as_of} ({self.state})"

    @property
    def published_correction(self):
        """The published assessment that corrects this one, or None."""
        correction = getattr(self, "correction", None)
        return correction if correction is not None and correction.is_published else None

    @property
    def published_retraction(self):
        """The published retraction of this one, or None."""
        retraction = getattr(self, "retraction", None)
        return retraction if retraction is not None and retraction.is_published else None

    def withdrawn_at(self, edition):
        """The correction or retraction that had taken it back by edition number ``edition``, or None."""
        for taken in (self.published_correction, self.published_retraction):
            if taken is not None and taken.edition_id <= edition:
                return taken
        return None


class Evidence(models.Model):
    """One source used by one assessment. There is no field for quoted text: we say in our own words what it shows."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence")
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name=_("source"),
        related_name="evidence",
        help_text=_("The document; add it first where it is new."),
    )
    shows = models.TextField(_("shows"), help_text=_("What the source shows, in your own words. No quotation."))
    bearing = models.CharField(
        _("bearing"), max_length=20, choices=Bearing, help_text=_("Which way the source points.")
    )
    locator = models.CharField(_("locator"), max_length=300, blank=True, help_text=_("Page, paragraph or section."))
    position = models.PositiveIntegerField(_("position"), default=0)
    # As they were when the assessment was published: a pinned page must not change with the source card.
    issuer = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    source_kind = models.CharField(max_length=30, choices=SourceKind, blank=True, editable=False)

    # What publishing freezes of the source card is nobody's change.
    history = HistoricalRecords(excluded_fields=["issuer", "source_kind"])

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(condition=Q(bearing__in=Bearing.values), name="evidence_bearing_known"),
            models.CheckConstraint(condition=~Q(shows=""), name="evidence_shows_something"),
            models.UniqueConstraint(fields=["assessment", "source"], name="evidence_source_once"),
        ]

    def __str__(self):
        return f"{self.get_bearing_display()}: {self.source_id}"

    @property
    def is_official(self):
        return self.source_kind in OFFICIAL_KINDS


class SearchLogEntry(models.Model):
    """Where somebody looked and what was found there: the evidence of silence."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="search_log")
    where = models.TextField(_("where"), help_text=_("Which site, archive or collection."))
    language = models.CharField(
        _("language"), max_length=3, help_text=_("The language as its ISO 639 code, such as en, ru or zh.")
    )
    when = models.DateField(_("when"), help_text=_("The day on which somebody looked."))
    found = models.TextField(_("found"), help_text=_("What the search gave."))
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("search")
        verbose_name_plural = _("search log")
        constraints = [
            models.CheckConstraint(
                condition=~Q(where="") & ~Q(found="") & ~Q(language=""), name="search_log_entry_complete"
            ),
        ]

    def __str__(self):
        return f"{self.when} ({self.language}): {self.where}"


class MemberScore(models.Model):
    """One member's score on a commitment that binds members singly: -1 stayed out, 0 did part, +1 did it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="member_scores")
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        verbose_name=_("party"),
        related_name="scores",
        help_text=_("The member that is scored."),
    )
    score = models.SmallIntegerField(
        _("score"),
        validators=[MinValueValidator(-1), MaxValueValidator(1)],
        help_text=_("Minus one, nought or one, by what this member did."),
    )
    rationale = models.TextField(_("rationale"), help_text=_("What this member did or did not do."))
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name=_("source"),
        related_name="member_scores",
        help_text=_("The document that says what this member did."),
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["party__position", "party__code"]
        verbose_name = _("member score")
        verbose_name_plural = _("member scores")
        constraints = [
            models.CheckConstraint(condition=Q(score__in=(-1, 0, 1)), name="member_score_known"),
            models.CheckConstraint(condition=~Q(rationale=""), name="member_score_has_rationale"),
            models.UniqueConstraint(fields=["assessment", "party"], name="member_score_once"),
        ]

    def __str__(self):
        return f"{self.party_id}: {self.score:+d}"


class Reply(Publishable):
    """An assessed party's public answer, dated, shown beside the assessment."""

    key = BytewiseCharField(_("key"), max_length=150, unique=True, null=True, blank=True, editable=False)
    assessment = models.ForeignKey(
        Assessment,
        models.PROTECT,
        verbose_name=_("assessment"),
        related_name="replies",
        help_text=_("The published judgement that is answered."),
    )
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        verbose_name=_("party"),
        related_name="replies",
        help_text=_("The party that answered."),
    )
    date = models.DateField(_("date"), help_text=_("The day on which it was said."))
    text = models.TextField(_("text"), help_text=_("What was said, in your own words."))
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name=_("source"),
        related_name="replies",
        help_text=_("The document in which it stands."),
    )

    objects = DraftQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "earlier_writers"])

    class Meta:
        ordering = ["date", "pk"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="reply_has_text"),
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(key__isnull=False), name="reply_published_has_key"
            ),
        ]

    def __str__(self):
        return self.key or f"{self.party}, {self.date} ({self.state})"
