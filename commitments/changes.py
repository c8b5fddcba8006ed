"""What each edition changed: every ledger record that has become public, newest first, and names that changed since.

Two queries page the whole ledger, a constant number more fills one page.
"""

from dataclasses import dataclass

from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commitments.choices import ChangeKind, Origin, Terms
from commitments.models import (
    Assessment,
    Edition,
    Evidence,
    MemberScore,
    Membership,
    Party,
    Reply,
    Retraction,
    Revision,
    Source,
    Standing,
    Summit,
    Theme,
)
from commitments.models.reference import as_recorded

# A change of a name or address happens outside editions; it has a line all the same.
REFERENCE = "reference"
KINDS = [*ChangeKind.choices, (REFERENCE, _lazy("Name or address"))]
PUBLIC_FIELDS = {
    Party: ("name", "short_name", "name_ru", "name_zh"),
    Theme: ("name",),
    Summit: ("name", "place", "date", "end_date"),
    Source: ("title", "publisher", "url", "archived_url"),
}
# The order inside one edition: what is promised, what is judged, what is answered, what is withdrawn.
MODELS = {1: Revision, 2: Assessment, 3: Reply, 4: Retraction}
# The day that a record describes: a page of an earlier day has no later fact.
DAYS = {Revision: "made_on", Assessment: "as_of", Reply: "date"}
# Where a published record names a source, and the way from there to its edition.
CITING = {Revision: "edition", Reply: "edition", Evidence: "assessment__edition", MemberScore: "assessment__edition"}


@dataclass
class Change:
    """One line: a record and the edition that made it public, with the standing before and after."""

    at: object
    kind: str
    edition: Edition | None = None
    commitment: int | None = None
    slug: str = ""
    title: str = ""
    key: str = ""
    as_of: object = None
    status: str = ""
    status_before: str = ""
    status_after: str = ""
    text: str = ""
    url: str = ""
    # Names the line for good, whatever is edited later: the kind of record and its key, or the field and the instant.
    identity: str = ""
    obligation: str = ""

    @property
    def edition_number(self):
        return self.edition.number if self.edition else None

    @property
    def origin(self):
        return self.edition.origin if self.edition else "register"

    @property
    def kind_label(self):
        return dict(KINDS)[self.kind]


@dataclass(frozen=True)
class Wanted:
    """Which changes to list: days and editions inclusive, one kind, one commitment by its key; None for any.

    ``corrections`` is True for corrections and retractions alone, False for everything else.
    ``commitments`` is a queryset of the ids of those to list; names and addresses have no line then.
    """

    first_day: object = None
    last_day: object = None
    first_edition: int | None = None
    last_edition: int | None = None
    kind: str = ""
    commitment: str = ""
    commitments: object = None
    corrections: bool | None = None


def _slug_path(model):
    return {Revision: "commitment__slug", Assessment: "commitment__slug", Reply: "assessment__commitment__slug"}.get(
        model
    )


def _records(model, rank, moment, wanted):
    """The (edition, rank, pk) of one model's published records."""
    rows = model.objects.filter(edition__isnull=False, edition__lte=moment.edition)
    limits = {
        "edition__day__gte": wanted.first_day,
        "edition__day__lte": wanted.last_day,
        "edition__gte": wanted.first_edition,
        "edition__lte": wanted.last_edition,
    }
    for lookup, value in limits.items():
        if value is not None:
            rows = rows.filter(**{lookup: value})
    if moment.asked_as_of:
        rows = rows.filter(_told_by(model, moment.as_of))
    if wanted.commitment:
        rows = _of_commitment(rows, model, wanted.commitment)
    if wanted.commitments is not None:
        rows = _among(rows, model, wanted.commitments)
    if wanted.kind:
        rows = _of_kind(rows, model, wanted.kind)
    if wanted.corrections is not None:
        rows = _taking_back(rows, model, wanted.corrections)
    return rows.order_by().annotate(number=F("edition"), rank=Value(rank)).values_list("number", "rank", "pk")


def _told_by(model, day):
    """The Q of records of ``model`` about facts of ``day`` or earlier; a retraction goes with what it withdraws."""
    if model is Retraction:
        promised = Revision.objects.filter(edition__isnull=False, made_on__lte=day).values("commitment")
        return Q(assessment__as_of__lte=day) | Q(reply__date__lte=day) | Q(commitment__in=promised)
    return Q(**{f"{DAYS[model]}__lte": day})


def _of_commitment(rows, model, slug):
    if model is Retraction:
        judged = Q(assessment__commitment__slug=slug) | Q(reply__assessment__commitment__slug=slug)
        return rows.filter(judged | Q(commitment__slug=slug))
    return rows.filter(**{_slug_path(model): slug})


