"""The vocabularies of the tracker: every value with its label and the sentence that says what it means.

Forms, pages, exports, the methodology page and the checks all read these declarations; nothing is typed twice.
This module imports nothing of ours.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Vocabulary(models.TextChoices):
    """A text choice that also carries the sentence that says what it means: ``NAME = value, meaning, label``."""

    def __new__(cls, value, meaning=""):
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class Status(Vocabulary):
    """What came of a commitment. ``rule`` is the minimum of evidence; quality.py applies it.

    The order is the order of display: finished first, then open, then silent.
    """

    FULFILLED = (
        "fulfilled",
        _("What was promised has been done."),
        _("Fulfilled"),
    )
    PARTLY_FULFILLED = (
        "partly_fulfilled",
        _("A part of what was promised has been done, and the rest has not."),
        _("Partly fulfilled"),
    )
    IN_PROGRESS = (
        "in_progress",
        _("Work on it is reported, and no part is reported as finished."),
        _("In progress"),
    )
    STALLED = (
        "stalled",
        _("Work on it began or was prepared, and a source says that it has stopped or is held up."),
        _("Stalled"),
    )
    NOT_STARTED = (
        "not_started",
        _("A source says that nothing was begun."),
        _("Not started"),
    )
    NOT_FULFILLED = (
        "not_fulfilled",
        _("The deadline has passed without it, or it was given up."),
        _("Not fulfilled"),
    )
    SUPERSEDED = (
        "superseded",
        _("A later commitment or event has taken its place."),
        _("Superseded"),
    )
    NO_EVIDENCE = (
        "no_evidence",
        _("A search found no public evidence either way. Silence is not failure."),
        _("No evidence found"),
    )
    NOT_ASSESSED = (
        "not_assessed",
        _("Nobody has published a judgement on it that holds on this day."),
        _("Not assessed"),
    )

    @classmethod
    def assessable(cls):
        """The choices an assessment may take: all but "not assessed", which is the absence of one."""
        return [choice for choice in cls.choices if choice[0] != cls.NOT_ASSESSED]

    @property
    def rule(self):
        """The minimum of evidence for this status, a sentence."""
        return EVIDENCE_RULES[self.value]

    @property
    def is_closed(self):
        """Whether nothing more is expected: such a commitment is never overdue."""
        return self.value in CLOSED


# A commitment with one of these is never overdue.
CLOSED = ("fulfilled", "not_fulfilled", "superseded")

# The statuses as a headline sums them up: every status in exactly one group.
HEADLINES = (
    (("fulfilled",), _("fulfilled")),
    (("partly_fulfilled",), _("partly fulfilled")),
    (("in_progress", "stalled", "not_started"), _("open")),
    (("not_fulfilled",), _("not fulfilled")),
    (("superseded",), _("superseded")),
    (("no_evidence",), _("no evidence found")),
    (("not_assessed",), _("not assessed")),
)

EVIDENCE_RULES = {
    "fulfilled": _(
        "fulfilled needs an official text of the act or two independent sources: a supporting source of an official "
        "kind, or supporting sources of two different publishers."
    ),
    "partly_fulfilled": _("partly_fulfilled needs a dated act: at least one supporting source."),
    "in_progress": _("in_progress needs at least one evidence row."),
    "stalled": _("stalled needs at least one evidence row."),
    "not_started": _("not_started needs at least one evidence row."),
    "not_fulfilled": _(
        "not_fulfilled needs a passed deadline or an explicit reversal: the due day lies before the day of the "
        "assessment, or the closure reason is “renounced”; and at least one evidence row."
    ),
    "superseded": _("superseded needs at least one evidence row, and a closure reason."),
    "no_evidence": _("no_evidence needs a search log: where, in which language and when somebody looked."),
    "not_assessed": _("not_assessed is not given; it says that no published assessment holds."),
}


class Basis(Vocabulary):
    """What the commitment rests on. The last two are listed, but out of every total by default."""

    SUMMIT_DOCUMENT = (
        "summit-document",
        _("A declaration, communiqué or other text that a summit adopted."),
        _("Summit document"),
    )
    LEADER_PLEDGE = ("leader-pledge", _("A leader's own pledge at a summit."), _("Leader's pledge"))
    COUNCIL_DECISION = ("council-decision", _("A decision of a council of the organisation."), _("Council decision"))
    TREATY = ("treaty", _("A treaty or agreement that the parties signed."), _("Treaty"))
    CALL_ON_OTHERS = (
        "call-on-others",
        _("A call of the summit on somebody who did not promise anything. Left out of totals."),
        _("Call on others"),
    )
    ANALYST_RECOMMENDATION = (
        "analyst-recommendation",
        _("What an analyst recommended; nobody promised it. Left out of totals."),
        _("Analyst's recommendation"),
    )


# Listed, but not counted unless a reader asks for it.
UNCOUNTED_BASES = (Basis.CALL_ON_OTHERS.value, Basis.ANALYST_RECOMMENDATION.value)


class Obligation(Vocabulary):
    """Whether a promise is kept once, over and over, or only aimed at."""

    ONE_OFF = ("one_off", _("Done once, and then it is done."), _("One-off"))
    CONTINUING = (
        "continuing",
        _("To be done again and again; judged for a period and never closed for good."),
        _("Continuing"),
    )
    ASPIRATIONAL = ("aspirational", _("An aim without a defined end."), _("Aspirational"))


class Checkable(Vocabulary):
    """Whether anybody could tell that the commitment was carried out. "no" stays listed and leaves the totals."""

    YES = ("yes", _("The outcome can be told from public facts."), _("Checkable"))
    PARTLY = ("partly", _("A part of the outcome can be told from public facts."), _("Partly checkable"))
    NO = ("no", _("Nothing in the wording can be checked. Left out of totals."), _("Not checkable"))


class Kind(Vocabulary):
    """What sort of thing was promised; it decides how to verify it."""

    FINANCE = ("finance", _("Money: a credit, a grant, a fund."), _("Finance"))
    TRAINING = ("training", _("Training, scholarships, exchanges of people."), _("Training"))
    INSTITUTION = ("institution", _("A body, centre or mechanism to be set up."), _("Institution"))
    LEGAL_INSTRUMENT = (
        "legal-instrument",
        _("A treaty, agreement or convention to be made or ratified."),
        _("Legal instrument"),
    )
    PROGRAMME = ("programme", _("A plan of many measures."), _("Programme"))
    EVENT = ("event", _("A meeting, exercise, exhibition or festival."), _("Event"))
    POLICY = ("policy", _("A line of conduct."), _("Policy"))


class Stage(Vocabulary):
    """How far promised money has come."""

    ANNOUNCED = ("announced", _("Said in public."), _("Announced"))
    AGREED = ("agreed", _("Laid down in a signed agreement."), _("Agreed"))
    ALLOCATED = ("allocated", _("Set aside for a named use."), _("Allocated"))
    DISBURSED = ("disbursed", _("Paid out."), _("Disbursed"))
    USED = ("used", _("Spent on what it was for."), _("Used"))


class ClosureReason(Vocabulary):
    """Why a commitment was closed without being fulfilled."""

    DEADLINE_PASSED = ("deadline_passed", _("The deadline passed without it."), _("Deadline passed"))
    RENOUNCED = ("renounced", _("Those who promised it gave it up."), _("Given up"))
    BLOCKED = ("blocked", _("Somebody's objection stopped it."), _("Blocked"))
    REPLACED = ("replaced", _("Another commitment took its place."), _("Replaced"))
    OVERTAKEN = ("overtaken", _("Events made it pointless."), _("Overtaken by events"))
    FUNDING = ("funding", _("There was no money for it."), _("No funding"))
    MEMBERSHIP = ("membership", _("A change of membership ended it."), _("Change of membership"))
    UNKNOWN = ("unknown", _("No source gives the reason."), _("Reason not known"))


# A closure reason belongs to these statuses only.
CLOSING_STATUSES = (Status.NOT_FULFILLED.value, Status.SUPERSEDED.value)


class Confidence(Vocabulary):
    """How firm the ground under a judgement is."""

    HIGH = ("high", _("Rests on an official primary text."), _("High"))
    MEDIUM = ("medium", _("Rests on a reputable report."), _("Medium"))
    LOW = ("low", _("Rests on indirect evidence."), _("Low"))


class Bearing(Vocabulary):
    """Which way a source points; shown in words and by a shape, not by colour alone."""

    SUPPORTS = ("supports", _("Speaks for the status given."), _("Supports"))
    CONTRADICTS = ("contradicts", _("Speaks against the status given."), _("Contradicts"))
    CONTEXT = ("context", _("Helps to understand, and decides nothing."), _("Context"))


class SourceKind(Vocabulary):
    """What sort of text a source is."""

    OFFICIAL_DOCUMENT = ("official-document", _("A legal or summit text."), _("Official document"))
    OFFICIAL_STATEMENT = (
        "official-statement",
        _("A body speaking of its own acts."),
        _("Official statement"),
    )
    NEWS = ("news", _("A report by a news medium or agency."), _("News report"))
    ACADEMIC = ("academic", _("A scholarly or analytical text."), _("Academic"))
    DATABASE = ("database", _("A collection of records or figures."), _("Database"))


# The kinds that count as an official text in the evidence rule.
OFFICIAL_KINDS = (SourceKind.OFFICIAL_DOCUMENT.value, SourceKind.OFFICIAL_STATEMENT.value)


class Terms(Vocabulary):
    """What the rights holder allows."""

    OPEN = ("open", _("May be named and, within the law, quoted. We paraphrase all the same."), _("Open"))
    NO_QUOTATION = ("no_quotation", _("May be named, never excerpted."), _("No quotation"))
    NO_CITATION = (
        "no_citation",
        _("May not be named in public without its author's permission."),
        _("No citation"),
    )


class VisitedAddress(Vocabulary):
    """Which of a source's addresses was visited."""

    URL = ("url", _("Where its publisher keeps it."), _("Address"))
    ARCHIVED = ("archived", _("Where an archive keeps a copy."), _("Archived address"))


