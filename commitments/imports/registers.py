"""The dry run of commitments and of sources: one sheet, one record to a row."""

from django.utils.translation import gettext as _

from commitments.addresses import normalised
from commitments.choices import UNCITABLE, Terms
from commitments.exports.desk import desk_rows
from commitments.models import Commitment, Evidence, MemberScore, Reply, Source
from commitments.moment import Moment
from commitments.refusals import quoting

from .limits import Limits
from .plan import Computed, ask_for_columns, check_header, chunks, read_keys
from .rows import Entry, Reader, References
from .tables import SOURCE_SHEET

# From the loosest to the strictest.
STRICTNESS = [Terms.OPEN, Terms.NO_QUOTATION, Terms.NO_CITATION]
TOLD = {Evidence: ("shows", "locator"), MemberScore: ("rationale",), Reply: ("text",)}


def draw(plan, sheets, *, by, lock):
    """Fill the Plan from the one sheet of its table; yields (done, total)."""
    (sheet,) = plan.table.sheets
    read = sheets[sheet.name]
    if not check_header(read, sheet.columns, sheet.key, plan.problems):
        return
    lines = read_keys(sheet, read.lines, plan.problems)
    plan.total = len(read.lines)
    references = References({sheet.model: lines})
    reader, computed = Reader(sheet, references, plan.problems, header=read.header), Computed(sheet, read.header)
    done, limits = 0, Limits(by)
    for part in chunks(list(lines)):
        rows = _rows(sheet.model, part, lock)
        for key in part:
            row = rows.get(key)
            entry = Entry(sheet, lines[key], key, record=getattr(row, "commitment", row))
            if sheet.model is Commitment:
                _spare_hidden(entry)
            computed.compare(entry.line, row)
            _judge(plan, reader, entry, row, limits)
        done += len(part)
        yield done, plan.total
    ask_for_columns(reader, plan.entries)
    plan.notices += computed.notices()
    if sheet is SOURCE_SHEET:
        _check_sources(plan, reader)


def _rows(model, keys, lock):
    """{key: what the columns read} of the records that are there."""
    if model is Source:
        found = Source.objects.filter(key__in=keys).select_related("issuer")
        return {one.key: one for one in (found.select_for_update(of=("self",)) if lock else found)}
    found = Commitment.objects.filter(slug__in=keys).select_related("theme", "summit", "source", "superseded_by")
    found = found.prefetch_related("pledged_by", "beneficiaries", "related", "restates")
    if lock:
        found = found.select_for_update(of=("self",))
    return {row.commitment.slug: row for row in desk_rows(list(found), Moment.now())}


def _spare_hidden(entry):
    """The public CSV does not name a source that may not be cited; what it leaves out stays as it is."""
    hidden = entry.line.cells.get("source_title") == str(UNCITABLE) and entry.line.cells.get("source") is None
    if hidden and entry.record is not None and not entry.record.source.is_citable:
        source = entry.record.source
        kept = {name: cell for name, cell in entry.line.cells.items() if name not in ("source", "locator")}
        entry.line.cells = {**kept, "source_title": source.title, "source_url": source.url}


def _judge(plan, reader, entry, row, limits):
    reader.compare(entry, row)
    if not entry.changes and not entry.failed and not entry.is_new:
        plan.unchanged.append(entry.key)
        return
    outside = limits.problem(entry.record) if reader.sheet.model is Commitment else None
    reader.build(
        entry, entry.record if entry.record is not None else reader.sheet.model(**{reader.sheet.key: entry.key})
    )
    reader.validate(entry)
    if reader.sheet.model is Commitment and not entry.failed:
        outside = outside or limits.problem_after(entry)
    if outside:
        reader.problem(entry, reader.sheet.key, outside)
    if entry.key in entry.many.get("related", ()) or entry.key in entry.many.get("restates", ()):
        reader.problem(entry, "related", _("A commitment does not point to itself."), value=entry.key)
    after = entry.changes.get("superseded_by", (None, None))[1]
    if after == entry.key and entry.is_new:
        reader.problem(entry, "superseded_by", _("A commitment does not supersede itself."))
    plan.entries.append(entry)


def _check_sources(plan, reader):
    """Each address once, terms that are not loosened by a file, and none that the evidence breaks."""
    held = dict(Source.objects.exclude(url="").values_list("key", "url"))
    in_file = {entry.key for entry in plan.entries}
    owners = {normalised(url): key for key, url in held.items() if key not in in_file}
    for entry in plan.entries:
        url = entry.instance.url
        owner = owners.setdefault(normalised(url), entry.key) if url else entry.key
        if owner != entry.key:
            sentence = _("This address belongs to the source “%s” already; use that one.") % owner
            reader.problem(entry, "url", sentence, value=url)
        before, after = entry.changes.get("terms", (None, None))
        if before and STRICTNESS.index(after) < STRICTNESS.index(before):
            sentence = _("A permission is recorded on the page of the source, not by a file. Leave “%s” here.") % before
            reader.problem(entry, "terms", sentence)
    _check_quotations(plan, reader)
    if plan.changed:
        plan.notices.append(
            _("Sources are not drafts: where something published rests on one, readers see its change at once.")
        )


def _check_quotations(plan, reader):
    """Terms that forbid quotation, where what is told of the source holds quotation marks."""
    tightened = {
        entry.record.pk: entry
        for entry in plan.changed
        if entry.changes.get("terms", (None, Terms.OPEN))[1] != Terms.OPEN
    }
    quoted = set()
    if tightened:
        for model, names in TOLD.items():
            found = model._base_manager.filter(quoting(names), source__in=list(tightened))
            quoted |= set(found.values_list("source", flat=True))
    for pk in sorted(quoted):
        sentence = _(
            "These terms forbid quotation, and what is told of this source holds quotation marks. Reword that."
        )
        reader.problem(tightened[pk], "terms", sentence)
