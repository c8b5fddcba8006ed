"""manage.py check_data"""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commitments.attention import QUEUES
from commitments.models import Assessment, Standing
from tests.factories import make_assessment, make_published, make_source, publish

pytestmark = pytest.mark.django_db


def check_data(*arguments):
    """The printed lines, and the sentence with which the command failed (None when it did not)."""
    printed = StringIO()
    try:
        call_command("check_data", *arguments, stdout=printed)
    except CommandError as error:
        return printed.getvalue().splitlines(), str(error)
    return printed.getvalue().splitlines(), None


def test_sound_register_passes_and_says_how_much_was_checked():
    make_published(assessments=[{}])

    lines, failure = check_data()

    assert failure is None
    assert len(lines) == 1
    assert lines[0].endswith(" rules over 1 commitments and 1 assessments: 0 declared, 0 undeclared.")


def test_declared_breach_is_listed_and_passes():
    promise = make_published("wells")
    source = make_source(kind="news")
    flag = "fulfilled needs an official text or two independent sources: one report"
    publish(make_assessment(promise, status="fulfilled", sources=[source], below_rule=flag))

    lines, failure = check_data()

    assert failure is None
    assessment = Assessment.objects.get()
    assert lines[0] == "evidence-rule: An assessment meets the evidence rule of its status, or says why not."
    assert lines[1] == f"  declared · wells/2006-06-15 · {flag} · /admin/commitments/assessment/{assessment.pk}/change/"
    assert lines[-1].endswith(": 1 declared, 0 undeclared.")


def test_undeclared_breach_fails_with_the_number_of_them():
    make_published("wells", assessments=[{}])
    Standing.objects.exclude(assessment=None).update(status="stalled")

    lines, failure = check_data()

    assert failure == "Breaches that no record declares: 1. Mend them, or declare them on the record."
    assert lines[0] == "projection: What pages show is what the ledger says."
    assert lines[1].startswith("  UNDECLARED · Promise wells · wells: ")
    assert lines[-1].endswith(": 0 declared, 1 undeclared.")


def test_breaches_of_one_rule_stand_under_one_heading():
    for slug in ("wells", "bridges"):
        make_published(slug, assessments=[{}])
    Standing.objects.all().delete()

    lines, failure = check_data()

    assert [line for line in lines if line.startswith("projection")] == [
        "projection: What pages show is what the ledger says."
    ]
    assert sum("UNDECLARED" in line for line in lines) == 4
    assert failure is not None


def test_check_changes_nothing():
    make_published("wells", assessments=[{}])
    Standing.objects.all().delete()

    check_data()

    assert Standing.objects.count() == 0


def test_queues_of_the_desk_are_summed_up_on_demand():
    make_published("wells", title="Wells", due=datetime.date(2007, 3, 1), assessments=[{}])

    lines, failure = check_data("--queues")

    assert failure is None
    assert [line.partition(":")[0] for line in lines[1:]] == [queue.name for queue in QUEUES]
    assert "deadline: Deadlines within 90 days: 0" in lines
    said = [line.replace("\xa0", " ") for line in lines]
    assert "overdue: Overdue without a recent judgement: 1; oldest: Wells, due on 1 March 2007 (19 years ago)" in said
