"""Two connections at once: nothing slips into a record that is being published, and no edition is lost or doubled."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from commitments import projection, workflow
from commitments.models import Assessment, Edition, Evidence, PublishingLock, Standing
from commitments.projection import compare
from tests.factories import make_assessment, make_commitment, make_published, make_source, publish

pytestmark = pytest.mark.django_db(transaction=True)

# Seconds; only a deadlock takes that long.
PATIENCE = 15


class Other(threading.Thread):
    """Somebody else, with a connection of their own; ``outcome`` is what the work returned or raised."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.outcome = work, None
        self.start()

    def run(self):
        try:
            self.outcome = self.work()
        except Exception as error:  # noqa: BLE001 - the test looks at whatever it was
            self.outcome = error
        finally:
            connection.close()

    def result(self):
        self.join(PATIENCE)
        assert not self.is_alive(), "the other connection still waits"
        return self.outcome


@pytest.fixture
def pause(monkeypatch):
    """Stop the next act of publishing when everything is sealed and nothing committed; returns (reached, go on)."""
    reached, go_on = threading.Event(), threading.Event()
    project = projection.project

    def wait_and_project(commitments):
        reached.set()
        assert go_on.wait(PATIENCE)
        return project(commitments)

    monkeypatch.setattr(projection, "project", wait_and_project)
    return reached, go_on


def add_evidence(assessment, source):
    return Evidence.objects.create(assessment=assessment, source=source, shows="It shows more.", bearing="supports")


def test_evidence_that_comes_while_its_assessment_is_being_published_is_refused(pause):
    reached, go_on = pause
    draft, source = make_draft_and_source()
    publisher = Other(lambda: publish(draft))
    assert reached.wait(PATIENCE)

    editor = Other(lambda: add_evidence(draft, source))
    go_on.set()

    assert publisher.result().number == 2
    assert isinstance(editor.result(), IntegrityError)
    assert draft.evidence.count() == 1


def make_draft_and_source():
    draft = make_assessment(make_published_before())
    return draft, make_source()


def make_published_before():
    """Published without the pause of this module's fixture."""
    commitment = make_commitment()
    real, projection.project = projection.project, lambda commitments: None
    try:
        publish(commitment)
    finally:
        projection.project = real
    return commitment


def test_evidence_that_was_added_before_is_published_as_it_ought_to_be():
    """The publisher waits for the editor, and so sees the row: its kind and issuer are kept like the others'."""
    draft, source = make_draft_and_source()
    added, go_on = threading.Event(), threading.Event()

    def edit():
        with transaction.atomic():
            row = add_evidence(draft, source)
            added.set()
            assert go_on.wait(PATIENCE)
        return row

    editor = Other(edit)
    assert added.wait(PATIENCE)
    publisher = Other(lambda: publish(draft))
    publisher.join(0.3)
    assert publisher.is_alive()
    go_on.set()

    assert editor.result().pk
    assert publisher.result().number == 2
    assert sorted(draft.evidence.values_list("source_kind", flat=True)) == ["news", "official-document"]


def test_draft_that_is_saved_while_it_is_being_published_is_a_conflict(pause):
    reached, go_on = pause
    draft, _source = make_draft_and_source()
    theirs = Assessment.objects.get(pk=draft.pk)
    publisher = Other(lambda: publish(draft))
    assert reached.wait(PATIENCE)

    theirs.rationale = "Because of something else."
    editor = Other(theirs.save)
    go_on.set()

    assert publisher.result().number == 2
    assert isinstance(editor.result(), Exception)
    assert Assessment.objects.get(pk=draft.pk).rationale == "Because of in_progress."


def test_two_who_publish_the_same_draft_make_one_edition():
    draft = make_assessment(make_published())
    start = threading.Barrier(2, timeout=PATIENCE)

    def publish_it():
        mine = Assessment.objects.get(pk=draft.pk)
        start.wait()
        return publish(mine)

    outcomes = [other.result() for other in [Other(publish_it), Other(publish_it)]]

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Edition"]
    assert Edition.objects.count() == 2


