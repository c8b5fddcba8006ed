"""The whole public site: a register with at least one of everything, and every address that readers have."""

import datetime
from hashlib import sha256

from django.core.exceptions import ImproperlyConfigured
from django.urls import get_resolver, reverse

from commitments import captures, workflow
from commitments.models import Assessment, Edition, MemberScore, Membership, Source, Theme
from commitments.workflow import draft_correction, draft_retraction
from tests.acts import answer, correct, judge, reload, retract, revise
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_source,
    make_summit,
    make_theme,
    publish,
)

# A day and an edition from which the whole site is walked too.
MOMENTS = ("", "?as_of=2006-09-14", "?edition=2")
# What is not about a moment, and refuses both clocks.
TIMELESS = ("methodology", "calendar", "oembed", "data", "sitemap", "sitemap-section", "robots")
# Marks of what may show nowhere in public.
DRAFT, UNNAMED = "Zzdraft", "Zzunnamed"
# A copy of a source, and one of a source that may not be named.
PAPER, SECRET_PAPER = b"%PDF-1.7\nA paper.\n%%EOF\n", b"%PDF-1.7\nZzsecret paper.\n%%EOF\n"
SECRET_USES = ("promise", "evidence", "score", "reply", "role", "summit")


def patterns(resolver):
    """Every pattern below a resolver, included ones too, but not the desk's."""
    for pattern in resolver.url_patterns:
        if not hasattr(pattern, "url_patterns"):
            yield pattern
        elif pattern.app_name != "admin":
            yield from patterns(pattern)


def addresses():
    """{name: address} of every public pattern, with a record for each that needs one."""
    examples = {
        "commitment-detail": "well",
        "summit-detail": "north-2005",
        "party-detail": "A",
        "theme-detail": "water",
        "source-detail": "paper",
        "capture": ("paper", sha256(PAPER).hexdigest()),
        "chart-page": "status-over-time",
        "chart-svg": "status-by-theme",
        "chart-png": "status-by-summit",
        "cite": ("bib", "commitments/well/"),
        "commitment-feed": "well",
        "summit-feed": "north-2005",
        "party-feed": "A",
        "theme-feed": "water",
        "embed": "well",
        "sitemap-section": "commitments",
    }
    found = {}
    for pattern in patterns(get_resolver()):
        wants = pattern.pattern.converters
        if wants and pattern.name not in examples:
            raise ImproperlyConfigured(f"The walk has no example for {pattern.name}; add one above.")
        example = examples[pattern.name] if wants else ()
        args = (example,) if isinstance(example, str) else example
        found[pattern.name] = reverse(f"commitments:{pattern.name}", args=args)
    found["oembed"] += f"?url=http://testserver{found['commitment-detail']}"
    return found


