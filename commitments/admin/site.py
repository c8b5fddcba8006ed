"""The desk's name, and the panel on its first page that says what waits for the reader."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commitments.models import Commitment

from .publishing import KINDS, RELATED

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("The editors' desk")
# The lists need the width; the way back is in the breadcrumbs.
admin.site.enable_nav_sidebar = False

# More than this is a list of its own, one click away.
SHOWN = 8


def in_hand(model):
    """The drafts of ``model`` that nobody has published and nobody waits for."""
    if model is Commitment:
        # A working copy that has been published carries no author until somebody changes it again.
        return model.objects.filter(submitted_at=None, author__isnull=False)
    return model.objects.filter(submitted_at=None, edition=None)


def what_needs(person):
    """What waits for ``person``, as a dict for the first page of the desk.

    ``drafts`` and ``returned`` are lists of (record, address), ``lists`` are (label, number, address) of their drafts
    by kind; ``waiting`` is the number of submitted drafts, ``own_waiting`` how many of these the person wrote.
    """
    drafts, returned, lists, waiting, own_waiting = [], [], [], 0, 0
    for kind, model in KINDS.items():
        mine = Q(author=person) | Q(edited_by=person)
        records = list(in_hand(model).filter(mine).select_related(*RELATED[model]).order_by("-pk"))
        for record in records:
            entry = (record, reverse(f"admin:commitments_{kind}_change", args=[record.pk]))
            (returned if record.return_reason else drafts).append(entry)
        if records:
            address = reverse(f"admin:commitments_{kind}_changelist")
            lists.append((model._meta.verbose_name_plural, len(records), f"{address}?by=me"))
        writers = model.objects.filter(submitted_at__isnull=False).values_list("author", "edited_by")
        waiting += len(writers)
        own_waiting += sum(person.pk in pair for pair in writers)
    return {
        "drafts": drafts[:SHOWN],
        "draft_count": len(drafts),
        "returned": returned,
        "lists": lists,
        "waiting": waiting,
        "own_waiting": own_waiting,
    }
