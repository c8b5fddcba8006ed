"""Every change of every record, out of the tables of history and the editions: found, put in order, told in words.

Nothing here writes. A page of the trail takes a number of queries that depends on the kinds of records on it, not on
their number.
"""

import datetime
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.contrib.auth.models import Group, Permission
from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.models import HistoricalRecords

from commitments.models import (
    Assessment,
    Capture,
    Commitment,
    Edition,
    Evidence,
    MemberScore,
    Membership,
    Party,
    Person,
    Reply,
    Retraction,
    SearchLogEntry,
    Source,
    Summit,
    Theme,
)

from .forms import in_words

# What is looked through for a name, by kind; the first line of each is what a record itself is called.
NAMES = {
    Commitment: ("title", "slug"),
    Assessment: ("key", "commitment__title", "commitment__slug"),
    Evidence: ("source__title", "assessment__commitment__title", "assessment__commitment__slug"),
    SearchLogEntry: ("where", "assessment__commitment__title", "assessment__commitment__slug"),
    MemberScore: ("party__short_name", "assessment__commitment__title", "assessment__commitment__slug"),
    Reply: ("key", "party__short_name", "assessment__commitment__title", "assessment__commitment__slug"),
    Retraction: ("reason", "commitment__title", "assessment__commitment__title"),
    Source: ("title", "key", "publisher"),
    Capture: ("source__title", "source__key", "sha256"),
    Summit: ("name", "key"),
    Party: ("short_name", "name", "code"),
    Membership: ("party__short_name", "party__name", "note"),
    Theme: ("name", "slug"),
    Person: ("username", "first_name", "last_name"),
}
KINDS = {model._meta.model_name: model for model in NAMES}
EDITION = "edition"
# The rows of an assessment stand in its own history too.
ROWS = (Evidence, SearchLogEntry, MemberScore)
# What has no page of its own: the record at whose page it stands, by its foreign key.
PARENTS = {**dict.fromkeys(ROWS, Assessment), Capture: Source}
# What the desk itself keeps beside a record; who changed it is said anyway.
NOT_TOLD = {"id", "recorded_at", "author", "edited_by", "version", "date_joined"}
ACTS = {
    "+": gettext_lazy("added"),
    "~": gettext_lazy("changed"),
    "-": gettext_lazy("deleted"),
    EDITION: gettext_lazy("published"),
}
TOLD = ("told_at", "told_by", "told_of")
ORDER = ("-told_at", "-told_of", "-told_by")


@dataclass(frozen=True)
class Wanted:
    """What of the trail is asked for; ``record`` is (model name, id) of one record with its rows."""

    person: object = None
    since: object = None
    until: object = None
    kind: str = ""
    text: str = ""
    record: tuple = ()


@dataclass
class Entry:
    """One change: ``changes`` are (label, before, after) in words; ``address`` is empty where the record is gone."""

    at: object
    who: str
    act: str
    kind: str
    name: str
    address: str = ""
    reason: str = ""
    changes: list = field(default_factory=list)
    before_unknown: bool = False

    @property
    def act_in_words(self):
        return ACTS[self.act]


def entries(wanted, models):
    """The sorted, lazy union of (at, entry, kind) of all that is ``wanted`` among ``models``; to be sliced."""
    parts = [_of_model(model, wanted) for model in models if _is_asked(model, wanted)]
    if wanted.kind in ("", EDITION):
        parts.append(_of_editions(wanted))
    first, *others = [part for part in parts if part is not None] or [_of_model(Theme, wanted).none()]
    return first.union(*others, all=True).order_by(*ORDER) if others else first.order_by(*ORDER)


def _is_asked(model, wanted):
    if wanted.record:
        name = wanted.record[0]
        parent = PARENTS.get(model)
        return name in (model._meta.model_name, parent and parent._meta.model_name)
    return wanted.kind in ("", model._meta.model_name)


def _midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _days(wanted, name):
    found = Q()
    if wanted.since:
        found &= Q(**{f"{name}__gte": _midnight(wanted.since)})
    if wanted.until:
        found &= Q(**{f"{name}__lt": _midnight(wanted.until + datetime.timedelta(days=1))})
    return found


