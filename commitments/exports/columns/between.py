"""The columns of two moments compared."""

from django.utils.translation import gettext_lazy as _

from .base import Column


def _at(side, name):
    """A field of the standing at one of two moments, None where it is not on record."""
    return lambda row: getattr(getattr(row, side), name) if getattr(row, side) else None


def _judgement(side, name):
    def value(row):
        standing = getattr(row, side)
        return getattr(standing.assessment, name) if standing and standing.assessment else None

    return value


def _wording(side):
    return lambda row: getattr(row, side).revision.edition_id if getattr(row, side) else None


BETWEEN = (
    Column("slug", "text", _("The key of the commitment."), lambda row: row.standing.slug),
    Column(
        "title",
        "text",
        _("Its title at the second moment, or the last it had."),
        lambda row: row.standing.revision.title,
    ),
    Column("changes", "list", _("What changed: status, new, withdrawn, wording, renewed."), lambda row: row.changes),
    Column(
        "status_before", "text", _("The status at the first moment; empty if not on record."), _at("before", "status")
    ),
    Column(
        "status_after", "text", _("The status at the second moment; empty if not on record."), _at("after", "status")
    ),
    Column("as_of_before", "date", _("The day that the first judgement describes."), _at("before", "as_of")),
    Column("as_of_after", "date", _("The day that the second judgement describes."), _at("after", "as_of")),
    Column("assessment_before", "text", _("The key of the first judgement."), _judgement("before", "key")),
    Column("assessment_after", "text", _("The key of the second judgement."), _judgement("after", "key")),
    Column("rationale", "text", _("Why the status of the second moment."), _judgement("after", "rationale")),
    Column("reworded", "list", _("The parts of the wording that changed."), lambda row: row.reworded),
    Column("wording_edition_before", "integer", _("The edition of the first wording."), _wording("before")),
    Column("wording_edition_after", "integer", _("The edition of the second wording."), _wording("after")),
    Column("reason", "text", _("Why it was withdrawn."), lambda row: row.reason),
    Column("since_as_of", "date", _("The day of the first moment."), lambda row: row.comparison.first.as_of),
    Column("since_edition", "integer", _("The edition of the first moment."), lambda row: row.comparison.first.edition),
    Column("moment_as_of", "date", _("The day of the second moment."), lambda row: row.comparison.second.as_of),
    Column(
        "moment_edition", "integer", _("The edition of the second moment."), lambda row: row.comparison.second.edition
    ),
)