class VisitOutcome(Vocabulary):
    """What a visit of a source's address met."""

    ANSWERED = ("answered", _("A page or file answered at the address."), _("Answered"))
    MOVED = ("moved", _("A page or file answered, and at another address."), _("Answered elsewhere"))
    GONE = ("gone", _("The site answered that it has no such page (404 or 410)."), _("Not there"))
    REFUSED = ("refused", _("The site refused the visit; a person may still be let in."), _("Refused"))
    SERVER_ERROR = ("server_error", _("The site answered that it failed (500 to 599)."), _("Failed at the site"))
    UNREACHABLE = ("unreachable", _("No site answered there."), _("Not reached"))
    INSECURE = (
        "insecure",
        _("No trusted connection could be made, as with a certificate that has run out."),
        _("Not trusted"),
    )
    TIMEOUT = ("timeout", _("The answer took too long."), _("Too slow"))
    TOO_MANY_REDIRECTS = (
        "too_many_redirects",
        _("The site sent the visitor on from address to address without end."),
        _("Sent on and on"),
    )
    NOT_ALLOWED = (
        "not_allowed",
        _("The address, or one that it leads to, is none of the public web, and was not visited."),
        _("Not a public address"),
    )
    ROBOTS = (
        "robots",
        _("The site asks programs not to visit the page, or its rules for them could not be read."),
        _("Not for programs"),
    )


