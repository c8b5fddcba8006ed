"""What a citation stands for: an address with both clocks shows the same for ever, whatever is published later.

Names and addresses of sources, parties, summits and themes are shown as they are now; nothing here renames any.
"""

import datetime
import json
from urllib.parse import urlsplit

import pytest

from commitments.models import Assessment, Commitment, Edition, MemberScore, Party, Reply, Source, Standing
from tests.acts import answer, correct, judge, reload, retract, revise
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.pages import main_source, read
from tests.whole_site import addresses, body

pytestmark = pytest.mark.django_db

# Pinned addresses when this was written; fewer, and something has dropped out of sight.
FEWEST = 70
PAST = datetime.date(2007, 6, 1)
# What narrows, sorts, searches and compares.
NARROWED = (
    "/commitments/?q=wells&sort=title",
    "/commitments/?status=stalled&status=fulfilled&party=A",
    "/commitments/?overdue=yes&theme=water&summit=north-2005",
    "/commitments.csv?pledger=A&sort=-as_of",
    "/changes/?kind=assessment&commitment=well",
    "/changes/?from=2026-01-01&to_edition=5",
    "/changes.csv?kind=correction",
    "/between/?since=2006-01-01",
    "/between/?since=2006-01-01&since_edition=2&theme=water",
    "/between/?since_edition=3&since=2006-01-01&before=not_assessed",
    "/between.csv?since=2006-01-01&since_edition=2",
    "/sources/?q=paper",
)


def everything():
    """Addresses of ours without clocks: one of each pattern, every commitment, and some that narrow."""
    # Whether the site is well is told of now, whatever is asked.
    ours = [address for name, address in addresses().items() if name not in ("healthz", "readyz")]
    pages = [standing.get_absolute_url() for standing in Standing.objects.order_by("slug")]
    return list(dict.fromkeys([*ours, *pages, *NARROWED]))


def pinned(address, day, edition):
    return f"{address}{'&' if '?' in address else '?'}as_of={day}&edition={edition}"


def shown(client, address):
    """The bytes that must stay: the main part of a page, the whole of a file; None where the clocks are refused."""
    response = client.get(address)
    if response.status_code != 200:
        return None
    return main_source(client, address) if response["Content-Type"].startswith("text/html") else body(response)


def everything_goes_on(clock):
    """Later editions that touch whatever is on record: judged, corrected, reworded, answered, withdrawn, linked to."""
    clock.shift(datetime.timedelta(days=400))
    well, road, old = (Commitment.objects.get(slug=slug) for slug in ("well", "road", "old"))
    paper, state = Source.objects.get(key="paper"), Party.objects.get(code="A")
    newcomer = make_party("NEW", member_since="2004-01-01", position=0)
    theme, summit = make_theme("brand-new", position=0), make_summit("newest-2005", country=newcomer)
    # Facts of the past that became known only now, by a source on record.
    published = Assessment.objects.filter(commitment=well, edition__isnull=False).order_by("pk")
    holding = next(one for one in published if one.withdrawn_at(1000) is None)
    correct(holding, status="fulfilled", rationale="It was done after all.", progress=150)
    judge(reload(road), as_of=datetime.date(2006, 12, 1), status="stalled", sources=[paper])
    scored = make_assessment(reload(road), as_of=datetime.date(2006, 11, 1), status="fulfilled", sources=[paper])
    for party in (state, newcomer):
        MemberScore.objects.create(assessment=scored, party=party, score=1, rationale="It joined.", source=paper)
    publish(scored)
    answer(holding, party=newcomer, source=paper, date=datetime.date(2006, 7, 1))
    retract(Reply.objects.filter(edition__isnull=False).order_by("pk").first(), "Not its words.")
    judge(reload(old), as_of=datetime.date(2006, 5, 1), status="not_started")
    # Other words, theme, summit, parties and deadline for what is on record, and new promises that lead to it.
    revise(
        well, title="Other wells", theme=theme, summit=summit, due=datetime.date(2005, 12, 1), basis="call-on-others"
    )
    road.pledged_by.set([newcomer])
    revise(road, title="Another road", checkable="no")
    late = make_commitment(
        "later", theme=theme, summit=summit, pledged_by=[state, newcomer], source=paper, due=datetime.date(2006, 1, 1)
    )
    late.related.set([well])
    late.restates.set([road])
    publish(late)
    old = reload(old)
    old.superseded_by = late
    old.save()
    publish(old)
    retract(Commitment.objects.get(slug="flagged"), "It was recorded twice.")
    make_published("another", source=make_source("fresh"), assessments=[{"sources": [paper], "status": "fulfilled"}])


def test_pinned_address_shows_the_same_for_ever(client, register, clock):
    newest = Edition.objects.newest_number()
    today = datetime.datetime.now(datetime.UTC).date()
    moments = [(today, newest), (PAST, newest - 4)]
    asked = [pinned(address, *moment) for address in everything() for moment in moments]
    before = {address: shown(client, address) for address in asked}
    before = {address: content for address, content in before.items() if content is not None}
    assert len(before) >= FEWEST

    everything_goes_on(clock)
    assert Edition.objects.newest_number() > newest + 8

    changed = [address for address, content in before.items() if shown(client, address) != content]
    assert changed == [], "\n".join(changed)


def test_every_page_about_a_moment_is_among_them(client, register):
    """A new address is pinned by itself, as long as the walk has an example of it."""
    newest = Edition.objects.newest_number()
    kept = {name for name, address in addresses().items() if shown(client, pinned(address, PAST, newest)) is not None}
    assert kept >= {
        "home", "commitment-list", "commitment-csv", "commitment-detail", "summit-list", "summit-detail", "party-list",
        "party-detail", "theme-list", "theme-detail", "source-list", "source-detail", "change-list", "change-csv",
        "cite",
    }  # fmt: skip


def test_citation_of_every_page_leads_to_what_is_on_it(client, register):
    """The pinned address of each page shows what the page shows, and its three files are written."""
    cited = 0
    for address in addresses().values():
        response = client.get(address)
        if response.status_code != 200 or b'class="citation"' not in body(response):
            continue
        # The first line of files is the page's own; the second, where there is one, is of its data.
        links = read(response).one("section", class_="cite").all("p", class_="cite-files")[0].addresses
        files = {one.split("/")[2]: one for one in links if one.startswith("/cite/")}
        assert set(files) == {"bib", "json", "ris"}, address
        for style in ("bib", "ris"):
            assert client.get(files[style]).status_code == 200, address
        (item,) = json.loads(client.get(files["json"]).content)
        parts = urlsplit(item["URL"])
        assert client.get(f"{parts.path}?{parts.query}").status_code == 200
        cited += 1
    assert cited >= 12
