"""manage.py create_desk"""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from commitments.models import Person

pytestmark = pytest.mark.django_db


def create_desk():
    printed = StringIO()
    call_command("create_desk", stdout=printed)
    return printed.getvalue()


def test_new_tracker_gets_one_person_for_each_part_of_the_work(client):
    printed = create_desk()

    passwords = dict(re.findall(r"^(editor|publisher|administrator) +(\S+)$", printed, re.MULTILINE))
    assert list(passwords) == ["editor", "publisher", "administrator"]
    for username, password in passwords.items():
        person = Person.objects.get(username=username)
        assert [group.name.lower() for group in person.groups.all()] == [username]
        assert person.is_staff is True
        assert person.is_superuser is False
        assert client.login(username=username, password=password) is True


def test_second_run_changes_nothing_and_says_so():
    create_desk()
    before = list(Person.objects.order_by("pk").values())

    printed = create_desk()

    assert printed == "editor, publisher, administrator: all exist; nothing changed.\n"
    assert list(Person.objects.order_by("pk").values()) == before


def test_only_who_is_missing_is_created():
    kept = Person.objects.create_user("publisher", password="chosen by the desk")

    printed = create_desk()

    assert "publisher" not in printed
    kept.refresh_from_db()
    assert kept.check_password("chosen by the desk") is True
    assert Person.objects.count() == 3


def test_missing_groups_stop_it_before_anybody_is_created():
    Group.objects.filter(name="Editor").delete()

    with pytest.raises(CommandError) as raised:
        create_desk()

    assert str(raised.value) == "There is no group Editor; run manage.py migrate, which makes them."
    assert Person.objects.count() == 0
