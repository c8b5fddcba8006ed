"""/scores/ and /scores.csv"""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.choices import UNCITABLE
from commitments.exports import columns
from tests.factories import make_assessment, make_party, make_published, make_scores, make_source, publish
from tests.pages import main_of, page_at

pytestmark = pytest.mark.django_db

DAY = datetime.date


@pytest.fixture
def register():
    """Three states, one of them a later member, and two commitments of all members with their scores."""
    whole = make_party("ORG", kind="organisation", stands_for_members=True, short_name="Organisation")
    one, two = make_party("A", member_since="2001"), make_party("B", member_since="2001")
    late = make_party("C", member_since="2017")
    well = make_published("well", title="Dig wells", pledged_by=[whole])
    road = make_published("road", title="Build roads", pledged_by=[whole], made_on=DAY(2018, 1, 10))
    first, second = make_assessment(well), make_assessment(road, as_of=DAY(2019, 1, 10))
    make_scores(first, {one: 1, two: 0, late: 1}, source=make_source("ratings", title="The ratings"))
    make_scores(second, {late: -1}, source=make_source("hidden", title="Hidden title", terms="no_citation"))
    publish(first, second)
    return one, two, late


def table_of(main, section):
    return [[cell.text for cell in row] for row in rows_of(main, section)]


def rows_of(main, section):
    rows = main.one("section", aria_labelledby=section).one("table").all("tr")
    return [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]


def test_distribution_stands_first_with_n_and_what_is_not_assessed(client, register):
    main = main_of(client, "/scores/")

    assert main.all("h2")[0].text == "How the scores are spread"
    assert table_of(main, "spread")[1:] == [
        ["+1 did it", "1", "20 %"],
        ["0 in part did part, or signed and is not reported to have done it", "1", "20 %"],
        ["−1 stayed out", "1", "20 %"],
        ["not assessed", "2", "40 %"],
        ["Average", "0.00 over 3 of 5; 2 not assessed"],
    ]


def test_matrix_has_a_row_for_each_commitment_and_a_column_for_each_member(client, register):
    rows = table_of(main_of(client, "/scores/"), "matrix")

    assert rows[0] == ["Commitment", "State A", "State B", "State C", "Average"]
    assert rows[1] == [
        "Dig wells 5 July 2005",
        "+1 did it",
        "0 in part",
        "not a member then",
        "+0.50 over 2 of 2; 0 not assessed",
    ]
    assert rows[2][1:] == ["not assessed", "not assessed", "−1 stayed out", "−1.00 over 1 of 3; 2 not assessed"]
    assert rows[3] == [
        "Average of each member",
        "+1.00 over 1 of 2; 1 not assessed",
        "0.00 over 1 of 2; 1 not assessed",
        "−1.00 over 1 of 1; 0 not assessed",
        "0.00 over 3 of 5; 2 not assessed",
    ]


def test_every_score_leads_to_its_reason_and_source(client, register):
    page = page_at(client, "/scores/")
    cell = rows_of(page.one("main"), "matrix")[1][1]
    reasons = page.one("section", aria_labelledby="why")

    assert cell.addresses == ["#well-A"]
    assert page.problems == []
    assert "State A did 1." in reasons.text
    assert "/sources/ratings/" in reasons.addresses
    assert "State C did -1." in reasons.text
    assert str(UNCITABLE).capitalize() in reasons.text
    assert "Hidden title" not in reasons.text
    assert "The same judgement scores State C, which was not bound by the promise when it was made" in reasons.text
    assert "State C did 1." not in reasons.text


def test_per_cent_is_a_second_view_with_its_formula(client, register):
    plain, percent = main_of(client, "/scores/"), main_of(client, "/scores/?view=percent")

    assert "÷ 2 × 100" not in plain.text
    assert "Per cent here is (score + 1) ÷ 2 × 100: add one to the score or average, halve it" in percent.text
    assert table_of(percent, "matrix")[1] == [
        "Dig wells 5 July 2005",
        "100 % did it",
        "50 % in part",
        "not a member then",
        "75 % over 2 of 2; 0 not assessed",
    ]
    assert [heading.text for heading in percent.all("h2")] == [heading.text for heading in plain.all("h2")]
    assert [link.text for link in percent.all("a", aria_current="true")] == ["As per cent"]


@pytest.mark.parametrize("query", ["view=stars", "view=score&view=percent", "sort=score", "as_of=2006", "view="])
def test_bad_parameter_is_refused_by_name(client, query):
    assert f"“{query.partition('=')[0]}”" in main_of(client, f"/scores/?{query}", status=400).text


def test_page_of_a_past_day_has_the_members_of_that_day(client, register):
    rows = table_of(main_of(client, "/scores/?as_of=2010-01-01"), "matrix")

    assert rows[0] == ["Commitment", "State A", "State B", "Average"]
    assert len(rows) == 3


def test_register_without_scores_says_so(client):
    make_published()

    main = main_of(client, "/scores/")

    assert "no commitment that binds members singly has been scored" in main.text
    assert main.all("table") == []


def test_left_out_commitments_are_named_with_the_reason(client):
    advice = make_published("advice", title="Advice", basis="analyst-recommendation")
    draft = make_assessment(advice)
    make_scores(draft, {make_party("A", member_since="2001"): 1})
    publish(draft)

    text = main_of(client, "/scores/").one("section", aria_labelledby="left-out").text

    assert "Calls on others, recommendations and what cannot be checked are left out" in text
    assert "Advice 5 July 2005: an analyst's recommendation, which nobody promised." in text


def test_csv_has_a_row_for_each_member_and_commitment(client, register):
    response = client.get("/scores.csv")
    text = b"".join(response.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

    assert response["Content-Disposition"] == 'attachment; filename="scores-2026-11-24-edition-3.csv"'
    assert list(rows[0]) == [column.name for column in columns.SCORES]
    said = [(row["commitment"], row["party"], row["cell"], row["score"], row["source"]) for row in rows]
    assert said == [
        ("well", "A", "scored", "1", "ratings"),
        ("well", "B", "scored", "0", "ratings"),
        ("well", "C", "not_member", "", ""),
        ("road", "A", "not_assessed", "", ""),
        ("road", "B", "not_assessed", "", ""),
        ("road", "C", "scored", "-1", ""),
    ]
    assert {row["moment_as_of"] for row in rows} == {"2026-11-24"}
    assert rows[2]["rationale"] == ""
    assert "hidden" not in text.casefold()


@pytest.mark.parametrize("address", ["/scores/", "/scores.csv"])
def test_queries_are_the_same_for_few_and_many(client, address):
    whole = make_party("ORG", kind="organisation", stands_for_members=True)
    states = [make_party(member_since="2001") for _number in range(6)]
    counts = []
    for number in (1, 10):
        for _one in range(number):
            draft = make_assessment(make_published(pledged_by=[whole]))
            make_scores(draft, dict.fromkeys(states, 1))
            publish(draft)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            assert response.status_code == 200
            b"".join(response.streaming_content) if response.streaming else response.content
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 10
