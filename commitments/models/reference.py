"""What commitments refer to: parties with their dated roles, themes, summits and sources.

These rows are shown as they are now; they are not part of the ledger. Their history is kept for the desk.
"""

from concurrency.fields import AutoIncVersionField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from commitments.choices import OFFICIAL_KINDS, Body, PartyKind, Role, SourceKind, Terms

from .fields import BytewiseCharField, KeyField, PartialDateField, span, validate_code
from .visit import AddressDigestField, SourceQuerySet

models.CharField.register_lookup(Length)


def as_recorded(entry):
    """The record that an entry of its history describes; unlike ``entry.instance`` it asks the database for nothing.

    What the history does not keep has its default.
    """
    return entry.instance_type(**{one.attname: getattr(entry, one.attname) for one in entry.tracked_fields})


class PartyQuerySet(models.QuerySet):
    """Questions about who belonged to the organisation, and when."""

    def members_on(self, day):
        """The list of states that were members of the organisation on ``day`` (a date), in the order of the register.

        A role that began or ended on a day known only by its month or year counts from that span's first day to
        its last.
        """
        roles = Membership.objects.filter(role=Role.MEMBER).select_related("party")
        # A set: the desk may have recorded one membership twice, by its day and by its year.
        found = {role.party for role in roles if role.covers(day)}
        return sorted(found, key=lambda party: (party.position, party.code))


class Party(models.Model):
    """A state or organisation that pledges, benefits or speaks."""

    code = BytewiseCharField(
        _("code"),
        max_length=20,
        unique=True,
        validators=[validate_code],
        help_text=_("ISO 3166-1 alpha-2 for a state. It never changes."),
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("The full name in English."))
    short_name = models.CharField(_("short name"), max_length=100, help_text=_("As readers see it in lists."))
    name_ru = models.CharField(_("name in Russian"), max_length=100, blank=True, help_text=_("The common short form."))
    name_zh = models.CharField(_("name in Chinese"), max_length=100, blank=True, help_text=_("The common short form."))
    kind = models.CharField(_("kind"), max_length=20, choices=PartyKind, help_text=_("A state or an organisation."))
    stands_for_members = models.BooleanField(
        _("stands for all members"),
        default=False,
        help_text=_("Tick for the organisation itself: as pledger or beneficiary it means every member of that day."),
    )
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Place in every list of parties."))
    version = AutoIncVersionField()

    objects = PartyQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PartyKind.values), name="party_kind_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(short_name=""), name="party_named"),
        ]

    def __str__(self):
        return self.short_name

    def get_absolute_url(self):
        return reverse("commitments:party-detail", args=[self.code])


class Theme(models.Model):
    """A field of policy by which commitments are grouped."""

    slug = KeyField(_("key"), unique=True, help_text=_("Part of the address; it never changes."))
    name = models.CharField(_("name"), max_length=100, help_text=_("As readers see it."))
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Place in every list of themes."))
    version = AutoIncVersionField()

    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="theme_named")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("commitments:theme-detail", args=[self.slug])


