"""The columns of the table of changes."""

from django.utils.translation import gettext_lazy as _

from .base import Column

CHANGES = (
    Column(
        "edition", "integer", _("The edition; empty for a change of a name or address."), lambda row: row.edition_number
    ),
    Column("published_at", "datetime", _("When it became public, UTC."), lambda row: row.at),
    Column("origin", "text", _("desk or import; register for a name or address."), lambda row: row.origin),
    Column("kind", "text", _("The kind of change."), lambda row: row.kind),
    Column("commitment", "text", _("The key of the commitment concerned."), lambda row: row.slug),
    Column("title", "text", _("Its title by that edition."), lambda row: row.title),
    Column("record", "text", _("The key of the judgement, reply or other record."), lambda row: row.key),
    Column("as_of", "date", _("The day that a judgement describes."), lambda row: row.as_of),
    Column("status", "text", _("The status that a judgement gives."), lambda row: row.status),
    Column("status_before", "text", _("The standing on the edition's day before it."), lambda row: row.status_before),
    Column("status_after", "text", _("The standing on the edition's day after it."), lambda row: row.status_after),
    Column("text", "text", _("The reason: rationale, reason of a retraction, what changed."), lambda row: row.text),
)
