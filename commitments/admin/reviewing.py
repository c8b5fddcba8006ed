"""What a publisher reads before publishing: each draft beside what is public now, and what it rests on."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import readiness, workflow
from commitments.models import Assessment, Commitment, Reply, Standing
from commitments.moment import Moment

from . import beside
from .forms import in_words
from .publishing import as_published, subject_of, token_of

REPLY_FIELDS = ("assessment", "party", "date", "text", "source")
# What tells a publisher which record a retraction withdraws.
WITHDRAWN_FIELDS = {
    Commitment: ("title", "summary", "made_on"),
    Assessment: ("status", "as_of", "rationale"),
    Reply: ("party", "date", "text"),
}


def standings_of(commitments):
    """The Standing that readers see now, by commitment id."""
    held = Standing.objects.at(Moment.now()).filter(commitment__in=commitments)
    return {row.commitment_id: row for row in held.select_related("revision", "assessment")}


def in_a_line(standing):
    """A Standing in one line for the desk."""
    if standing is None:
        return _("Not shown to readers")
    if standing.as_of is None:
        return str(standing.status_label)
    return _("%(status)s, as of %(day)s") % {"status": standing.status_label, "day": in_words(standing.as_of)}


@dataclass
class Review:
    """One draft as its publisher reads it; ``changes`` are rows (label, now, after), ``rows`` (heading, Lines)."""

    record: object
    changes: list
    problems: list
    subject: object = None
    before: str = ""
    after: str = ""
    rows: list = field(default_factory=list)
    earlier_writers: list = field(default_factory=list)

    @property
    def token(self):
        return token_of(self.record)

    @property
    def kind(self):
        return self.record._meta.verbose_name

    @property
    def admin_url(self):
        return reverse(f"admin:commitments_{self.record._meta.model_name}_change", args=[self.record.pk])

    @property
    def is_all_new(self):
        """Whether it takes the place of nothing that readers see, so that there is nothing to compare it with."""
        return all(now == beside.NOTHING for _label, now, _after in self.changes)

    @property
    def lines(self):
        """The changes as Lines, with the changed words marked where there is something to compare with."""
        return [beside.line(label, after if self.is_all_new else now, after) for label, now, after in self.changes]

    @property
    def corrects(self):
        """The published Assessment whose place the draft takes, or None."""
        return getattr(self.record, "corrects", None)

    @property
    def withdraws(self):
        """The published record that a retraction takes back, or None."""
        return getattr(self.record, "target", None)

    @property
    def withdrawn_url(self):
        return reverse(f"admin:commitments_{self.withdraws._meta.model_name}_change", args=[self.withdraws.pk])


def review(records):
    """A Review for each record, as it stands in the database."""
    together = {record.pk for record in records if isinstance(record, Commitment)}
    held = standings_of([subject_of(record).pk for record in records])
    found = []
    for record in records:
        subject = subject_of(record)
        one = Review(
            record, list(changes_of(record, held.get(subject.pk))), readiness.problems(record, together_with=together)
        )
        one.subject, one.before = subject, in_a_line(held.get(subject.pk))
        one.earlier_writers = record.named_earlier_writers()
        if isinstance(record, Assessment):
            one.rows = list(_rows_of(record))
        found.append(one)
    return found


def _rows_of(assessment):
    """(heading, Lines) of what an assessment rests on; a correction's beside what it corrects."""
    for heading, name, told in ROWS:
        new = list(getattr(assessment, name).select_related(*told["related"]))
        old = new
        if assessment.corrects_id:
            old = list(getattr(assessment.corrects, name).select_related(*told["related"]))
        if old or new:
            yield heading, beside.rows(old, new, key=told["key"], label=told["label"], text=told["text"])


def _source_in_words(source):
    """A source as a publisher wants to know it, with its address to open."""
    facts = [source.publisher, source.published, source.get_kind_display(), source.get_terms_display()]
    if source.issuer_id:
        facts.append(_("speaks for %(party)s") % {"party": source.issuer})
    said = format_html("{} ({})", source.title, ", ".join(str(fact) for fact in facts if fact))
    if not source.url:
        return said
    return format_html('{}<br><a href="{}" rel="noreferrer">{}</a>', said, source.url, source.url)


ROWS = (
    (
        gettext_lazy("Evidence"),
        "evidence",
        {
            "related": ("source__issuer",),
            "key": lambda row: row.source_id,
            "label": lambda row: _source_in_words(row.source),
            "text": lambda row: (
                f"{row.get_bearing_display()}: {row.shows}" + (f" ({row.locator})" if row.locator else "")
            ),
        },
    ),
    (
        gettext_lazy("Search log"),
        "search_log",
        {
            "related": (),
            "key": lambda row: (row.where, row.language, row.when),
            "label": lambda row: f"{row.where} ({row.language}), {in_words(row.when)}",
            "text": lambda row: row.found,
        },
    ),
    (
        gettext_lazy("Member scores"),
        "member_scores",
        {
            "related": ("party", "source"),
            "key": lambda row: row.party_id,
            "label": lambda row: row.party,
            "text": lambda row: f"{row.score:+d}. {row.rationale} ({row.source})",
        },
    ),
)


def foresee(reviews, *, by):
    """Fill in what readers would see after publishing; leaves it empty where publishing would be refused."""
    try:
        with as_published([one.token for one in reviews], by=by):
            held = standings_of([one.subject.pk for one in reviews])
            for one in reviews:
                one.after = in_a_line(held.get(one.subject.pk))
    except workflow.Refused:
        return


def changes_of(record, standing):
    """Rows (label, what readers see now, what they would see) for every public field that a draft sets or changes."""
    if isinstance(record, Commitment):
        yield from _wording_changes(record)
    elif isinstance(record, Assessment):
        current = record.corrects or (standing.assessment if standing else None)
        if record.corrects_id:
            yield from _row(record, "correction_reason", None)
        for name in readiness.JUDGEMENT_FIELDS:
            if name != "commitment":
                yield from _row(record, name, getattr(current, name, None) if current else None)
    elif isinstance(record, Reply):
        for name in REPLY_FIELDS:
            yield from _row(record, name, None)
    else:
        yield from _row(record, "reason", None)
        for name in WITHDRAWN_FIELDS[type(record.target)]:
            meta = record.target._meta.get_field(name)
            now = in_words(getattr(record.target, name), meta)
            yield meta.verbose_name, now, now


def _row(record, name, before):
    meta = record._meta.get_field(name)
    now, after = in_words(before, meta), in_words(getattr(record, name), meta)
    if (now, after) != ("—", "—"):
        yield meta.verbose_name, now, after


def _wording_changes(commitment):
    revision = readiness.newest_revision(commitment)
    roles = {"pledged_by": "pledger", "beneficiaries": "beneficiary"}
    for name in readiness.unpublished_changes(commitment):
        before = getattr(revision, name, None) if revision else None
        if revision and name in roles:
            before = [row.party for row in revision.parties.filter(role=roles[name], as_member=False)]
        elif revision and name in ("related", "restates"):
            before = [row.target for row in revision.links.filter(kind=name)]
        yield from _row(commitment, name, before)
