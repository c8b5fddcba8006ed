"""Finds the record an address names, or says what was not found."""

from django.http import Http404
from django.utils.translation import gettext as _


def found_or_404(queryset, **identity):
    """The one record with that identity; Http404 with a sentence for the reader."""
    record = queryset.filter(**identity).first()
    if record is None:
        (value,) = identity.values()
        noun = queryset.model._meta.verbose_name
        raise Http404(_("There is no %(noun)s “%(value)s”.") % {"noun": noun, "value": value})
    return record
