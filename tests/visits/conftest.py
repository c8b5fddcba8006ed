"""A site on this machine, and a visitor that may go there."""

import pytest

from commitments.visits.fetch import Limits
from commitments.visits.visitor import Visitor

from .sites import on_loopback, running


@pytest.fixture
def site():
    with running() as one:
        yield one


@pytest.fixture
def visitor():
    limits = Limits(connect=2, read=2, whole=4)
    return Visitor(pause=0, limits=limits, resolve=on_loopback, allow_loopback=True)
