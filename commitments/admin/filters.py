"""The facets of the desk's lists."""

import datetime

from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from commitments import attention, drafts, reviews
from commitments.choices import Status, VisitOutcome
from commitments.models import Source, Standing
from commitments.moment import Moment

YEAR = datetime.timedelta(days=365)


def standings():
    """What holds now for every published commitment, and when it is reviewed next."""
    return reviews.with_review(Standing.objects.at(Moment.now()))


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
    """Where a draft stands on its way to the public; a working copy is published where nobody has changed it since."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("draft", _("Draft")),
            ("submitted", _("Submitted")),
            ("returned", _("Returned")),
            ("published", _("Published")),
        ]

    def __init__(self, request, params, model, model_admin):
        self.model = model
        super().__init__(request, params, model, model_admin)

    def condition(self, value):
        return drafts.in_state(self.model, value)


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
        return drafts.written_by(self.person) if value == "me" else drafts.written_by_others(self.person)


class Attention(Facet):
    """What the record needs: the queues of attention.py that are about this table."""

    title = _("needs attention")
    parameter_name = "attention"

    def __init__(self, request, params, model, model_admin):
        self.model = model
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(queue.name, queue.label) for queue in attention.about(self.model)]

    def condition(self, value):
        return Q(pk__in=attention.BY_NAME[value].records(self.moment))


class LastVisit(Facet):
    """What the newest visit of a source's address met."""

    title = _("last visit")
    parameter_name = "visit"

    def lookups(self, request, model_admin):
        return [*VisitOutcome.choices, ("never", _("Never visited"))]

    def condition(self, value):
        wanted = {"visit_outcome": None} if value == "never" else {"visit_outcome": value}
        return Q(pk__in=Source.objects.with_last_visit().filter(**wanted).values("pk"))


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
