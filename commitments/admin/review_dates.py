"""The day on which a commitment is looked at next: shown beside it, and set on a page of its own.

A page of its own, since the day is no wording: setting it makes no draft, asks for no publication and meets no other
editor's form.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import reviews


class ReviewDateForm(forms.Form):
    """The day, or nothing to leave it to the rule."""

    next_review = forms.DateField(
        label=gettext_lazy("Next review"),
        required=False,
        # The browser's own calendar: the admin's offers “Today”, which is no day to set.
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The day on which somebody should look again. Leave it empty to go by the rule."),
        error_messages={"invalid": gettext_lazy("Write a day as YYYY-MM-DD, for example 2027-03-01.")},
    )

    def clean_next_review(self):
        day = self.cleaned_data["next_review"]
        # A day set long ago may stay; one that is set now and has come already would be settled by today's work.
        if day and day != self.initial["next_review"] and day <= timezone.localdate():
            raise ValidationError(
                _("%(day)s is not ahead of us; choose a day after today, or leave it empty to go by the rule."),
                params={"day": date_format(day, "j F Y")},
            )
        return day


def in_words(day):
    """A day as people read it; "by the rule" where there is none."""
    return date_format(day, "j F Y") if day else _("by the rule")


class ReviewDate:
    """Adds to the table of commitments the day of the next review, and the page that sets it by hand."""

    @admin.display(description=gettext_lazy("next review"))
    def review_shown(self, obj):
        return (obj.held[0].review_on if obj.held else None) or "—"

    @admin.display(description=gettext_lazy("next review"))
    def review_told(self, obj):
        """The day with its reason."""
        standing = reviews.review_of(obj) if obj.pk else None
        if standing is None:
            return _("Not before it is public.")
        day = date_format(standing.review_on, "j F Y") if standing.review_on else _("None")
        return f"{day}. {reviews.why(standing)}"

    def tools(self, request, obj):
        yield from super().tools(request, obj)
        if self.has_change_permission(request, obj):
            yield _("Set next review"), reverse("admin:commitments_commitment_review_date", args=[obj.pk]), False

    def get_urls(self):
        address = path(
            "<path:object_id>/review-date/",
            self.admin_site.admin_view(self.review_date_view),
            name="commitments_commitment_review_date",
        )
        return [address, *super().get_urls()]

    def review_date_view(self, request, object_id):
        """Ask for the day (GET); keep it (POST)."""
        commitment = self.get_object(request, unquote(object_id))
        if commitment is None:
            raise Http404
        if not self.has_change_permission(request, commitment):
            raise PermissionDenied
        form = ReviewDateForm(request.POST or None, initial={"next_review": commitment.next_review})
        back = reverse("admin:commitments_commitment_change", args=[commitment.pk])
        if request.method == "POST" and form.is_valid():
            self._keep(request, commitment, form.cleaned_data["next_review"])
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Next review"),
            "subtitle": None,
            "opts": self.opts,
            "original": commitment,
            "form": form,
            "told": self.review_told(commitment),
            "back": back,
        }
        return TemplateResponse(request, "admin/commitments/review_date.html", context)

    def _keep(self, request, commitment, day):
        before = commitment.next_review
        if day != before:
            reviews.set_by_hand(commitment, day)
            said = _("Next review: %(day)s, before: %(before)s.")
            self.log_change(request, commitment, said % {"day": in_words(day), "before": in_words(before)})
        messages.success(request, _("Next review: %(day)s. Readers see nothing of it.") % {"day": in_words(day)})
