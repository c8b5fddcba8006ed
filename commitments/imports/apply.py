"""Carries a Plan out: everything in one transaction or nothing, as drafts of the person who imports, with history."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from commitments import workflow
from commitments.models import Assessment, Commitment, Evidence, Source

from .dry_run import draw_up
from .plan import chunks

LINKS = ("pledged_by", "beneficiaries", "related", "restates")
LONGEST_REASON = 100


class NotWritten(Exception):
    """Nothing was written; the message says why, ``plan`` is what the file would do now."""

    def __init__(self, sentence, plan=None):
        self.plan = plan
        super().__init__(sentence)


def write(content, table, *, by, name, fingerprint):
    """Write what a Plan said; a generator of (done, total) that returns the Plan that was carried out.

    ``fingerprint`` is that of the Plan that the person saw: the file and the records must still be the same.
    Raises NotWritten.
    """
    try:
        with transaction.atomic():
            plan = yield from draw_up(content, table, by=by, lock=True)
            if plan.fingerprint != fingerprint or plan.problems:
                raise NotWritten(
                    _("Nothing was written: what the file would change has changed since you looked. Look again."), plan
                )
            yield from _write(plan, by, _("Imported from %s") % name)
    except IntegrityError as error:
        said = str(error).split("\n")[0].strip().rstrip(".")
        raise NotWritten(
            _("Nothing was written: somebody saved a record at the same moment, or the database refuses it (%(said)s). "
              "Look again.") % {"said": said}
        ) from error  # fmt: skip
    return plan


def _write(plan, by, reason):
    history = {"default_user": by, "default_change_reason": reason[:LONGEST_REASON]}
    model = plan.table.model
    done = 0
    for part in chunks(plan.new):
        _create(model, part, by)
        done += len(part)
        yield done, len(plan.entries)
    if model is Commitment:
        _fill_superseded(plan)
    for part in chunks(plan.changed):
        _update(model, part, by)
        done += len(part)
        yield done, len(plan.entries)
    for part in chunks(plan.entries):
        if model is Commitment:
            _link(part)
        if model is Assessment:
            _write_evidence(part, history)
        _remember(model, part, history)


def _create(model, entries, by):
    for entry in entries:
        if model is not Source:
            workflow.note_edit(entry.instance, by=by)
    model.objects.bulk_create([entry.instance for entry in entries])


def _update(model, entries, by):
    records = [entry.instance for entry in entries]
    names = {name for entry in entries for name in entry.changes if name in entries[0].sheet.fields} - set(LINKS)
    # What is the same for all goes in one short statement; a value for each record makes a long one.
    stamps = {"version": F("version") + 1}
    if model is not Source:
        stamps |= {"author": Coalesce("author", by.pk), "edited_by": by, "submitted_at": None}
        for record in records:
            workflow.note_edit(record, by=by)
        if any(record.earlier_writers for record in records):
            names.add("earlier_writers")
    model.objects.filter(pk__in=[record.pk for record in records]).update(**stamps)
    if names:
        model.objects.bulk_update(records, sorted(names))


def _fill_superseded(plan):
    """Point to commitments that the same file made, now that they have ids."""
    made = {entry.key: entry.instance.pk for entry in plan.new}
    pointing = []
    for entry in plan.entries:
        key = entry.changes.get("superseded_by", (None, None))[1]
        if key in made:
            entry.instance.superseded_by_id = made[key]
            pointing += [entry.instance] if entry.is_new else []
    Commitment.objects.bulk_update(pointing, ["superseded_by"])


def _link(entries):
    """Write the parties and links that changed."""
    for name in LINKS:
        concerned = [entry for entry in entries if name in entry.many]
        if not concerned:
            continue
        field = Commitment._meta.get_field(name)
        through, here = field.remote_field.through, field.m2m_column_name()
        there = field.m2m_reverse_name()
        key = "code" if name in ("pledged_by", "beneficiaries") else "slug"
        wanted = {one for entry in concerned for one in entry.many[name]}
        ids = dict(field.related_model.objects.filter(**{f"{key}__in": wanted}).values_list(key, "pk"))
        through.objects.filter(
            **{f"{here}__in": [entry.instance.pk for entry in concerned if not entry.is_new]}
        ).delete()
        through.objects.bulk_create(
            [through(**{here: entry.instance.pk, there: ids[one]}) for entry in concerned for one in entry.many[name]]
        )


def _write_evidence(entries, history):
    gone, changed, new, names = [], [], [], set()
    for entry in entries:
        stored = [] if entry.is_new else list(entry.record.evidence.all())
        position = max((row.position for row in stored), default=-1)
        for row in entry.rows:
            if row.entry is None:
                gone.append(row.record)
            elif row.record is not None:
                changed.append(row.entry.instance)
                names |= set(row.entry.changes)
            else:
                position += 1
                row.entry.instance.assessment, row.entry.instance.position = entry.instance, position
                new.append(row.entry.instance)
    kept = Evidence.history.bulk_history_create(gone, update=True, **history)
    Evidence.history.filter(pk__in=[row.pk for row in kept]).update(history_type="-")
    Evidence.objects.filter(pk__in=[row.pk for row in gone]).delete()
    if changed:
        bulk_update_with_history(changed, Evidence, sorted(names), **history)
    bulk_create_with_history(new, Evidence, **history)


def _remember(model, entries, history):
    """Add what was written to the desk's audit trail, parties and links included."""
    for is_new in (True, False):
        records = [entry.instance for entry in entries if entry.is_new is is_new]
        if records:
            rows = model.history.bulk_history_create(records, update=not is_new, **history)
            if model is Commitment:
                _remember_links(records, rows)


def _remember_links(records, rows):
    by_id = {row.id: row for row in rows}
    for field in Commitment.history.model._history_m2m_fields:
        through, here = field.remote_field.through, field.m2m_column_name()
        kept = getattr(Commitment.history.model, field.name).model
        stored = through.objects.filter(**{f"{here}__in": [record.pk for record in records]}).values()
        kept.objects.bulk_create([kept(history=by_id[link[here]], **link) for link in stored])