def _of_model(model, wanted):
    found = model.history.model.objects.order_by().filter(_days(wanted, "history_date"))
    if wanted.person:
        found = found.filter(history_user=wanted.person)
    if wanted.record:
        name, pk = wanted.record
        found = found.filter(**{"id" if model._meta.model_name == name else f"{name}_id": pk})
    if wanted.text:
        found = found.filter(reduce(or_, (Q(**{f"{name}__icontains": wanted.text}) for name in NAMES[model])))
    number = Value(list(NAMES).index(model), IntegerField())
    return found.annotate(told_at=F("history_date"), told_by=F("history_id"), told_of=number).values_list(*TOLD)


def _of_editions(wanted):
    found = Edition.objects.order_by().filter(_days(wanted, "published_at"))
    if wanted.person:
        found = found.filter(published_by=wanted.person)
    if wanted.record:
        found = _editions_of(found, *wanted.record)
    if wanted.text and found is not None:
        found = found.filter(Q(note__icontains=wanted.text) | Q(file_set__icontains=wanted.text))
    if found is None:
        return None
    number = Value(len(NAMES), IntegerField())
    return found.annotate(told_at=F("published_at"), told_by=F("number"), told_of=number).values_list(*TOLD)


def _editions_of(found, name, pk):
    if name == "commitment":
        return found.filter(Q(revision__commitment=pk) | Q(retraction__commitment=pk)).distinct()
    if name in ("assessment", "reply", "retraction"):
        return found.filter(**{name: pk}).distinct()
    return None


def told(page):
    """The Entries of a slice of ``entries``, in its order."""
    by_kind = {}
    for _at, pk, number in page:
        by_kind.setdefault(number, []).append(pk)
    names, rows = Names(), {}
    for number, ids in by_kind.items():
        if number < len(NAMES):
            model = list(NAMES)[number]
            rows[number] = History(model, ids, names)
        else:
            rows[number] = Editions(ids, names)
    names.read()
    return [rows[number].entry(pk, names) for _at, pk, number in page]


class Names:
    """What records are called that others refer to, read at once: as they are now, or as they were before they went."""

    SELECTED = {
        Assessment: ("commitment",),
        Membership: ("party",),
        Capture: ("source",),
        Retraction: ("assessment__commitment", "reply__assessment__commitment", "commitment"),
        Permission: ("content_type",),
    }

    def __init__(self):
        self.asked, self.there, self.gone = {}, {}, {}

    def ask(self, model, pk):
        """Say that the name of a record will be needed."""
        if pk is not None:
            self.asked.setdefault(model, set()).add(pk)

    def read(self):
        """Read all that was asked for; one query for each model, and another where some are gone."""
        # A judgement that is gone is named by its commitment, so commitments are read last.
        self.asked.setdefault(Commitment, set())
        for model in sorted(self.asked, key=lambda one: one is Commitment):
            ids = self.asked[model]
            found = model._base_manager.select_related(*self.SELECTED.get(model, ())).in_bulk(ids)
            self.there[model] = {pk: str(record) for pk, record in found.items()}
            lost = ids - set(found)
            self.gone[model] = {}
            if lost and model in NAMES:
                for row in model.history.model.objects.filter(id__in=lost).order_by("history_id"):
                    self.gone[model][row.id] = row
                    if model is Assessment:
                        self.ask(Commitment, row.commitment_id)

    def is_there(self, model, pk):
        """Whether the record still exists."""
        return pk in self.there.get(model, {})

    def of(self, model, pk):
        """The name of a record."""
        if pk in self.there.get(model, {}):
            return self.there[model][pk]
        row = self.gone.get(model, {}).get(pk)
        if row is None:
            return _("%(kind)s no. %(number)s, not kept") % {"kind": model._meta.verbose_name, "number": pk}
        return self.of_row(model, row)

    def of_row(self, model, row):
        """What an entry of history calls its record."""
        if model is Assessment:
            return row.key or f"{self.of(Commitment, row.commitment_id)}, {in_words(row.as_of)}"
        if model in PARENTS:
            first = {Evidence: "source", MemberScore: "party", Capture: "source"}.get(model)
            what = row.where if first is None else self.of(*_target(model, first, row))
            within = row.sha256[:12] if model is Capture else self.of(Assessment, row.assessment_id)
            return f"{what} ({within})"
        if model is Reply:
            said = {"party": self.of(Party, row.party_id), "record": self.of(Assessment, row.assessment_id)}
            return _("%(party)s on %(record)s") % said
        if model is Retraction:
            name = next(one for one in ("assessment", "reply", "commitment") if getattr(row, f"{one}_id") is not None)
            return self.of(*_target(model, name, row))
        if model is Membership:
            return f"{self.of(Party, row.party_id)}: {in_words(row.role, Membership._meta.get_field('role'))}"
        return str(getattr(row, NAMES[model][0]))


