"""For machines that watch the site: is it up, and can it serve."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments.models import Edition, ledger


def _text(sentence, status=200):
    return HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8", status=status)


@never_cache
@require_safe
def healthz(request):
    """The process answers; nothing else is asked."""
    return _text("ok")


@never_cache
@require_safe
def readyz(request):
    """Database reachable, migrations applied, ledger protected; 503 with a sentence otherwise."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return _text(_("Migrations are pending; run manage.py migrate."), 503)
        missing = ledger.missing(connection)
        if missing:
            said = _("The ledger is not protected: %(count)s triggers are missing; run manage.py migrate.")
            return _text(said % {"count": len(missing)}, 503)
        return _text(f"ready, edition {Edition.objects.newest_number()}")
    except DatabaseError:
        return _text(_("The database cannot be reached; see DATABASE_URL and the database server."), 503)
