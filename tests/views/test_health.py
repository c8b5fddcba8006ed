"""/healthz and /readyz"""

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor

from commitments.models import Edition, ledger
from tests.factories import make_published


def test_healthz_answers_without_a_database(client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_the_newest_edition(client):
    before = client.get("/readyz")
    make_published()
    after = client.get("/readyz")

    assert (before.status_code, before.content) == (200, b"ready, edition 0\n")
    assert (after.status_code, after.content) == (200, b"ready, edition 1\n")
    assert after["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.django_db
def test_readyz_with_a_missing_trigger_is_503(client, monkeypatch):
    monkeypatch.setattr(ledger, "missing", lambda connection: ["ledger_edition_stay"])

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.content == b"The ledger is not protected: 1 triggers are missing; run manage.py migrate.\n"


@pytest.mark.django_db
def test_readyz_with_pending_migrations_is_503(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda executor, targets: [("one", False)])

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.content == b"Migrations are pending; run manage.py migrate.\n"


@pytest.mark.django_db
def test_readyz_without_a_database_is_503(client, monkeypatch):
    def unreachable():
        raise DatabaseError("no route")

    monkeypatch.setattr(Edition.objects, "newest_number", unreachable)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.content == b"The database cannot be reached; see DATABASE_URL and the database server.\n"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_watchers_only_read(client, address):
    assert client.post(address).status_code == 405
