"""What holds on every public address: the form of the pages, and that nothing shows which is not public."""

import datetime
import re
from itertools import pairwise
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import get_resolver, reverse

from commitments import workflow
from commitments.models import Assessment, Commitment, Edition, MemberScore, Membership, Source, Theme
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
from tests.pages import Page

pytestmark = pytest.mark.django_db

# Public addresses when this was written; a walk that finds fewer has lost sight of them.
FEWEST_PATTERNS = 17
FEWEST_PAGES = 60
# A day and an edition from which the whole site is walked too.
MOMENTS = ("", "?as_of=2006-09-14", "?edition=2")
DRAFT, UNNAMED = "Zzdraft", "Zzunnamed"
USES = ("promise", "evidence", "score", "reply", "role", "summit")


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
    Assessment.objects.filter(pk=draft_correction(correctable, by=None).pk).update(rationale=f"{DRAFT} correction")


def publish_from_the_desk(commitment):
    """Publish a judgement written and published by people who chose to stay unnamed."""
    author = make_person("zzunnamed-author", group="Editor", first_name=UNNAMED, last_name="Author")
    publisher = make_person("zzunnamed-publisher", group="Publisher", first_name=UNNAMED, last_name="Publisher")
    draft = make_assessment(commitment, as_of=datetime.date(2009, 1, 10), author=author, edited_by=author)
    workflow.submit(reload(draft), by=author)
    workflow.publish([reload(draft)], by=publisher)


@pytest.fixture
def register():
    """A register with at least one of everything."""
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
    }
    found = {}
    for pattern in patterns(get_resolver()):
        wants = pattern.pattern.converters
        if wants and pattern.name not in examples:
            raise ImproperlyConfigured(f"The walk has no example for {pattern.name}; add one above.")
        found[pattern.name] = reverse(f"commitments:{pattern.name}", args=[examples[pattern.name]] if wants else [])
    return found


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def is_own(address):
    parts = urlsplit(address)
    return parts.netloc in ("", "testserver") and not parts.path.startswith("/admin/")


def may_lead_on(address, start):
    """Whether to follow the links of a page.

    Not from a narrowed list, which offers ever narrower ones, and not from another moment, where the whole site begins
    again.
    """
    parts, asked = urlsplit(address), parse_qs(urlsplit(start).query)
    given = parse_qs(parts.query)
    narrowed = set(given) - {"as_of", "edition"}
    same_moment = {name: given[name] for name in given if name not in narrowed} == asked
    return same_moment and not (parts.path in ("/commitments/", "/changes/") and narrowed)


def walk(client, start):
    """{address: response with its bytes} of every page of ours that can be reached from ``start`` at its moment."""
    waiting, seen = [(start, "")], {}
    while waiting:
        address, referrer = waiting.pop()
        if address in seen:
            continue
        response = client.get(address)
        response.bytes, response.referrer = body(response), referrer
        seen[address] = response
        if response["Content-Type"].startswith("text/html"):
            response.page = Page(response.bytes.decode())
            if may_lead_on(address, start):
                found = [urldefrag(urljoin(address, one))[0] for one in response.page.addresses]
                waiting += [(one.removeprefix("http://testserver"), address) for one in found if is_own(one)]
    return seen


def complaints(page):
    """What is wrong with the form of one page."""
    yield from page.problems
    yield from frame_complaints(page)
    yield from element_complaints(page)
    yield from table_complaints(page)
    levels = [int(one.tag[1]) for one in page if re.fullmatch("h[1-6]", one.tag)]
    for before, after in pairwise([0, *levels]):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def frame_complaints(page):
    """What is missing of the parts that every page has."""
    if [one.get("lang") for one in page.all("html")] != ["en"]:
        yield "it has no language"
    if len(page.all("h1")) != 1 or not page.all("h1")[0].text:
        yield f"it has {len(page.all('h1'))} first headings"
    if not page.all("title")[0].text.removesuffix("· SCO Commitment Tracker").strip():
        yield "it has no title"
    for tag in ("main", "header", "footer"):
        if not page.all(tag):
            yield f"it has no <{tag}>"
    if page.all("a")[0].get("href") != "#content" or page.all(id="content") != page.all("main"):
        yield "its first link does not skip to the content"


def table_complaints(page):
    """Cells that say nothing on a narrow screen, where rows become cards and the heads of columns are gone."""
    for table in page.all("table"):
        if "scorecard" not in table.get("class").split():
            for cell in table.all("td"):
                if cell.text and not (cell.get("data-label") or cell.get("colspan") or cell.all("svg", role="img")):
                    yield f"a cell without a label for narrow screens: {cell}"


