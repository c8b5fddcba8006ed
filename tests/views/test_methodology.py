"""/methodology/"""

import pytest

from commitments import choices
from commitments.ingredients import INGREDIENTS
from commitments.quality import RULES
from commitments.record import MEASURES, SOURCE_MARKS
from tests.acts import correct, judge
from tests.factories import make_published
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def test_every_status_has_its_meaning_and_its_rule(client):
    table = main_of(client, "/methodology/").one("section", aria_labelledby="statuses").one("tbody")

    assert [
        [cell.text for cell in row.children if getattr(cell, "tag", "") in ("th", "td")] for row in table.all("tr")
    ] == [[f"{status.label} {status.value}", str(status.meaning), str(status.rule)] for status in choices.Status]


@pytest.mark.parametrize(
    "vocabulary",
    [
        choices.Basis, choices.Obligation, choices.Checkable, choices.Kind, choices.Stage, choices.ClosureReason,
        choices.Confidence, choices.Bearing, choices.SourceKind, choices.Terms,
    ],
)  # fmt: skip
def test_every_value_has_its_meaning(client, vocabulary):
    section = main_of(client, "/methodology/").one("section", aria_labelledby="words")

    said = [(row.one("dt").text, row.one("dd").text) for row in section.all("div")]
    for value in vocabulary:
        assert (str(value.label), " ".join(str(value.meaning).split())) in said


def test_vocabularies_are_named_in_words(client):
    section = main_of(client, "/methodology/").one("section", aria_labelledby="words")

    names = [one.text for one in section.all("h3")]
    assert len(names) == 10
    assert all(name == name.capitalize() for name in names), names


def test_scores_and_rules_are_the_declared_ones(client):
    main = main_of(client, "/methodology/")

    scores = main.one("section", aria_labelledby="scores").all("div")
    assert [(row.one("dt").text, row.one("dd").text) for row in scores] == [
        (text, str(choices.SCORES[score])) for text, score in (("−1", -1), ("0", 0), ("+1", 1))
    ]
    rules = main.one("section", aria_labelledby="rules").all("li")
    assert [row.text for row in rules] == [str(rule.sentence) for rule in RULES]


@pytest.mark.parametrize(
    ("four_eyes", "said"),
    [
        (True, "One person writes a judgement, another publishes it."),
        (False, "This desk works without a second person; editions made so say it."),
    ],
)
def test_who_publishes_follows_the_setting(client, settings, four_eyes, said):
    settings.FOUR_EYES = four_eyes

    assert said in main_of(client, "/methodology/").text


@pytest.mark.parametrize("query", ["as_of=2006-09-14", "edition=1"])
def test_it_is_not_about_a_moment(client, query):
    name = query.partition("=")[0]
    main = main_of(client, f"/methodology/?{query}", status=400)

    assert f"The parameter “{name}” cannot be" in main.text
    assert "This page is not about a moment; leave it out." in main.text


def test_every_ingredient_has_its_rules(client):
    section = main_of(client, "/methodology/").one("section", aria_labelledby="ingredients")

    assert [one.text for one in section.all("h3")] == [f"{one.label} {one.question}" for one in INGREDIENTS]
    assert [(row.one("dt").text[2:], row.one("dd").text) for row in section.all("div") if row.all("dt")] == [
        (str(label), str(rule)) for one in INGREDIENTS for _value, label, rule in one.values
    ]


def test_every_measure_of_our_own_record_has_its_meaning(client):
    section = main_of(client, "/methodology/").one("section", aria_labelledby="quality")

    assert [(row.one("dt").text, row.one("dd").text) for row in section.all("div")] == [
        (str(one.label), str(one.meaning)) for one in (*MEASURES, *SOURCE_MARKS.values())
    ]
    assert section.addresses == ["/quality/"]


def test_corrections_are_counted_and_lead_to_their_lists(client):
    correct(judge(make_published()), status="stalled")
    section = main_of(client, "/methodology/").one("section", aria_labelledby="people")

    assert "1 corrections and 0 retractions stand against 1 published judgements." in section.text
    assert ("Every correction", "/changes/?kind=correction") in section.links
    assert len(main_of(client, "/changes/?kind=correction").one("tbody").all("tr")) == 1


def test_it_offers_no_clocks(client):
    assert main_of(client, "/methodology/").all("form") == []
