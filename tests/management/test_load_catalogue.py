"""manage.py load_catalogue"""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commitments.models import Commitment, Edition
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def load_catalogue(*arguments):
    printed = StringIO()
    call_command("load_catalogue", *map(str, arguments), stdout=printed)
    return printed.getvalue().splitlines()


def test_first_run_says_what_is_new_and_what_the_register_holds(catalogue):
    lines = load_catalogue(catalogue.write())

    assert lines == [
        "New: 2 themes, 3 parties, 3 sources, 2 memberships, 1 summits, 2 commitments, 2 assessments, 2 evidence rows, "
        "1 member scores, 1 search log entries, 1 replies. Unchanged: 0 records.",
        "Published as edition 1, origin import.",
        "The register holds: commitments 2, assessments 2, evidence 2, sources 3, summits 1, parties 3, roles 2, "
        "member scores 1, replies 1.",
    ]


def test_second_run_says_that_nothing_changed(catalogue):
    load_catalogue(catalogue.write())

    lines = load_catalogue(catalogue.write())

    assert lines[:2] == [
        "New: nothing. Unchanged: 16 records.",
        "No new edition: nothing that readers see as published has changed.",
    ]


def test_dry_run_says_so_and_writes_nothing(catalogue):
    lines = load_catalogue(catalogue.write(), "--dry-run")

    assert lines[0].startswith("New: 2 themes, ")
    assert lines[1] == "Dry run: nothing was written."
    assert Commitment.objects.count() == 0


def test_changes_are_listed_by_what_became_of_them(catalogue):
    load_catalogue(catalogue.write())
    catalogue.find("sources", "report")["title"] = "Another title"
    catalogue.find("commitments", "wells")["title"] = "Promise of wells"
    catalogue.find("assessments", "wells/2006-06-15")["rationale"] = "The files say otherwise."
    catalogue.find("replies", "wells/XB/2006-07-01")["text"] = "It said something else."

    lines = load_catalogue(catalogue.write())

    assert lines[:4] == [
        "Brought up to date: sources Another title (Publisher report): title",
        "Revised wording: commitments wells: title",
        "Corrections: assessments wells/2006-06-15: corrected, because the files say otherwise now",
        "Left alone: replies wells/XB/2006-07-01: it is published as it was; retract it and record it anew",
    ]


def test_problems_are_all_printed_and_nothing_is_loaded(catalogue):
    catalogue.find("sources", "report")["language"] = "English"
    catalogue.find("parties", "XA")["kind"] = "country"

    with pytest.raises(CommandError) as raised:
        load_catalogue(catalogue.write())

    assert str(raised.value).splitlines() == [
        "parties.yaml: XA: kind “country”: use one of state, organisation",
        "sources.yaml: report: language “English”: use an ISO 639 code such as en, ru or zh",
        "2 problems; nothing was loaded.",
    ]
    assert Commitment.objects.count() == 0


def test_person_who_ran_it_is_recorded(catalogue):
    make_person("somebody")

    load_catalogue(catalogue.write(), "--by", "somebody")

    assert Edition.objects.get().published_by.username == "somebody"


def test_unknown_person_is_refused_before_anything_is_loaded(catalogue):
    with pytest.raises(CommandError, match=r"^--by nobody: there is no such person; give the user name of one\.$"):
        load_catalogue(catalogue.write(), "--by", "nobody")

    assert Edition.objects.count() == 0
