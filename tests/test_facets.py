"""Facets, chips and the sentence: data about the filters in force and about what each further value would leave."""

import datetime
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django_filters import ChoiceFilter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments import facets
from commitments.filters import CommitmentFilter
from commitments.moment import Moment
from tests.factories import make_commitment, make_party, make_published, make_source, make_summit, make_theme
from tests.registers import judgement, make_register

pytestmark = pytest.mark.django_db

DUE = datetime.date(2006, 12, 31)
NAMES = ("status", "theme", "summit", "party", "kind", "basis", "obligation", "checkable", "overdue", "self_reported")


def chosen(query, **clocks):
    found = CommitmentFilter(QueryDict(query), moment=Moment.on(**clocks))
    found.check()
    return found


def facet(query, name, **clocks):
    """[(value, label, count, selected)] of one facet."""
    (one,) = [one for one in facets.facets(chosen(query, **clocks)) if one.name == name]
    return [(option.value, option.label, option.count, option.selected) for option in one.options]


def addresses(query, name):
    """{value: the parameters that its link leads to} of one facet."""
    (one,) = [one for one in facets.facets(chosen(query)) if one.name == name]
    assert all(option.url.startswith("?") for option in one.options)
    return {option.value: parse_qs(option.url[1:]) for option in one.options}


def one(slug, status="in_progress", **fields):
    return make_published(slug, assessments=[judgement(status)] if status else [], **fields)


@pytest.fixture
def register():
    """Three commitments: two on water, two stalled, one of each at another summit and by another party."""
    state, other = make_party("AA"), make_party("BB")
    own = make_source(kind="official-statement", issuer=other)
    water, air = make_theme("water"), make_theme("air")
    here, there = make_summit("here"), make_summit("there", date=datetime.date(2005, 7, 6))
    one("a", "stalled", theme=water, summit=here, pledged_by=[state], due=DUE)
    one(
        "b",
        "stalled",
        title="Vaults",
        theme=air,
        summit=here,
        pledged_by=[state],
        beneficiaries=[other],
        basis="treaty",
    )
    make_published(
        "c",
        assessments=[{"status": "fulfilled", "sources": [own]}],
        theme=water,
        summit=there,
        pledged_by=[other],
        kind="event",
        obligation="continuing",
        due=DUE,
    )


def test_facets_come_in_one_order(register):
    assert tuple(one.name for one in facets.facets(chosen(""))) == NAMES


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("status", [("fulfilled", "Fulfilled", 1, False), ("stalled", "Stalled", 2, False)]),
        ("theme", [("air", "Air", 1, False), ("water", "Water", 2, False)]),
        ("summit", [("there", "There", 1, False), ("here", "Here", 2, False)]),
        ("party", [("AA", "State AA", 2, False), ("BB", "State BB", 2, False)]),
        ("kind", [("finance", "Finance", 2, False), ("event", "Event", 1, False)]),
        ("basis", [("leader-pledge", "Leader's pledge", 2, False), ("treaty", "Treaty", 1, False)]),
        ("obligation", [("one_off", "One-off", 2, False), ("continuing", "Continuing", 1, False)]),
        ("overdue", [("yes", "Yes", 1, False), ("no", "No", 2, False)]),
        ("self_reported", [("yes", "Yes", 1, False), ("no", "No", 2, False)]),
    ],
)
def test_facet_counts_what_each_value_would_leave(register, name, options):
    assert facet("", name) == options


def test_count_applies_every_filter_but_its_own(register):
    query = "status=stalled&theme=water"

    assert facet(query, "status") == [("fulfilled", "Fulfilled", 1, False), ("stalled", "Stalled", 1, True)]
    assert facet(query, "theme") == [("air", "Air", 1, False), ("water", "Water", 1, True)]
    assert facet(query, "summit") == [("here", "Here", 1, False)]
    assert facet(query, "party") == [("AA", "State AA", 1, False)]
    assert facet(query, "overdue") == [("yes", "Yes", 1, False)]


