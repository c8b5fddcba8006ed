"""Pages for what cannot be answered: each has the site's face and says what is wrong."""

import pytest
from django.test import RequestFactory
from django.views import defaults

from tests.factories import make_published
from tests.pages import page_at, read


def has_face(page):
    """Whether the page has the header, one heading and the footer of the site."""
    return all(len(page.all(tag)) == 1 for tag in ("h1", "main")) and page.all("nav") and page.all("footer")


@pytest.mark.django_db
def test_unknown_address_is_not_found(client):
    page = page_at(client, "/nowhere/", status=404)

    assert has_face(page)
    assert "There is no page at this address." in page.one("main").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=nonsense", "The parameter “status” cannot be “nonsense”. Use one of: fulfilled,"),
        ("as_of=2006-13-40", "The parameter “as_of” cannot be “2006-13-40”. Write a day as YYYY-MM-DD"),
        (
            "as_of=2026-11-25",
            "The parameter “as_of” cannot be “2026-11-25”. It lies in the future; today is 2026-11-24.",
        ),
        ("edition=999999", "The parameter “edition” cannot be “999999”. The newest edition is 1."),
        ("edition=1&edition=1", "The parameter “edition” cannot be “1, 1”. Give it once."),
        ("page=0", "The parameter “page” cannot be “0”. Write the number of a page, from 1."),
        ("colour=red", "The parameter “colour” cannot be “red”. This page does not know it."),
        ("q=%00", "The parameter “q” cannot be “”. Take the NUL character out."),
        ("status=%3Cb%3E", "The parameter “status” cannot be “<b>”."),
    ],
)
def test_bad_parameter_is_named_in_a_sentence(client, query, sentence):
    make_published()

    page = page_at(client, f"/commitments/?{query}", status=400)

    assert has_face(page)
    assert page.one("main").one("p", class_="lede").text.startswith(sentence)
    assert page.one("main").addresses == ["/commitments/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/commitments/", "/commitments.csv", "/changes/", "/methodology/"])
def test_pages_only_answer_reads(client, address):
    response = client.post(address)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.urls("tests.views.failing_urls")
def test_failure_tells_nothing_and_asks_no_database(client):
    """No database is allowed here, so a query would be an error of its own."""
    client.raise_request_exception = False

    response = client.get("/fails")

    assert response.status_code == 500
    page = read(response)
    assert has_face(page)
    assert "Something went wrong here" in page.text
    assert "secret" not in page.text


@pytest.mark.urls("tests.views.failing_urls")
def test_refusal_says_who_can_help(client):
    response = client.get("/forbids")

    assert response.status_code == 403
    page = read(response)
    assert has_face(page)
    assert "An administrator can give it." in page.text


def test_bad_request_of_django_itself_has_the_face():
    response = defaults.bad_request(RequestFactory().get("/"), ValueError("Too many fields."))

    page = read(response)
    assert response.status_code == 400
    assert page.one("h1").text == "This address cannot be answered"
    assert "Too many fields." not in page.text
