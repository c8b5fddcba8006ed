"""The declared filters of the commitment list: the query string is the interface of page, CSV and facets alike."""

import datetime
import re
from functools import cached_property

import django_filters
from django import forms
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commitments import ingredients
from commitments.choices import UNCOUNTED_BASES, Basis, Checkable, Kind, Obligation, PartyRole, Status
from commitments.models import Party, RevisionParty, Standing, Summit, Theme
from commitments.moment import BadParameter
from commitments.record import marked
from commitments.search.query import LONGEST
from commitments.search.ranked import Search

YES_NO = [("yes", _lazy("Yes")), ("no", _lazy("No"))]
TOTALS = [("counted", _lazy("In the totals")), ("left-out", _lazy("Left out of the totals"))]
# How a promise was made: by one party in its own name, by several by name, or by the organisation for all its members.
PLEDGERS = [
    ("one", _lazy("One party alone")),
    ("several", _lazy("Several parties by name")),
    ("all-members", _lazy("All members")),
]
STATUS_PLACE = Case(
    *(When(status=status, then=Value(place)) for place, status in enumerate(Status.values)), output_field=IntegerField()
)
# A sort's value -> what readers read, and the order; ties always go by key.
SORTS = {
    "-made_on": (_lazy("Newest promise first"), ["-made_on"]),
    "made_on": (_lazy("Oldest promise first"), ["made_on"]),
    "due": (_lazy("Deadline"), [F("due").asc(nulls_last=True)]),
    "title": (_lazy("Title"), ["title_key"]),
    "status": (_lazy("Status"), [STATUS_PLACE, "-made_on"]),
    "-as_of": (_lazy("Judged most recently"), [F("as_of").desc(nulls_last=True)]),
    "as_of": (_lazy("Judged longest ago"), [F("as_of").asc(nulls_first=True)]),
    # Only where words are asked for, and then the first choice.
    "relevance": (_lazy("Best match first"), None),
}
DEFAULT_SORT, DEFAULT_SORT_OF_WORDS = "-made_on", "relevance"


class DayField(forms.DateField):
    """A day as YYYY-MM-DD and nothing else: 4/5/2006 is April to some and May to others."""

    default_error_messages = {"invalid": _lazy("Write a day as YYYY-MM-DD.")}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class DayFilter(django_filters.Filter):
    """Days from or up to a day."""

    field_class = DayField


def several(choices, label):
    """A filter that takes any of several values of a vocabulary."""
    return django_filters.MultipleChoiceFilter(choices=choices, label=label, distinct=False)


def promised_by(standings, how):
    """Those of a Standing queryset that were promised by "one" party, by "several", or by "all-members" (PLEDGERS)."""
    pledgers = RevisionParty.objects.filter(revision=OuterRef("revision"), role=PartyRole.PLEDGER).order_by()
    for_all = Exists(pledgers.filter(as_member=True))
    if how == "all-members":
        return standings.filter(for_all)
    named = pledgers.values("revision").annotate(number=Count("pk"))
    return standings.exclude(for_all).filter(
        Exists(named.filter(number=1) if how == "one" else named.filter(number__gt=1))
    )


def ingredient(name):
    """A filter by what the wording names of one ingredient."""
    one = ingredients.BY_NAME[name]
    return django_filters.ChoiceFilter(choices=one.choices, method="filter_ingredient", label=one.label)


def mark(label):
    """A filter by one of the marks of record.py."""
    return django_filters.ChoiceFilter(choices=YES_NO, method="filter_mark", label=label)


