"""The vocabularies: each value has a label, a meaning, and where it matters a rule."""

import inspect

import pytest

from commitments import choices
from commitments.choices import Status, Vocabulary

VOCABULARIES = [
    one
    for _name, one in inspect.getmembers(choices, inspect.isclass)
    if issubclass(one, Vocabulary) and one is not Vocabulary
]


def test_every_vocabulary_is_looked_at():
    assert len(VOCABULARIES) >= 16


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda one: one.__name__)
def test_every_value_has_a_label_and_one_sentence_of_meaning(vocabulary):
    assert vocabulary.__doc__
    for value in vocabulary:
        assert str(value.label)
        meaning = str(value.meaning)
        assert meaning.endswith(".")
        assert meaning[0].isupper()
        assert meaning != str(value.label)


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda one: one.__name__)
def test_values_and_labels_are_unique(vocabulary):
    assert len(set(vocabulary.values)) == len(vocabulary)
    assert len({str(label) for label in vocabulary.labels}) == len(vocabulary)


def test_every_status_has_a_rule_that_begins_with_its_name():
    assert set(choices.EVIDENCE_RULES) == set(Status.values)
    for status in Status:
        assert str(status.rule).startswith(f"{status.value} ")


def test_not_assessed_is_not_given():
    given = [value for value, _label in Status.assessable()]

    assert "not_assessed" not in given
    assert len(given) == len(Status) - 1


def test_closed_statuses():
    assert {status.value for status in Status if status.is_closed} == {"fulfilled", "not_fulfilled", "superseded"}


@pytest.mark.parametrize(
    ("values", "vocabulary"),
    [
        (choices.CLOSED, Status),
        (choices.CLOSING_STATUSES, Status),
        (choices.UNCOUNTED_BASES, choices.Basis),
        (choices.OFFICIAL_KINDS, choices.SourceKind),
    ],
    ids=["closed", "closing", "uncounted", "official"],
)
def test_lists_of_values_name_values_of_their_vocabulary(values, vocabulary):
    assert values
    assert set(values) < set(vocabulary.values)


def test_scores_are_explained():
    assert sorted(choices.SCORES) == [-1, 0, 1]
    assert all(str(meaning) for meaning in choices.SCORES.values())


def test_words_for_a_source_that_may_not_be_named():
    assert str(choices.UNCITABLE) == "a source that may not be cited without its author's permission"
