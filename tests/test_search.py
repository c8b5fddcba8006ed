"""Finding commitments by words, the same way on both databases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Standing
from commitments.moment import Moment
from commitments.search import matching, words
from tests.factories import make_commitment, make_published

pytestmark = pytest.mark.django_db


def found(text):
    return sorted(row.slug for row in matching(Standing.objects.at(Moment.now()), text))


@pytest.fixture
def register():
    make_published("canal", title="Dig the Great Canal", summary="State A promised a canal.", note="With locks.")
    make_published("school", title="Écoles für Straße", summary="State B promised Школы и 学校.")
    make_published("rate", title="Cut 50%_now", summary="A\\B", assessments=[{"rationale": "The canal office closed."}])


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("great", ["canal"]),
        ("GREAT dig", ["canal"]),
        ("canal", ["canal", "rate"]),
        ("canal locks", ["canal"]),
        ("canal school", []),
        ("ecoles", ["school"]),
        ("ÉCOLES", ["school"]),
        ("strasse", ["school"]),
        ("школы", ["school"]),
        ("ШКОЛЫ", ["school"]),
        ("学校", ["school"]),
        ("５０", ["rate"]),
        ("office", ["rate"]),
        ("50%_now", ["rate"]),
        ("5%w", []),
        ("a\\b", ["rate"]),
        ("a%b", []),
        ("'; drop", []),
    ],
)
def test_words_are_found_whatever_their_case_accents_and_width(register, text, keys):
    assert found(text) == keys


def test_search_reads_the_published_wording_only(register):
    make_commitment("draft", title="Secret canal")

    assert "draft" not in found("canal")


def test_search_is_one_query(register):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found("canal locks with many words")

    # The first asks for the newest edition.
    assert len(queries) == 2


@pytest.mark.parametrize(("text", "expected"), [("", []), (" \t\u00a0", []), ("\u0301", []), ("Ab  C", ["ab", "c"])])
def test_words_of_a_text(text, expected):
    assert words(text) == expected
