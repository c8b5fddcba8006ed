"""The head of a page: canonical address, word to crawlers, what a shared link shows."""

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from commitments.templatetags.findable import defining, is_indexable
from tests import heads
from tests.factories import make_party, make_published, make_summit, make_theme
from tests.pages import page_at


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", []),
        ("page=1&sort=-made_on&q=", []),
        ("page=2&as_of=2006-01-01&edition=2&status=stalled", ["status", "page", "as_of", "edition"]),
        ("sort=title&kind=finance", ["kind", "sort"]),
        ("sort=-made_on&q=wells", ["q", "sort"]),
    ],
)
def test_what_defines_the_content_has_one_order(given, kept):
    assert [name for name, _value in defining(QueryDict(given))] == kept


def test_values_of_one_filter_have_one_order_and_stand_once():
    one, other = QueryDict("status=b&status=a&status=b"), QueryDict("status=a&status=b")

    assert defining(one) == defining(other) == [("status", "a"), ("status", "b")]


@pytest.mark.parametrize(
    ("address", "indexable"),
    [
        ("/", True),
        ("/?as_of=2006-01-01", False),
        ("/?edition=1", False),
        ("/commitments/?page=2", True),
        ("/commitments/?status=stalled", True),
        ("/commitments/?status=stalled&page=2", True),
        ("/commitments/?status=stalled&status=fulfilled", False),
        ("/commitments/?status=stalled&theme=water", False),
        ("/commitments/?q=wells", False),
        ("/commitments/?sort=title", False),
        ("/changes/?kind=reply", False),
        ("/compare/?party=A", False),
        ("/changes/?from=2006-01-01", False),
    ],
)
def test_crawlers_are_kept_from_moments_and_crossings(address, indexable):
    assert is_indexable(RequestFactory().get(address)) is indexable


def test_canonical_address_asks_no_database():
    request = RequestFactory().get("/commitments/?edition=3&status=stalled")

    made = Template("{% load findable %}{% canonical_url %}").render(Context({"request": request}))

    assert made == "http://testserver/commitments/?status=stalled&amp;edition=3"


def test_remembered_text_is_plain_and_escaped_again_where_it_is_used():
    template = "{% load findable %}{% remember said %}{{ text }}\n more{% endremember %}<p>{{ said }}</p>"

    made = Template(template).render(Context({"text": "<a> & b"}))

    assert made == "<p>&lt;a&gt; &amp; b more</p>"


@pytest.mark.django_db
def test_page_has_its_head_at_its_moment(client):
    make_published("well", assessments=[{}])

    page = page_at(client, "/commitments/well/?edition=1")

    assert list(heads.complaints(page)) == []
    assert heads.canonical(page) == "http://testserver/commitments/well/?edition=1"
    assert heads.metas(page)["robots"] == "noindex,follow"
    assert heads.metas(page, "property")["og:type"] == "article"


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/nowhere/", 404), ("/commitments/?as_of=never", 400)])
def test_page_for_what_cannot_be_answered_is_not_for_crawlers(client, address, status):
    page = page_at(client, address, status=status)

    assert heads.metas(page)["robots"] == "noindex"
    assert page.all("link", rel="canonical") == []
    assert list(heads.complaints(page)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "picture"),
    [
        ("/", "status-over-time.png"),
        ("/?edition=1", "status-over-time.png?edition=1"),
        ("/summits/north-2005/", "status-by-theme.png?summit=north-2005"),
        ("/parties/A/", "status-over-time.png?pledger=A"),
        ("/themes/water/?as_of=2026-01-01", "status-by-summit.png?theme=water&as_of=2026-01-01"),
        ("/charts/status-by-theme/?summit=north-2005&edition=1", "status-by-theme.png?summit=north-2005&edition=1"),
    ],
)
def test_shared_link_shows_a_picture_of_what_the_page_is_about(client, address, picture):
    summit, theme = make_summit("north-2005", name="North 2005"), make_theme("water", name="Water")
    make_published("well", pledged_by=[make_party("A")], summit=summit, theme=theme, assessments=[{}])

    properties = heads.metas(page_at(client, address), "property")

    assert properties["og:image"] == f"http://testserver/charts/{picture}"
    answer = client.get(properties["og:image"].removeprefix("http://testserver"))
    assert (answer.status_code, answer["Content-Type"]) == (200, properties["og:image:type"])


@pytest.mark.django_db
def test_picture_of_a_commitment_answers(client):
    make_published("well", assessments=[{}])

    properties = heads.metas(page_at(client, "/commitments/well/"), "property")

    assert client.get(properties["og:image"].removeprefix("http://testserver")).status_code == 200
    assert properties["og:image:alt"].endswith("Promise well — in progress as of 15 June 2006")