class Source(models.Model):
    """One document."""

    key = KeyField(
        _("key"), unique=True, max_length=150, help_text=_("Publisher and date, or a name; it never changes.")
    )
    title = models.CharField(_("title"), max_length=500, help_text=_("The page's own title."))
    title_note = models.CharField(
        _("note on the title"), max_length=200, blank=True, help_text=_("Where the title is ours, say so.")
    )
    publisher = models.CharField(
        _("publisher"), max_length=200, help_text=_("Who published the page; “A, from B” where A reprints B.")
    )
    issuer = models.ForeignKey(
        Party,
        models.PROTECT,
        verbose_name=_("issuer"),
        null=True,
        blank=True,
        related_name="issued_sources",
        help_text=_("The party for which an official text speaks. Leave it empty for everyone else."),
    )
    url = models.URLField(_("address"), max_length=1000, blank=True, help_text=_("As you found it."))
    url_digest = AddressDigestField(_("digest of the address"), of="url")
    archived_url = models.URLField(
        _("archived address"),
        max_length=1000,
        blank=True,
        help_text=_("Where an archive keeps a copy that the publisher cannot change."),
    )
    published = PartialDateField(
        _("published"), blank=True, help_text=_("As precise as the source says: 2006, 2006-09 or 2006-09-15.")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=SourceKind, help_text=_("What sort of text it is."))
    language = models.CharField(
        _("language"), max_length=3, help_text=_("The language as its ISO 639 code, such as en, ru or zh.")
    )
    terms = models.CharField(
        _("terms"), max_length=20, choices=Terms, default=Terms.OPEN, help_text=_("What the rights holder allows.")
    )
    usage = models.TextField(_("usage"), blank=True, help_text=_("The terms in words. Never public."))
    last_checked = models.DateField(
        _("last checked"), null=True, blank=True, help_text=_("The day on which somebody last saw it at its address.")
    )
    version = AutoIncVersionField()

    objects = SourceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "url_digest"])

    class Meta:
        ordering = ["key"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SourceKind.values), name="source_kind_known"),
            models.CheckConstraint(condition=Q(terms__in=Terms.values), name="source_terms_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(publisher=""), name="source_named"),
            models.CheckConstraint(
                condition=Q(issuer__isnull=True) | Q(kind__in=OFFICIAL_KINDS), name="source_issuer_official"
            ),
            models.UniqueConstraint(fields=["url"], condition=~Q(url=""), name="source_url_once"),
        ]

    def __str__(self):
        return f"{self.title} ({self.publisher})"

    @property
    def is_citable(self):
        """Whether the public may see which source this is."""
        return self.terms != Terms.NO_CITATION

    @property
    def is_official(self):
        return self.kind in OFFICIAL_KINDS

    def get_absolute_url(self):
        """The public page; None for a source that may not be cited, which has none."""
        return reverse("commitments:source-detail", args=[self.key]) if self.is_citable else None


class Summit(models.Model):
    """A meeting that makes commitments."""

    key = KeyField(_("key"), unique=True, help_text=_("Place and year; part of the address; it never changes."))
    name = models.CharField(
        _("name"), max_length=200, unique=True, help_text=_("The meeting and its year, as readers see it.")
    )
    body = models.CharField(_("body"), max_length=30, choices=Body, help_text=_("Which council met there."))
    date = models.DateField(_("first day"), help_text=_("The day on which it began."))
    end_date = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Only where a source gives more than one day.")
    )
    place = models.CharField(_("place"), max_length=100, help_text=_("The town where it met."))
    country = models.ForeignKey(
        Party,
        models.PROTECT,
        verbose_name=_("country"),
        related_name="hosted_summits",
        help_text=_("The state that was its host."),
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name=_("source"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The document that records the meeting."),
    )
    version = AutoIncVersionField()

    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["-date", "key"]
        verbose_name = _("summit")
        verbose_name_plural = _("summits")
        constraints = [
            models.CheckConstraint(condition=Q(body__in=Body.values), name="summit_body_known"),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gt=models.F("date")),
                name="summit_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def last_day(self):
        return self.end_date or self.date

    def get_absolute_url(self):
        return reverse("commitments:summit-detail", args=[self.key])


class Membership(models.Model):
    """A party's dated role in the organisation."""

    party = models.ForeignKey(
        Party,
        models.PROTECT,
        verbose_name=_("party"),
        related_name="memberships",
        help_text=_("The party that has the role."),
    )
    role = models.CharField(
        _("role"), max_length=20, choices=Role, help_text=_("What it is in the organisation from that day.")
    )
    since = PartialDateField(_("since"), help_text=_("The day it took effect: 2017, 2017-06 or 2017-06-09."))
    until = PartialDateField(_("until"), blank=True, help_text=_("The day it ended; empty while it lasts."))
    decided = PartialDateField(_("decided"), blank=True, help_text=_("The day a summit decided it, where it differs."))
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name=_("source"),
        null=True,
        related_name="+",
        help_text=_("The document that says so."),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("For readers, on what the source leaves open."))
    version = AutoIncVersionField()

    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["party", "since", "pk"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.UniqueConstraint(fields=["party", "role", "since"], name="membership_once"),
        ]

    def __str__(self):
        return f"{self.party}: {self.get_role_display()}, {self.since}–{self.until}"

    def covers(self, day):
        """Whether the role held on ``day``; the day it ended belongs to what came after."""
        return span(self.since)[0] <= day and (not self.until or day < span(self.until)[1])

    def began_by(self, day):
        """Whether the role had begun by ``day``, whatever became of it since."""
        return span(self.since)[0] <= day
