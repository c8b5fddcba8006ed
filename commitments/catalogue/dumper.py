"""Writes what is published as a catalogue folder; loaded into an empty register it shows readers the same."""

from collections import defaultdict
from pathlib import Path

import yaml
from django.db import transaction
from django.db.models import Prefetch

from commitments.models import (
    Assessment,
    MemberScore,
    Membership,
    Party,
    PublishingLock,
    Reply,
    RevisionLink,
    RevisionParty,
    Source,
    Summit,
    Theme,
)
from commitments.quality import newest_revisions, standing_assessments

from .loader import CatalogueError
from .records import (
    assessment_record,
    commitment_record,
    party_record,
    reply_record,
    score_record,
    source_record,
    summit_record,
    theme_record,
)

HEADINGS = {
    "themes": "The fields of policy, in the order of every list.",
    "parties": "Parties and their dated roles in the organisation, in the order of every list.",
    "summits": "Summits and council meetings in date order.",
    "sources": "All sources, by key.",
    "commitments": "Commitments: {theme}. Summaries are in our own words.",
    "assessments": "Assessments of the {theme} commitments, by commitment, oldest first.",
    "member_scores": "Scores of single members.",
    "replies": "Public answers of assessed parties. In our words.",
}


class _Inline(list):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """YAML as the catalogue writes it: list items indented, lists of keys on one line, nothing by reference."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data):
        return True


_Dumper.add_representer(
    _Inline, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def dump(folder):
    """Write everything published and not withdrawn to ``folder``; returns the number of records by kind.

    The folder must be empty or absent, and something must be published; otherwise CatalogueError. Sources that may not
    be cited in public are written whole: the files are for the desk. Left out are drafts, withdrawn records with what
    hangs on them and links to them, earlier wordings and the history of editions.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CatalogueError([f"{folder} is not an empty folder; name one that is empty or does not exist yet."])
    with transaction.atomic():
        # Nothing is published while the tables are read, so that the files speak of one edition.
        PublishingLock.take()
        records = _records()
    if not records["commitments"]:
        raise CatalogueError(["Nothing is published; there is nothing to write."])
    for name, text in _files(records).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return {kind: len(rows) for kind, rows in records.items()}


def _records():
    """Every record that is written, by kind, in the order of the register."""
    found = newest_revisions().select_related("commitment", "summit", "source", "theme")
    revisions = sorted(found, key=lambda revision: revision.commitment_id)
    assessments = _assessments([revision.commitment_id for revision in revisions])
    roles = Prefetch("memberships", Membership.objects.select_related("source").order_by("since", "pk"))
    summits = Summit.objects.select_related("country", "source").order_by("date", "key")
    return {
        "themes": [theme_record(theme) for theme in Theme.objects.all()],
        "parties": [party_record(party) for party in Party.objects.prefetch_related(roles)],
        "summits": [summit_record(summit) for summit in summits],
        "sources": [source_record(source) for source in Source.objects.select_related("issuer").order_by("key")],
        "commitments": _commitments(revisions),
        "assessments": [assessment_record(assessment) for assessment in assessments],
        "member_scores": [score_record(score) for one in assessments for score in one.member_scores.all()],
        "replies": _replies({assessment.pk: assessment for assessment in assessments}),
    }


def _commitments(revisions):
    """The records of these Revisions, in their order, without links to commitments that are not among them."""
    slugs = {revision.commitment_id: revision.commitment.slug for revision in revisions}
    newest = newest_revisions().values("pk")
    parties, links = defaultdict(_Inline), defaultdict(_Inline)
    named = RevisionParty.objects.filter(revision__in=newest, as_member=False).select_related("party")
    for row in named.order_by("party__position", "party__code"):
        parties[row.revision_id, row.role].append(row.party.code)
    for row in RevisionLink.objects.filter(revision__in=newest).order_by("target"):
        if row.target_id in slugs:
            links[row.revision_id, row.kind].append(slugs[row.target_id])
    return [commitment_record(revision, parties, links, slugs) for revision in revisions]


def _assessments(commitments):
    """What stands on these commitments (ids), in their order, oldest first; of one day, what holds comes last."""
    place = {pk: number for number, pk in enumerate(commitments)}
    scores = Prefetch("member_scores", MemberScore.objects.select_related("party", "source").order_by("pk"))
    found = standing_assessments().prefetch_related(scores)
    return sorted(found, key=lambda one: (place[one.commitment_id], one.as_of, one.edition_id, one.pk))


def _replies(written):
    """The public replies, each beside what stands of what it answered; ``written`` are the Assessments by id."""
    corrections = Assessment.objects.filter(edition__isnull=False, corrects__isnull=False)
    followers = dict(corrections.values_list("corrects", "pk"))
    found = Reply.objects.filter(edition__isnull=False).exclude(retraction__edition__isnull=False)
    records = []
    for reply in found.select_related("party", "source").order_by("edition", "pk"):
        answered = reply.assessment_id
        while answered in followers:
            answered = followers[answered]
        if answered in written:
            records.append(reply_record(reply, written[answered]))
    return records


def _files(records):
    """The text of each file by its name."""
    files = {}
    themes = {row["key"]: row["theme"] for row in records["commitments"]}
    for kind, rows in records.items():
        if kind in ("commitments", "assessments"):
            groups = {theme: [] for theme in themes.values()}
            for row in rows:
                groups[themes[row.get("commitment", row["key"])]].append(row)
            files |= {f"{kind}/{theme}.yaml": _text(kind, group, theme) for theme, group in groups.items()}
        else:
            files[f"{kind}.yaml"] = _text(kind, rows)
    return files


def _text(kind, rows, theme=""):
    head = f"# {HEADINGS[kind].format(theme=theme)}\n{kind}:"
    if not rows:
        return f"{head} []\n"
    # One record at a time, for the empty line between two.
    options = {"sort_keys": False, "allow_unicode": True, "default_flow_style": False, "width": 118}
    written = [yaml.dump({kind: [row]}, Dumper=_Dumper, **options).split("\n", 1)[1] for row in rows]
    return f"{head}\n" + "\n".join(written)
