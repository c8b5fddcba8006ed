"""manage.py send_reminders: one digest a day, only of what is due, and no day lost to a mail server."""

import datetime
import smtplib
from io import StringIO

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.utils import timezone

from commitments import reminders, reviews, workflow
from commitments.models import Reminder
from tests.acts import judge, reload
from tests.factories import make_assessment, make_person, make_published

pytestmark = pytest.mark.django_db
SITE = "https://tracker.example"
DAYS = datetime.timedelta


@pytest.fixture
def editor(db):
    return make_person("editor", "Editor", email="editor@tracker.example")


@pytest.fixture
def publisher(db):
    return make_person("publisher", "Publisher", email="publisher@tracker.example")


def send_reminders(*arguments, site=SITE):
    """The printed lines, and the sentence with which the command failed (None when it did not)."""
    printed = StringIO()
    try:
        call_command("send_reminders", "--site", site, *arguments, stdout=printed)
    except CommandError as error:
        return printed.getvalue().splitlines(), str(error)
    return printed.getvalue().splitlines(), None


def make_settled(**fields):
    """A published commitment that nothing is due of."""
    return make_published(assessments=[{"status": "fulfilled"}], **fields)


def make_due(**fields):
    """A published commitment whose review has come."""
    return make_published(assessments=[{}], **fields)


def returned(author, publisher, reason):
    draft = make_assessment(make_settled(), author=author)
    workflow.submit(draft, by=author)
    workflow.return_to_author(draft, by=publisher, reason=reason)
    return draft


def test_digest_names_what_is_due_with_lasting_links(editor, publisher, clock):
    left = make_assessment(make_settled(), author=editor)
    left.save()
    clock.shift(DAYS(15))
    make_assessment(make_settled(), author=editor)
    draft = returned(editor, publisher, "Name the page.")
    review = make_due(title="Promise to look at")
    soon = judge(
        make_published(title="Promise due soon", due=timezone.localdate() + DAYS(6)), as_of=timezone.localdate()
    )

    lines, failure = send_reminders()

    assert failure is None
    assert "editor: sent to editor@tracker.example" in lines
    (sent,) = [message for message in mail.outbox if message.to == ["editor@tracker.example"]]
    assert sent.subject == "SCO Commitment Tracker: what is due on 9 December 2026"
    body = sent.body.replace("\xa0", " ")
    assert "Returned to you: 1" in body
    assert "“Name the page.”" in body
    assert f"{SITE}/admin/commitments/assessment/{draft.pk}/change/" in body
    assert "Your drafts: 1\nBegun by you, and not touched for 14 days." in body
    assert f"{SITE}/admin/commitments/assessment/{left.pk}/change/" in body
    assert "Due for review: 1" in body
    assert "- Promise to look at, review due on 15 June 2007 (19 years ago)" in body
    assert f"{SITE}/admin/commitments/commitment/{review.pk}/change/" in body
    assert f"{SITE}/admin/commitments/commitment/?attention=review" in body
    assert "- Promise due soon, due on 15 December 2026 (in 6 days)" in body
    assert f"{SITE}/admin/commitments/commitment/{soon.commitment_id}/change/" in body
    assert "Awaiting a second person" not in body


def test_publisher_is_told_what_awaits_them_and_nobody_of_their_own(editor, publisher):
    draft = make_assessment(make_settled(), author=editor)
    workflow.submit(draft, by=editor)

    send_reminders()

    (sent,) = mail.outbox
    assert sent.to == ["publisher@tracker.example"]
    assert "Awaiting a second person: 1" in sent.body
    assert f"{SITE}/admin/commitments/edition/queue/?by=others" in sent.body


def test_nothing_due_is_no_mail_and_no_claim(editor):
    make_settled()
    make_assessment(make_settled(), author=editor)

    assert send_reminders() == (["editor: nothing is due"], None)
    assert mail.outbox == []
    assert not Reminder.objects.exists()


def test_second_run_of_a_day_sends_nothing_and_the_next_day_does(editor, clock):
    make_due()
    send_reminders()

    assert send_reminders() == (["editor: has today's digest already"], None)
    assert len(mail.outbox) == 1

    clock.shift(DAYS(1))
    send_reminders()
    assert len(mail.outbox) == 2


def test_run_in_the_middle_of_another_sends_nothing_twice(editor, publisher, monkeypatch):
    make_due()
    send, inner = EmailMessage.send, []

    def send_while_another_runs(message, **options):
        if not inner:
            inner.append(None)
            inner[0] = send_reminders()
        return send(message, **options)

    monkeypatch.setattr(EmailMessage, "send", send_while_another_runs)
    lines, failure = send_reminders()

    assert sorted(message.to[0] for message in mail.outbox) == ["editor@tracker.example", "publisher@tracker.example"]
    assert inner[0] == (
        ["editor: has today's digest already", "publisher: sent to publisher@tracker.example"],
        None,
    )
    assert lines == ["editor: sent to editor@tracker.example", "publisher: has today's digest already"]
    assert failure is None


