"""People: made and put into groups by an administrator, deactivated and never deleted."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from commitments import workflow
from commitments.models import Person, Theme
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


@pytest.mark.parametrize("delete", [lambda one: one.delete(), lambda one: Person.objects.filter(pk=one.pk).delete()])
def test_person_without_any_work_is_not_deleted_either(delete):
    person = make_person()

    with pytest.raises(IntegrityError, match="deactivated and never deleted"), transaction.atomic():
        delete(person)

    person.is_active = False
    person.save()
    assert Person.objects.get(pk=person.pk).is_active is False


def test_who_left_stays_on_the_record_of_what_they_changed(office, desk, editor):
    data = {"name": "Trade", "slug": "trade", "position": "1"}
    desk.post(reverse("admin:commitments_theme_add"), data)

    office.post(change_url(editor), {"username": "editor"})

    editor.refresh_from_db()
    assert editor.is_active is False
    assert Theme.history.get().history_user == editor


def test_sessions_of_who_left_end_for_good(office, desk, editor):
    other = Client()
    other.force_login(make_person("other", "Editor"))
    assert desk.get("/admin/").status_code == 200

    office.post(change_url(editor), {"username": "editor"})
    assert desk.get("/admin/").status_code == 302
    office.post(change_url(editor), {"username": "editor", "is_active": "on", "is_staff": "on"})

    assert desk.get("/admin/").status_code == 302
    assert other.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("groups", "superuser", "may"),
    [
        (["Administrator"], False, False),
        ([], True, False),
        (["Administrator", "Editor"], True, False),
        (["Administrator", "Publisher"], False, True),
        (["Publisher"], True, True),
    ],
)
def test_only_a_publisher_publishes(groups, superuser, may):
    person = make_person(is_superuser=superuser)
    person.groups.set(Group.objects.filter(name__in=groups))

    assert workflow.may_publish(person) is may
    person.is_active = False
    assert workflow.may_publish(person) is False


def test_login_is_no_change_of_the_person(client, editor):
    editor.set_password("four-green-apples")
    editor.save()
    before = Person.history.filter(id=editor.pk).count()

    assert client.login(username="editor", password="four-green-apples")

    assert Person.history.filter(id=editor.pk).count() == before
    assert not {"password", "last_login"} & {field.name for field in Person.history.model._meta.fields}
