"""Brings a catalogue folder into the register: new records in one edition, changed ones as revisions and corrections.

Nothing published is rewritten, nothing the desk has published since is touched, and a second run changes nothing.
"""

from dataclasses import dataclass, field

from concurrency.exceptions import RecordModifiedError
from django.db import IntegrityError, transaction
from django.utils import timezone

from commitments import workflow
from commitments.addresses import normalised
from commitments.choices import Origin
from commitments.models import Edition, Membership, Party, PublishingLock, Source, Summit, Theme

from .files import read
from .judgements import load_assessments, load_replies
from .promises import CHANGE_REASON, load_commitments, words
from .schema import Problem


class CatalogueError(Exception):
    """The folder cannot be loaded; ``problems`` are sentences, one for each thing that is wrong."""

    def __init__(self, problems):
        self.problems = [str(problem) for problem in problems]
        super().__init__("\n".join(self.problems))


@dataclass
class Report:
    """What a run did: record names by what happened to them, and the Edition, if one was made."""

    new: dict = field(default_factory=dict)
    changed: list = field(default_factory=list)
    revised: list = field(default_factory=list)
    corrected: list = field(default_factory=list)
    left_alone: list = field(default_factory=list)
    not_in_files: list = field(default_factory=list)
    unchanged: int = 0
    edition: Edition | None = None

    def add_new(self, kind, count=1):
        """Count new records of one kind."""
        self.new[kind] = self.new.get(kind, 0) + count


def load(folder, *, by=None, dry_run=False):
    """Load the catalogue in ``folder``; returns a Report. ``by`` is the Person who runs it, if known.

    All or nothing. With ``dry_run`` everything is done and taken back. Raises CatalogueError with every problem.
    """
    catalogue = read(folder, timezone.localdate())
    problems = catalogue.problems or list(_taken(catalogue))
    if problems:
        raise CatalogueError(problems)
    report = Report()
    try:
        with transaction.atomic():
            _load(catalogue, report, by)
            if dry_run:
                transaction.set_rollback(True)
                report.edition = None
    except workflow.Refused as refused:
        raise CatalogueError(refused.problems) from refused
    except RecordModifiedError as error:
        raise CatalogueError([f"{error.target}: the desk saved it during this run; run it again."]) from error
    except IntegrityError as error:
        # PostgreSQL goes on with the place in its own code.
        said = str(error).splitlines()[0]
        raise CatalogueError([f"The register refuses a change: {said}."]) from error
    return report


def _load(catalogue, report, by):
    # From here on the desk publishes nothing: what is compared below is what the edition builds on.
    PublishingLock.take()
    _load_reference(catalogue, report)
    drafts = load_commitments(catalogue, report)
    drafts += load_assessments(catalogue, report, drafts)
    drafts += load_replies(catalogue, report)
    if drafts:
        report.edition = workflow.publish(
            drafts, by=by, origin=Origin.IMPORT, file_set=catalogue.folder.resolve().name, note=_note(report)
        )


def _taken(catalogue):
    """Yield a Problem for each address or name that in the register belongs to a record the files do not name."""
    kinds = (("sources", Source, "url", normalised), ("summits", Summit, "name", str))
    for kind, model, column, alike in kinds:
        rows = catalogue.records[kind]
        others = model.objects.exclude(key__in=[row["key"] for row in rows])
        holders = {alike(value): key for value, key in others.values_list(column, "key") if value}
        for row in rows:
            holder = holders.get(alike(row[column])) if row[column] else None
            if holder:
                mend = f"is that of “{holder}” in the register; use that key, or change it there"
                yield Problem(catalogue.file_of(row), row["key"], column, row[column], mend)


def _note(report):
    parts = [
        f"{count} {kind}" for kind, count in report.new.items() if kind in ("commitments", "assessments", "replies")
    ]
    if report.revised:
        parts.append(f"{len(report.revised)} revised")
    if report.corrected:
        parts.append(f"{len(report.corrected)} corrected")
    return f"From the catalogue: {', '.join(parts)}."


def _load_reference(catalogue, report):
    records = catalogue.records
    themes = records["themes"] or [
        {"key": key, "name": key.capitalize()} for key in dict.fromkeys(row["theme"] for row in records["commitments"])
    ]
    for position, row in enumerate(themes):
        put(report, "themes", Theme, {"slug": row["key"]}, {"name": row["name"], "position": position})
    for position, row in enumerate(records["parties"]):
        values = {name: words(row[name]) for name in ("name", "short_name", "kind", "name_ru", "name_zh")}
        values["stands_for_members"] = row.get("stands_for_members", row["kind"] == "organisation")
        put(report, "parties", Party, {"code": row["code"]}, {**values, "position": position})
    parties = {party.code: party for party in Party.objects.all()}
    for row in records["sources"]:
        values = {name: row[name] for name in ("title", "publisher", "kind", "language", "terms")}
        values |= {name: words(row[name]) for name in ("title_note", "url", "archived_url", "published", "usage")}
        put(report, "sources", Source, {"key": row["key"]}, {**values, "issuer": parties.get(row["issuer"])})
    sources = {source.key: source for source in Source.objects.all()}
    for row in records["parties"]:
        _load_roles(report, parties[row["code"]], row["memberships"], sources)
    for row in records["summits"]:
        values = {name: row[name] for name in ("name", "body", "date", "end_date", "place")}
        values |= {"country": parties[row["country"]], "source": sources.get(row["source"])}
        put(report, "summits", Summit, {"key": row["key"]}, values)
    _report_strays(report, catalogue)


def _load_roles(report, party, rows, sources):
    """A role is known by its first day; where that day was mended, by being the only one of its kind left over."""
    stored = list(party.memberships.order_by("since", "pk"))
    named = {(row["role"], words(row["since"])) for row in rows}
    left_over = [role for role in stored if (role.role, role.since) not in named]
    kept = {(role.role, role.since): role for role in stored if role not in left_over}
    for row in rows:
        since = words(row["since"])
        found = kept.get((row["role"], since)) or next((one for one in left_over if one.role == row["role"]), None)
        if found in left_over:
            left_over.remove(found)
        values = {"until": words(row["until"]), "decided": words(row["decided"]), "note": words(row["note"])}
        values |= {"since": since, "source": sources[row["source"]]}
        _bring(report, "memberships", found or Membership(party=party, role=row["role"]), values)
    report.not_in_files += [f"memberships {role}" for role in left_over]


def put(report, kind, model, identity, values):
    """Create the reference row of that ``identity``, or bring it into line with the files; either is reported."""
    _bring(report, kind, model.objects.filter(**identity).first() or model(**identity), values)


def _bring(report, kind, record, values):
    is_new = record._state.adding
    changed = [name for name, value in values.items() if is_new or getattr(record, name) != value]
    if not changed:
        report.unchanged += 1
        return
    for name in changed:
        setattr(record, name, values[name])
    record._change_reason = CHANGE_REASON
    record.save()
    if is_new:
        report.add_new(kind)
    else:
        report.changed.append(f"{kind} {record}: {', '.join(changed)}")


def _report_strays(report, catalogue):
    kinds = {"parties": (Party, "code"), "sources": (Source, "key"), "summits": (Summit, "key")}
    if catalogue.records["themes"]:
        kinds["themes"] = (Theme, "slug")
    for kind, (model, column) in kinds.items():
        named = {row["key" if column == "slug" else column] for row in catalogue.records[kind]}
        stored = model.objects.values_list(column, flat=True)
        report.not_in_files += [f"{kind} {key}" for key in stored if key not in named]
