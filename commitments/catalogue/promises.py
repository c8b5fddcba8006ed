"""The commitments of a catalogue: new ones, and new wordings of known ones."""

from decimal import Decimal

from commitments import readiness
from commitments.choices import Origin
from commitments.models import Commitment, Party, Source, Summit, Theme

# What the desk's audit trail says of a change that came from the files.
CHANGE_REASON = "catalogue"
PARTIES = ("pledged_by", "beneficiaries")
LINKS = ("related", "restates")


def words(value):
    """A catalogue value as a text column holds it: '' for null, ISO for a date."""
    return "" if value is None else str(value)


def amount(value):
    """A catalogue number as a Decimal, exactly as it is written; None for null."""
    return None if value is None else Decimal(str(value))


def wording(row, index):
    """The plain columns of a commitment from its record; ``index`` maps the keys of themes, summits and sources."""
    target = row["target"] or {"quantity": None, "unit": None, "measure": None}
    values = {name: row[name] for name in ("title", "summary", "basis", "obligation", "checkable", "checkable_note",
                                           "made_on", "kind", "due", "in_seed")}  # fmt: skip
    values |= {name: words(row[name]) for name in ("responsible", "locator", "note")}
    return values | {
        "theme": index["themes"][row["theme"]],
        "summit": index["summits"].get(row["summit"]),
        "source": index["sources"][row["source"]],
        "target_quantity": amount(target["quantity"]),
        "target_unit": words(target["unit"]),
        "target_measure": words(target["measure"]),
    }


def load_commitments(catalogue, report):
    """Create and update working copies; returns the Commitments whose wording is to be published."""
    index = {
        "themes": {theme.slug: theme for theme in Theme.objects.all()},
        "summits": {summit.key: summit for summit in Summit.objects.all()},
        "sources": {source.key: source for source in Source.objects.all()},
        "parties": {party.code: party for party in Party.objects.all()},
    }
    rows = catalogue.records["commitments"]
    known = {one.slug: one for one in Commitment.objects.select_related("retraction")}
    fresh = set()
    for row in rows:
        if row["key"] not in known:
            commitment = Commitment(slug=row["key"], **wording(row, index))
            # Its history begins below, with its links.
            commitment.skip_history_when_saving = True
            commitment.save()
            known[row["key"]] = commitment
            fresh.add(row["key"])
            report.add_new("commitments")
    named = {row["key"] for row in rows}
    report.not_in_files += [
        f"commitments {slug}" for slug, one in known.items() if slug not in named and not readiness.is_withdrawn(one)
    ]
    drafts = []
    for row in rows:
        commitment = known[row["key"]]
        if row["key"] in fresh:
            commitment._change_reason = CHANGE_REASON
            with commitment.recorded_once("+"):
                _set_links(commitment, row, index, known)
            drafts.append(commitment)
        elif _update(commitment, row, index, known, report):
            drafts.append(commitment)
    return drafts


def _set_links(commitment, row, index, known):
    for name in PARTIES:
        getattr(commitment, name).set([index["parties"][code] for code in row[name]])
    for name in LINKS:
        getattr(commitment, name).set([known[key] for key in row[name]])
    if row["superseded_by"]:
        commitment.superseded_by = known[row["superseded_by"]]
        commitment.save()


def _differences(commitment, row, index, known):
    """The names of the fields in which the working copy is not what the record says."""
    changed = [name for name, value in wording(row, index).items() if getattr(commitment, name) != value]
    if commitment.superseded_by_id != (known[row["superseded_by"]].pk if row["superseded_by"] else None):
        changed.append("superseded_by")
    for names, key in ((PARTIES, "code"), (LINKS, "slug")):
        stored = {name: set(getattr(commitment, name).values_list(key, flat=True)) for name in names}
        changed += [name for name in names if stored[name] != set(row[name])]
    return changed


def _update(commitment, row, index, known, report):
    """Bring a known commitment into line with its record; returns whether its wording is to be published again."""
    changed = _differences(commitment, row, index, known)
    if not changed:
        report.unchanged += 1
        return False
    reason = _why_not(commitment)
    if reason:
        report.left_alone.append(f"commitments {commitment.slug} ({', '.join(changed)}): {reason}")
        return False
    for name, value in wording(row, index).items():
        setattr(commitment, name, value)
    commitment.superseded_by = known.get(row["superseded_by"])
    commitment._change_reason = CHANGE_REASON
    with commitment.recorded_once():
        commitment.save()
        _set_links(commitment, row, index, known)
    report.revised.append(f"commitments {commitment.slug}: {', '.join(changed)}")
    # in_seed is for the desk only and in no published wording.
    return changed != ["in_seed"]


def _why_not(commitment):
    """Why the files may not change this commitment, or None: what the desk did goes first."""
    if readiness.is_withdrawn(commitment):
        return "it has been retracted"
    newest = readiness.newest_revision(commitment)
    if newest is None:
        return "it is a draft of the desk"
    if newest.edition.origin == Origin.DESK:
        return f"the desk published its wording in edition {newest.edition_id}"
    if readiness.unpublished_changes(commitment):
        return "the desk is working on its wording"
    return None
