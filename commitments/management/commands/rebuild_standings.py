"""manage.py rebuild_standings"""

from django.core.management.base import BaseCommand

from commitments import projection
from commitments.models import Standing


class Command(BaseCommand):
    """Recomputes the read model from the ledger."""

    help = (
        "Recompute what pages show (the standings) from the ledger of published records and mend what differs, all or "
        "nothing. Safe to repeat: where nothing differs, nothing is written."
    )

    def handle(self, **options):
        missing, changed, stray = projection.rebuild()
        self.stdout.write(f"Standings: {missing} were missing, {changed} wrong, {stray} too many.")
        self.stdout.write(f"The read model holds {Standing.objects.count()} rows, as the ledger says.")