def _among(rows, model, commitments):
    if model is Retraction:
        judged = Q(assessment__commitment__in=commitments) | Q(reply__assessment__commitment__in=commitments)
        return rows.filter(judged | Q(commitment__in=commitments))
    path = "assessment__commitment" if model is Reply else "commitment"
    return rows.filter(**{f"{path}__in": commitments})


def _of_kind(rows, model, kind):
    """Those of one ChangeKind: a first revision is a new commitment, an assessment that names another a correction."""
    kinds = {
        Revision: (ChangeKind.COMMITMENT, ChangeKind.REVISION),
        Assessment: (ChangeKind.ASSESSMENT, ChangeKind.CORRECTION),
        Reply: (ChangeKind.REPLY,),
        Retraction: (ChangeKind.RETRACTION,),
    }
    if kind not in kinds[model]:
        return rows.none()
    if model is Revision:
        later = rows.filter(commitment__revisions__edition__lt=F("edition")).values("pk")
        return rows.filter(pk__in=later) if kind == ChangeKind.REVISION else rows.exclude(pk__in=later)
    if model is Assessment:
        return rows.filter(corrects__isnull=kind == ChangeKind.ASSESSMENT)
    return rows


def _taking_back(rows, model, only):
    """Those that take something back (``only``), or those that do not."""
    if model is Assessment:
        return rows.filter(corrects__isnull=not only)
    return rows if only == (model is Retraction) else rows.none()


def is_known(slug, moment):
    """Whether a commitment with that key had been published by the moment's edition, withdrawn or not."""
    return Revision.objects.filter(commitment__slug=slug, edition__lte=moment.edition).exists()


def ledger_lines(moment, wanted=None):
    """A queryset of (edition, rank, pk) of every ledger change, newest edition first; slice and count it."""
    wanted = wanted or Wanted()
    parts = [_records(model, rank, moment, wanted) for rank, model in MODELS.items()]
    return parts[0].union(*parts[1:], all=True).order_by("-number", "rank", "pk")


def changes(lines):
    """The Changes of a slice of ``ledger_lines``, in its order. A constant number of queries."""
    lines = list(lines)
    stored = {rank: _load(model, [pk for _n, r, pk in lines if r == rank]) for rank, model in MODELS.items()}
    editions = Edition.objects.select_related("published_by").in_bulk({number for number, _rank, _pk in lines})
    found = [_change(stored[rank][pk], editions[number]) for number, rank, pk in lines]
    commitments = {change.commitment for change in found}
    _add_titles(found, commitments)
    _add_standings(found, commitments)
    return found


def _load(model, pks):
    related = {
        Revision: ("commitment",),
        Assessment: ("commitment", "corrects"),
        Reply: ("assessment__commitment", "party"),
        Retraction: ("commitment", "assessment__commitment", "reply__assessment__commitment"),
    }
    return model.objects.select_related(*related[model]).in_bulk(pks) if pks else {}


def _change(record, edition):
    if isinstance(record, Revision):
        change = Change(edition.published_at, ChangeKind.REVISION, key=record.commitment.slug, text=record.summary)
        subject = record.commitment
    elif isinstance(record, Assessment):
        kind = ChangeKind.CORRECTION if record.corrects_id else ChangeKind.ASSESSMENT
        change = Change(edition.published_at, kind, key=record.key, as_of=record.as_of, status=record.status)
        change.text, subject = record.rationale, record.commitment
        if record.corrects_id:
            change.text = _correction_in_words(record)
    elif isinstance(record, Reply):
        change = Change(edition.published_at, ChangeKind.REPLY, key=record.key, as_of=record.date, text=record.text)
        subject = record.assessment.commitment
    else:
        key = getattr(record.target, "key", None) or record.subject.slug
        change = Change(edition.published_at, ChangeKind.RETRACTION, key=key, text=record.reason)
        subject = record.subject
    change.edition, change.commitment, change.slug = edition, subject.pk, subject.slug
    change.identity = f"{change.kind!s}/{change.key}"
    change.url = reverse("commitments:commitment-detail", args=[subject.slug])
    return change


def _correction_in_words(correction):
    """What was mistaken, and what it says now; the oldest corrections came without a reason."""
    said = {
        "key": correction.corrects.key,
        "reason": correction.correction_reason.rstrip("."),
        "text": correction.rationale,
    }
    if not correction.correction_reason:
        return _("Corrects %(key)s. %(text)s") % said
    return _("Corrects %(key)s: %(reason)s. It now says: %(text)s") % said