def element_complaints(page):
    """What browsers refuse under our policy, and what a reader who does not see would miss."""
    labelled = {one.get("for") for one in page.all("label")}
    labelled_inside = {id(element) for label in page.all("label") for element in label}
    for element in page:
        names = element.attributes
        if element.tag in ("script", "style") or any(name == "style" or name.startswith("on") for name in names):
            yield f"inline script or style: {element}"
        if element.tag in ("link", "img", "iframe") and urlsplit(names.get("href") or names.get("src")).netloc:
            yield f"asks another site: {element}"
        said = element.get("aria-label") or element.get("aria-labelledby")
        if element.tag == "a" and not (said or element.text):
            yield f"a link without words: {element}"
        if element.tag == "svg" and not (said or element.get("aria-hidden") == "true"):
            yield f"a picture without words: {element}"
        is_field = element.tag in ("input", "select", "textarea") and element.get("type") not in ("hidden", "submit")
        if is_field and not (said or element.get("id") in labelled or id(element) in labelled_inside):
            yield f"a field without a label: {element}"


def test_every_public_address_answers(client, register):
    found = addresses()

    assert len(found) >= FEWEST_PATTERNS
    for name, address in found.items():
        response = client.get(address)
        assert response.status_code == 200, name
        assert not response.cookies, name
        assert body(response), name


@pytest.mark.parametrize("start", MOMENTS)
def test_every_page_is_sound_leads_somewhere_and_keeps_what_is_not_public(client, register, start):
    seen = walk(client, f"/{start}")
    wrong = []
    for address, response in seen.items():
        # What has been withdrawn still has its line among the changes, and an answer of its own.
        if response.status_code != 200 and not (response.status_code == 410 and "/withdrawn/" in address):
            wrong.append(f"{address}: answers {response.status_code}, linked from {response.referrer}")
        wrong += [f"{address}: shows {one}" for one in leaks(address, response)]
        if hasattr(response, "page"):
            wrong += [f"{address}: {complaint}" for complaint in complaints(response.page)]
        if response.cookies or ("Vary" in response and "Cookie" in response["Vary"]):
            wrong.append(f"{address}: depends on a cookie")
        if "default-src 'none'" not in response["Content-Security-Policy"]:
            wrong.append(f"{address}: has no content security policy")

    assert wrong == []
    assert len(seen) >= FEWEST_PAGES


@pytest.mark.parametrize("start", MOMENTS[1:])
def test_links_keep_the_moment(client, register, start):
    """Whoever looks at a day or an edition stays there until the banner or the footer leads back."""
    kept = 0
    for name, address in addresses().items():
        response = client.get(f"{address}{start}")
        if name == "methodology" or not response["Content-Type"].startswith("text/html"):
            continue
        for link in Page(response.content.decode()).one("main").addresses:
            if link.startswith("/") and "edition=" not in urlsplit(link).query.removesuffix(start[1:]):
                assert start[1:] in urlsplit(link).query, f"{address}: {link}"
                kept += 1
    assert kept >= FEWEST_PAGES


def leaks(address, response):
    """What of drafts, uncitable sources and unnamed people shows in the bytes of an answer."""
    text = response.bytes.decode()
    if "zz" in address:
        # What a reader has typed may be said back.
        text = re.sub(r"zz(?:draft|secret)(?:-[a-z]+)?", "", text)
    return re.findall(r"zz(?:draft|secret|unnamed)[^\s<]*|1987|21 march", text.casefold())


@pytest.mark.parametrize("start", MOMENTS)
def test_asking_for_what_is_not_public_shows_nothing(client, register, start):
    asked = ["/commitments/?q=zzdraft", "/commitments/?q=zzsecret", "/sources/?q=zzsecret", "/sources/?q=zzdraft"]
    asked += ["/commitments.csv?q=zz", "/changes.csv?kind=reference", "/changes/?kind=reference"]
    asked += ["/commitments/zzdraft/", *(f"/sources/zzsecret-{use}/" for use in USES)]
    found = []
    for address in asked:
        response = client.get(f"{address}&{start[1:]}" if "?" in address and start else f"{address}{start}")
        response.bytes = body(response)
        found += leaks(address, response)

    assert found == []


def test_what_may_not_be_cited_is_said_in_its_place(client, register):
    said = "source that may not be cited without its author's permission".casefold()

    pages = ["/commitments/quiet/", "/summits/quiet-2005/", "/parties/S/"]
    counts = {one: body(client.get(one)).decode().replace("&#x27;", "'").casefold().count(said) for one in pages}

    # Promise, evidence, score and reply; summit; role and score.
    assert counts == {"/commitments/quiet/": 4, "/summits/quiet-2005/": 1, "/parties/S/": 2}


def test_permission_makes_a_source_public(client, register):
    Source.objects.filter(key="zzsecret-evidence").update(terms="open")

    assert client.get("/sources/zzsecret-evidence/").status_code == 200
    assert b"zzsecret-evidence" in client.get("/commitments/quiet/").content


def test_draft_commitment_answers_like_one_that_never_was(client, register):
    assert Commitment.objects.filter(slug="zzdraft").exists()

    draft, unknown = client.get("/commitments/zzdraft/"), client.get("/commitments/never/")

    assert draft.status_code == unknown.status_code == 404
    assert draft.content == unknown.content.replace(b"never", b"zzdraft")
