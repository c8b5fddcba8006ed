"""The application and what it does around a migration."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import AppConfig
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

_mending = ContextVar("commitments_mending", default=False)

GROUPS = {
    "Editor": {
        "view": "*",
        "add": (
            "assessment", "commitment", "evidence", "memberscore", "membership", "party", "reply", "retraction",
            "searchlogentry", "source", "summit", "theme",
        ),
        "change": (
            "assessment", "commitment", "evidence", "memberscore", "membership", "party", "reply", "retraction",
            "searchlogentry", "source", "summit", "theme",
        ),
        "delete": ("assessment", "commitment", "evidence", "memberscore", "reply", "retraction", "searchlogentry"),
    },
    "Publisher": {"view": "*", "publish": ("edition",)},
    "Administrator": {"view": "*", "add": ("person",), "change": ("person",)},
}  # fmt: skip


class CommitmentsConfig(AppConfig):
    """Connects what happens around a migration, and the check that the ledger is protected."""

    name = "commitments"
    verbose_name = _("Commitments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        pre_migrate.connect(lift_ledger, sender=self)
        post_migrate.connect(guard_ledger, sender=self)
        post_migrate.connect(fill_search, sender=self)
        post_migrate.connect(make_groups, sender=self)
        checks.register(check_ledger, checks.Tags.database)


def lift_ledger(sender, using, **kwargs):
    """SQLite remakes a table to change it and drops its triggers in silence; so they go openly, and come back."""
    from commitments.models import ledger

    if connections[using].vendor == "sqlite":
        ledger.remove(connections[using])


def guard_ledger(sender, using, **kwargs):
    """Install the ledger's triggers once all its tables exist."""
    from commitments.models import Standing, ledger

    connection = connections[using]
    if Standing._meta.db_table in connection.introspection.table_names():
        ledger.install(connection)


def fill_search(sender, using, **kwargs):
    """Write the lines that the search reads after an upgrade that brought their columns; they follow from the ledger.

    No line is ever empty once written, so an empty one tells that this has still to be done.
    """
    from commitments import projection
    from commitments.models import Standing

    connection, table = connections[using], Standing._meta.db_table
    if using != DEFAULT_DB_ALIAS or table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    if "search_history" in columns and Standing.objects.filter(search_title="").exists():
        projection.rebuild()


def make_groups(sender, using, **kwargs):
    """Create the desk's groups with their least rights; what an administrator added stays."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    create_permissions(sender, using=using, verbosity=0)
    for name, rights in GROUPS.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        ours = Permission.objects.using(using).filter(content_type__app_label="commitments")
        for action, models in rights.items():
            if models == "*":
                chosen = ours.filter(codename__startswith=f"{action}_")
            else:
                chosen = ours.filter(codename__in=[f"{action}_{model}" for model in models])
            group.permissions.add(*chosen)


@contextmanager
def ledger_unguarded():
    """Without the check on the ledger; for the command that mends it."""
    token = _mending.set(True)
    try:
        yield
    finally:
        _mending.reset(token)


def check_ledger(app_configs=None, databases=None, **kwargs):
    """Error commitments.E001 for each database whose ledger stands unprotected."""
    from commitments.models import Standing, ledger

    found = []
    for alias in () if _mending.get() else databases or ():
        connection = connections[alias]
        if Standing._meta.db_table not in connection.introspection.table_names():
            continue
        missing = ledger.missing(connection)
        if missing:
            found.append(
                checks.Error(
                    f"The ledger in “{alias}” is not protected: {len(missing)} triggers missing, first {missing[0]}.",
                    hint="Run manage.py migrate; it installs them again.",
                    id="commitments.E001",
                )
            )
    return found
