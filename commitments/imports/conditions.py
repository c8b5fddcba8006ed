"""Whether a record meets the constraints of its table, worked out in memory.

Django asks the database once for each constraint of each record: 100,000 queries for a file of 10,000 rows. The
conditions that the models use are few; one that is not known here is refused when it is read, so that none is passed
over. A test compares every answer with Django's own.
"""

import operator

from django.db.models import CheckConstraint, F, Q

COMPARED = {"exact": operator.eq, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def breaches(instance):
    """The CheckConstraints of its model that ``instance`` breaks, in the order of their declaration."""
    return [
        constraint
        for constraint in instance._meta.constraints
        if isinstance(constraint, CheckConstraint) and holds(constraint.condition, instance) is False
    ]


def holds(condition, instance):
    """True, False, or None for SQL's "unknown", which a constraint lets through."""
    if isinstance(condition, Q):
        answers = [holds(child, instance) for child in condition.children]
        answer = _any(answers) if condition.connector == Q.OR else _all(answers)
        return (None if answer is None else not answer) if condition.negated else answer
    path, wanted = condition
    name, _sep, lookup = path.partition("__")
    return _compare(_value(instance, name), lookup or "exact", wanted, instance)


def _value(instance, name):
    return getattr(instance, instance._meta.get_field("id" if name == "pk" else name).attname)


def _compare(value, lookup, wanted, instance):
    if lookup == "isnull":
        return (value is None) is wanted
    if isinstance(wanted, F):
        wanted = _value(instance, wanted.name)
    if value is None or wanted is None:
        return None
    if lookup == "in":
        return value in wanted
    if lookup == "length":
        return len(value) == wanted
    return COMPARED[lookup](value, wanted)


def _all(answers):
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers):
    if True in answers:
        return True
    return None if None in answers else False
