"""Passages: where the words stand, and nothing that is not public."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import assume, given
from hypothesis import strategies as st

from commitments.exports.columns import with_rows
from commitments.models import Source, Standing
from commitments.moment import Moment
from commitments.search.passages import LENGTH, attach, marked, matches
from commitments.search.query import parse
from commitments.search.ranked import Search
from commitments.search.stems import tokens
from tests.acts import judge, retract
from tests.factories import AS_OF, make_assessment, make_party, make_published, make_source
from tests.registers import make_register


def shown(text, words):
    """The text with what matched in square brackets."""
    parts = marked(text, matches(text, parse(words).terms))
    assert "".join(part for part, _is_found in parts) == text
    return "".join(f"[{part}]" if is_found else part for part, is_found in parts)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Roads, and the road.", "road", "[Roads], and the [road]."),
        ("The buyer's credit", "buyers credits", "The [buyer's] [credit]"),
        ("Écoles", "ecole", "[Écoles]"),
        ("A business council; council business", '"business council"', "A [business council]; council business"),
        ("anti-terrorist acts", "antiterrorist", "[anti-terrorist] acts"),
        ("anti-terrorist acts", "anti-terrorist", "[anti-terrorist] acts"),
        ("anti-terrorist acts", "terrorists", "anti-[terrorist] acts"),
        ("USD 900 million", "900m", "USD [900 million]"),
        ("with 900m of it", "900 million", "with [900m] of it"),
        ("1,500 people", "1500", "[1,500] people"),
        ("北京的学校。", "学校", "北京的[学校]。"),
        ("Дороги Китая", "дорога Китай", "[Дороги] [Китая]"),
        ("nothing here", "road", "nothing here"),
        ("<b>road</b>", "road b", "<[b]>[road]</[b]>"),
    ],
)
def test_matches_are_the_words_as_they_are_written(text, words, expected):
    assert shown(text, words) == expected


@given(st.text("ab c-'学ß1,.", max_size=40), st.text("abc学s1- ", min_size=1, max_size=12))
def test_marking_never_loses_or_changes_text(text, words):
    assume(tokens(words))
    terms = parse(words).terms
    parts = marked(text, matches(text, terms))

    assert "".join(part for part, _is_found in parts) == text


def passages(words, **clocks):
    """{key: (marked title, [(label, marked passage)])} of what the words find."""
    moment = Moment.on(**clocks)
    search = Search(words, moment)
    rows = list(with_rows(search.matching(Standing.objects.at(moment))).order_by("slug"))
    attach(rows, search)

    def said(parts):
        return "".join(f"[{part}]" if is_found else part for part, is_found in parts)

    return {row.slug: (said(row.title_parts), [(one.label, said(one.parts)) for one in row.passages]) for row in rows}


@pytest.mark.django_db
def test_passages_show_the_words_that_the_title_does_not():
    state = make_party("AA", short_name="Aland", name="Republic of Aland")
    source = make_source("courier", title="Ground is broken", publisher="Courier")
    make_published(
        "well",
        title="Dig wells",
        summary="The state will dig.",
        pledged_by=[state],
        assessments=[{"rationale": "Three wells are dry.", "sources": [source]}],
    )

    assert passages("wells") == {"well": ("Dig [wells]", [("Rationale", "Three [wells] are dry.")])}
    assert passages("digging aland") == {
        "well": ("[Dig] wells", [("Party", "[Aland], Republic of [Aland]")]),
    }
    assert passages("dry courier state")["well"][1] == [
        ("Summary", "The [state] will dig."),
        ("Rationale", "Three wells are [dry]."),
    ]
    assert passages("courier") == {"well": ("Dig wells", [("Source", "Ground is broken ([Courier])")])}


@pytest.mark.django_db
def test_long_text_is_cut_between_words_around_the_match():
    make_published("well", summary=f"{'Before it. ' * 40}Here stands the needle alone. {'After it. ' * 40}")

    (_title, [(label, passage)]) = passages("needles")["well"]

    assert label == "Summary"
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert "[needle]" in passage
    assert len(passage) <= LENGTH + len("… ") + len(" …") + len("[]")
    assert passage[2:-2].replace("[", "").replace("]", "").split()[0] in ("Before", "it.")


@pytest.mark.django_db
def test_passages_name_earlier_judgements_by_their_day_and_leave_out_withdrawn_ones():
    well = make_published("well", assessments=[{"rationale": "The mason came."}])
    judge(well, as_of=datetime.date(2007, 1, 10), rationale="The roofer came.")

    assert passages("mason")["well"][1] == [("Earlier rationale, 15 June 2006", "The [mason] came.")]
    assert passages("roofer")["well"][1] == [("Rationale", "The [roofer] came.")]
    assert passages("mason", as_of=AS_OF)["well"][1] == [("Rationale", "The [mason] came.")]

    retract(well.assessments.get(rationale="The roofer came."))

    assert passages("came")["well"][1] == [("Rationale", "The mason [came].")]


@pytest.mark.django_db
def test_drafts_and_uncitable_sources_are_not_shown():
    secret = make_source("hush", title="Wells of silence", publisher="Wells press")
    well = make_published("pit", title="Dig", source=secret, assessments=[{"sources": [secret]}], note="Wells.")
    make_assessment(well, rationale="Secret wells.")
    Source.objects.filter(pk=secret.pk).update(terms="no_citation")

    assert passages("wells press")["pit"][1] == [("Note", "[Wells].")]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [4, 40])
def test_passages_take_the_same_queries_for_few_and_many(number):
    make_register(number)
    moment = Moment.now()
    search = Search("promised", moment)
    rows = list(with_rows(search.matching(Standing.objects.at(moment))))
    assert len(rows) == number

    with CaptureQueriesContext(connection) as queries:
        attach(rows, search)

    assert len(queries) == 2
