"""manage.py check_links"""

import datetime
import re

from django.core.management.base import BaseCommand, CommandError

from commitments.choices import VisitOutcome
from commitments.models import Source
from commitments.visits import rounds
from commitments.visits.visitor import PAUSE, Visitor

UNITS = {"h": "hours", "d": "days", "w": "weeks"}
DEFAULT_AGE = "30d"


class Command(BaseCommand):
    """Visits the addresses of sources, and records what was met."""

    help = (
        "Visit the addresses of sources that were not visited of late, politely, and record day, outcome, final "
        "address and title of each. Changes nothing about a source. Safe to repeat: a run that was cut off is gone "
        "on with. Fails only where no site at all could be reached."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--older-than",
            metavar="AGE",
            help=f"Visit what was last visited longer ago: 12h, 30d or 8w. Default {DEFAULT_AGE}, with --source 0h.",
        )
        parser.add_argument("--source", metavar="KEY", action="append", help="Visit this source only; may be repeated.")

    def handle(self, *, older_than=None, source=None, **options):
        age = age_of(older_than or ("0h" if source else DEFAULT_AGE))
        stops = rounds.due(older_than=age, keys=known(source))
        done = self._make(rounds.make(stops, Visitor(pause=PAUSE)))
        if done.cut_off:
            raise CommandError("No site could be reached, so nothing was recorded. Look at this machine's network.")
        self.stdout.write(summary(done))

    def _make(self, visits):
        while True:
            try:
                stop, met = next(visits)
            except StopIteration as ended:
                return ended.value
            status = f" ({met.http_status})" if met.http_status else ""
            self.stdout.write(f"{stop.source.key}: {stop.address}: {VisitOutcome(met.outcome).label}{status}")


def age_of(text):
    """The timedelta that an age such as 30d names."""
    found = re.fullmatch(r"([0-9]{1,4})([hdw])", text)
    if not found:
        raise CommandError(f"--older-than is {text!r}; write a number and h, d or w, such as 12h, 30d or 8w.")
    return datetime.timedelta(**{UNITS[found[2]]: int(found[1])})


def known(keys):
    """The keys, each of which a source has; None for None."""
    there = set(Source.objects.filter(key__in=keys or []).values_list("key", flat=True))
    missing = [key for key in keys or [] if key not in there]
    if missing:
        raise CommandError(f"--source names {', '.join(missing)}, which no source has as its key.")
    return keys


def summary(done):
    """One line on a Round."""
    if not done.outcomes:
        return "No address is due for a visit."
    counts = [f"{VisitOutcome(one).label.lower()} {done.outcomes[one]}" for one in VisitOutcome if done.outcomes[one]]
    return f"{done.outcomes.total()} addresses of {len(done.sources)} sources visited: {', '.join(counts)}."