class CommitmentFilter(django_filters.FilterSet):
    """Filters Standings at a Moment. ``rows()`` refuses bad input; ``qs`` is not used, since it would ignore it."""

    q = django_filters.CharFilter(method="filter_text", max_length=LONGEST, label=_lazy("Words"))
    status = several(Status, _lazy("Status"))
    theme = django_filters.ModelMultipleChoiceFilter(
        queryset=Theme.objects.all(), to_field_name="slug", method="filter_records", label=_lazy("Theme")
    )
    summit = django_filters.ModelMultipleChoiceFilter(
        queryset=Summit.objects.all(), to_field_name="key", method="filter_records", label=_lazy("Summit")
    )
    party = django_filters.ModelMultipleChoiceFilter(
        queryset=Party.objects.all(), to_field_name="code", method="filter_party", label=_lazy("Party")
    )
    pledger = django_filters.ModelMultipleChoiceFilter(
        queryset=Party.objects.all(), to_field_name="code", method="filter_party", label=_lazy("Pledged by")
    )
    pledgers = django_filters.ChoiceFilter(choices=PLEDGERS, method="filter_pledgers", label=_lazy("Promised by"))
    beneficiary = django_filters.ModelMultipleChoiceFilter(
        queryset=Party.objects.all(), to_field_name="code", method="filter_party", label=_lazy("Beneficiary")
    )
    kind = several(Kind, _lazy("Kind"))
    basis = several(Basis, _lazy("Basis"))
    obligation = several(Obligation, _lazy("Obligation"))
    checkable = several(Checkable, _lazy("Checkable"))
    overdue = django_filters.ChoiceFilter(choices=YES_NO, method="filter_overdue", label=_lazy("Overdue"))
    self_reported = django_filters.ChoiceFilter(choices=YES_NO, method="filter_flag", label=_lazy("Self-reported"))
    flagged = django_filters.ChoiceFilter(choices=YES_NO, method="filter_flag", label=_lazy("Below the evidence rule"))
    official = mark(_lazy("Official source"))
    single_source = mark(_lazy("One source only"))
    conflicting = mark(_lazy("Sources conflict"))
    stale = mark(_lazy("Judged over 12 months before"))
    promise = django_filters.ChoiceFilter(choices=YES_NO, method="filter_promise", label=_lazy("A promise"))
    who = ingredient("who")
    what = ingredient("what")
    target = ingredient("target")
    deadline = ingredient("deadline")
    names = django_filters.MultipleChoiceFilter(
        choices=[(str(n), str(n)) for n in range(len(ingredients.INGREDIENTS) + 1)],
        method="filter_names",
        label=_lazy("Ingredients named"),
    )
    totals = django_filters.ChoiceFilter(choices=TOTALS, method="filter_totals", label=_lazy("Totals"))
    made_from = DayFilter(field_name="made_on", lookup_expr="gte", label=_lazy("Made from"))
    made_to = DayFilter(field_name="made_on", lookup_expr="lte", label=_lazy("Made to"))
    due_from = DayFilter(field_name="due", lookup_expr="gte", label=_lazy("Due from"))
    due_to = DayFilter(field_name="due", lookup_expr="lte", label=_lazy("Due to"))
    sort = django_filters.ChoiceFilter(
        choices=[(value, label) for value, (label, _order) in SORTS.items()], method="filter_sort", label=_lazy("Order")
    )

    class Meta:
        model = Standing
        fields = []

    def __init__(self, parameters, *, moment):
        super().__init__(parameters, queryset=Standing.objects.at(moment))
        self.moment = moment

    def check(self):
        """Raise BadParameter for the first parameter that cannot be answered."""
        multiple = {name for name, one in self.filters.items() if isinstance(one, django_filters.MultipleChoiceFilter)}
        for name in self.filters:
            values = self.data.getlist(name)
            if name not in multiple and len(values) > 1:
                raise BadParameter(name, ", ".join(values), _("Give it once."))
        for name, errors in self.form.errors.items():
            raise BadParameter(name, ", ".join(self.data.getlist(name)), self._mend(name, errors))
        searched = self.search
        if self.form.cleaned_data["sort"] == DEFAULT_SORT_OF_WORDS and not searched:
            raise BadParameter("sort", DEFAULT_SORT_OF_WORDS, _("Give the words to look for in “q”."))
        for name in ("made", "due"):
            first, last = (self.form.cleaned_data[f"{name}_{end}"] for end in ("from", "to"))
            if first and last and first > last:
                mend = _("It lies after “%(name)s_to”, %(day)s.") % {"name": name, "day": last.isoformat()}
                raise BadParameter(f"{name}_from", first.isoformat(), mend)

    @cached_property
    def search(self):
        """The Search for the words asked for, None without any; ``check`` refuses words that cannot be searched."""
        text = self.form.cleaned_data["q"]
        return Search(text, self.moment) if text else None

    @property
    def sorted_by(self):
        """The order in force: the one asked for, else the best match where there are words, else the newest promise."""
        return self.form.cleaned_data["sort"] or (DEFAULT_SORT_OF_WORDS if self.search else DEFAULT_SORT)

    @property
    def sorts(self):
        """[(value, label)] of the orders that can be asked for."""
        every = [(value, label) for value, (label, _order) in SORTS.items()]
        # The best match is the last of them: it stands first where it can be had.
        return [every[-1], *every[:-1]] if self.search else every[:-1]

    def _mend(self, name, errors):
        field = self.form.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            known = field.queryset.values_list(field.to_field_name, flat=True)
        else:
            known = [value for value, _label in getattr(field, "choices", []) if value]
        known = list(known)
        if known:
            return _("Use one of: %(known)s.") % {"known": ", ".join(known)}
        return " ".join(errors)

    def rows(self, *, without=None):
        """The Standings that pass every filter but the one named ``without``, in the order asked for.

        Raises BadParameter.
        """
        self.check()
        found = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name not in (without, "sort"):
                found = self.filters[name].filter(found, value)
        return self.filter_sort(found, "sort", self.sorted_by)

    @property
    def in_force(self):
        """{name: [(value in the address, label)]} of the filters that narrow the list; call ``check`` before."""
        found = {}
        for name, value in self.form.cleaned_data.items():
            if name != "sort" and self.data.getlist(name) != [""] and value not in (None, "", []):
                pairs = self._labelled(name, value)
                if pairs:
                    found[name] = pairs
        return found

    def _labelled(self, name, value):
        field = self.form.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return [(getattr(one, field.to_field_name), str(one)) for one in value]
        if hasattr(field, "choices"):
            labels = {str(key): label for key, label in field.choices}
            # A value given twice is one filter.
            return [(one, labels[one]) for one in dict.fromkeys([value] if isinstance(value, str) else value)]
        return [(str(value), str(value))]

    def filter_text(self, standings, name, value):
        return self.search.matching(standings) if value else standings

    def filter_records(self, standings, name, value):
        # By id: the column is in the index, the key would cost a join.
        return standings.filter(**{f"{name}__in": [one.pk for one in value]}) if value else standings

    def filter_party(self, standings, name, value):
        """By Exists, so that no standing is multiplied; a party bound as a member of the day is bound too."""
        if not value:
            return standings
        parts = RevisionParty.objects.filter(revision=OuterRef("revision"), party__in=[one.pk for one in value])
        role = {"pledger": PartyRole.PLEDGER, "beneficiary": PartyRole.BENEFICIARY}.get(name)
        return standings.filter(Exists(parts.filter(role=role) if role else parts))

    def filter_pledgers(self, standings, name, value):
        return promised_by(standings, value)

    def filter_overdue(self, standings, name, value):
        condition = Standing.overdue_condition(self.moment.as_of)
        if value == "yes":
            return standings.filter(condition)
        # Not exclude(): a deadline that is not there is not overdue, and NULL would drop out of NOT.
        return standings.exclude(pk__in=self.queryset.filter(condition).values("pk"))

    def filter_flag(self, standings, name, value):
        return standings.filter(**{name: value == "yes"})

    def filter_mark(self, standings, name, value):
        return marked(standings, name, self.moment.as_of).filter(**{f"mark_{name}": value == "yes"})

    def filter_promise(self, standings, name, value):
        return standings.promises() if value == "yes" else standings.filter(basis__in=UNCOUNTED_BASES)

    def filter_ingredient(self, standings, name, value):
        column = f"names_{name}"
        return standings.alias(**{column: ingredients.VALUES[column]}).filter(**{column: value})

    def filter_names(self, standings, name, value):
        if not value:
            return standings
        counted = standings.alias(**ingredients.VALUES).alias(names=ingredients.NUMBER)
        return counted.filter(names__in=[int(one) for one in value])

    def filter_totals(self, standings, name, value):
        return standings.filter(counted=value == "counted")

    def filter_sort(self, standings, name, value):
        return standings.order_by(*(SORTS[value][1] or self.search.order()), "slug")


PARAMETERS = (*CommitmentFilter.base_filters, "page")
