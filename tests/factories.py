"""Small factory functions with honest defaults, all plainly artificial. A test states only what matters to it."""

import datetime
from itertools import count

from django.contrib.auth.models import Group

from commitments import workflow
from commitments.choices import Origin
from commitments.models import (
    Assessment,
    Commitment,
    Evidence,
    MemberScore,
    Membership,
    Party,
    Person,
    Reply,
    SearchLogEntry,
    Source,
    Summit,
    Theme,
)

MADE_ON = datetime.date(2005, 7, 5)
AS_OF = datetime.date(2006, 6, 15)
_numbers = count(1)


def make_person(name=None, group=None, **fields):
    """A person of the desk; ``group`` is Editor, Publisher or Administrator."""
    person = Person.objects.create_user(name or f"person-{next(_numbers)}", is_staff=True, password=None, **fields)
    if group:
        person.groups.add(Group.objects.get(name=group))
    return person


def make_party(code=None, **fields):
    """A state; ``member_since`` makes it a member from that day."""
    number = next(_numbers)
    code = code or f"X{number}"
    since = fields.pop("member_since", None)
    names = {"name": f"Republic {code}", "short_name": f"State {code}", "kind": "state", "position": number}
    party = Party.objects.create(code=code, **{**names, **fields})
    if since:
        Membership.objects.create(party=party, role="member", since=since)
    return party


def make_theme(slug=None, **fields):
    slug = slug or f"theme-{next(_numbers)}"
    return Theme.objects.create(slug=slug, **{"name": slug.capitalize(), **fields})


def make_summit(key=None, date=MADE_ON, **fields):
    key = key or f"summit-{next(_numbers)}"
    country = fields.pop("country", None) or make_party()
    defaults = {"name": key.capitalize(), "body": "heads-of-state", "place": "Town A", "country": country}
    return Summit.objects.create(key=key, date=date, **{**defaults, **fields})


def make_source(key=None, **fields):
    key = key or f"source-{next(_numbers)}"
    defaults = {
        "title": f"Report {key}",
        "publisher": f"Publisher {key}",
        "url": f"https://example.org/{key}",
        "kind": "news",
        "language": "en",
        "published": "2006-06",
    }
    return Source.objects.create(key=key, **{**defaults, **fields})


def make_commitment(slug=None, *, pledged_by=None, beneficiaries=(), **fields):
    """A working copy, not published."""
    slug = slug or f"pledge-{next(_numbers)}"
    made_on = fields.pop("made_on", MADE_ON)
    defaults = {
        "title": f"Promise {slug}",
        "summary": f"State A promised {slug}.",
        "basis": "leader-pledge",
        "obligation": "one_off",
        "checkable": "yes",
        "checkable_note": "It can be counted.",
        "kind": "finance",
        "made_on": made_on,
    }
    for name, make in (("theme", make_theme), ("source", make_source)):
        if name not in fields:
            defaults[name] = make()
    if "summit" not in fields:
        defaults["summit"] = make_summit(date=made_on)
    commitment = Commitment(slug=slug, **{**defaults, **fields})
    with commitment.recorded_once("+"):
        commitment.save()
        commitment.pledged_by.set([make_party()] if pledged_by is None else pledged_by)
        commitment.beneficiaries.set(beneficiaries)
    return commitment


def make_assessment(commitment, *, as_of=AS_OF, status="in_progress", sources=None, bearing="supports", **fields):
    """A draft with one evidence row per source (default one), or with a search log for no_evidence."""
    silent = status == "no_evidence"
    defaults = {"rationale": f"Because of {status}.", "confidence": "" if silent else "medium"}
    if status in ("superseded",):
        defaults["closure_reason"] = "replaced"
    if fields.get("corrects"):
        defaults["correction_reason"] = "It was mistaken."
    assessment = Assessment.objects.create(commitment=commitment, as_of=as_of, status=status, **{**defaults, **fields})
    if silent:
        SearchLogEntry.objects.create(
            assessment=assessment, where="Archive A", language="en", when=as_of, found="Nothing on it."
        )
        return assessment
    if sources is None:
        sources = [make_source(kind="official-document")]
    for position, source in enumerate(sources):
        Evidence.objects.create(
            assessment=assessment, source=source, shows="It shows a step.", bearing=bearing, position=position
        )
    return assessment


def make_scores(assessment, scores, *, source=None):
    """Scores of single members on a draft; ``scores`` is {party: -1, 0 or 1}."""
    source = source or make_source()
    return [
        MemberScore.objects.create(
            assessment=assessment, party=party, score=score, rationale=f"{party} did {score}.", source=source
        )
        for party, score in scores.items()
    ]


def make_reply(assessment, *, party=None, date=AS_OF, **fields):
    defaults = {"text": "It answered.", "source": fields.pop("source", None) or make_source()}
    return Reply.objects.create(assessment=assessment, party=party or make_party(), date=date, **{**defaults, **fields})


def publish(*records, note=""):
    """Make drafts public in one edition of origin import, without people; returns the Edition."""
    return workflow.publish(list(records), by=None, note=note, origin=Origin.IMPORT, file_set="tests")


def make_published(slug=None, *, assessments=(), **fields):
    """A commitment whose wording is public; ``assessments`` are dicts for make_assessment, published with it."""
    commitment = make_commitment(slug, **fields)
    drafts = [make_assessment(commitment, **one) for one in assessments]
    publish(commitment, *drafts)
    return commitment
