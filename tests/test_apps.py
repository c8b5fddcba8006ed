"""What happens around a migration: the desk's groups with their least rights."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.checks import registry

from commitments.apps import GROUPS, check_ledger, fill_search, make_groups
from commitments.models import Standing
from tests.factories import make_person, make_published

pytestmark = pytest.mark.django_db


def rights(name):
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def make_again():
    make_groups(apps.get_app_config("commitments"), using="default", apps=apps)


def test_groups_are_made():
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUPS) == {"Editor", "Publisher", "Administrator"}


def test_every_right_that_is_declared_is_given():
    for name, declared in GROUPS.items():
        given = rights(name)
        for action, models in declared.items():
            if models != "*":
                assert {f"{action}_{model}" for model in models} <= given, name


def test_editor_writes_and_does_not_publish():
    given = rights("Editor")

    assert {"add_assessment", "change_commitment", "add_source", "delete_evidence", "view_edition"} <= given
    assert "publish_edition" not in given
    # What is published the ledger keeps anyway; a draft may go.
    assert not {"delete_source", "delete_party", "add_edition", "change_edition", "delete_edition"} & given
    assert not {right for right in given if right.endswith("_person") and not right.startswith("view_")}


def test_publisher_publishes_and_writes_nothing():
    given = rights("Publisher")

    assert "publish_edition" in given
    assert {right for right in given if not right.startswith("view_")} == {"publish_edition"}


def test_administrator_looks_after_people_and_deletes_none():
    given = rights("Administrator")

    assert {right for right in given if not right.startswith("view_")} == {"add_person", "change_person"}


@pytest.mark.parametrize("name", GROUPS)
def test_nobody_may_delete_people_or_editions(name):
    assert not {"delete_person", "delete_edition", "delete_standing", "delete_source"} & rights(name)


def test_doing_it_again_changes_nothing():
    before = {name: rights(name) for name in GROUPS}

    make_again()

    assert {name: rights(name) for name in GROUPS} == before
    assert Group.objects.count() == 3


def test_right_that_an_administrator_added_stays_and_one_that_was_lost_comes_back():
    editors = Group.objects.get(name="Editor")
    extra = Permission.objects.get(codename="delete_source")
    editors.permissions.set([extra])

    make_again()

    assert {"delete_source", "add_assessment"} <= rights("Editor")


def test_member_of_a_group_has_its_rights():
    assert make_person(group="Editor").has_perm("commitments.add_assessment")
    assert not make_person(group="Editor").has_perm("commitments.publish_edition")
    assert make_person(group="Publisher").has_perm("commitments.publish_edition")


def test_check_of_the_ledger_is_registered():
    assert check_ledger in registry.registry.registered_checks


def test_upgrade_fills_the_lines_of_the_search_and_leaves_written_ones_alone():
    make_published("wells", assessments=[{}])
    written = list(Standing.objects.order_by("pk").values())
    Standing.objects.update(search_title="", search_promise="", search_record="", search_history="")

    fill_search(apps.get_app_config("commitments"), using="default")

    def lines():
        return sorted(Standing.objects.values_list("valid_from", "search_title", "search_promise", "search_record"))

    assert lines() == sorted(
        (row["valid_from"], row["search_title"], row["search_promise"], row["search_record"]) for row in written
    )
    numbers = list(Standing.objects.order_by("pk").values_list("pk", flat=True))
    fill_search(apps.get_app_config("commitments"), using="default")
    assert list(Standing.objects.order_by("pk").values_list("pk", flat=True)) == numbers
