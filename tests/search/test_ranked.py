"""Finding commitments by words, the same way on both databases."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Party, Source, Standing
from commitments.moment import Moment
from commitments.search import ranked
from commitments.search.ranked import Search
from tests.acts import correct, judge, retract, revise
from tests.factories import (
    AS_OF,
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_source,
    make_summit,
    make_theme,
)
from tests.registers import make_organisation, make_register

pytestmark = pytest.mark.django_db


def found(text, **clocks):
    """The keys that words find, in the order of their worth."""
    moment = Moment.on(**clocks)
    search = Search(text, moment)
    rows = search.matching(Standing.objects.at(moment)).order_by(*search.order(), "slug")
    return list(rows.values_list("slug", flat=True))


def notes(text):
    return list(Search(text, Moment.now()).notes())


@pytest.fixture
def register():
    make_published("canal", title="Dig the Great Canal", summary="State A promised a canal.", note="With locks.")
    make_published("school", title="Écoles für Straße", summary="State B promised Школы и 学校.")
    make_published("rate", title="Cut 50%_now", summary="A\\B", assessments=[{"rationale": "The canal office closed."}])


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("great", ["canal"]),
        ("GREATER digs", []),
        ("GREAT digs", ["canal"]),
        ("canals", ["canal", "rate"]),
        ("canal lock", ["canal"]),
        ("ecole", ["school"]),
        ("ÉCOLES", ["school"]),
        ("strasse", ["school"]),
        ("школа", ["school"]),
        ("ШКОЛЫ", ["school"]),
        ("学校", ["school"]),
        ("校学", []),
        ("学", ["school"]),
        ("５０", ["rate"]),
        ("offices", ["rate"]),
        ("50%_now", ["rate"]),
        ("5%w", []),
        ("a\\b", ["rate"]),
        ("anal", []),
        ("'; drop", []),
        ("(canal", ["canal", "rate"]),
        ("[c]anal", []),
    ],
)
def test_words_are_found_whatever_their_case_accents_width_and_ending(register, text, keys):
    search = Search(text, Moment.now())

    # Where nothing has all words, some will do; here all are asked for.
    assert (found(text) if search.needed == len(search.terms) else []) == keys


def test_title_goes_before_summary_before_judgement_before_history():
    make_published("d-history", assessments=[{"rationale": "A canal."}, {"as_of": AS_OF.replace(year=2007)}])
    make_published("c-judgement", assessments=[{"rationale": "A canal."}])
    make_published("b-summary", summary="A canal.")
    make_published("a-title", title="A canal")
    make_published("z-title", title="Canals")

    assert found("canal") == ["a-title", "z-title", "b-summary", "c-judgement", "d-history"]


def test_equals_go_by_day_then_by_key():
    make_published("b", title="A canal", made_on=datetime.date(2005, 1, 1))
    make_published("a", title="A canal", made_on=datetime.date(2005, 1, 1))
    make_published("c", title="A canal", made_on=datetime.date(2006, 1, 1))

    assert found("canal") == ["c", "a", "b"]


def test_rare_words_weigh_more_and_words_in_a_row_go_first():
    for number in range(6):
        make_published(f"bank-{number}", title="Open a bank", summary="For trade.")
    make_published("fund", title="A fund", summary="For banks and water.")
    make_published("x", title="Trade with a bank")
    make_published("y", title="Open the trade bank")

    assert found("trade bank")[:2] == ["y", "x"]
    assert found("bank water") == ["fund"]
    assert found('"trade bank"') == ["y"]


def test_names_of_parties_summits_themes_and_sources_are_found():
    state = make_party("AA", short_name="Aland", name="Republic of Aland", name_ru="Аландия", name_zh="阿兰")
    made_published = {
        "theme": make_theme("water", name="Rivers"),
        "summit": make_summit("town-2005", name="Hill summit", place="Hillton"),
        "source": make_source("gazette-2005", title="The tale of the promise", publisher="Evening Gazette"),
        "assessments": [{"sources": [make_source("courier-2006", title="Ground is broken", publisher="Courier")]}],
    }
    make_published("well", pledged_by=[state], **made_published)
    make_published("other")

    for words in (
        "Aland", "aland's republic", "Аландии", "阿兰", "river", "hill summits", "Hillton", "town-2005", "tales",
        "evening gazettes", "gazette-2005", "ground broken", "couriers", "courier promise aland",
    ):  # fmt: skip
        assert found(words) == ["well"], words


def test_name_is_found_as_it_is_now():
    state = make_party("AA", short_name="Aland", name="Aland")
    make_published("well", pledged_by=[state])
    Party.objects.filter(pk=state.pk).update(short_name="Beland", name="Beland")

    assert found("Beland") == ["well"]
    assert found("Aland") == []


def test_state_bound_as_a_member_comes_after_the_one_that_pledged():
    organisation, states = make_organisation()
    make_published("a-all", pledged_by=[organisation])
    make_published("z-own", pledged_by=[states[0]])

    assert found("AA") == ["z-own", "a-all"]


def test_source_that_may_not_be_cited_is_never_found():
    secrets = [
        make_source(f"hush-{use}", title="Whispered matters", publisher="Concealed press", kind="official-document")
        for use in ("promise", "evidence", "summit")
    ]
    make_published(
        "well", source=secrets[0], summit=make_summit(source=secrets[2]), assessments=[{"sources": [secrets[1]]}]
    )
    words = ("whispered", "concealed press", "hush-promise", "hush-evidence", "hush")
    assert [found(word) for word in words] == [["well"]] * 5

    Source.objects.filter(key__startswith="hush").update(terms="no_citation")

    assert [found(word) for word in words] == [[]] * 5
    assert notes("whispered") == ["Found nowhere: “whispered”."]


def test_drafts_are_never_found(register):
    make_commitment("draft", title="Secret canal")
    canal = make_published("open", title="Open", pledged_by=[make_party("AA")])
    make_assessment(canal, rationale="Secret rationale", sources=[make_source("secret-source")])
    canal.refresh_from_db()
    canal.note = "Secret note"
    canal.save()

    assert found("secret") == []
    assert "draft" not in found("canal")


def test_earlier_judgements_are_found_as_far_as_the_moment_knows_them(clock):
    clock.move_to(datetime.datetime(2008, 1, 1, 12, tzinfo=datetime.UTC))
    well = make_published("well", assessments=[{"rationale": "The mason came."}])
    judge(well, as_of=datetime.date(2007, 1, 10), rationale="The roofer came.", sources=[make_source("roof-news")])
    clock.move_to(datetime.datetime(2009, 1, 1, 12, tzinfo=datetime.UTC))
    surveyor = judge(well, as_of=datetime.date(2006, 1, 10), rationale="The surveyor came.")

    assert found("mason") == found("roofer") == found("surveyor") == ["well"]
    assert found("mason", edition=1) == ["well"]
    assert found("roofer", edition=1) == found("surveyor", edition=2) == []
    assert (
        found("roofer", as_of=AS_OF)
        == found("roof-news", as_of=AS_OF)
        == found("mason", as_of=datetime.date(2006, 6, 14))
        == []
    )
    assert found("roof-news") == found("roof-news", edition=2) == ["well"]

    correct(surveyor, rationale="The geologist came.")

    assert found("surveyor") == []
    assert found("surveyor", edition=3) == found("geologist") == ["well"]
    retract(well.assessments.get(rationale="The roofer came."))
    assert found("roofer") == found("roof-news") == []
    assert found("roofer", edition=4) == found("roof-news", edition=4) == ["well"]


def test_search_reads_the_wording_of_the_moment(register):
    canal = Standing.objects.get(slug="canal").commitment
    revise(canal, title="Dig the small ditch", summary="A ditch.")

    assert found("ditches") == ["canal"]
    assert found("great") == []
    assert found("great", edition=3) == ["canal"]


def test_where_nothing_has_all_words_the_best_are_shown_and_it_is_said(register):
    assert found("great canal pyramids") == ["canal"]
    assert notes("great canal pyramids") == [
        "No commitment has all 3 words. Listed are those that have 2 of them.",
        "Found nowhere: “pyramids”.",
    ]
    assert found("office locks") == ["canal", "rate"]
    assert notes("office locks") == ["No commitment has all 2 words. Listed are those that have 1 of them."]
    assert notes("the canal") == ["Too common to search for: “the”."]
    assert notes("canal") == []


def test_nothing_is_found_in_an_empty_register_or_for_unknown_words():
    assert found("canal") == []
    make_published("well")
    assert found("pyramids sphinxes") == []


def test_word_that_nobody_writes_is_taken_as_a_beginning(register):
    assert found("scho") == ["school"]
    assert notes("scho") == ["Found only as the beginning of a word: “scho”."]
    # Where the word itself stands somewhere, beginnings do not count.
    make_published("b", title="Scho")
    assert found("scho") == ["b"]
    # Of three letters, anything would be found.
    assert found("gre") == []


def test_many_matches_are_found_like_few(register, monkeypatch):
    words = ("canal", "canal locks", "office locks", "promise", "school")
    few = [found(text) for text in words]
    monkeypatch.setattr(ranked, "FEW", 0)

    assert [found(text) for text in words] == few
    assert any(few)


@pytest.mark.parametrize("number", [4, 40])
def test_search_takes_the_same_queries_for_few_and_many(number):
    make_register(number)
    with CaptureQueriesContext(connection) as queries:
        found("promised dams culture AA first report")

    # The newest edition; four kinds of names; how often each word occurs, for whole words and for beginnings; which
    # standings match; the rows.
    assert len(queries) in (1 + 4 + 1 + 1 + 1, 1 + 4 + 2 + 1 + 1)
