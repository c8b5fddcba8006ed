"""Sources at the desk: each address once, and no terms that its evidence breaks."""

import datetime

import pytest
from django.utils import timezone

from commitments.models import LinkVisit, Source
from tests.admin.desk import change_url
from tests.admin.forms import form_data
from tests.factories import make_assessment, make_commitment, make_source
from tests.pages import page_at

pytestmark = pytest.mark.django_db
ADD = "/admin/commitments/source/add/"
LIST_QUERIES = 20


def document(**fields):
    """What an editor enters for a new source."""
    return {
        "title": "Report A",
        "publisher": "Publisher A",
        "key": "publisher-a-2006",
        "published": "2006-09",
        "kind": "news",
        "language": "en",
        "url": "https://example.org/a",
        "terms": "open",
        **fields,
    }


def errors(response):
    return response.context["adminform"].form.errors


def test_source_added(desk):
    desk.post(ADD, form_data(desk.get(ADD)) | document())

    assert Source.objects.get().key == "publisher-a-2006"


def test_second_source_with_one_address_is_refused_with_a_link_to_the_first(desk):
    first = make_source(url="https://example.org/a")

    response = desk.post(ADD, form_data(desk.get(ADD)) | document())

    assert list(errors(response)) == ["url"]
    assert f'href="{change_url(first)}"' in errors(response)["url"][0]
    assert Source.objects.count() == 1


@pytest.mark.parametrize("url", ["http://example.org/a", "https://WWW.example.org:443/a/?utm_source=mail#part"])
def test_second_source_whose_address_is_only_written_otherwise_is_refused_too(desk, url):
    first = make_source(url="https://example.org/a")

    response = desk.post(ADD, form_data(desk.get(ADD)) | document(url=url))

    assert f'href="{change_url(first)}"' in errors(response)["url"][0]
    assert Source.objects.count() == 1


def test_source_keeps_its_own_address_written_otherwise(desk):
    first = make_source(url="https://example.org/a")

    desk.post(change_url(first), form_data(desk.get(change_url(first))) | {"url": "https://example.org/a/"})

    assert Source.objects.get().url == "https://example.org/a/"


def visit(source, outcome, days=1, **fields):
    at = timezone.now() - datetime.timedelta(days)
    row = {"which": "url", "address": source.url, "visited_at": at, "outcome": outcome, **fields}
    return LinkVisit.objects.create(source=source, **row)


def test_page_shows_the_visits_and_the_ways_to_an_archived_copy(desk):
    source = make_source(url="https://example.org/a?b=c")
    visit(source, "moved", http_status=200, final_address="https://example.org/z", title="Report <A>")

    page = page_at(desk, change_url(source))
    links = [link for link in page.all("a") if link.get("target") == "_blank"]

    assert [link.get("href") for link in links] == [
        "https://web.archive.org/save/https://example.org/a?b=c",
        "https://web.archive.org/web/*/https://example.org/a?b=c",
    ]
    assert {link.get("rel") for link in links} == {"noopener noreferrer"}
    row = [cell.text for cell in page.one("section", class_="desk-links").all("td")][:5]
    assert row == ["23 November 2026", "Address", "Answered elsewhere (200)", "https://example.org/z", "Report <A>"]


def test_source_without_an_address_has_no_way_to_an_archived_copy(desk):
    page = page_at(desk, change_url(make_source(url="")))

    assert [link for link in page.all("a") if link.get("target") == "_blank"] == []


def test_sources_with_dead_links_are_a_list_behind_their_queue(desk):
    dead, alive = make_source("dead"), make_source("alive")
    visit(dead, "gone")
    visit(alive, "gone", days=2)
    visit(alive, "answered")
    make_source("never")

    def listed(query):
        return [source.key for source in desk.get(f"/admin/commitments/source/?{query}").context["cl"].result_list]

    assert listed("attention=dead_link") == listed("visit=gone") == ["dead"]
    assert listed("visit=answered") == ["alive"]
    assert listed("visit=never") == ["never"]
    assert "Not there, 23 November 2026" in desk.get("/admin/commitments/source/").content.decode()
    line = page_at(desk, "/admin/").one("tr", id="needs-dead_link")
    assert line.one("td", class_="desk-number").text == "1"
    assert line.links[-1] == (dead.title, change_url(dead))


