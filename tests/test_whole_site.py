"""What holds on every public address: the form of the pages, and that nothing shows which is not public."""

import re
from itertools import pairwise
from urllib.parse import parse_qs, parse_qsl, urldefrag, urljoin, urlsplit

import pytest

from commitments.models import Commitment, Source
from tests import heads
from tests.pages import Page
from tests.whole_site import MOMENTS, SECRET_USES, TIMELESS, addresses, body

pytestmark = pytest.mark.django_db

# Public addresses when this was written; a walk that finds fewer has lost sight of them.
FEWEST_PATTERNS = 17
FEWEST_PAGES = 60
# A comparison without its first moment has nothing to write.
ASK_FOR_MORE = {"between-csv"}


def is_own(address):
    parts = urlsplit(address)
    return parts.netloc in ("", "testserver") and not parts.path.startswith("/admin/")


def is_followed(address):
    """Whether the walk takes a link: to what is ours, and not to what a citation pins (tests/test_pinned.py does)."""
    return is_own(address) and not {"as_of", "edition"} <= set(parse_qs(urlsplit(address).query))


def may_lead_on(address, start):
    """Whether to follow the links of a page.

    Not from a narrowed list, which offers ever narrower ones, and not from another moment, where the whole site begins
    again.
    """
    parts, asked = urlsplit(address), parse_qs(urlsplit(start).query)
    given = parse_qs(parts.query)
    narrowed = set(given) - {"as_of", "edition"}
    same_moment = {name: given[name] for name in given if name not in narrowed} == asked
    lists = parts.path in ("/commitments/", "/changes/", "/between/") or parts.path.startswith("/charts/")
    return same_moment and not (lists and narrowed)


def without_most_days(found, start):
    """Addresses without nine in ten of those lists of another day to which the parts of a picture lead."""
    day = parse_qs(urlsplit(start).query).get("as_of")
    other_days = [one for one in found if "totals=" in one and parse_qs(urlsplit(one).query).get("as_of", day) != day]
    return [one for one in found if one not in other_days] + other_days[::10]


def asks_something_new(address, asked, start):
    """Whether an address has a parameter value, or a combination of parameters, that is not in ``asked`` yet.

    Totals link to so many narrowed lists that opening each would take most of the walk's time. At another moment the
    combinations are enough: which value a list is narrowed to changes nothing in how the moment is kept.
    """
    parts = urlsplit(address)
    given = parse_qsl(parts.query)
    values = () if urlsplit(start).query else given
    news = {(parts.path, frozenset(name for name, _value in given)), *((parts.path, *pair) for pair in values)} - asked
    asked |= news
    return bool(news)


def walk(client, start):
    """{address: response with its bytes} of every page of ours that can be reached from ``start`` at its moment."""
    waiting, seen, asked = [(start, "")], {}, set()
    while waiting:
        address, referrer = waiting.pop()
        if address in seen or not asks_something_new(address, asked, start):
            continue
        response = client.get(address)
        response.bytes, response.referrer = body(response), referrer
        seen[address] = response
        if response["Content-Type"].startswith("text/html"):
            response.page = Page(response.bytes.decode())
            if may_lead_on(address, start):
                found = [urldefrag(urljoin(address, one))[0] for one in dict.fromkeys(response.page.addresses)]
                found = without_most_days(found, start)
                waiting += [(one.removeprefix("http://testserver"), address) for one in found if is_followed(one)]
    return seen


def complaints(page):
    """What is wrong with the form of one page."""
    yield from page.problems
    yield from element_complaints(page)
    if page.all("body", class_="embed"):
        # A card stands on somebody else's page, without the parts that make a page of ours.
        return
    yield from frame_complaints(page)
    yield from heads.complaints(page)
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
                if cell.text and not (cell.get("data-label") or cell.get("colspan") or cell.all("svg", class_="bar")):
                    yield f"a cell without a label for narrow screens: {cell}"


