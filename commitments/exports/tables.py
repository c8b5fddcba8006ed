"""The tables that readers may take away: address, what a row is, and the columns; and how each type is written."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .columns import CHANGES, COMMITMENTS, SCORES


@dataclass(frozen=True)
class Table:
    """One table: ``key`` in addresses of this page, ``address`` the name of its URL pattern."""

    key: str
    address: str
    label: str
    meaning: str
    columns: tuple

    @property
    def urlname(self):
        """The full name of its URL pattern, for templates."""
        return f"commitments:{self.address}"


TABLES = (
    Table(
        "commitments",
        "commitment-csv",
        _("Commitments"),
        _("One row per commitment: the promise, and what came of it at the moment asked for."),
        COMMITMENTS,
    ),
    Table(
        "changes",
        "change-csv",
        _("Changes"),
        _("One row per record that an edition made public, and per change of a name or address."),
        CHANGES,
    ),
    Table(
        "scores",
        "score-csv",
        _("Scores"),
        _("One row per member and commitment that binds members singly: the score, and why, or why there is none."),
        SCORES,
    ),
)

TYPES = {
    "text": _("as it stands; a text that a spreadsheet would run as a formula has one apostrophe in front"),
    "date": _("YYYY-MM-DD"),
    "datetime": _("YYYY-MM-DDThh:mm:ssZ, in UTC"),
    "boolean": _("yes or no"),
    "number": _("digits with a point before decimals, without separators of thousands"),
    "integer": _("digits"),
    "list": _("keys or codes with “; ” between them"),
}