@pytest.mark.parametrize("number", [2, 30])
def test_list_needs_the_same_number_of_queries(desk, number, django_assert_num_queries):
    for _one in range(number):
        visit(make_source(), "answered")
    desk.get("/admin/commitments/source/")

    with django_assert_num_queries(LIST_QUERIES):
        desk.get("/admin/commitments/source/")


def test_two_sources_without_an_address_are_kept(desk):
    make_source(url="")

    desk.post(ADD, form_data(desk.get(ADD)) | document(url=""))

    assert Source.objects.count() == 2


@pytest.mark.parametrize(
    ("entered", "field", "sentence"),
    [
        ({"published": "9/2006"}, "published", "is not a date. Write a year (2006)"),
        ({"key": "Publisher A"}, "key", "cannot stand in an address"),
        ({"url": "nowhere"}, "url", "Enter a valid URL."),
    ],
    ids=["date", "key", "address"],
)
def test_wrong_value_is_told_at_its_field(desk, entered, field, sentence):
    response = desk.post(ADD, form_data(desk.get(ADD)) | document(**entered))

    assert sentence in errors(response)[field][0]
    assert not Source.objects.exists()


def test_issuer_of_a_news_report_is_refused(desk):
    source = make_source(kind="news")
    commitment = make_commitment()
    data = form_data(desk.get(change_url(source))) | {"issuer": commitment.pledged_by.get().pk}

    response = desk.post(change_url(source), data)

    assert errors(response)["issuer"] == ["Only an official document or statement has an issuer."]


@pytest.mark.parametrize("terms", ["no_quotation", "no_citation"])
def test_terms_that_the_evidence_breaks_are_refused_with_its_name(desk, terms):
    source = make_source()
    draft = make_assessment(make_commitment("pledge-a"), sources=[source])
    draft.evidence.update(shows="It says “done”.")

    response = desk.post(change_url(source), form_data(desk.get(change_url(source))) | {"terms": terms})

    assert "pledge-a/2006-06-15" in errors(response)["terms"][0]
    source.refresh_from_db()
    assert source.terms == "open"


def test_terms_that_no_evidence_breaks_are_saved(desk):
    source = make_source()
    make_assessment(make_commitment(), sources=[source])

    desk.post(change_url(source), form_data(desk.get(change_url(source))) | {"terms": "no_quotation"})

    source.refresh_from_db()
    assert source.terms == "no_quotation"


def test_key_is_written_once(desk):
    source = make_source()

    fields = desk.get(change_url(source)).context["adminform"].form.fields

    assert "key" not in fields


def test_source_without_a_public_page_has_no_link_to_one(desk):
    open_source, closed = make_source(), make_source(terms="no_citation")

    assert "viewsitelink" in desk.get(change_url(open_source)).content.decode()
    assert "viewsitelink" not in desk.get(change_url(closed)).content.decode()


def test_refusal_of_the_database_itself_is_a_sentence_and_the_text_stays(desk, monkeypatch):
    """What a form cannot see, such as a row that somebody writes at the same moment, the database still refuses."""
    source = make_source()
    draft = make_assessment(make_commitment(), sources=[source])
    draft.evidence.update(shows="It says “done”.")
    monkeypatch.setattr("commitments.admin.sources.SourceForm.clean_terms", lambda form: form.cleaned_data["terms"])
    data = form_data(desk.get(change_url(source))) | {"terms": "no_quotation", "usage": "Typed with care."}

    response = desk.post(change_url(source), data)

    assert response.status_code == 200
    page = response.content.decode()
    assert "holds quotation marks, which the new terms forbid" in page
    assert "CONTEXT" not in page
    assert "Typed with care." in page


@pytest.mark.parametrize("noun", ["party", "theme", "summit", "membership", "source", "person", "edition", "revision"])
def test_lists_of_the_desk_open(desk, noun):
    make_commitment()

    assert desk.get(f"/admin/commitments/{noun}/").status_code == 200