def test_run_that_was_cut_off_is_taken_over_after_an_hour(editor, clock):
    make_due()
    Reminder.objects.create(person=editor, day=timezone.localdate(), claimed_at=timezone.now())
    clock.shift(datetime.timedelta(minutes=59))
    assert send_reminders()[0] == ["editor: has today's digest already"]

    clock.shift(datetime.timedelta(minutes=2))
    assert send_reminders()[0] == ["editor: sent to editor@tracker.example"]
    assert Reminder.objects.get().sent_at is not None


@pytest.mark.parametrize(
    "error", [smtplib.SMTPRecipientsRefused({}), ConnectionRefusedError("refused"), TimeoutError()]
)
def test_refused_mail_stops_nobody_else_and_goes_out_with_the_next_run(editor, publisher, monkeypatch, error):
    make_due()
    send = EmailMessage.send

    def refuse_editor(message, **options):
        if message.to == [editor.email]:
            raise error
        return send(message, **options)

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse_editor)
        lines, failure = send_reminders()

    assert lines[0].startswith("editor: NOT SENT to editor@tracker.example: ")
    assert lines[1] == "publisher: sent to publisher@tracker.example"
    assert failure.startswith("Not sent to editor. Look at EMAIL_URL")
    assert [reminder.person for reminder in Reminder.objects.all()] == [publisher]

    lines, failure = send_reminders()
    assert lines == ["editor: sent to editor@tracker.example", "publisher: has today's digest already"]
    assert failure is None


def test_only_active_people_of_the_desk_with_an_address_are_written_to(editor):
    make_due()
    make_person("gone", "Editor", email="gone@tracker.example", is_active=False)
    make_person("administrator", "Administrator", email="administrator@tracker.example")
    make_person("silent", "Editor")

    lines, failure = send_reminders()

    assert [message.to for message in mail.outbox] == [["editor@tracker.example"]]
    assert lines[-1] == "Without an e-mail address, and so without a digest: silent."
    assert failure is None


def test_limited_editor_is_told_only_of_what_they_may_change(editor):
    theirs = make_due(title="Promise of their theme")
    make_due(title="Promise of another theme")
    editor.themes.add(theirs.theme)

    send_reminders()

    assert "Due for review: 1" in mail.outbox[0].body
    assert "Promise of their theme" in mail.outbox[0].body
    assert "Promise of another theme" not in mail.outbox[0].body


def test_limited_editor_with_nothing_due_within_their_limits_gets_no_mail(editor):
    make_due()
    editor.themes.add(make_settled().theme)

    assert send_reminders()[0] == ["editor: nothing is due"]


def test_dry_run_prints_the_mail_and_sends_none(editor):
    make_due(title="Promise to look at")

    lines, failure = send_reminders("--dry-run")

    assert failure is None
    assert lines[0] == "editor: would be sent to editor@tracker.example:"
    assert any("Promise to look at" in line for line in lines)
    assert mail.outbox == []
    assert not Reminder.objects.exists()


def test_day_set_by_hand_is_reminded_of(editor, clock):
    commitment = make_settled(title="Closed, and asked for again")
    reviews.set_by_hand(reload(commitment), timezone.localdate() + DAYS(2))
    assert send_reminders()[0] == ["editor: nothing is due"]

    clock.shift(DAYS(2))
    send_reminders()

    assert "Closed, and asked for again, review due on 26 November 2026 (today)" in mail.outbox[0].body


@pytest.mark.parametrize("site", ["tracker.example", "ftp://tracker.example", "https://", "https://a.example/?q=1"])
def test_address_that_no_link_can_begin_with_is_refused(editor, site):
    make_due()

    lines, failure = send_reminders(site=site)

    assert failure == f"--site is {site!r}; write the address of the tracker, such as https://tracker.example"
    assert (lines, mail.outbox) == ([], [])


def test_slash_at_the_end_of_the_address_is_not_doubled(editor):
    make_due()

    send_reminders(site=f"{SITE}/")

    assert f"{SITE}/admin/" in mail.outbox[0].body
    assert f"{SITE}//" not in mail.outbox[0].body


@pytest.mark.parametrize("rows", [1, 12])
def test_number_of_queries_does_not_grow_with_what_is_due(editor, rows, clock, django_assert_num_queries):
    for _index in range(rows):
        make_due()
        make_assessment(make_settled(), author=editor)
    clock.shift(DAYS(15))

    with django_assert_num_queries(18):
        assert [one.what for one in reminders.send(site=SITE)] == ["sent"]