def body(response):
    """The bytes of an answer, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def secret_source(use):
    """A source that may not be cited, every part of it marked."""
    return make_source(
        f"zzsecret-{use}",
        title=f"Zzsecret title of {use}",
        publisher=f"Zzsecret publisher of {use}",
        url=f"https://zzsecret.example.org/{use}",
        archived_url=f"https://archive.example.org/zzsecret/{use}",
        title_note="Zzsecret note",
        usage="Zzsecret usage",
        published="1987-03-21",
        language="tg",
        kind="official-document",
        terms="no_citation",
    )


def make_secrets():
    """Publish something that rests on a source that may not be cited, in each way there is."""
    state = make_party("S", member_since="2001-06-15")
    role = Membership.objects.get(party=state)
    role.source = secret_source("role")
    role.save()
    commitment = make_commitment(
        "quiet",
        title="Dig quietly",
        source=secret_source("promise"),
        locator="zzsecret locator of promise",
        summit=make_summit("quiet-2005", source=secret_source("summit")),
        pledged_by=[state],
    )
    draft = make_assessment(commitment, sources=[secret_source("evidence")], status="stalled")
    draft.evidence.update(locator="zzsecret locator of evidence")
    MemberScore.objects.create(
        assessment=draft, party=state, score=1, rationale="It acted.", source=secret_source("score")
    )
    publish(commitment, draft)
    answer(draft, source=secret_source("reply"), party=state)
    # A change of name is a line among the changes, for every source but these.
    renamed = Source.objects.get(key="zzsecret-evidence")
    renamed.title = "Zzsecret title, second version"
    renamed.save()
    captures.keep(renamed, SECRET_PAPER, taken_on=datetime.date(2026, 1, 10), by=None, may_be_published=True)


def make_drafts(published):
    """Leave unpublished work of every kind lying about."""
    make_commitment(
        "zzdraft", title=f"{DRAFT} title", theme=Theme.objects.first(), source=make_source("zzdraft-source")
    )
    working_copy = reload(published)
    working_copy.title, working_copy.note = f"{DRAFT} wording", f"{DRAFT} note"
    working_copy.save()
    judged = Assessment.objects.filter(commitment=published, edition__isnull=False).first()
    make_assessment(published, rationale=f"{DRAFT} rationale", sources=[make_source("zzdraft-evidence")])
    make_reply(judged, text=f"{DRAFT} reply", source=make_source("zzdraft-reply"))
    draft_retraction(judged, by=make_person(), reason=f"{DRAFT} reason")
    other = Assessment.objects.filter(edition__isnull=False).exclude(commitment=published)
    correctable = other.filter(correction=None, retraction=None, commitment__retraction=None).first()
    Assessment.objects.filter(pk=draft_correction(correctable, by=None, reason=f"{DRAFT} reason").pk).update(
        rationale=f"{DRAFT} correction"
    )


def publish_from_the_desk(commitment):
    """Publish a judgement written and published by people who chose to stay unnamed."""
    author = make_person("zzunnamed-author", group="Editor", first_name=UNNAMED, last_name="Author")
    publisher = make_person("zzunnamed-publisher", group="Publisher", first_name=UNNAMED, last_name="Publisher")
    draft = make_assessment(commitment, as_of=datetime.date(2009, 1, 10), author=author, edited_by=author)
    workflow.submit(reload(draft), by=author)
    workflow.publish([reload(draft)], by=publisher)


def make_whole_register():
    """A register with at least one of everything, secrets and unpublished work included."""
    theme, summit = (
        make_theme("water", name="Water"),
        make_summit("north-2005", name="North 2005", source=make_source()),
    )
    first = make_party("A", member_since="2001-06-15", name_ru="Страна А", name_zh="甲国")
    whole = make_party("ORG", kind="organisation", stands_for_members=True, short_name="Organisation")
    rich = {
        "theme": theme,
        "summit": summit,
        "target_quantity": 200,
        "target_unit": "wells",
        "target_measure": "Wells dug",
        "due": datetime.date(2007, 1, 10),
        "responsible": "Office of wells",
        "note": "Said twice.",
    }
    well = make_commitment("well", pledged_by=[first], beneficiaries=[make_party("B")], **rich)
    road = make_commitment("road", pledged_by=[whole], theme=theme, obligation="continuing")
    road.related.add(well)
    old = make_commitment("old", pledged_by=[first], superseded_by=well)
    well.restates.add(old)
    publish(well, reload(road), reload(old))
    paper = make_source("paper", issuer=first, kind="official-document", language="ru")
    captures.keep(paper, PAPER, taken_on=datetime.date(2026, 1, 10), by=None, may_be_published=True)
    judged = judge(reload(well), as_of=datetime.date(2006, 6, 15), sources=[paper], progress=50)
    correct(judged, status="stalled")
    answer(judged, party=first)
    scored = make_assessment(road, status="fulfilled", as_of=datetime.date(2006, 1, 10))
    MemberScore.objects.create(assessment=scored, party=first, score=-1, rationale="It stayed out.", source=paper)
    publish(scored)
    judge(reload(road), status="no_evidence", as_of=datetime.date(2007, 1, 10))
    flag = "fulfilled needs an official text: one newspaper says so."
    news = [make_source("news", kind="news")]
    judge(make_published("flagged"), status="fulfilled", sources=news, below_rule=flag)
    retract(judge(make_published("mistaken")))
    make_published("call", basis="call-on-others")
    revise(reload(well), title="Reworded wells")
    retract(make_published("withdrawn", assessments=[{}]), "It was recorded twice.")
    paper.title = "Renamed paper"
    paper.save()
    publish_from_the_desk(reload(old))
    make_secrets()
    make_drafts(well)
    assert Edition.objects.count() > 10


# What a reader meets beside the bare addresses: narrowed, empty, searched, turned over, looked back at, and refused.
VARIANTS = (
    "/?as_of=2006-09-14&edition=3",
    "/commitments/?status=stalled&theme=water&pledger=A",
    "/commitments/?q=zzzz",
    "/commitments/?q=wells",
    "/commitments/?page=2",
    "/commitments/?as_of=2006-09-14",
    "/commitments/?colour=red",
    "/commitments/never/",
    "/commitments/withdrawn/",
    "/commitments/road/",
    "/commitments/quiet/",
    "/commitments/old/",
    "/commitments/flagged/",
    "/commitments/mistaken/",
    "/commitments/well/?edition=2",
    "/summits/quiet-2005/",
    "/parties/ORG/",
    "/parties/S/",
    "/sources/?q=zzzz",
    "/changes/?kind=reference",
    "/changes/?commitment=well",
    "/between/?since=2006-06-01",
    "/between/?since_edition=2",
    "/charts/genealogy/?commitment=well",
    "/charts/progress/?commitment=well",
    "/charts/status-over-time/?by=month&theme=water",
    "/charts/timeline/?theme=water",
    "/compare/?party=A&party=S",
    "/compare/?summit=north-2005&summit=quiet-2005",
    "/scores/?view=percent",
)


def every_answer(client, monkeypatch):
    """{address: response} of every public pattern and variant; lists are short, so that they have a second page."""
    monkeypatch.setattr("commitments.views.commitments.PER_PAGE", 5)
    answers = {address: client.get(address) for address in (*addresses().values(), *VARIANTS)}
    assert {answer.status_code for answer in answers.values()} == {200, 400, 404, 410}
    return answers


def every_page(client, monkeypatch):
    """{address: response} of those answers that are pages."""
    answers = every_answer(client, monkeypatch)
    return {address: one for address, one in answers.items() if one["Content-Type"].startswith("text/html")}
