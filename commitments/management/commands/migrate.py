"""manage.py migrate, as Django's, but for one check."""

from django.core.management.commands import migrate

from commitments.apps import ledger_unguarded


class Command(migrate.Command):
    """Migrates where the ledger's triggers are missing, too: it is migrating that installs them again."""

    def check(self, *args, **kwargs):
        with ledger_unguarded():
            super().check(*args, **kwargs)
