"""The facets of the desk's lists."""

import datetime

from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from commitments.choices import Status
from commitments.models import Standing
from commitments.moment import Moment

YEAR = datetime.timedelta(days=365)


def standings():
    """What holds now for every published commitment."""
    return Standing.objects.at(Moment.now())


class Facet(SimpleListFilter):
    """A facet declared as choices and the condition of each."""

    def condition(self, value):
        """The Q of one choice."""
        raise NotImplementedError

    @cached_property
    def moment(self):
        """Now, looked up once for all choices of the facet."""
        return Moment.now()

    def holding(self, **conditions):
        """The ids of the commitments whose standing now meets ``conditions``."""
        return Standing.objects.at(self.moment).filter(**conditions).values("commitment")

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        self.request = request
        return queryset.filter(self.condition(self.value()))


class State(Facet):
    """Where a ledger row stands on its way to the public."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("draft", _("Draft")),
            ("submitted", _("Submitted")),
            ("returned", _("Returned")),
            ("published", _("Published")),
        ]

    def condition(self, value):
        conditions = {
            "published": Q(edition__isnull=False),
            "submitted": Q(edition=None, submitted_at__isnull=False),
            "returned": Q(edition=None, submitted_at=None) & ~Q(return_reason=""),
            "draft": Q(edition=None, submitted_at=None, return_reason=""),
        }
        return conditions[value]


class WordingState(State):
    """The same for a working copy: "published" where nobody has changed it since."""

    def condition(self, value):
        public = Q(pk__in=Standing.objects.values("commitment"))
        settled = public & Q(author=None, submitted_at=None, return_reason="")
        conditions = {
            "published": settled,
            "submitted": Q(submitted_at__isnull=False),
            "returned": Q(submitted_at=None) & ~Q(return_reason=""),
            "draft": Q(submitted_at=None, return_reason="") & ~settled,
        }
        return conditions[value]


class By(Facet):
    """Whose draft it is."""

    title = _("written by")
    parameter_name = "by"

    def lookups(self, request, model_admin):
        return [("me", _("Me")), ("others", _("Others"))]

    def __init__(self, request, params, model, model_admin):
        self.person = request.user
        super().__init__(request, params, model, model_admin)

    def condition(self, value):
        mine = Q(author=self.person) | Q(edited_by=self.person)
        return mine if value == "me" else ~mine & Q(author__isnull=False)


class StandingStatus(Facet):
    """The status that readers see now."""

    title = _("status now")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def condition(self, value):
        return Q(pk__in=self.holding(status=value))


class Overdue(Facet):
    """Due before today and not closed."""

    title = _("overdue")
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def condition(self, value):
        late = Q(pk__in=self.holding().overdue(timezone.localdate()))
        return late if value == "yes" else ~late


class Freshness(Facet):
    """How long ago the day of the judgement lies that holds now."""

    title = _("last judged")
    parameter_name = "freshness"

    def lookups(self, request, model_admin):
        return [
            ("year", _("Within a year")),
            ("three", _("One to three years ago")),
            ("older", _("More than three years ago")),
            ("never", _("Never")),
        ]

    def condition(self, value):
        today = timezone.localdate()
        spans = {
            "year": {"as_of__gt": today - YEAR},
            "three": {"as_of__lte": today - YEAR, "as_of__gt": today - 3 * YEAR},
            "older": {"as_of__lte": today - 3 * YEAR},
            "never": {"as_of": None},
        }
        return Q(pk__in=self.holding(**spans[value]))