def test_several_who_publish_at_once_each_get_an_edition_of_their_own():
    drafts = [make_assessment(commitment) for commitment in (make_published(), make_published())]
    shared = make_published()
    drafts += [make_assessment(shared), make_assessment(shared, status="stalled")]
    start = threading.Barrier(len(drafts), timeout=PATIENCE)

    def publish_one(draft):
        def work():
            start.wait()
            return publish(draft)

        return work

    outcomes = [other.result() for other in [Other(publish_one(draft)) for draft in drafts]]

    assert sorted(outcome.number for outcome in outcomes) == [4, 5, 6, 7]
    assert Assessment.objects.filter(edition=None).count() == 0
    assert not compare()
    assert PublishingLock.objects.get().open_edition is None


def test_reader_sees_nothing_of_an_edition_that_is_being_made(pause):
    reached, go_on = pause
    draft, _source = make_draft_and_source()
    publisher = Other(lambda: publish(draft))
    assert reached.wait(PATIENCE)

    seen = Edition.objects.newest_number(), Assessment.objects.filter(edition=2).count()
    go_on.set()

    assert publisher.result().number == 2
    assert seen == (1, 0)


INSTANTS = {
    "edition-written": ("commitments.workflow._seal_all", 1),
    "first-of-two-sealed": ("commitments.workflow._seal_row", 2),
    "all-sealed": ("commitments.projection.project", 1),
    "standings-half-written": ("commitments.projection._standing", 2),
    "before-the-standings": ("commitments.workflow._subject", 4),
}


@pytest.mark.parametrize("instant", INSTANTS)
def test_crash_leaves_nothing_and_the_number_is_used_once(monkeypatch, instant):
    commitment = make_published()
    drafts = [make_assessment(commitment), make_assessment(commitment, status="stalled")]
    before = list(Standing.objects.values())
    target, at_call = INSTANTS[instant]
    module, name = target.rsplit(".", 1)
    module = {"commitments.workflow": workflow, "commitments.projection": projection}[module]
    real, calls = getattr(module, name), []

    def crash(*args, **kwargs):
        calls.append(args)
        if len(calls) == at_call:
            raise ZeroDivisionError
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, crash)
        with pytest.raises(ZeroDivisionError):
            publish(*drafts)

    assert Edition.objects.newest_number() == 1
    assert Assessment.objects.exclude(edition=None).count() == 0
    assert Evidence.objects.exclude(source_kind="").count() == 0
    assert list(Standing.objects.values()) == before
    assert PublishingLock.objects.get().open_edition is None

    assert publish(*drafts).number == 2
    assert Edition.objects.count() == 2
    assert not compare()


def test_crash_just_before_the_commit_leaves_nothing(monkeypatch):
    draft, project = make_assessment(make_published()), projection.project

    def project_and_crash(commitments):
        project(commitments)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(projection, "project", project_and_crash)
        with pytest.raises(ZeroDivisionError):
            publish(draft)

    assert Edition.objects.newest_number() == 1
    assert not Standing.objects.exclude(assessment=None).exists()
    assert publish(draft).number == 2


def test_connection_lost_in_the_middle_leaves_nothing():
    """The process dies: the database itself forgets what was not committed."""
    draft = make_assessment(make_published())

    def die():
        transaction.set_autocommit(False)
        PublishingLock.take()
        edition = Edition.objects.create(
            number=2, published_at="2026-11-24T12:00Z", day="2026-11-24", origin="import", file_set="x", four_eyes=False
        )
        PublishingLock.objects.update(open_edition=2)
        Assessment.objects.filter(pk=draft.pk).update(edition=edition, key="a/key")
        connection.connection.close()
        connection.connection = None

    assert Other(die).result() is None
    assert Edition.objects.newest_number() == 1
    assert publish(draft).number == 2