def test_filters_without_a_facet_narrow_the_counts_too(register):
    assert facet("pledger=BB", "status") == [("fulfilled", "Fulfilled", 1, False)]
    assert facet("q=promised+vaults", "theme") == [("air", "Air", 1, False)]
    assert facet("due_to=2006-12-31", "overdue") == [("yes", "Yes", 1, False), ("no", "No", 1, False)]


def test_selected_value_stays_even_when_it_leaves_nothing(register):
    assert facet("status=superseded", "status")[-1] == ("superseded", "Superseded", 0, True)
    assert ("water", "Water", 0, True) in facet("theme=water&pledger=AA&basis=treaty", "theme")


def test_party_that_pledges_and_benefits_counts_once():
    state = make_party("AA")
    one("both", pledged_by=[state], beneficiaries=[state])

    assert facet("", "party") == [("AA", "State AA", 1, False)]


def test_link_adds_a_value_takes_it_away_and_keeps_the_rest(register):
    query = "status=stalled&theme=water&q=promise&sort=title&as_of=2026-11-01&edition=3&page=2"
    rest = {"theme": ["water"], "q": ["promise"], "sort": ["title"], "as_of": ["2026-11-01"], "edition": ["3"]}

    assert addresses(query, "status") == {
        "stalled": rest,
        "fulfilled": {**rest, "status": ["stalled", "fulfilled"]},
    }
    assert addresses("", "status")["stalled"] == {"status": ["stalled"]}


def test_link_of_yes_and_no_exchanges_the_value(register):
    assert addresses("overdue=yes", "overdue") == {"yes": {}, "no": {"overdue": ["no"]}}
    assert addresses("self_reported=no&theme=water", "self_reported")["yes"] == {
        "self_reported": ["yes"],
        "theme": ["water"],
    }


def test_facet_is_active_when_one_of_its_values_is_in_force(register):
    active = [one.name for one in facets.facets(chosen("status=stalled&party=AA&pledger=AA")) if one.is_active]

    assert active == ["status", "party"]


def test_facets_look_at_the_moment(clock):
    clock.move_to(datetime.datetime(2007, 1, 1, 12, tzinfo=datetime.UTC))
    one("first", "stalled")
    one("second", "fulfilled")
    make_commitment("draft", theme=make_theme("secret"))

    assert facet("", "status", edition=1) == [("stalled", "Stalled", 1, False)]
    before = facet("", "status", as_of=datetime.date(2005, 8, 1))
    assert before == [("not_assessed", "Not assessed", 2, False)]
    assert "secret" not in {value for value, *_rest in facet("", "theme")}


def test_each_link_leads_to_as_many_as_it_says(register):
    """For a facet with one value at most chosen, following a link gives the count beside it."""
    for found in facets.facets(chosen("theme=water")):
        for option in found.options:
            if not option.selected and found.name != "theme":
                assert chosen(option.url[1:]).rows().count() == option.count, option


def test_sentence_says_the_filters_in_words(register):
    assert facets.sentence(chosen("")) == ""
    assert facets.sentence(chosen("sort=title")) == ""
    assert facets.sentence(chosen("status=stalled&status=in_progress&theme=water&pledger=AA")) == (
        "Stalled or In progress; theme Water; pledged by State AA"
    )
    assert facets.sentence(chosen("q=dig+wells&summit=here&party=BB&beneficiary=AA&kind=event")) == (
        "with the words “dig wells”; made at Here; State BB as pledger or beneficiary; for State AA; Kind: Event"
    )
    assert facets.sentence(chosen("overdue=no&self_reported=yes&flagged=no&totals=counted")) == (
        "not overdue; self-reported; not below the evidence rule; in the totals"
    )
    assert facets.sentence(chosen("pledgers=several")) == "promised by several parties by name"
    days = "made_from=2005-01-01&made_to=2005-12-31&due_from=2006-01-01&due_to=2006-12-31"
    assert facets.sentence(chosen(days)) == (
        "made from 2005-01-01; made until 2005-12-31; due from 2006-01-01; due until 2006-12-31"
    )


def test_value_given_twice_is_said_once(register):
    twice = chosen("status=stalled&status=stalled")

    assert facets.sentence(twice) == "Stalled"
    assert len(facets.chips(twice)) == 1