def element_complaints(page):
    """What browsers refuse under our policy, and what a reader who does not see would miss."""
    labelled = {one.get("for") for one in page.all("label")}
    labelled_inside = {id(element) for label in page.all("label") for element in label}
    for element in page:
        names = element.attributes
        is_data = element.tag == "script" and names == {"type": "application/ld+json"}
        if (element.tag in ("script", "style") and not is_data) or any(
            name == "style" or name.startswith("on") for name in names
        ):
            yield f"inline script or style: {element}"
        if element.tag in ("link", "img", "iframe") and not is_own(names.get("href") or names.get("src")):
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
        assert response.status_code == (400 if name in ASK_FOR_MORE else 200), name
        assert not response.cookies, name
        assert body(response), name


def test_cards_are_all_that_other_sites_may_frame(client, register):
    """Headers of every address, of the desk, and of what is not found or refused."""
    others = ["/admin/", "/admin/login/", "/nothing/", "/commitments/withdrawn/", "/?colour=red"]
    framed = []
    for address in (*addresses().values(), *others):
        response = client.get(address)
        refused = "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert refused == (response.get("X-Frame-Options") == "DENY"), address
        framed += [] if refused else [address]

    assert framed == ["/embed/commitments/well/"]


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
        # What refuses an address says so, in a sentence and a link without what it refuses.
        if name in TIMELESS or response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        main = Page(response.content.decode()).one("main")
        # A picture over time leads to earlier days too, and never to later ones.
        earlier = {link for figure in main.all("figure") for link in figure.addresses if is_earlier(link, start)}
        for link in main.addresses:
            # How we judge is not about a moment.
            if link.startswith("/methodology/"):
                continue
            if link.startswith("/") and "edition=" not in urlsplit(link).query.removesuffix(start[1:]):
                assert start[1:] in urlsplit(link).query or link in earlier, f"{address}: {link}"
                kept += 1
    assert kept >= FEWEST_PAGES


def is_earlier(link, start):
    """Whether a link names a day before the one that ``start`` asks for, and the same edition."""
    asked, given = parse_qs(start[1:]), parse_qs(urlsplit(link).query)
    return given.get("edition") == asked.get("edition") and given.get("as_of", ["9"]) < asked.get("as_of", ["9"])


def leaks(address, response):
    """What of drafts, uncitable sources and unnamed people shows in the bytes of an answer."""
    # A bitmap has no text of its own; it is drawn from an SVG that has.
    text = response.bytes.decode(errors="ignore" if response["Content-Type"] == "image/png" else "strict")
    if "zz" in address:
        # What a reader has typed may be said back.
        text = re.sub(r"zz(?:draft|secret)(?:-[a-z]+)?", "", text)
    # Made-up records are numbered: X1987 and theme-1987 are names, not the year of the secret sources.
    return re.findall(r"zz(?:draft|secret|unnamed)[^\s<]*|(?<![\w-])1987|21 march", text.casefold())


@pytest.mark.parametrize("start", MOMENTS)
def test_asking_for_what_is_not_public_shows_nothing(client, register, start):
    asked = ["/commitments/?q=zzdraft", "/commitments/?q=zzsecret", "/sources/?q=zzsecret", "/sources/?q=zzdraft"]
    asked += ["/commitments.csv?q=zz", "/changes.csv?kind=reference", "/changes/?kind=reference"]
    asked += ["/commitments/zzdraft/", *(f"/sources/zzsecret-{use}/" for use in SECRET_USES)]
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

    # Promise, evidence, score and reply; summit; role, score and reply; and the promises' own on paper.
    assert counts == {"/commitments/quiet/": 4, "/summits/quiet-2005/": 2, "/parties/S/": 4}


def test_permission_makes_a_source_public(client, register):
    Source.objects.filter(key="zzsecret-evidence").update(terms="open")

    assert client.get("/sources/zzsecret-evidence/").status_code == 200
    assert b"zzsecret-evidence" in client.get("/commitments/quiet/").content


def test_draft_commitment_answers_like_one_that_never_was(client, register):
    assert Commitment.objects.filter(slug="zzdraft").exists()

    draft, unknown = client.get("/commitments/zzdraft/"), client.get("/commitments/never/")

    assert draft.status_code == unknown.status_code == 404
    assert draft.content == unknown.content.replace(b"never", b"zzdraft")
