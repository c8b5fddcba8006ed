"""Invariant 3: the author does not publish, and where one person may, the record says so."""

import pytest
from django.contrib.auth.models import Permission

from commitments import workflow
from commitments.models import Assessment, Edition
from tests.factories import make_assessment, make_commitment, make_person, make_published, publish
from tests.workflow.desk import make_editor, make_publisher, submitted, submitted_assessment, submitted_commitment

pytestmark = pytest.mark.django_db


def refused(draft, by, message):
    before = Edition.objects.count()
    with pytest.raises(workflow.Refused, match=message):
        workflow.publish([draft], by=by)
    assert Edition.objects.count() == before
    return True


def test_second_person_publishes():
    author, publisher = make_editor(), make_publisher()
    draft = submitted_assessment(by=author)

    edition = workflow.publish([draft], by=publisher, note=" Two new loans. ")

    assert (edition.published_by, edition.four_eyes, edition.origin) == (publisher, True, "desk")
    assert edition.note == "Two new loans."
    assert Assessment.objects.get(pk=draft.pk).edition == edition
    assert draft.is_published


def test_author_does_not_publish_even_with_the_right_to():
    author = make_publisher()

    assert refused(submitted_assessment(by=author), author, "is your own work; a second person publishes it")


def test_last_editor_does_not_publish():
    author, publisher = make_editor(), make_publisher()
    draft = submitted_assessment(by=author)
    workflow.note_edit(draft, by=publisher)
    draft.save()
    workflow.submit(draft, by=author)

    assert refused(draft, publisher, "is your own work")


def test_person_who_edited_it_in_between_does_not_publish():
    author, helper, publisher = make_editor(), make_publisher(), make_publisher()
    draft = submitted_assessment(by=author)
    for person in (helper, author, make_editor(), author):
        workflow.note_edit(draft, by=person)
        draft.save()
    workflow.submit(draft, by=author)

    assert refused(draft, helper, "is your own work")
    assert workflow.publish([draft], by=publisher).number == 2


def test_person_who_edited_a_wording_in_between_does_not_publish_it():
    author, helper = make_editor(), make_publisher()
    commitment = make_commitment()
    for person in (author, helper, author):
        workflow.note_edit(commitment, by=person)
        commitment.save()
    workflow.submit(commitment, by=author)

    assert refused(commitment, helper, "is your own work")
    workflow.publish([commitment], by=make_publisher())
    assert commitment.revisions.get().writers == {author.pk, helper.pk}
    assert type(commitment).objects.get().writers == set()


def test_person_without_a_part_in_it_is_not_taken_for_one_by_a_number_that_begins_alike():
    draft = submitted_assessment(by=make_editor())
    publisher = make_publisher()
    Assessment.objects.filter(pk=draft.pk).update(earlier_writers=f" {publisher.pk}0 1{publisher.pk} ")

    assert workflow.publish([draft], by=publisher).number == 2


def test_writer_in_another_copy_of_the_record_is_seen():
    """What counts is who wrote what is stored, not what the caller holds."""
    author = make_publisher()
    draft = submitted_assessment(by=author)
    draft.author = draft.edited_by = None

    assert refused(draft, author, "is your own work")


def test_author_of_a_wording_does_not_publish_it():
    author = make_publisher()

    assert refused(submitted_commitment(by=author), author, "is your own work")


def test_who_asks_for_a_retraction_does_not_publish_it():
    author = make_publisher()
    retraction = workflow.draft_retraction(make_published(), by=author, reason="It was never promised.")

    assert refused(retraction, author, "is your own work")


def test_one_own_draft_among_others_stops_them_all():
    author = make_publisher()
    drafts = [submitted_assessment(), submitted_assessment(by=author)]

    with pytest.raises(workflow.Refused) as refusal:
        workflow.publish(drafts, by=author)

    assert len(refusal.value.problems) == 1
    assert Assessment.objects.submitted().count() == 2


@pytest.mark.parametrize(
    "person",
    [
        make_person,
        make_editor,
        lambda: make_person(group="Administrator"),
        lambda: make_person(is_superuser=True),
        lambda: make_publisher(is_active=False),
        lambda: None,
    ],
    ids=["nobody-in-particular", "editor", "administrator", "superuser", "deactivated", "no-one"],
)
def test_who_has_no_right_does_not_publish(person):
    assert refused(submitted_assessment(), person(), "You do not have the right to publish")


def test_superuser_in_the_group_publishes():
    assert workflow.publish([submitted_assessment()], by=make_publisher(is_superuser=True)).number == 2


def test_person_with_the_right_by_name_publishes():
    person = make_person()
    person.user_permissions.add(Permission.objects.get(codename="publish_edition"))

    assert workflow.may_publish(person)
    assert workflow.publish([submitted_assessment()], by=person).published_by == person


def test_draft_that_was_not_submitted_is_refused():
    assert refused(make_assessment(make_published()), make_publisher(), "has not been submitted")


def test_draft_that_was_taken_back_after_the_publisher_read_it_is_refused():
    draft = submitted_assessment()
    stale = Assessment.objects.get(pk=draft.pk)
    Assessment.objects.filter(pk=draft.pk).update(submitted_at=None)

    assert refused(stale, make_publisher(), "has not been submitted")


def test_desk_of_one_person_publishes_and_the_edition_says_so(settings):
    settings.FOUR_EYES = False
    person = make_publisher()
    draft = submitted_assessment(by=person)

    edition = workflow.publish([draft], by=person)

    assert (edition.four_eyes, edition.origin) == (False, "desk")


def test_desk_of_one_person_still_submits_and_has_the_right(settings):
    settings.FOUR_EYES = False

    assert refused(make_assessment(make_published()), make_publisher(), "has not been submitted")
    assert refused(submitted_assessment(), make_editor(), "You do not have the right to publish")


def test_import_needs_no_second_person_and_says_that_it_is_one():
    person = make_editor()
    draft = make_assessment(make_published(), author=person)

    edition = workflow.publish([draft], by=person, origin="import", file_set="fixtures/a")

    assert (edition.origin, edition.file_set, edition.four_eyes) == ("import", "fixtures/a", False)
    assert edition.published_by == person


def test_import_by_nobody_is_on_record_as_such():
    assert publish(make_assessment(make_published())).published_by is None


def test_second_edit_after_publication_starts_with_new_writers():
    """Who wrote the last wording may publish the next one, which somebody else writes."""
    first, second = make_publisher(), make_publisher()
    commitment = submitted_commitment(by=first)
    workflow.publish([commitment], by=second)
    commitment.title = "Another promise"
    submitted(commitment, by=second)

    assert refused(commitment, second, "is your own work")
    assert workflow.publish([commitment], by=first).number == 2
