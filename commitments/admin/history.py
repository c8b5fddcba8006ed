"""The pages of the trail: every change of every record, newest first, and those of one record. They are only read."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from commitments.models import Edition, Person

from . import trail

ON_A_PAGE = 50


class Day(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def format_value(self, value):
        return value.isoformat() if hasattr(value, "isoformat") else value


class AskForm(forms.Form):
    """What of the trail somebody wants to see."""

    person = forms.ModelChoiceField(
        Person.objects.order_by("username"),
        required=False,
        label=gettext_lazy("Who"),
        empty_label=gettext_lazy("anybody"),
    )
    since = forms.DateField(required=False, label=gettext_lazy("From"), widget=Day)
    until = forms.DateField(required=False, label=gettext_lazy("To"), widget=Day)
    kind = forms.ChoiceField(required=False, label=gettext_lazy("Kind of record"))
    text = forms.CharField(required=False, label=gettext_lazy("Name of the record"), max_length=200)

    def __init__(self, *args, models, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(model._meta.model_name, model._meta.verbose_name) for model in (*models, Edition)]
        self.fields["kind"].choices = [("", _("every kind")), *named]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return cleaned


def seen_by(person):
    """The models whose records a person may see."""
    return [
        model
        for name, model in trail.KINDS.items()
        if person.has_perm(f"commitments.view_{name}") or person.has_perm(f"commitments.change_{name}")
    ]


def trail_urls(site):
    """The address of the trail, for the admin site ``site``."""
    return [path("history/", site.admin_view(lambda request: everything(request, site)), name="trail")]


@require_safe
def everything(request, site):
    """Every change of every record that the reader may see, narrowed by what is asked."""
    models = seen_by(request.user)
    if not models:
        raise PermissionDenied
    form = AskForm(request.GET, models=models)
    wanted = trail.Wanted(**form.cleaned_data) if form.is_valid() else None
    context = {"title": _("History"), "form": form}
    return page(request, site, wanted, models, context)


def page(request, site, wanted, models, context):
    """One page of what is ``wanted``; nothing where it is None."""
    found = trail.entries(wanted, models) if wanted else []
    pages = Paginator(found, ON_A_PAGE)
    one = pages.get_page(request.GET.get("p"))
    asked = request.GET.copy()
    asked.pop("p", None)
    context = {
        **site.each_context(request),
        "subtitle": None,
        "page": one,
        "numbers": pages.get_elided_page_range(one.number),
        "asked": asked.urlencode(),
        "entries": trail.told(list(one.object_list)),
        **context,
    }
    return TemplateResponse(request, "admin/commitments/trail.html", context)


class ShowsTrail:
    """For a table: “History” at a record shows its changes, those of its rows and the editions that published it."""

    def history_view(self, request, object_id, extra_context=None):
        """The trail of one record, also of one that is gone."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        obj = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        if not object_id.isdecimal() or not (obj or self.model.history.filter(id=object_id).exists()):
            raise Http404
        wanted = trail.Wanted(record=(self.opts.model_name, int(object_id)))
        context = {"title": _("History of %(record)s") % {"record": obj or _("a deleted record")}, "opts": self.opts}
        return page(request, self.admin_site, wanted, seen_by(request.user), context | {"original": obj})
