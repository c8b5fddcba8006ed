"""Drafts on their way through the desk, and the two people that it takes."""

from commitments import workflow
from tests.factories import make_assessment, make_commitment, make_person, make_published


def make_editor(**fields):
    return make_person(group="Editor", **fields)


def make_publisher(**fields):
    return make_person(group="Publisher", **fields)


def submitted(draft, by=None):
    """Write and submit a draft as one person; returns it."""
    author = by or make_editor()
    workflow.note_edit(draft, by=author)
    draft.save()
    workflow.submit(draft, by=author)
    return draft


def submitted_assessment(by=None, **fields):
    return submitted(make_assessment(make_published(), **fields), by)


def submitted_commitment(slug=None, by=None, **fields):
    return submitted(make_commitment(slug, **fields), by)
