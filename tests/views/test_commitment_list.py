"""/commitments/ and /commitments.csv: the same rows for the same query string."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.choices import Status
from commitments.exports.columns import COMMITMENTS
from commitments.filters import SORTS
from commitments.models import Source
from commitments.views import commitments as view
from tests.acts import judge, retract, revise
from tests.factories import (
    AS_OF,
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.pages import main_of, page_at
from tests.registers import judgement, make_organisation, make_register

pytestmark = pytest.mark.django_db

DUE = datetime.date(2006, 12, 31)
URL, CSV = "/commitments/", "/commitments.csv"


def one(slug, status="in_progress", **fields):
    return make_published(slug, assessments=[judgement(status)] if status else [], **fields)


def downloaded(client, query=""):
    """The rows of the CSV with that query string."""
    response = client.get(f"{CSV}?{query}")
    assert response.status_code == 200, response.content
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def table_rows(main):
    """The rows of the list of a page."""
    return [row for table in main.all("table", class_="commitments") for row in table.one("tbody").all("tr")]


def keys(main):
    """The keys of the commitments on a page, from the links of their titles."""
    return [row.one("th").addresses[0].split("?")[0].removeprefix(URL).strip("/") for row in table_rows(main)]


def all_keys(client, query=""):
    """The keys on every page of a list, read by following "Next"."""
    main = main_of(client, f"{URL}?{query}")
    found = keys(main)
    while following := main.all("a", rel="next"):
        main = main_of(client, URL + following[0].get("href"))
        found += keys(main)
    return found


def cells(row):
    """{label: text} of the cells of one row."""
    return {cell.get("data-label"): cell.text for cell in row.all("td")}


def test_list_says_how_many_of_how_many_and_how_they_count(client):
    one("a", "stalled", due=DUE)
    one("b", "stalled", basis="call-on-others", due=DUE)
    one("c", "fulfilled")

    page = page_at(client, f"{URL}?status=stalled")
    main = page.one("main")

    assert page.one("head").one("title").text.startswith("2 of 3 commitments: Stalled")
    assert main.one("h1").text == "Commitments: Stalled"
    assert main.one("p", class_="lede").text == (
        "2 of 3 commitments. 1 count in the totals, 1 are left out; 1 of the counted are overdue. This list as CSV · "
        "What changed in this list · Pictures of this list"
    )
    assert page.problems == []


def test_row_shows_what_a_reader_compares_by(client):
    organisation, _states = make_organisation()
    one(
        "wells",
        "stalled",
        title="Dig wells",
        theme=make_theme("water"),
        summit=make_summit("town-a"),
        pledged_by=[organisation],
        due=DUE,
    )

    (row,) = table_rows(main_of(client, URL))

    assert row.one("th").text == "Dig wells Water · Town-a"
    assert cells(row) == {
        "Status": "Stalled as of 15 June 2006",
        "Made": "5 July 2005",
        "Pledged by": "all members (3 at the time)",
        "Due": "31 December 2006 overdue",
    }
    assert row.addresses == ["/commitments/wells/", "/summits/town-a/", "/parties/ORG/"]


def test_row_shows_target_marks_and_what_is_left_out(client):
    state = make_party("AA")
    own = make_source(kind="official-statement", issuer=state)
    target = {"target_quantity": 200, "target_unit": "wells", "target_measure": "Wells dug"}
    flag = "fulfilled needs an official text of the act or two independent sources: one report."
    make_published("own", pledged_by=[state], assessments=[{"sources": [own], "progress": 50}], **target)
    news = {"status": "fulfilled", "sources": [make_source()], "below_rule": flag}
    make_published("news", assessments=[news], obligation="continuing", basis="analyst-recommendation", summit=None)

    first, second = table_rows(main_of(client, URL))

    assert first.one("th").text.endswith("left out of the totals")
    assert cells(first)["Status"] == "Fulfilled for the period as of 15 June 2006 below the evidence rule"
    assert cells(first)["Made"] == "5 July 2005"
    assert cells(first)["Due"] == "no deadline"
    assert cells(second)["Status"] == "In progress as of 15 June 2006 25 % of the target self-reported"


def test_chips_take_filters_away_and_facets_add_them(client):
    one("a", "stalled", theme=make_theme("water"))

    main = main_of(client, f"{URL}?status=stalled&sort=title")
    chips = main.one("ul", class_="chips")

    assert [(text, address) for text, address in chips.links] == [
        ("Status: Stalled × (remove this filter)", "?sort=title"),
        ("Clear all", "?"),
    ]
    facets = {facet.one("summary").text: facet.links for facet in main.all("details", class_="facet")}
    assert facets["Theme"] == [("Water 1", "?status=stalled&sort=title&theme=water")]
    assert facets["Status"] == [("✓ Stalled 1", "?sort=title")]


def test_form_keeps_filters_and_moment_without_script(client):
    one("a", "stalled")

    form = main_of(client, f"{URL}?status=stalled&as_of=2026-11-01&q=promise&made_from=2005-01-01").one(
        "aside", class_="facets"
    ).one("form")  # fmt: skip

    assert (form.get("method"), form.get("action")) == ("get", URL)
    hidden = {(field.get("name"), field.get("value")) for field in form.all("input", type="hidden")}
    assert hidden == {("status", "stalled"), ("as_of", "2026-11-01")}
    assert form.one("input", name="q").get("value") == "promise"
    assert form.one("input", name="made_from").get("value") == "2005-01-01"
    options = form.one("select", name="sort").all("option")
    assert [option.get("value") for option in options if "selected" in option.attributes] == ["relevance"]
    assert [option.get("value") for option in options] == ["relevance", *list(SORTS)[:-1]]
    without = main_of(client, URL).one("select", name="sort").all("option")
    assert [option.get("value") for option in without] == list(SORTS)[:-1]


def test_csv_link_carries_the_query_string_but_not_the_page(client, monkeypatch):
    monkeypatch.setattr(view, "PER_PAGE", 1)
    one("a", "stalled")
    one("b", "stalled")

    main = main_of(client, f"{URL}?status=stalled&sort=title&as_of=2026-11-01&page=2")

    assert ("This list as CSV", f"{CSV}?status=stalled&sort=title&as_of=2026-11-01") in main.links


def test_nothing_found_says_so(client):
    one("a", "stalled")

    main = main_of(client, f"{URL}?status=fulfilled&edition=1")

    assert keys(main) == []
    assert "No commitment fits these filters at this moment." in main.text
    assert ("Clear all filters", "?edition=1") in main.links
    assert main.one("p", class_="lede").text.startswith("0 of 1 commitment.")


def test_empty_register_has_a_page_and_a_file(client):
    assert keys(main_of(client, URL)) == []
    assert downloaded(client) == []


def test_pages_follow_each_other_and_keep_everything(client, monkeypatch):
    monkeypatch.setattr(view, "PER_PAGE", 2)
    for slug in "abcde":
        one(slug)

    first, second, third = (main_of(client, f"{URL}?sort=title&edition=5{page}") for page in ("", "&page=2", "&page=3"))

    assert (keys(first), keys(second), keys(third)) == (["a", "b"], ["c", "d"], ["e"])
    assert second.one("nav", class_="pagination").links == [
        ("← Previous", "?sort=title&edition=5"),
        ("Next →", "?sort=title&edition=5&page=3"),
    ]
    assert "Page 2 of 3" in second.text
    assert all_keys(client) == ["a", "b", "c", "d", "e"]


def test_page_holds_fifty(client):
    make_register(51)

    assert len(keys(main_of(client, URL))) == 50
    assert len(keys(main_of(client, f"{URL}?page=2"))) == 1
    assert len(downloaded(client)) == 51


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=nonsense", "The parameter “status” cannot be “nonsense”. Use one of: fulfilled, "),
        ("as_of=2006-13-40", "The parameter “as_of” cannot be “2006-13-40”. Write a day as YYYY-MM-DD"),
        ("as_of=2026-11-25", "The parameter “as_of” cannot be “2026-11-25”. It lies in the future"),
        ("edition=999999", "The parameter “edition” cannot be “999999”. The newest edition is 1."),
        ("edition=1&edition=1", "The parameter “edition” cannot be “1, 1”. Give it once."),
        ("made_from=2006-01-02&made_to=2006-01-01", "The parameter “made_from” cannot be “2006-01-02”. It lies after"),
        ("overdue=yes&overdue=yes", "The parameter “overdue” cannot be “yes, yes”. Give it once."),
        ("colour=red", "The parameter “colour” cannot be “red”. This page does not know it. Known here: as_of, "),
        ("Status=stalled", "The parameter “Status” cannot be “stalled”. This page does not know it."),
        ("q=a%00b", "The parameter “q” cannot be “ab”. Take the NUL character out."),
    ],
)
def test_bad_parameters_are_refused_by_page_and_file_alike(client, query, sentence):
    one("a")

    for address in (URL, CSV):
        main = main_of(client, f"{address}?{query}", status=400)
        assert sentence in main.text
        assert len(main.all("table")) == 0


@pytest.mark.parametrize("page", ["0", "2", "-1", "1.5", "", "one", "1&page=1", "999999999999", "01", "%D9%A1"])
def test_page_that_does_not_exist_is_refused(client, page):
    one("a")

    assert "The parameter “page” cannot be “" in main_of(client, f"{URL}?page={page}", status=400).text


def test_file_has_no_pages(client):
    one("a")

    assert "“page”" in main_of(client, f"{CSV}?page=1", status=400).text


def test_file_is_named_after_its_moment_and_declares_its_form(client, clock):
    clock.move_to(datetime.datetime(2007, 1, 1, 12, tzinfo=datetime.UTC))
    one("a")

    response = client.get(f"{CSV}?as_of=2006-09-14")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="commitments-2006-09-14-edition-1.csv"'
    first = b"".join(response.streaming_content).decode().split("\n")[0]
    assert first == ",".join(column.name for column in COMMITMENTS)


def test_head_answers_with_the_same_head_and_no_body(client):
    one("a")

    asked, headed = client.get(CSV), client.head(CSV)

    assert headed.status_code == 200
    assert b"".join(headed.streaming_content) == b""
    assert "Content-Length" not in headed
    assert {name: headed[name] for name in ("Content-Type", "Content-Disposition")} == {
        name: asked[name] for name in ("Content-Type", "Content-Disposition")
    }
    assert client.head(f"{CSV}?status=nonsense").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_snapshot_ends_with_the_answer_however_it_ends(rf):
    """A transaction that outlives its request would keep the day's first readers at the day's first edition."""
    one("a")
    read, left, headed = (getattr(rf, verb)(CSV) for verb in ("get", "get", "head"))

    assert b"".join(view.commitment_csv(read).streaming_content).count(b"\n") == 2
    assert connection.in_atomic_block is False
    response = view.commitment_csv(left)
    next(iter(response.streaming_content))
    assert connection.in_atomic_block is True
    response.close()
    assert connection.in_atomic_block is False
    view.commitment_csv(headed)
    assert connection.in_atomic_block is False
    response = view.commitment_csv(rf.get(CSV))
    response.close()
    assert connection.in_atomic_block is False
    view.commitment_csv(rf.get(f"{CSV}?status=nonsense"))
    assert connection.in_atomic_block is False


@pytest.mark.parametrize("address", [URL, CSV])
def test_only_reading_is_answered(client, address):
    assert client.post(address).status_code == 405


def test_both_clocks_are_honoured_by_page_and_file(client, clock):
    clock.move_to(datetime.datetime(2007, 1, 1, 12, tzinfo=datetime.UTC))
    moved = one("moved", "stalled", title="First words", theme=make_theme("water"))
    clock.move_to(datetime.datetime(2008, 1, 1, 12, tzinfo=datetime.UTC))
    judge(moved, as_of=datetime.date(2007, 12, 1), status="fulfilled")
    revise(moved, title="Second words")
    retract(one("gone"))

    def seen(query):
        (row,) = table_rows(main_of(client, f"{URL}?{query}"))
        (line,) = downloaded(client, query)
        title, status = line["title"], Status(line["status"]).label
        assert row.one("th").text.startswith(f"{title} Water")
        assert cells(row)["Status"].startswith(str(status))
        return title, line["status"]

    assert seen("") == ("Second words", "fulfilled")
    assert seen("edition=2") == ("First words", "fulfilled")
    assert seen("edition=1") == ("First words", "stalled")
    assert seen("as_of=2007-11-30") == ("Second words", "stalled")
    assert seen("as_of=2006-01-01&edition=1") == ("First words", "not_assessed")
    assert sorted(all_keys(client, "edition=4")) == ["gone", "moved"]
    assert all_keys(client, "as_of=2005-07-04") == []


def test_links_keep_the_moment(client):
    one("a", theme=make_theme("water"))

    main = main_of(client, f"{URL}?as_of=2026-11-01&edition=1")

    leading_on = [address for address in main.addresses if not address.startswith("?") and address != "#"]
    assert leading_on
    assert all("as_of=2026-11-01" in address and "edition=1" in address for address in leading_on)


def test_words_found_are_marked_where_they_stand(client):
    one("wells", title="Dig <b>wells</b>", summary="State A & B dig; see “wells”.", theme=make_theme("water"))

    (row,) = table_rows(main_of(client, f"{URL}?q=well+b"))

    title = row.one("th").all("a")[0]
    assert title.text == "Dig <b>wells</b>"
    assert [mark.text for mark in title.all("mark")] == ["b", "wells", "b"]
    (passage,) = row.all("span", class_="passage")
    assert passage.text == "Summary: State A & B dig; see “wells”."
    assert [mark.text for mark in passage.all("mark")] == ["B", "wells"]
    assert table_rows(main_of(client, URL))[0].all("mark") == []


def test_reader_is_told_what_was_not_found_and_of_sources(client):
    courier = make_source("courier", title="The wells of the east", publisher="Courier")
    make_published("wells", title="Dig wells", assessments=[{"sources": [courier]}])
    hidden = make_source("hush", title="Wells of silence")
    make_published("quiet", title="Dig a pit", source=hidden)
    Source.objects.filter(pk=hidden.pk).update(terms="no_citation")

    main = main_of(client, f"{URL}?q=wells+pyramids&edition=2")
    assert [note.text for note in main.all("p", class_="search-note")] == [
        "No commitment has all 2 words. Listed are those that have 1 of them.",
        "Found nowhere: “pyramids”.",
    ]
    assert keys(main) == ["wells"]

    main = main_of(client, f"{URL}?q=wells&edition=2")
    (note,) = main.all("p", class_="search-note")
    assert note.links == [("1 source has these words in its title, publisher or key.", "/sources/?q=wells&edition=2")]


@pytest.mark.parametrize(
    "words", ["%", "100% _ of", "\\", "' OR '1'='1", '"', '"dam', "(a|b)*[c]?", "<script>", "𝔡𝔞𝔪", "İ"]
)
def test_signs_in_the_words_mean_nothing_to_the_databases(client, words):
    make_register(4)

    for address in (URL, CSV, "/sources/"):
        response = client.get(address, {"q": words})
        said = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == (200 if any(char.isalnum() for char in words) else 400), address
        assert b"<script>" not in said or response.streaming


def test_drafts_and_working_copies_do_not_show(client):
    make_commitment("draft", title="Secret", summary="Secret", theme=make_theme("t"))
    public = one("public", title="Known")
    make_assessment(public, as_of=datetime.date(2006, 7, 1), status="fulfilled", rationale="Secret")
    public.refresh_from_db()
    public.title, public.in_seed = "Secret", True
    public.save()

    assert keys(main_of(client, URL)) == ["public"]
    assert "Secret" not in client.get(URL).content.decode()
    assert [(row["slug"], row["title"], row["status"]) for row in downloaded(client)] == [
        ("public", "Known", "in_progress")
    ]
    assert all_keys(client, "q=secret") == []


def test_source_that_may_not_be_cited_is_named_nowhere(client):
    hidden = make_source(
        "concealed-key", title="Concealed title", publisher="Concealed press", url="https://concealed.example/"
    )
    Source.objects.filter(pk=hidden.pk).update(terms="no_citation")
    make_published("a", source=hidden, locator="Concealed page", assessments=[{"sources": [hidden]}])

    for address in (URL, CSV):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"concealed" not in body.lower(), address


def test_names_of_the_desk_do_not_show(client, django_user_model):
    writer = django_user_model.objects.create_user("writer-name", first_name="Writer", last_name="Name")
    one("a", author=writer, edited_by=writer)

    assert b"writer" not in client.get(URL).content.lower()
    assert b"writer" not in b"".join(client.get(CSV).streaming_content).lower()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address",
    [
        URL,
        f"{URL}?status=stalled&status=in_progress&theme=culture&party=AA&overdue=no",
        f"{URL}?as_of=2006-09-14&edition=1",
        f"{URL}?q=promised+dams",
        CSV,
        f"{CSV}?q=promised+dams",
        f"{CSV}?theme=culture&party=AA",
    ],
)
def test_few_and_many_commitments_take_the_same_queries(client, address):
    make_register(4)
    # A second edition, so that the first is an earlier one both times.
    one("a-later-one")
    few = queries_of(client, address)
    shared = {"theme": make_theme("late"), "source": make_source(), "summit": make_summit("late")}
    drafts = [make_commitment(f"late-{i}", **shared) for i in range(55)]
    publish(*drafts, *(make_assessment(draft) for draft in drafts[::2]))
    many = queries_of(client, address)

    assert few == many
    assert many <= 40


filters = st.fixed_dictionaries(
    {},
    optional={
        "status": st.lists(st.sampled_from(Status.values), min_size=1, max_size=3),
        "theme": st.lists(st.sampled_from(["culture", "economy", "water"]), min_size=1, max_size=2),
        "party": st.sampled_from(["AA", "ORG"]).map(lambda value: [value]),
        "totals": st.sampled_from(["counted", "left-out"]).map(lambda value: [value]),
        "sort": st.sampled_from(list(SORTS)).map(lambda value: [value]),
        "q": st.sampled_from(["promised", "dams", "水", "AA roads", "stalled accounts", '"pledge 003"', "xyz 1"]).map(
            lambda value: [value]
        ),
        "as_of": st.sampled_from(["2005-08-01", str(AS_OF), "2026-11-24"]).map(lambda value: [value]),
    },
)


def test_page_and_file_show_the_same_rows_for_random_filters(client, monkeypatch):
    monkeypatch.setattr(view, "PER_PAGE", 10)
    make_register(24)
    sizes = set()

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(filters)
    def check(chosen):
        if chosen.get("sort") == ["relevance"]:
            chosen.setdefault("q", ["promises of water"])
        query = "&".join(f"{name}={value}" for name, values in chosen.items() for value in values)
        on_pages = all_keys(client, query)

        assert on_pages == [row["slug"] for row in downloaded(client, query)]
        assert len(on_pages) == len(set(on_pages))
        sizes.add(len(on_pages))

    check()
    assert len(sizes) > 1
