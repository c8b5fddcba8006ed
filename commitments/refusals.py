"""What the constraints of the database ask of an editor, in sentences; the desk's forms and the import say the same."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.ledger import QUOTATION_MARKS

# Database constraints that an editor can meet: the field to look at, and how to mend it.
SENTENCES = {
    "assessment_confidence_by_status": (
        "confidence",
        _("Give a confidence with every status but “No evidence found”, and none with that one."),
    ),
    "assessment_closure_reason_by_status": (
        "closure_reason",
        _("“Superseded” needs a closure reason, “Not fulfilled” may have one, and every other status has none."),
    ),
    "assessment_progress_not_negative": ("progress", _("Progress is zero or more.")),
    "assessment_reason_of_correction": (
        "correction_reason",
        _("Only a correction says what was mistaken; leave it empty here."),
    ),
    "commitment_has_summit": ("summit", _("Name the summit; only an analyst's recommendation has none.")),
    "commitment_due_after_made": ("due", _("The deadline lies before the day of the promise.")),
    "commitment_target_whole_or_none": (
        "target_quantity",
        _("Give the target an amount above zero, a unit and a measure, or leave all three empty."),
    ),
    "commitment_not_superseded_by_itself": ("superseded_by", _("A commitment does not supersede itself.")),
    "source_issuer_official": ("issuer", _("Only an official document or statement has an issuer.")),
    "source_url_once": ("url", _("Another source has this address already.")),
    "summit_ends_after_it_begins": ("end_date", _("The last day comes after the first; leave it empty for one day.")),
}


def quoting(names):
    """The Q of rows in which one of the fields ``names`` holds a quotation mark."""
    found = Q()
    for name in names:
        for mark in QUOTATION_MARKS:
            found |= Q(**{f"{name}__contains": mark})
    return found


def quotes(*texts):
    """Whether one of the texts holds a quotation mark."""
    return any(mark in text for text in texts for mark in QUOTATION_MARKS)
