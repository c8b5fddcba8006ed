"""An editor limited to themes or parties changes nothing outside them, whoever asks."""

import pytest

from commitments import scope, workflow
from commitments.models import Assessment, Retraction
from tests.factories import make_assessment, make_commitment, make_party, make_person, make_published, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def limited():
    """An editor of one theme."""
    person = make_person(group="Editor")
    person.themes.add(make_theme("security"))
    return person


def test_editor_without_limits_edits_everything():
    assert scope.problem(make_person(group="Editor"), make_commitment()) is None
    assert scope.problem(None, make_commitment()) is None


def test_theme_inside_and_outside(limited):
    inside, outside = make_commitment(theme=limited.themes.get()), make_commitment(theme=make_theme("trade"))

    assert scope.problem(limited, inside) is None
    assert scope.problem(limited, outside) == (
        "The theme “Trade” is outside what you edit; an administrator says which are yours."
    )


@pytest.mark.parametrize("side", ["pledged_by", "beneficiaries"])
def test_party_on_either_side_is_inside(side):
    person, party = make_person(group="Editor"), make_party()
    person.parties.add(party)

    assert scope.problem(person, make_commitment(**{side: [party]})) is None
    assert "None of the parties that you edit" in scope.problem(person, make_commitment())


def test_all_members_are_those_of_the_day():
    member, later = make_party(member_since="2001"), make_party(member_since="2017")
    everybody = make_commitment(pledged_by=[make_party(kind="organisation", stands_for_members=True)])
    problems = []
    for party in (member, later):
        person = make_person(group="Editor")
        person.parties.add(party)
        problems.append(scope.problem(person, everybody))

    assert problems[0] is None
    assert problems[1] is not None


def test_theme_and_party_both_count(limited):
    party = make_party()
    limited.parties.add(party)

    assert scope.problem(limited, make_commitment(theme=limited.themes.get(), pledged_by=[party])) is None
    assert scope.problem(limited, make_commitment(theme=limited.themes.get())) is not None
    assert scope.problem(limited, make_commitment(pledged_by=[party])) is not None


def test_workflow_refuses_what_lies_outside(limited):
    judged = make_published(assessments=[{}])
    published = judged.assessments.get()
    draft = make_assessment(judged, author=limited)

    for act in (
        lambda: workflow.submit(draft, by=limited),
        lambda: workflow.draft_correction(published, by=limited),
        lambda: workflow.draft_retraction(published, by=limited, reason="Wrong."),
        lambda: workflow.draft_retraction(judged, by=limited, reason="Wrong."),
    ):
        with pytest.raises(workflow.Refused, match="is outside what you edit"):
            act()

    assert (Assessment.objects.count(), Retraction.objects.count()) == (2, 0)
    draft.refresh_from_db()
    assert draft.submitted_at is None


def test_workflow_takes_what_lies_inside(limited):
    judged = make_published(theme=limited.themes.get(), assessments=[{}])

    draft = workflow.draft_correction(judged.assessments.get(), by=limited, reason="It was mistaken.")
    workflow.submit(draft, by=limited)
    workflow.draft_retraction(judged, by=limited, reason="Wrong.")

    assert draft.submitted_at is not None
    assert Retraction.objects.get().author == limited
