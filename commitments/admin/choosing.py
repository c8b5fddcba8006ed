"""From a list of drafts to the page on which a publisher reads them."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# So many drafts are read on one page, and named in one address.
MOST_AT_ONCE = 100


class ReviewChosen:
    """Adds to a list of drafts the action that opens the chosen ones for review; nothing is published from a list."""

    actions = ("review_chosen",)

    def has_review_permission(self, request):
        """Whether the list offers to review: to all who may see what awaits a second person."""
        return request.user.has_perm("commitments.view_edition")

    @admin.action(description=gettext_lazy("Review the chosen ones"), permissions=["review"])
    def review_chosen(self, request, queryset):
        """Open those of the chosen that wait for a second person, to be read and published together."""
        waiting = queryset.order_by("pk").filter(submitted_at__isnull=False).values_list("pk", flat=True)
        tokens = [f"{self.opts.model_name}-{pk}" for pk in waiting[: MOST_AT_ONCE + 1]]
        left_out = queryset.count() - waiting.count()
        if len(tokens) > MOST_AT_ONCE:
            messages.error(request, _("Choose at most %(most)s at once.") % {"most": MOST_AT_ONCE})
            return None
        if not tokens:
            messages.error(request, _("None of the chosen waits for a second person."))
            return None
        if left_out:
            sentence = ngettext(
                "%(count)s of the chosen does not wait for a second person and is left out.",
                "%(count)s of the chosen do not wait for a second person and are left out.",
                left_out,
            )
            messages.warning(request, sentence % {"count": left_out})
        return HttpResponseRedirect(
            f"{reverse('admin:commitments_review')}?{urlencode({'record': tokens}, doseq=True)}"
        )
