"""Whatever a query string holds, a public address answers with a page or a sentence, never with a failure."""

import string
from collections import Counter
from urllib.parse import quote, urlencode

import pytest
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments import urls
from commitments.choices import Status
from commitments.filters import PARAMETERS, SORTS
from tests.factories import AS_OF, make_party, make_published, make_source, make_summit, make_theme

pytestmark = pytest.mark.django_db

REQUESTS = 2000
PATHS = (
    "/", "/commitments/", "/commitments.csv", "/commitments/pledge-a/", "/commitments/nothing-here/", "/summits/",
    "/parties/", "/parties/AA/", "/themes/", "/themes/theme-a/",
    "/sources/", "/sources/source-a/", f"/sources/source-a/captures/{'0' * 64}",
    "/changes/",
    "/summits/summit-a/", "/changes.csv", "/charts/", "/charts/status-over-time/",
    "/charts/status-by-theme.svg", "/charts/status-by-summit.png", "/methodology/", "/quality/",
    "/healthz", "/readyz",
    "/cite/bib/commitments/pledge-a/", "/cite/json/commitments.csv", "/cite/ris/",
    "/between/", "/between.csv", "/scores/", "/scores.csv", "/opensearch.xml",
    "/changes/feed.atom", "/commitments/feed.atom", "/commitments/pledge-a/feed.atom", "/summits/summit-a/feed.atom",
    "/parties/AA/feed.atom", "/themes/theme-a/feed.atom", "/compare/", "/calendar.ics",
    "/embed/commitments/pledge-a/", "/oembed", "/data/", "/sitemap.xml", "/sitemap-commitments.xml", "/robots.txt",
)  # fmt: skip
NAMES = (*PARAMETERS, "as_of", "edition", "from", "to", "from_edition", "to_edition", "commitment", "format", "since",
    "since_edition", "change", "before", "after", "archived", "checked",
)  # fmt: skip
SENSIBLE = (
    *Status.values, *SORTS, "theme-a", "AA", "yes", "no", "counted", "left-out", "1", "2", "0", "-1", "999999999",
    "2006-09-14", "2006-13-40", "9999-12-31", "0001-01-01", "pledge-a", "", "promise pledge", "%", "_", "\\", "'", '"',
    "assessment", "reference", "finance", "leader-pledge",
)  # fmt: skip
values = st.one_of(
    st.sampled_from(SENSIBLE),
    st.text(max_size=30),
    st.text(string.digits + "-", max_size=12),
    st.integers().map(str),
    st.dates().map(str),
)
names = st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES), st.text(max_size=8))
raw = st.one_of(
    st.lists(st.tuples(names, values), max_size=4).map(lambda pairs: urlencode(pairs, errors="replace")),
    # Not even well formed: broken escapes, bytes that are no UTF-8, separators in a row.
    st.text("%=&;+?#abcdef0189", max_size=30),
    st.binary(max_size=12).map(lambda junk: f"q={quote(junk)}"),
)


@pytest.fixture
def register(clock):
    """A small register: two editions, one of them with a correction of the standing."""
    party = make_party("AA", member_since="2001-06-15")
    source = make_source("source-a", kind="official-document")
    theme = make_theme("theme-a")
    summit = make_summit("summit-a")
    judged = {"as_of": AS_OF, "status": "fulfilled", "sources": [source]}
    make_published("pledge-a", theme=theme, summit=summit, source=source, pledged_by=[party], assessments=[judged])
    make_published("pledge-b", theme=theme, assessments=[{"status": "no_evidence"}])


def test_paths_name_every_public_address():
    assert {resolve(path).url_name for path in PATHS} == {pattern.name for pattern in urls.urlpatterns}


def test_public_addresses_random_queries_never_fail(register, client):
    client.raise_request_exception = False
    seen = Counter()

    @settings(
        max_examples=REQUESTS, suppress_health_check=list(HealthCheck), deadline=None, database=None, derandomize=False
    )
    @given(path=st.sampled_from(PATHS), query=raw)
    def ask(path, query):
        response = client.get(path, QUERY_STRING=query)
        if response.streaming:
            b"".join(response.streaming_content)
        seen[response.status_code] += 1
        assert response.status_code in {200, 400, 404, *([501] if path == "/oembed" else [])}, (
            f"{path}?{query}: {response.status_code}"
        )
        assert not response.cookies

    ask()
    assert seen.total() >= REQUESTS
    # The run is worth nothing if it only ever met one kind of answer.
    assert seen[200] > REQUESTS // 20
    assert seen[400] > REQUESTS // 20
