"""Commitments: the working copy that editors change, and the published revisions that readers see."""

from contextlib import contextmanager

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from simple_history.models import HistoricalRecords

from commitments.choices import UNCOUNTED_BASES, Basis, Checkable, Kind, LinkKind, Obligation, PartyRole

from .draft import Draft, DraftQuerySet, Publishable
from .fields import KeyField, validate_amount
from .reference import Party, Source, Summit, Theme


class Wording(models.Model):
    """The public fields of a commitment, the same in the working copy and in each published revision."""

    title = models.CharField(_("title"), max_length=200, help_text=_("Ten words or fewer."))
    summary = models.TextField(_("summary"), help_text=_("What was promised, by whom, to whom, in your own words."))
    basis = models.CharField(_("basis"), max_length=30, choices=Basis, help_text=_("What the promise rests on."))
    obligation = models.CharField(
        _("obligation"), max_length=20, choices=Obligation, help_text=_("Done once, again and again, or only aimed at.")
    )
    checkable = models.CharField(
        _("checkable"), max_length=10, choices=Checkable, help_text=_("Whether anybody could tell that it was done.")
    )
    checkable_note = models.TextField(_("why"), help_text=_("One sentence: what could be checked, or why nothing can."))
    kind = models.CharField(_("kind"), max_length=30, choices=Kind, help_text=_("What sort of thing was promised."))
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        verbose_name=_("theme"),
        related_name="%(class)ss",
        help_text=_("The field of policy under which readers look for it."),
    )
    summit = models.ForeignKey(
        Summit,
        models.PROTECT,
        verbose_name=_("summit"),
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text=_("Where it was made. Empty only for an analyst's recommendation."),
    )
    made_on = models.DateField(_("made on"), help_text=_("The day of the promise."))
    target_quantity = models.DecimalField(
        _("target"),
        max_digits=24,
        decimal_places=4,
        validators=[validate_amount],
        null=True,
        blank=True,
        help_text=_("The promised amount as declared. Leave all three target fields empty where none was named."),
    )
    target_unit = models.CharField(
        _("unit"), max_length=50, blank=True, help_text=_("What the amount is in: USD, people, projects.")
    )
    target_measure = models.CharField(_("measure"), max_length=200, blank=True, help_text=_("What is counted."))
    due = models.DateField(_("due"), null=True, blank=True, help_text=_("The deadline; empty where none was set."))
    responsible = models.CharField(
        _("responsible"), max_length=300, blank=True, help_text=_("The body in charge, if a source says.")
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name=_("source"),
        related_name="%(class)ss",
        help_text=_("Where the promise is recorded."),
    )
    locator = models.CharField(_("locator"), max_length=300, blank=True, help_text=_("Page, paragraph or section."))
    superseded_by = models.ForeignKey(
        "commitments.Commitment",
        models.PROTECT,
        verbose_name=_("superseded by"),
        null=True,
        blank=True,
        related_name="%(class)ss_superseded",
        help_text=_("The later commitment that took its place."),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("For readers, beside the promise."))

    class Meta:
        abstract = True
        # Both tables hold the same rules; %(class)s keeps their names apart.
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(summary="") & ~Q(checkable_note=""), name="%(class)s_worded"
            ),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="%(class)s_basis_known"),
            models.CheckConstraint(condition=Q(obligation__in=Obligation.values), name="%(class)s_obligation_known"),
            models.CheckConstraint(condition=Q(checkable__in=Checkable.values), name="%(class)s_checkable_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="%(class)s_kind_known"),
            models.CheckConstraint(
                condition=Q(summit__isnull=False) | Q(basis=Basis.ANALYST_RECOMMENDATION), name="%(class)s_has_summit"
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(due__gte=F("made_on")), name="%(class)s_due_after_made"
            ),
            models.CheckConstraint(
                condition=(
                    Q(target_quantity__isnull=True, target_unit="", target_measure="")
                    | Q(target_quantity__gt=0) & ~Q(target_unit="") & ~Q(target_measure="")
                ),
                name="%(class)s_target_whole_or_none",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_counted(self):
        """Whether it enters the totals."""
        return self.basis not in UNCOUNTED_BASES and self.checkable != Checkable.NO

    def percent_of_target(self, progress):
        """A measured amount in per cent of the target, a Decimal that may pass 100; None where either is missing."""
        if progress is None or not self.target_quantity:
            return None
        return progress * 100 / self.target_quantity


# The plain columns that a revision copies from the working copy.
WORDING_FIELDS = tuple(field.name for field in Wording._meta.local_fields)


class CommitmentQuerySet(DraftQuerySet):
    """Questions about working copies, for the desk only."""

    def published(self):
        """Those with at least one published revision, retracted ones included."""
        return self.filter(revisions__edition__isnull=False).distinct()


class Commitment(Wording, Draft):
    """One promise: its key, which never changes, and the editors' working copy. No public query reads this table."""

    slug = KeyField(
        _("key"), unique=True, help_text=_("Lower-case words joined by hyphens; part of the address; it never changes.")
    )
    pledged_by = models.ManyToManyField(
        Party,
        verbose_name=_("pledged by"),
        blank=True,
        related_name="pledges",
        help_text=_("Who promised. Empty only for an analyst's recommendation."),
    )
    beneficiaries = models.ManyToManyField(
        Party, verbose_name=_("beneficiaries"), blank=True, related_name="benefits", help_text=_("Who was to gain.")
    )
    related = models.ManyToManyField(
        "self",
        verbose_name=_("related"),
        symmetrical=False,
        blank=True,
        related_name="+",
        help_text=_("Other commitments that belong to the same matter."),
    )
    restates = models.ManyToManyField(
        "self",
        verbose_name=_("restates"),
        symmetrical=False,
        blank=True,
        related_name="restated_by",
        help_text=_("Earlier commitments that this one repeats or raises."),
    )
    in_seed = models.BooleanField(
        _("in the seed"), default=False, help_text=_("Part of the list this register began with. For the desk only.")
    )

    next_review = models.DateField(
        _("next review"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The day on which somebody should look again; empty where the rule of reviews.py sets it."),
    )

    objects = CommitmentQuerySet.as_manager()
    history = HistoricalRecords(
        m2m_fields=[pledged_by, beneficiaries, related, restates], excluded_fields=["version", "earlier_writers"]
    )
    # In a tuple, since the model would attach it a second time.
    _recorders = (history,)

    class Meta(Wording.Meta):
        abstract = False
        ordering = ["-made_on", "slug"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            *Wording.Meta.constraints,
            models.CheckConstraint(condition=~Q(superseded_by=F("id")), name="commitment_not_superseded_by_itself"),
        ]

    def get_absolute_url(self):
        return reverse("commitments:commitment-detail", args=[self.slug])

    @contextmanager
    def recorded_once(self, kind="~"):
        """Whatever is saved and linked of it inside becomes one line of its history, "+" (made) or "~" (changed).

        By itself every set of links would write a line with all of them.
        """
        self.skip_history_when_saving = True
        try:
            yield
        finally:
            del self.skip_history_when_saving
        for recorder in self._recorders:
            recorder.create_historical_record(self, kind)


class Revision(Wording, Publishable):
    """The published wording of a commitment: one per edition that changed it, never changed afterwards."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="revisions")

    class Meta(Wording.Meta):
        abstract = False
        ordering = ["commitment", "edition"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            *Wording.Meta.constraints,
            models.UniqueConstraint(fields=["commitment", "edition"], name="revision_once_per_edition"),
        ]

    def get_absolute_url(self):
        return reverse("commitments:commitment-detail", args=[self.commitment.slug])

    def named(self, role):
        """The parties named in one role ("pledger", "beneficiary"), without those only meant by "all members"."""
        return [row.party for row in self.parties.all() if row.role == role and not row.as_member]

    def bound(self, role):
        """Every party of one role, the states that "all members" meant on the day included."""
        return [row.party for row in self.parties.all() if row.role == role]

    def named_in_words(self, role):
        """[(party, how it is called)] of those named in one role; the organisation as "all members (6 at the time)"."""
        members = sum(not party.stands_for_members for party in self.bound(role))
        all_members = ngettext("all members (%(n)s at the time)", "all members (%(n)s at the time)", members)
        return [
            (party, all_members % {"n": members} if party.stands_for_members else party.short_name)
            for party in self.named(role)
        ]


class RevisionParty(models.Model):
    """A party's part in a revision. ``as_member`` rows are the states that "all members" meant on the day."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="parties")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=PartyRole)
    as_member = models.BooleanField(default=False)

    class Meta:
        ordering = ["party__position", "party__code"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="revision_party_role_known"),
            models.UniqueConstraint(fields=["revision", "role", "party"], name="revision_party_once"),
        ]
        indexes = [models.Index(fields=["party", "role", "revision"], name="revision_party_filter")]

    def __str__(self):
        return f"{self.party_id} {self.role}"


class RevisionLink(models.Model):
    """A link from a revision to another commitment."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="links")
    target = models.ForeignKey(Commitment, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=LinkKind)

    class Meta:
        ordering = ["kind", "target__slug"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="revision_link_kind_known"),
            models.UniqueConstraint(fields=["revision", "kind", "target"], name="revision_link_once"),
        ]

    def __str__(self):
        return f"{self.kind} {self.target_id}"
