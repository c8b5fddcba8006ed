"""Invariant 8: a public read sees one state, whatever is published meanwhile, and writes nothing."""

import contextlib
import contextvars
import threading

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from commitments.models import Edition, Standing, Theme
from commitments.moment import Moment
from commitments.snapshot import ReplicaRouter, snapshot
from commitments.views.public import public
from tests.factories import make_assessment, make_commitment, make_published, make_theme, publish

PATIENCE = 15
with_commits = pytest.mark.django_db(transaction=True)


def elsewhere(work):
    """Do the work on another connection, to its end; returns what it returned."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "the writer waits for the reader"
    return outcome[0]


def seen():
    return Edition.objects.newest_number(), list(Standing.objects.at(Moment.now()).values_list("slug", "status"))


@with_commits
def test_reader_sees_one_state_and_the_writer_does_not_wait():
    commitment = make_published("pledge")
    draft = make_assessment(commitment, status="stalled")

    with snapshot():
        before = seen()
        edition = elsewhere(lambda: publish(draft))
        during = seen()

    assert edition.number == 2
    assert before == during == (1, [("pledge", "not_assessed")])
    assert seen() == (2, [("pledge", "stalled")])


@with_commits
def test_state_is_that_of_the_first_query_and_not_of_the_beginning():
    draft = make_assessment(make_published("pledge"), status="stalled")

    with snapshot():
        elsewhere(lambda: publish(draft))
        assert seen() == (2, [("pledge", "stalled")])


@with_commits
def test_every_clock_of_a_request_reads_the_same_state():
    """Page and facets read at different times; an edition in between shows in none of them."""
    make_published("pledge")
    draft = make_commitment("later")
    first = threading.Event()

    @public
    def view(request):
        rows = list(Standing.objects.at(request.moment).values_list("slug", flat=True))
        elsewhere(lambda: publish(draft))
        first.set()
        again = list(Standing.objects.at(Moment.now()).values_list("slug", flat=True))
        raise AssertionError(f"{request.moment.edition} {rows} {again}")

    with pytest.raises(AssertionError, match=r"1 \['pledge'\] \['pledge'\]"):
        view(RequestFactory().get("/"))
    assert first.is_set()
    assert Edition.objects.newest_number() == 2


@with_commits
def test_reader_writes_nothing():
    with pytest.raises(DatabaseError, match=r"read-?only"), snapshot():
        Theme.objects.bulk_create([Theme(slug="theme-a", name="Theme A")])

    # Afterwards the connection writes as before.
    assert make_theme("theme-a").pk


@with_commits
def test_reader_that_failed_within_a_savepoint_leaves_a_connection_that_writes():
    def write_and_go_on():
        with contextlib.suppress(DatabaseError), transaction.atomic(savepoint=False):
            Theme.objects.create(slug="theme-a", name="Theme A")

    with snapshot():
        write_and_go_on()

    assert make_theme("theme-a").pk


@with_commits
def test_two_readers_do_not_wait_for_each_other():
    make_published("pledge")

    def read():
        with snapshot():
            return seen()

    with snapshot():
        mine = seen()
        assert elsewhere(read) == mine


@with_commits
def test_reader_does_not_wait_for_a_writer():
    make_published("pledge")

    def read():
        with snapshot():
            return seen()

    with transaction.atomic():
        make_theme("theme-a")
        assert elsewhere(read) == (1, [("pledge", "not_assessed")])


@with_commits
def test_failure_inside_leaves_the_connection_as_it_was():
    mode = getattr(connection, "transaction_mode", None)

    def read_and_fail():
        with snapshot():
            Edition.objects.newest_number()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_and_fail()

    assert not connection.in_atomic_block
    assert getattr(connection, "transaction_mode", None) == mode
    assert make_theme("theme-a").pk


@pytest.mark.django_db
def test_inside_a_transaction_it_adds_nothing(django_assert_num_queries):
    with django_assert_num_queries(0), snapshot():
        assert connection.in_atomic_block

    with snapshot():
        assert make_theme("theme-a").pk


@with_commits
def test_replica_is_asked_by_public_reads_only(monkeypatch):
    router = ReplicaRouter()
    assert router.db_for_read(Edition) is None

    with snapshot():
        assert router.db_for_read(Edition) is None
        monkeypatch.setitem(settings.DATABASES, "replica", settings.DATABASES["default"])
        assert router.db_for_read(Edition) == "replica"
    assert router.db_for_read(Edition) is None


@with_commits
def test_inner_read_does_not_end_the_outer_one(monkeypatch):
    router = ReplicaRouter()

    with snapshot():
        monkeypatch.setitem(settings.DATABASES, "replica", settings.DATABASES["default"])
        with snapshot():
            pass
        assert router.db_for_read(Edition) == "replica"
    assert router.db_for_read(Edition) is None


@with_commits
def test_stream_may_end_in_another_context_than_it_began_in():
    make_published("pledge")

    def stream():
        with snapshot():
            yield seen()
            yield seen()

    rows = stream()
    first = contextvars.copy_context().run(next, rows)
    assert contextvars.copy_context().run(list, rows) == [first]
    assert not connection.in_atomic_block


def test_replica_is_not_migrated():
    assert ReplicaRouter().allow_migrate("replica", "commitments") is False
    assert ReplicaRouter().allow_migrate("default", "commitments") is None
