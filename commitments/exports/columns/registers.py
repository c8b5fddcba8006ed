"""The columns of sources, assessments and evidence, as the desk takes them out and in."""

from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from .base import Column


def _plain(name, kind, meaning):
    return Column(name, kind, meaning, attrgetter(name))


def _of(path):
    """What a path of attributes leads to, None where it ends before."""

    def value(row):
        for name in path.split("."):
            row = getattr(row, name) if row is not None else None
        return row

    return value


def assessment_key(assessment):
    """How a file names an assessment: by its key once it is published, else as "draft-12"."""
    return assessment.key if assessment.edition_id else f"draft-{assessment.pk}"


SOURCES = (
    _plain("key", "text", _("The key of the source; it never changes.")),
    _plain("title", "text", _("The document's own title.")),
    _plain("title_note", "text", _("Where the title is ours, that it is.")),
    _plain("publisher", "text", _("Who published it.")),
    Column("issuer", "text", _("The code of the party for which an official text speaks."), _of("issuer.code")),
    _plain("url", "text", _("Its address.")),
    _plain("archived_url", "text", _("The address of an archived copy.")),
    _plain("published", "text", _("When it was published: YYYY, YYYY-MM or YYYY-MM-DD.")),
    _plain("kind", "text", _("What sort of text it is.")),
    _plain("language", "text", _("Its language, as an ISO 639 code.")),
    _plain("terms", "text", _("What its rights holder allows.")),
    _plain("usage", "text", _("The terms in words; for the desk only.")),
    _plain("last_checked", "date", _("The day on which somebody last saw it at its address.")),
)

ASSESSMENTS = (
    Column("key", "text", _("The key of the judgement; draft-12 for a draft."), assessment_key),
    Column("commitment", "text", _("The key of the commitment."), _of("commitment.slug")),
    _plain("as_of", "date", _("The day the judgement describes.")),
    _plain("status", "text", _("What came of the commitment.")),
    _plain("progress", "number", _("The measured amount in the target's unit.")),
    _plain("stage", "text", _("How far promised money has come.")),
    _plain("confidence", "text", _("How firm the ground of the judgement is.")),
    _plain("closure_reason", "text", _("Why it was closed.")),
    _plain("rationale", "text", _("Why this status.")),
    _plain("note", "text", _("A note on the judgement.")),
    _plain("below_rule", "text", _("The evidence rule it falls short of, and why.")),
    Column("corrects", "text", _("The key of the judgement that it corrects."), _of("corrects.key")),
    _plain("correction_reason", "text", _("What was mistaken in the judgement that it corrects.")),
    Column("edition", "integer", _("The edition that published it; empty for a draft."), attrgetter("edition_id")),
)

EVIDENCE = (
    Column(
        "assessment",
        "text",
        _("The key of the judgement that rests on it; draft-12 for a draft."),
        lambda row: assessment_key(row.assessment),
    ),
    Column("source", "text", _("The key of the source."), _of("source.key")),
    _plain("bearing", "text", _("Which way the source points.")),
    _plain("shows", "text", _("What the source shows, in our own words.")),
    _plain("locator", "text", _("Where in the source.")),
)