# A link is dead where a reader who follows it meets no document. A refusal, a site that is not for programs or an
# address that we do not visit says nothing of that.
DEAD = (
    VisitOutcome.GONE.value,
    VisitOutcome.SERVER_ERROR.value,
    VisitOutcome.UNREACHABLE.value,
    VisitOutcome.TIMEOUT.value,
    VisitOutcome.TOO_MANY_REDIRECTS.value,
)


class CaptureType(Vocabulary):
    """What sort of file a capture is, by its media type."""

    PDF = ("application/pdf", _("A document of fixed pages."), _("PDF"))
    HTML = ("text/html", _("A web page in one file."), _("HTML"))
    PNG = ("image/png", _("A picture of a page."), _("PNG"))

    @property
    def extension(self):
        """The ending of a file's name."""
        return self.value.rpartition("/")[2]


class PartyKind(Vocabulary):
    """What sort of subject a party is."""

    STATE = ("state", _("A state."), _("State"))
    ORGANISATION = ("organisation", _("An international organisation."), _("Organisation"))


class Role(Vocabulary):
    """A party's role in the organisation. Only members are meant by "all members"."""

    MEMBER = ("member", _("Bound by what the councils decide."), _("Member"))
    OBSERVER = ("observer", _("Attends, and is bound by nothing."), _("Observer"))
    DIALOGUE_PARTNER = ("dialogue-partner", _("Works with the organisation on named subjects."), _("Dialogue partner"))
    PARTNER = ("partner", _("The single partner status since the older two were merged."), _("Partner"))