def _target(model, name, row):
    return model._meta.get_field(name).related_model, getattr(row, f"{name}_id")


class History:
    """Entries of one model's history with those before them, and the records they refer to."""

    def __init__(self, model, ids, names):
        self.model, table = model, model.history.model
        before = table.objects.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
        rows = table.objects.annotate(before=Subquery(before.values("history_id")[:1])).select_related("history_user")
        self.rows = rows.in_bulk(ids)
        self.before = table.objects.in_bulk([row.before for row in self.rows.values() if row.before])
        self.fields = [one for one in table.tracked_fields if one.name not in NOT_TOLD]
        self.many = self._many([*self.rows, *self.before])
        for row in (*self.rows.values(), *self.before.values()):
            names.ask(model, row.id)
            for one in table.tracked_fields:
                if one.is_relation:
                    names.ask(one.related_model, getattr(row, one.attname))
        for (_entry, name), targets in self.many.items():
            for pk in targets:
                names.ask(model._meta.get_field(name).related_model, pk)

    def _many(self, ids):
        """{(entry id, field name): {ids}} of the many-to-many fields."""
        found = {}
        for one in self.model.history.model._history_m2m_fields:
            table = HistoricalRecords.m2m_models[one]
            for entry, pk in table.objects.filter(history_id__in=ids).values_list(
                "history_id", f"{one.m2m_reverse_field_name()}_id"
            ):
                found.setdefault((entry, one.name), set()).add(pk)
        return found

    def entry(self, pk, names):
        """The Entry of one row."""
        row = self.rows[pk]
        before = self.before.get(row.before)
        after = row
        if row.history_type == "-":
            before, after = row, None
        elif row.history_type == "+":
            before = None
        return Entry(
            at=row.history_date,
            who=str(row.history_user or ""),
            act=row.history_type,
            kind=str(self.model._meta.verbose_name),
            name=names.of_row(self.model, row),
            address=self._address(row, names),
            reason=row.history_change_reason or "",
            changes=list(self._changes(before, after, names)),
            before_unknown=row.history_type == "~" and before is None,
        )

    def _address(self, row, names):
        model, pk = self.model, row.id
        if model in PARENTS:
            model = PARENTS[model]
            pk = getattr(row, f"{model._meta.model_name}_id")
        return _admin_address(model, pk) if names.is_there(model, pk) else ""

    def _changes(self, before, after, names):
        for one in self.fields:
            was, now = (self._shown(one, row, names) for row in (before, after))
            if was != now:
                yield str(one.verbose_name), was, now
        for one in self.model.history.model._history_m2m_fields:
            was, now = (self._linked(one, row, names) for row in (before, after))
            if was != now:
                yield str(one.verbose_name), was, now

    def _shown(self, one, row, names):
        if row is None:
            return "—"
        value = getattr(row, one.attname)
        if one.is_relation:
            return "—" if value is None else names.of(one.related_model, value)
        return str(in_words(value, self.model._meta.get_field(one.name)))

    def _linked(self, one, row, names):
        # The links of a deleted record went first; the entry before still has them.
        pk = None if row is None else row.before if row.history_type == "-" else row.pk
        found = self.many.get((pk, one.name), ())
        return str(in_words([names.of(one.related_model, pk) for pk in found]))


class Editions:
    """Entries for acts of publishing, with how many records each made public."""

    def __init__(self, ids, names):
        counted = {"revision", "assessment", "reply", "retraction"}
        self.counts = {}
        for name in sorted(counted):
            model = Edition._meta.get_field(name).related_model
            for number in model.objects.order_by().filter(edition__in=ids).values_list("edition", flat=True):
                self.counts.setdefault(number, {}).setdefault(model, 0)
                self.counts[number][model] += 1
        self.rows = Edition.objects.select_related("published_by").in_bulk(ids)

    def entry(self, pk, names):
        """The Entry of one edition."""
        row = self.rows[pk]
        made = [
            (str(model._meta.verbose_name_plural), "", str(number)) for model, number in self.counts.get(pk, {}).items()
        ]
        return Entry(
            at=row.published_at,
            who=str(row.published_by or ""),
            act=EDITION,
            kind=str(Edition._meta.verbose_name),
            name=f"{_('Edition')} {row.number} ({row.get_origin_display()})",
            address=_admin_address(Edition, row.pk),
            reason=row.note,
            changes=made,
        )


def _admin_address(model, pk):
    if model in (Group, Permission):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
