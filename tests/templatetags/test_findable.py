"""The head of a page: canonical address, word to crawlers, what a shared link shows."""

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from commitments.templatetags.findable import defining, is_indexable
from tests import heads
from tests.factories import make_published
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
        ("/changes/?kind=reply", True),
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
