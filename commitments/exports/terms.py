"""On what terms the data may be used: stated once, for the data page and for machines."""

from django.utils.translation import gettext_lazy as _

NAME = "CC BY 4.0"
ADDRESS = "https://creativecommons.org/licenses/by/4.0/"
SENTENCES = (
    _("The texts of the catalogue are our own words and may be used under this licence: say where they are from."),
    _("That does not reach the sources they name. Those belong to their publishers; nothing of them is quoted here."),
)
