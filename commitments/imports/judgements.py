"""The dry run of assessments with their evidence: two sheets of a workbook, or one table with a row for each evidence.

In one table the columns of the assessment stand again in each row of its evidence, or are left empty there. A draft is
named as draft-12, a published one by its key, a new one by a name of the file's own that begins with “new-”. What is
published never changes. A new one that is on record already, word by word, is unchanged, so that the same file twice
changes nothing.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from commitments import readiness
from commitments.choices import Terms
from commitments.exports.columns import assessment_key
from commitments.models import Assessment, Evidence, Source
from commitments.refusals import quotes

from .limits import Limits
from .plan import ask_for_columns, check_header, chunks, read_keys
from .reading import Line, Sheet
from .rows import Entry, Problem, Reader, References, text_of
from .tables import ASSESSMENT_SHEET, EVIDENCE_SHEET

DRAFT = re.compile(r"draft-([1-9][0-9]{0,17})")
NEW = re.compile(r"new-\S.*")
# What a piece of evidence says, its source apart, which tells one from another.
SAID = ("bearing", "shows", "locator")


@dataclass
class Row:
    """What becomes of one piece of evidence; ``record`` is the one on record or None, ``entry`` None if it goes."""

    record: object
    entry: object


def draw(plan, sheets, *, by, lock):
    """Fill the Plan from the sheets “assessments” and “evidence”; yields (done, total)."""
    parts = _parts(plan, sheets)
    if parts is None:
        return
    read, evidence = parts
    named = evidence is not None and bool(evidence.name)
    lines = read_keys(ASSESSMENT_SHEET, read.lines, plan.problems, named=named)
    plan.total = len(read.lines) + (len(evidence.lines) if evidence else 0)
    references = References()
    judged = _Drawing(plan, references, named=named, header=read.header, with_evidence=evidence is not None, by=by)
    told = _by_assessment(evidence, lines, plan.problems) if evidence else {}
    done = 0
    for part in chunks(list(lines)):
        judged.draw(part, lines, told, lock=lock)
        done += sum(1 + len(told.get(key, ())) for key in part)
        yield min(done, plan.total), plan.total
    ask_for_columns(judged.reader, plan.entries)
    if "edition" in read.header:
        plan.notices.append(_("Computed and not imported: %s.") % "edition")
    if judged.similar:
        plan.notices += judged.similar


def _parts(plan, sheets):
    """The Sheets of assessments and of evidence (None where the file speaks of none); None where a header is wrong."""
    read, evidence = sheets["assessments"], sheets.get("evidence")
    if evidence is not None and not evidence.header:
        evidence = None
    named = evidence is not None
    together = [name for name in EVIDENCE_SHEET.names[1:] if name in read.header]
    columns = ASSESSMENT_SHEET.columns if named else plan.table.columns
    sound = check_header(read, columns, "key", plan.problems, named=named)
    if named and evidence.lines:
        sound = check_header(evidence, EVIDENCE_SHEET.columns, "assessment", plan.problems, named=True) and sound
    if not sound:
        return None
    if together and not named:
        read, evidence = _split(read, plan.problems)
    for name in ("source", "bearing", "shows"):
        if evidence is not None and evidence.lines and name not in evidence.header:
            sentence = _("The column is missing; a row of evidence needs it.")
            plan.problems.append(Problem(evidence.name, 1, name, "", sentence))
            return None
    return read, evidence


def _split(read, problems):
    """One table as two Sheets: each assessment once, and its evidence row by row."""
    mine = [name for name in read.header if name in ASSESSMENT_SHEET.names]
    theirs = [name for name in read.header if name not in mine]
    assessments, evidence, first = Sheet("", mine), Sheet("", theirs), {}
    for line in read.lines:
        key = line.cells["key"]
        before = first.get(key) if key is not None else None
        if before is None:
            first[key] = Line(line.number, {name: line.cells[name] for name in mine})
            assessments.lines.append(first[key])
        else:
            problems += _not_repeated(line, before, mine)
        said = {name: line.cells[name] for name in theirs}
        if any(cell is not None for cell in said.values()):
            evidence.lines.append(Line(line.number, {"assessment": key, **said}))
    return assessments, evidence


def _not_repeated(line, before, names):
    for name in names:
        if line.cells[name] is not None and line.cells[name] != before.cells[name]:
            sentence = _("Row %s says otherwise of the same assessment. Repeat it, or leave the cell empty.")
            yield Problem("", line.number, name, text_of(line.cells[name])[:60], sentence % before.number)


def _by_assessment(evidence, lines, problems):
    """{key of an assessment: its Lines of evidence}; a row about none that the file has is a Problem."""
    found = defaultdict(list)
    for line in evidence.lines:
        key = text_of(line.cells.get("assessment")).strip()
        if key in lines:
            found[key].append(line)
        elif key or evidence.name:
            sentence = _("The sheet “assessments” has no row with this key. Add it, or mend the key.")
            problems.append(Problem(evidence.name, line.number, "assessment", key, sentence))
    return found


def _read():
    """Assessments with all that a row is compared with."""
    rows = Prefetch("evidence", Evidence.objects.select_related("source"))
    return Assessment.objects.select_related("commitment", "corrects").prefetch_related(rows)


class _Drawing:
    """One dry run: looks records up in batches and judges row by row."""

    def __init__(self, plan, references, *, named, header, with_evidence, by):
        self.plan, self.references, self.with_evidence = plan, references, with_evidence
        self.reader = Reader(ASSESSMENT_SHEET, references, plan.problems, header=header, named=named)
        self.rows = Reader(EVIDENCE_SHEET, references, plan.problems, header=EVIDENCE_SHEET.names, named=named)
        self.similar = []
        # Which file's row corrects which assessment: each is corrected once.
        self.correcting = {}
        self._closed = None
        self.limits = Limits(by)

    def draw(self, keys, lines, told, *, lock):
        """Judge the rows with these keys."""
        records = self._records(keys, lock)
        entries = [Entry(ASSESSMENT_SHEET, lines[key], key, record=records.get(key)) for key in keys]
        for entry in entries:
            if entry.record is None and not NEW.fullmatch(entry.key):
                self.reader.problem(entry, "key", _why_unknown(entry.key))
                continue
            self.reader.compare(entry, entry.record)
            self._read_evidence(entry, told.get(entry.key, []))
        self._recognise([entry for entry in entries if entry.is_new and not entry.failed])
        targets = self._targets(entries)
        self._check_limits(entries)
        for entry in entries:
            self._judge(entry, targets)

    def _records(self, keys, lock):
        """{key in the file: Assessment}."""
        ids = {int(found[1]): key for key in keys if (found := DRAFT.fullmatch(key))}
        drafts = _read().filter(pk__in=list(ids))
        if lock:
            drafts = drafts.select_for_update(of=("self",))
        records = {ids[one.pk]: one for one in drafts}
        rest = [key for key in keys if key not in records and not NEW.fullmatch(key)]
        return records | {one.key: one for one in _read().filter(key__in=rest, edition__isnull=False)}

    # Evidence

    def _read_evidence(self, entry, lines):
        """Compare the rows of evidence with those on record; those that the file leaves out go."""
        if not self.with_evidence:
            return
        stored = {row.source.key: row for row in entry.record.evidence.all()} if entry.record else {}
        seen = {}
        for line in lines:
            key = text_of(line.cells.get("source")).strip()
            one = Entry(EVIDENCE_SHEET, line, key, record=stored.get(key))
            if key and key in seen:
                self.rows.problem(
                    one, "source", _("Row %s has the same source. One assessment uses it once.") % seen[key]
                )
            seen.setdefault(key, line.number)
            self.rows.compare(one, one.record)
            entry.failed = entry.failed or one.failed
            if one.changes or one.is_new:
                entry.rows.append(Row(one.record, one))
        entry.rows += [Row(row, None) for key, row in stored.items() if key not in seen]
        for row in entry.rows:
            self._tell(entry, row)

    @staticmethod
    def _tell(entry, row):
        """What becomes of a piece of evidence, beside the changes of its assessment."""
        key = row.entry.key if row.entry else row.record.source.key
        label = _("evidence %s") % key
        if row.entry is None:
            entry.changes[label] = (_in_a_line(row.record), None)
        elif row.record is None:
            said = {name: after for name, (_before, after) in row.entry.changes.items()}
            entry.changes[label] = (None, " · ".join(text_of(said[name]) for name in SAID if name in said))
        else:
            for name, change in row.entry.changes.items():
                entry.changes[f"{label}: {name}"] = change

    # What is there already

    def _recognise(self, entries):
        """Find new rows that are on record word by word; tell of drafts that are only alike."""
        wanted = {self._day_of(entry) for entry in entries} - {None}
        if not wanted:
            return
        alike = defaultdict(list)
        ids = [pk for day in wanted for pk in self._by_day.get(day, ())]
        for one in _read().filter(pk__in=ids):
            alike[one.commitment.slug, one.as_of].append(one)
        for entry in entries:
            there = alike.get(self._day_of(entry), [])
            entry.record = next((one for one in there if self._says(one) == self._would_say(entry)), None)
            if entry.record is not None:
                entry.changes, entry.rows = {}, []
            else:
                drafts = [assessment_key(one) for one in there if not one.edition_id]
                self._note_alike(entry, drafts)

    @cached_property
    def _by_day(self):
        """{(key of a commitment, day): ids of the assessments of that day}, in one query."""
        found = defaultdict(list)
        for slug, day, pk in Assessment.objects.order_by().values_list("commitment__slug", "as_of", "pk"):
            found[slug, day].append(pk)
        return found

    def _note_alike(self, entry, drafts):
        if drafts:
            self.similar.append(
                _("Row %(row)s makes a new draft, and %(there)s judges the same commitment for the same day. To change "
                  "that one, write its key instead of “%(key)s”.")
                % {"row": entry.line.number, "there": ", ".join(drafts), "key": entry.key}
            )  # fmt: skip

    @staticmethod
    def _day_of(entry):
        slug, day = (entry.changes.get(name, (None, None))[1] for name in ("commitment", "as_of"))
        return (slug, day) if slug and day else None

    def _says(self, record):
        fields = {name: one.column.value(record) or None for name, one in ASSESSMENT_SHEET.fields.items()}
        rows = {row.source.key: (row.bearing, row.shows, row.locator or None) for row in record.evidence.all()}
        return fields, rows if self.with_evidence else None

    def _would_say(self, entry):
        fields = {name: entry.changes.get(name, (None, None))[1] for name in ASSESSMENT_SHEET.fields}
        rows = {
            row.entry.key: tuple(row.entry.changes.get(name, (None, None))[1] for name in SAID) for row in entry.rows
        }
        return fields, rows if self.with_evidence else None

    # Judging

    def _check_limits(self, entries):
        """What hangs on a commitment outside the person's limits is outside too, before the change and after."""
        slugs = {id(entry): set(_commitments_of(entry)) for entry in entries if entry.changes or entry.is_new}
        outside = self.limits.outside(set().union(*slugs.values()))
        for entry in entries:
            for slug in sorted(slugs.get(id(entry), set()) & set(outside)):
                self.reader.problem(entry, "commitment", outside[slug], value=slug)

    def _targets(self, entries):
        """{key: published Assessment} of what rows correct, with what may have taken it back."""
        keys = {entry.changes["corrects"][1] for entry in entries if "corrects" in entry.changes} - {None}
        found = Assessment.objects.filter(key__in=keys, edition__isnull=False) if keys else []
        return {one.key: one for one in found.select_related("commitment", "correction", "retraction")} if keys else {}

    def _judge(self, entry, targets):
        if not entry.changes and not entry.failed and entry.record is not None:
            self.plan.unchanged.append(entry.key)
            return
        if entry.record is not None and entry.record.edition_id:
            self._refuse_published(entry)
        if entry.failed:
            self.plan.entries.append(entry)
            return
        own = Entry(entry.sheet, entry.line, entry.key, entry.record, changes={
            name: change for name, change in entry.changes.items() if name in ASSESSMENT_SHEET.fields
        })  # fmt: skip
        self.reader.build(own, entry.record if entry.record is not None else Assessment())
        self.reader.validate(own)
        entry.instance, entry.failed = own.instance, own.failed
        slug = entry.changes.get("commitment", (None, None))[1]
        entry.title = f"{slug or entry.instance.commitment.slug}/{entry.instance.as_of}"
        self._check_correction(entry, targets)
        for row in entry.rows:
            self._judge_evidence(entry, row)
        self.plan.entries.append(entry)

    def _refuse_published(self, entry):
        for name in entry.changes:
            column = name if name in ASSESSMENT_SHEET.fields else ""
            sentence = _("It is published and never changes; correct it instead, on its page at the desk. Differs: %s.")
            self.reader.problem(entry, column, sentence % name)

    def _judge_evidence(self, entry, row):
        one = row.entry
        if one is None:
            return
        self.rows.build(one, row.record if row.record is not None else Evidence())
        self.rows.validate(one)
        terms = self._closed_sources().get(one.key)
        if terms and quotes(one.instance.shows, one.instance.locator):
            column = "shows" if quotes(one.instance.shows) else "locator"
            self.rows.problem(
                one, column, _("The terms of “%s” forbid quotation; say it without quotation marks.") % one.key
            )
        entry.failed = entry.failed or one.failed

    def _closed_sources(self):
        if self._closed is None:
            self._closed = dict(Source.objects.exclude(terms=Terms.OPEN).values_list("key", "terms"))
        return self._closed

    def _check_correction(self, entry, targets):
        if "corrects" not in entry.changes or entry.changes["corrects"][1] is None:
            return
        key = entry.changes["corrects"][1]
        target = targets.get(key)
        other = getattr(target, "correction", None)
        slug = entry.changes.get("commitment", (None, None))[1] or entry.instance.commitment.slug
        if target is None:
            sentence = _("Only a published assessment is corrected; change the draft instead.")
        elif target.commitment.slug != slug:
            sentence = _("It is an assessment of another commitment, “%s”.") % target.commitment.slug
        elif readiness.withdrawal_problem(target):
            sentence = readiness.withdrawal_problem(target)
        elif other is not None and other.pk != entry.instance.pk:
            sentence = _("Somebody began a correction of it already; change that draft, %s.") % assessment_key(other)
        elif key in self.correcting:
            sentence = _("Row %s corrects it already.") % self.correcting[key]
        else:
            self.correcting[key] = entry.line.number
            return
        self.reader.problem(entry, "corrects", str(sentence))


def _commitments_of(entry):
    """The keys of the commitment that a row is about, as it is on record and as the file says."""
    if entry.record is not None:
        yield entry.record.commitment.slug
    if entry.changes.get("commitment", (None, None))[1]:
        yield entry.changes["commitment"][1]


def _why_unknown(key):
    if DRAFT.fullmatch(key):
        return _("There is no such draft any more. Export the table again, or write a name like new-1 for a new one.")
    return _("No published assessment has this key. For a new one write a name of yours that begins with “new-”.")


def _in_a_line(row):
    return " · ".join(text_of(getattr(row, name)) for name in SAID if getattr(row, name))
