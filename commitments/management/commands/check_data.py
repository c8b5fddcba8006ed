"""manage.py check_data"""

from itertools import groupby

from django.core.management.base import BaseCommand, CommandError

from commitments.attention import QUEUES, on_day
from commitments.moment import Moment
from commitments.quality import RULES, breaches, newest_revisions, standing_assessments


class Command(BaseCommand):
    """Lists every breach of the editorial rules."""

    help = (
        "Check what is published against every editorial rule, the read model against the ledger, and the ledger's "
        "protection. Prints each breach with the address of its record in the admin. Fails if a record breaks a rule "
        "without saying so itself. Changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--queues",
            action="store_true",
            help="Also print how many records are in each queue of the desk's first page, and the oldest of each.",
        )

    def _queues(self):
        moment = Moment.now()
        for found in (queue.look(moment) for queue in QUEUES):
            line = f"{found.queue.name}: {found.queue.label}: {found.number}"
            oldest = [
                f"{item.name}, {on_day(found.queue.told, item.since, moment.today)}".rstrip(", ")
                for item in found.items
            ]
            self.stdout.write("; oldest: ".join([line, *oldest]))

    def handle(self, *, queues=False, **options):
        undeclared = declared = 0
        for rule, found in groupby(breaches(), key=lambda pair: pair[0]):
            self.stdout.write(f"{rule.name}: {rule.sentence}")
            for _rule, breach in found:
                declared += breach.declared
                undeclared += not breach.declared
                self.stdout.write(f"  {self._line(breach)}")
        checked = f"{newest_revisions().count()} commitments and {standing_assessments().count()} assessments"
        self.stdout.write(f"Checked {len(RULES)} rules over {checked}: {declared} declared, {undeclared} undeclared.")
        if queues:
            self._queues()
        if undeclared:
            raise CommandError(
                f"Breaches that no record declares: {undeclared}. Mend them, or declare them on the record."
            )

    @staticmethod
    def _line(breach):
        parts = [
            "declared" if breach.declared else "UNDECLARED",
            str(breach.record or "the database"),
            str(breach.text),
        ]
        return " · ".join(part for part in (*parts, breach.admin_url) if part)
