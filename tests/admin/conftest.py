"""The people of the desk, one in each group."""

import pytest
from django.test import Client

from tests.factories import make_person


@pytest.fixture
def editor(db):
    return make_person("editor", "Editor")


@pytest.fixture
def publisher(db):
    return make_person("publisher", "Publisher")


@pytest.fixture
def administrator(db):
    return make_person("administrator", "Administrator")


def _client(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def desk(editor):
    """A browser in which the editor has logged in."""
    return _client(editor)


@pytest.fixture
def publishing_desk(publisher):
    """A browser in which the publisher has logged in."""
    return _client(publisher)


@pytest.fixture
def office(administrator):
    """A browser in which the administrator has logged in."""
    return _client(administrator)
