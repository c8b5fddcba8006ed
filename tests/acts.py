"""What a desk does, one line each: every act is published at once, in an edition of its own."""

from commitments.workflow import draft_correction, draft_retraction
from tests.factories import make_assessment, make_reply, publish


def reload(record):
    """The record as the database has it, with the version it would be published by."""
    return type(record).objects.get(pk=record.pk)


def judge(commitment, **fields):
    """Publish a judgement."""
    assessment = make_assessment(commitment, **fields)
    publish(assessment)
    return reload(assessment)


def correct(assessment, *, reason="It was mistaken.", **fields):
    """Publish a correction of a judgement, with these fields changed."""
    draft = draft_correction(assessment, by=None, reason=reason)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    publish(draft)
    return reload(draft)


def retract(target, reason="It was mistaken."):
    """Publish the withdrawal of a judgement, a reply or a commitment."""
    publish(draft_retraction(target, by=None, reason=reason))


def revise(commitment, **fields):
    """Publish a new wording."""
    working_copy = reload(commitment)
    for name, value in fields.items():
        setattr(working_copy, name, value)
    working_copy.save()
    publish(working_copy)


def answer(assessment, **fields):
    """Publish a party's reply to a judgement."""
    reply = make_reply(assessment, **fields)
    publish(reply)
    return reload(reply)
