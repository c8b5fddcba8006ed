"""What was met at the addresses of sources, and the questions about sources that this answers."""

import datetime

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from commitments.addresses import digest
from commitments.choices import DEAD, VisitedAddress, VisitOutcome


class AddressDigestField(models.CharField):
    """The digest of the address that stands in the field ``of``, kept by whatever writes the row."""

    def __init__(self, *args, of="url", **kwargs):
        self.of = of
        kwargs |= {"max_length": 64, "blank": True, "editable": False, "db_index": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance, add):
        value = digest(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


class SourceQuerySet(models.QuerySet):
    """Questions about the addresses of sources. What writes an address here writes its digest with it."""

    def update(self, **values):
        # An expression is that of bulk_update, which brings the digests along.
        if isinstance(values.get("url"), str):
            values["url_digest"] = digest(values["url"])
        return super().update(**values)

    update.alters_data = True

    def bulk_update(self, objs, fields, **options):
        objs, fields = tuple(objs), list(fields)
        if "url" in fields:
            fields.append("url_digest")
            for one in objs:
                one.url_digest = digest(one.url)
        return super().bulk_update(objs, fields, **options)

    bulk_update.alters_data = True

    def at_address(self, url):
        """Those whose address leads to the same document as ``url``; none for ''."""
        return self.filter(url_digest=digest(url)) if url else self.none()

    def with_last_visit(self):
        """Each with ``visit_outcome`` and ``visited_at`` of the newest visit of its address, None where there is none.

        A visit of an address that has been replaced since tells nothing of the present one.
        """
        visits = LinkVisit.objects.filter(source=OuterRef("pk"), which=VisitedAddress.URL, address=OuterRef("url"))
        newest = visits.order_by("-visited_at", "-pk")
        return self.annotate(
            visit_outcome=Subquery(newest.values("outcome")[:1]), visited_at=Subquery(newest.values("visited_at")[:1])
        )

    def dead(self):
        """Those whose address led a reader to no document when it was last visited: an outcome in DEAD."""
        return self.with_last_visit().filter(visit_outcome__in=DEAD)


class LinkVisitQuerySet(models.QuerySet):
    """Questions about visits."""

    def shown_at(self, source, moment):
        """The newest visit of a source's present address that a page of a Moment tells of, or None.

        Away from now it tells of days that were over then, so that no later visit changes it.
        """
        found = self.filter(source=source, which=VisitedAddress.URL, address=source.url)
        if not moment.is_now:
            day = datetime.datetime.combine(moment.as_of, datetime.time(), tzinfo=datetime.UTC)
            found = found.filter(visited_at__lt=day)
        return found.first()


class LinkVisit(models.Model):
    """One visit of an address of a source, and what was met there. It changes nothing about the source."""

    source = models.ForeignKey(
        "commitments.Source", models.CASCADE, verbose_name=_("source"), related_name="visits", editable=False
    )
    which = models.CharField(_("which address"), max_length=10, choices=VisitedAddress)
    address = models.URLField(_("address"), max_length=1000)
    visited_at = models.DateTimeField(_("visited at"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=VisitOutcome)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    final_address = models.TextField(_("answered at"), blank=True)
    title = models.CharField(_("title of the page"), max_length=500, blank=True)

    objects = LinkVisitQuerySet.as_manager()

    class Meta:
        ordering = ["-visited_at", "-pk"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [models.Index(F("source"), F("which"), F("visited_at").desc(), name="visit_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=VisitOutcome.values), name="visit_outcome_known"),
            models.CheckConstraint(condition=Q(which__in=VisitedAddress.values), name="visit_which_known"),
            models.CheckConstraint(condition=~Q(address=""), name="visit_addressed"),
        ]

    def __str__(self):
        return f"{self.address} {self.visited_at:%Y-%m-%d}: {self.outcome}"

    @property
    def meaning(self):
        """What the outcome means, a sentence."""
        return VisitOutcome(self.outcome).meaning