def test_each_chip_takes_one_value_away(register):
    query = "q=promise&status=stalled&status=fulfilled&theme=water&overdue=yes&made_from=2005-01-01&edition=3&page=1"
    found = {(chip.name, chip.label, chip.value): parse_qs(chip.url[1:]) for chip in facets.chips(chosen(query))}
    whole = parse_qs(query.removesuffix("&page=1"))

    def without(name, *left):
        return {
            key: list(left) or None if key == name else value for key, value in whole.items() if key != name or left
        }

    assert found == {
        ("q", "Words", "promise"): without("q"),
        ("status", "Status", "Stalled"): without("status", "fulfilled"),
        ("status", "Status", "Fulfilled"): without("status", "stalled"),
        ("theme", "Theme", "Water"): without("theme"),
        ("overdue", "", "overdue"): without("overdue"),
        ("made_from", "Made from", "2005-01-01"): without("made_from"),
    }


def test_no_filter_has_no_chip(register):
    assert facets.chips(chosen("sort=title&overdue=&q=&made_from=")) == []


def test_clear_link_keeps_the_moment_only(register):
    query = QueryDict("status=stalled&sort=title&page=2&as_of=2026-11-01&edition=3")

    assert facets.clear_url(query) == "?as_of=2026-11-01&edition=3"
    assert facets.clear_url(QueryDict("status=stalled")) == "?"


def test_addresses_are_escaped(register):
    (chip, _status) = facets.chips(chosen("q=a%26b%3D%D0%B6&status=stalled"))

    assert chip.value == "a&b=ж"
    assert facets.chips(chosen("q=a%26b%3D%D0%B6&status=stalled"))[1].url == "?q=a%26b%3D%D0%B6"


@pytest.mark.parametrize("number", [4, 40])
def test_few_and_many_commitments_take_the_same_queries(number):
    make_register(number)
    asked = chosen("theme=culture&party=AA&status=stalled&q=promised")

    with CaptureQueriesContext(connection) as queries:
        facets.facets(asked)
        facets.chips(asked)
        facets.sentence(asked)

    # One for each vocabulary; counts and records for theme, summit and party; all and those with yes for the two marks;
    # for the words the names of parties, themes, summits and sources, how often each word occurs, and where.
    assert len(queries) == 5 + 3 * 2 + 2 * 2 + 4 + 2


values = st.fixed_dictionaries(
    {},
    optional={
        "status": st.lists(st.sampled_from(["stalled", "fulfilled", "not_assessed"]), min_size=1, unique=True),
        "theme": st.lists(st.sampled_from(["culture", "economy", "water"]), min_size=1, unique=True),
        "party": st.lists(st.sampled_from(["AA", "BB", "ORG"]), min_size=1, unique=True),
        "overdue": st.sampled_from(["yes", "no"]).map(lambda value: [value]),
        "basis": st.lists(st.sampled_from(["treaty", "leader-pledge"]), min_size=1, unique=True),
    },
)


def test_counts_agree_with_the_list_for_random_filters():
    make_register(24)

    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(values)
    def check(filters):
        query = QueryDict(mutable=True)
        for name, given_values in filters.items():
            query.setlist(name, given_values)
        for found in facets.facets(chosen(query.urlencode())):
            for option in found.options:
                only = query.copy()
                only.setlist(found.name, [option.value])
                assert chosen(only.urlencode()).rows().count() == option.count, (found.name, option)

    check()


def test_every_choice_of_one_value_reads_as_words(register):
    single = {
        name: [value for value, _label in one.extra["choices"]]
        for name, one in CommitmentFilter.base_filters.items()
        if type(one) is ChoiceFilter and name != "sort"
    }

    assert len(single) >= 12
    for name, choices in single.items():
        for value in choices:
            (chip,) = facets.chips(chosen(f"{name}={value}"))
            assert (chip.label, chip.value) == ("", facets.sentence(chosen(f"{name}={value}")))
    assert facets.sentence(chosen("names=0&names=5")) == "naming 0 or 5 of five ingredients"
