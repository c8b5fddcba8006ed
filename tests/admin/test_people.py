"""People: made and put into groups by an administrator, deactivated and never deleted."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from commitments.models import Person
from tests.admin.desk import change_url
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def fields(response):
    return set(response.context["adminform"].form.fields)


def test_new_person_works_at_the_desk(office):
    data = {
        "username": "new",
        "usable_password": "true",
        "password1": "four-green-apples",
        "password2": "four-green-apples",
    }

    response = office.post("/admin/commitments/person/add/", data)

    assert response.status_code == 302
    assert Person.objects.get(username="new").is_staff is True


def test_person_put_into_a_group_and_named(office):
    person = make_person("somebody")
    data = {
        "username": "somebody",
        "public_name": "S. Body",
        "is_active": "on",
        "is_staff": "on",
        "groups": [Group.objects.get(name="Editor").pk],
    }

    office.post(change_url(person), data)

    person.refresh_from_db()
    assert (person.public_name, [group.name for group in person.groups.all()]) == ("S. Body", ["Editor"])


def test_person_is_not_deleted(office):
    person = make_person()

    response = office.post(reverse("admin:commitments_person_delete", args=[person.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert Person.objects.filter(pk=person.pk).exists()


def test_administrator_gives_themselves_no_rights(office, administrator):
    response = office.get(change_url(administrator))
    office.post(change_url(administrator), {"username": "administrator", "groups": [1], "is_superuser": "on"})

    assert fields(response).isdisjoint({"groups", "is_active", "is_staff", "is_superuser", "user_permissions"})
    administrator.refresh_from_db()
    assert [group.name for group in administrator.groups.all()] == ["Administrator"]
    assert administrator.is_superuser is False


def test_administrator_makes_nobody_a_superuser(office):
    assert fields(office.get(change_url(make_person()))).isdisjoint({"is_superuser", "user_permissions"})


def test_administrator_does_not_touch_a_superuser(office):
    root = make_person("root", is_superuser=True)

    assert office.post(change_url(root), {"username": "taken-over"}).status_code == 403
    address = reverse("admin:auth_user_password_change", args=[root.pk])
    assert office.post(address, {"password1": "x", "password2": "x"}).status_code == 403


def test_superuser_gives_every_right(client):
    root = make_person("root", is_superuser=True)
    client.force_login(root)

    assert {"groups", "is_superuser", "user_permissions"} <= fields(client.get(change_url(root)))


def test_editor_sees_people_and_changes_none(desk, publisher):
    assert desk.get(change_url(publisher)).status_code == 200
    assert desk.post(change_url(publisher), {"username": "x"}).status_code == 403
