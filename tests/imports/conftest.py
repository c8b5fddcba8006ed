"""Who imports."""

import pytest

from tests.factories import make_person


@pytest.fixture
def editor(db):
    return make_person("editor", "Editor")