def _add_titles(found, commitments):
    """Give each line the title and obligation of that edition, and tell a first wording from a revision."""
    wordings = {}
    rows = Revision.objects.filter(commitment__in=commitments, edition__isnull=False).order_by("edition")
    for commitment, *wording in rows.values_list("commitment", "edition", "title", "obligation"):
        wordings.setdefault(commitment, []).append(wording)
    for change in found:
        published = [said for edition, *said in wordings[change.commitment] if edition <= change.edition.number]
        change.title, change.obligation = published[-1]
        if change.kind == ChangeKind.REVISION and wordings[change.commitment][0][0] == change.edition.number:
            change.kind = ChangeKind.COMMITMENT


def _add_standings(found, commitments):
    """The status on the edition's own day, by the edition before and by the edition itself."""
    rows = {}
    for standing in Standing.objects.filter(commitment__in=commitments).only(
        "commitment", "status", "valid_from", "valid_to", "edition_from", "edition_to"
    ):
        rows.setdefault(standing.commitment_id, []).append(standing)
    for change in found:
        day, number = change.edition.day, change.edition.number
        change.status_before = _status(rows.get(change.commitment, []), day, number - 1)
        change.status_after = _status(rows.get(change.commitment, []), day, number)


def _status(standings, day, edition):
    for one in standings:
        if one.valid_from <= day < one.valid_to and one.edition_from <= edition < one.edition_to:
            return one.status
    return ""


def reference_changes(moment, wanted=None):
    """Changes of names and addresses of parties, themes, summits and citable sources, newest first.

    They are shown as they are now on every page; a pinned edition lists those made until it was published.
    """
    wanted = wanted or Wanted()
    narrowed = wanted.commitment or wanted.first_edition or wanted.last_edition or wanted.commitments is not None
    if narrowed or wanted.corrections or (wanted.kind and wanted.kind != REFERENCE):
        return []
    until = None
    if moment.asked_edition:
        until = Edition.objects.values_list("published_at", flat=True).get(number=moment.edition)
    found = []
    for model, fields in PUBLIC_FIELDS.items():
        shown = _cited(moment) if model is Source else model.objects
        found += _renamed(model, fields, set(shown.values_list("pk", flat=True)), until, wanted)
    return sorted(found, key=lambda change: (change.at, change.key), reverse=True)


def _cited(moment):
    """The sources that may be named and on which something published rests: a draft must not be told by its source."""
    condition = Q(pk__in=Membership.objects.values("source")) | Q(pk__in=Summit.objects.values("source"))
    for model, edition in CITING.items():
        condition |= Q(pk__in=model.objects.filter(**{f"{edition}__lte": moment.edition}).values("source"))
    return Source.objects.exclude(terms=Terms.NO_CITATION).filter(condition)


def _renamed(model, fields, shown, until, wanted):
    history = model.history.model.objects
    touched = history.filter(history_type="~").values("id")
    before = {}
    for row in history.filter(id__in=touched).order_by("history_date", "history_id"):
        previous, before[row.id] = before.get(row.id), row
        if (
            previous is None
            or row.history_type != "~"
            or row.id not in shown
            or Terms.NO_CITATION in _terms(previous, row)
        ):
            continue
        day = row.history_date.date()
        outside = (wanted.first_day and day < wanted.first_day) or (wanted.last_day and day > wanted.last_day)
        if outside or (until and row.history_date > until):
            continue
        for name in fields:
            old, new = getattr(previous, name), getattr(row, name)
            if old != new:
                yield _reference_change(model, row, name, old, new)


def _terms(*rows):
    return {getattr(row, "terms", "") for row in rows}


def _reference_change(model, row, name, old, new):
    key = getattr(row, "code", None) or getattr(row, "slug", None) or row.key
    label = model._meta.get_field(name).verbose_name
    said = {"field": label, "old": old or _("nothing"), "new": new or _("nothing")}
    return Change(
        at=row.history_date,
        kind=REFERENCE,
        key=f"{model._meta.verbose_name} {key}",
        identity=f"{model._meta.model_name}/{key}/{name}/{row.history_date:%Y%m%dT%H%M%S%fZ}",
        text=_("%(field)s: %(old)s → %(new)s") % said,
        url=as_recorded(row).get_absolute_url() or "",
    )


def origin_in_words(edition):
    """Who made an edition; a name only where its bearer chose to be named."""
    if edition.origin == Origin.IMPORT:
        return _("imported, edition %(number)s") % {"number": edition.number}
    name = edition.published_by.public_name if edition.published_by else ""
    if not edition.four_eyes:
        return _("published by its author: this desk works without a second person")
    return _("published by %(name)s, a second person") % {"name": name} if name else _("published by a second person")
