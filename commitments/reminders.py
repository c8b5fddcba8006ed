"""One digest a day to each person of the desk, of what is due; nothing due, no mail.

A run claims a person's day before it sends, in a row that the database holds once: of two runs at the same time one
sends. The claim is given back where the mail server refuses, so that the next run tries again; the claim of a run that
was cut off is taken over after an hour.
"""

import datetime
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments import agenda, attention, drafts, scope, workflow
from commitments.models import Commitment, Person, Reminder
from commitments.moment import Moment

# Whoever has one of these parts in the work is written to, about these queues.
PARTS = ("Editor", "Publisher")
QUEUES = ("review", "deadline")
# Of each line so many are named; the list behind it has all.
SHOWN = 10
CUT_OFF_AFTER = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Outcome:
    """What became of one person's digest: "sent", "due" (not sent, only shown), "nothing", "already" or "failed".

    ``text`` is the mail where there is one, and why it failed where it did.
    """

    person: Person
    what: str
    text: str = ""


def people():
    """The active people of the desk, by name."""
    return Person.objects.filter(is_active=True, groups__name__in=PARTS).distinct().order_by("username")


def digest(person, moment, *, queues, site):
    """The EmailMessage to a person, or None where nothing is due. ``queues`` are the Lines of QUEUES."""
    left_before = timezone.now() - datetime.timedelta(drafts.LEFT_AFTER)
    own = {line.name: line for line in agenda.own_work(person, moment.today, shown=SHOWN, left_before=left_before)}
    wanted = [own["returned"], own["drafts"], *queues]
    if workflow.may_publish(person):
        wanted.insert(0, own["awaiting"])
    due = [line for line in wanted if line.number]
    if not due:
        return None
    day = date_format(moment.today, "j F Y")
    context = {"lines": due, "site": site, "day": day, "name": settings.SITE_NAME, "left_after": drafts.LEFT_AFTER}
    return EmailMessage(
        subject=_("%(site)s: what is due on %(day)s") % {"site": settings.SITE_NAME, "day": day},
        body=render_to_string("commitments/reminder.txt", context),
        to=[person.email],
    )


def send(*, site, dry_run=False):
    """Write to everybody to whom something is due and who has not been written to today; yields an Outcome each.

    ``site`` is the address of the tracker without a slash at its end. ``dry_run`` shows the mails and sends none.
    People without an address are left out.
    """
    moment = Moment.now()
    queues = _queue_lines(moment)
    for person in people().exclude(email=""):
        if Reminder.objects.filter(person=person, day=moment.today, sent_at__isnull=False).exists():
            yield Outcome(person, "already")
            continue
        mail = digest(person, moment, queues=_within_scope(person, moment) or queues, site=site)
        if mail is None:
            yield Outcome(person, "nothing")
        elif dry_run:
            yield Outcome(person, "due", f"{mail.subject}\n\n{mail.body}")
        else:
            yield _send_once(person, mail, moment.today)


def _queue_lines(moment, visible=None):
    return [agenda.queue_line(attention.BY_NAME[name], moment, visible=visible, shown=SHOWN) for name in QUEUES]


def _within_scope(person, moment):
    """The Lines of QUEUES with only what a limited editor may change; None for those who are not limited."""
    limits = scope.of(person)
    if not limits.is_limited:
        return None
    queued = Q()
    for name in QUEUES:
        queued |= Q(pk__in=attention.BY_NAME[name].records(moment))
    asked = Commitment.objects.filter(queued).select_related("theme").prefetch_related("pledged_by", "beneficiaries")
    theirs = [commitment.pk for commitment in asked if limits.problem(commitment) is None]
    return _queue_lines(moment, Commitment.objects.filter(pk__in=theirs))


def _send_once(person, mail, day):
    claim = _claim(person, day)
    if claim is None:
        return Outcome(person, "already")
    try:
        mail.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        claim.delete()
        return Outcome(person, "failed", str(error) or type(error).__name__)
    Reminder.objects.filter(pk=claim.pk).update(sent_at=timezone.now())
    return Outcome(person, "sent", mail.body)


def _claim(person, day):
    """The Reminder of this run, or None where another run has the person's day."""
    now = timezone.now()
    try:
        with transaction.atomic():
            return Reminder.objects.create(person=person, day=day, claimed_at=now)
    except IntegrityError:
        cut_off = Reminder.objects.filter(person=person, day=day, sent_at=None, claimed_at__lt=now - CUT_OFF_AFTER)
        return Reminder.objects.get(person=person, day=day) if cut_off.update(claimed_at=now) else None
