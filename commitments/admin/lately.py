"""What became of somebody's work: the records of theirs that were published lately."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.choices import Origin
from commitments.drafts import written_by
from commitments.models import Assessment, Edition, Reply, Retraction, Revision

# A wording is its author's by its revision: the working copy has no author once it is published.
PATHS = {
    Revision: ("commitment",),
    Assessment: ("commitment",),
    Reply: ("assessment__commitment",),
    Retraction: ("commitment", "assessment__commitment", "reply__assessment__commitment"),
}
DAYS = 30
SHOWN = 8


@dataclass(frozen=True)
class Published:
    """A record of somebody's, and the Edition (with its day and its publisher) that made it public."""

    record: object
    edition: Edition
    subject: object

    @property
    def kind(self):
        if getattr(self.record, "corrects_id", None):
            return _("correction")
        return self.subject._meta.verbose_name if isinstance(self.record, Revision) else self.record._meta.verbose_name

    @property
    def name(self):
        return str(self.subject if isinstance(self.record, Revision | Retraction) else self.record)

    @property
    def address(self):
        """The public page as this edition left it."""
        return f"{self.subject.get_absolute_url()}?edition={self.edition.number}"


def published_lately(person, *, days=DAYS, shown=SHOWN):
    """The newest records that ``person`` wrote or edited and a second person published in the last ``days``.

    Returns a list of at most ``shown`` Published, newest first; the number of queries does not grow with them.
    """
    since = timezone.now() - datetime.timedelta(days=days)
    found = []
    for model, paths in PATHS.items():
        rows = model._base_manager.filter(
            written_by(person), edition__published_at__gte=since, edition__origin=Origin.DESK
        )
        rows = rows.select_related("edition__published_by", *paths).order_by("-edition", "-pk")[:shown]
        found += [Published(row, row.edition, _subject(row)) for row in rows]
    return sorted(found, key=lambda one: one.edition.number, reverse=True)[:shown]


def _subject(row):
    if isinstance(row, Retraction):
        return row.subject
    return row.assessment.commitment if isinstance(row, Reply) else row.commitment