class Body(Vocabulary):
    """Which meeting a summit was."""

    SHANGHAI_FIVE = (
        "shanghai-five",
        _("The forerunner's summits, before the organisation was founded."),
        _("Forerunner"),
    )
    HEADS_OF_STATE = ("heads-of-state", _("The council of heads of state."), _("Heads of state"))
    HEADS_OF_GOVERNMENT = (
        "heads-of-government",
        _("The council of heads of government."),
        _("Heads of government"),
    )


class PartyRole(Vocabulary):
    """A party's part in one commitment."""

    PLEDGER = ("pledger", _("Made the promise."), _("Pledged by"))
    BENEFICIARY = ("beneficiary", _("Was to gain from it."), _("Beneficiary"))


class LinkKind(Vocabulary):
    """How one commitment points to another."""

    RELATED = ("related", _("Belongs to the same matter."), _("Related"))
    RESTATES = ("restates", _("Repeats or raises an earlier commitment."), _("Restates"))
    SUPERSEDED_BY = ("superseded_by", _("A later commitment took its place."), _("Superseded by"))


class Origin(Vocabulary):
    """Who made an edition."""

    DESK = ("desk", _("An editor wrote it, and another person published it."), _("Editorial desk"))
    IMPORT = ("import", _("Loaded from a set of catalogue files by one person."), _("Import"))


class ChangeKind(Vocabulary):
    """The kinds of change an edition can make public."""

    COMMITMENT = ("commitment", _("A commitment appears in the register."), _("New commitment"))
    REVISION = ("revision", _("The published wording of a commitment changes."), _("Revised wording"))
    ASSESSMENT = ("assessment", _("A new judgement on a commitment."), _("New assessment"))
    CORRECTION = (
        "correction",
        _("A judgement that takes the place of one that was mistaken."),
        _("Correction"),
    )
    RETRACTION = ("retraction", _("A judgement or commitment is withdrawn, with the reason."), _("Retraction"))
    REPLY = ("reply", _("An assessed party's answer is recorded."), _("Reply"))


SCORES = {
    -1: _("stayed out"),
    0: _("did part, or signed and is not reported to have done it"),
    1: _("did it"),
}
# The same in a word or two, where the whole meaning stands near by.
SCORE_WORDS = {-1: _("stayed out"), 0: _("in part"), 1: _("did it")}

# What the public sees in place of a source whose terms forbid citation.
UNCITABLE = _("a source that may not be cited without its author's permission")
