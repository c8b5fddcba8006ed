"""The desk asks scope.py, once per request, what lies outside what somebody edits."""

from commitments import scope


def scope_of(request):
    """The Scope of whoever asks."""
    if not hasattr(request, "desk_scope"):
        request.desk_scope = scope.of(request.user)
    return request.desk_scope


def outside(request, record):
    """Why a stored draft (Commitment, Assessment, Reply, Retraction) is not theirs to change, or None."""
    if record is None or record.pk is None or not scope_of(request).is_limited:
        return None
    commitment = scope.subject_of(record)
    return None if commitment is None else scope_of(request).problem(commitment)
