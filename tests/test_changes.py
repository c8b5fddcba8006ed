"""What each edition changed: the lines of the ledger, and changes of names and addresses beside them."""

import datetime

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from commitments import changes, workflow
from commitments.changes import Wanted
from commitments.models import Edition, Revision
from commitments.moment import Moment
from commitments.workflow import draft_retraction
from tests.acts import answer, correct, judge, reload, retract, revise
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_reply,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.registers import make_register

pytestmark = pytest.mark.django_db

DAY = datetime.date


def at_noon(year, month=1, day=1):
    return datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)


def lines(*, as_of=None, edition=None, **wanted):
    """The Changes at a moment."""
    return changes.changes(changes.ledger_lines(Moment.on(as_of=as_of, edition=edition), Wanted(**wanted)))


def told(**asked):
    """[(edition, kind, commitment)] at a moment."""
    return [(change.edition_number, str(change.kind), change.slug) for change in lines(**asked)]


def renamed(*, as_of=None, edition=None, **wanted):
    """[(key, text)] of the changes of names and addresses."""
    found = changes.reference_changes(Moment.on(as_of=as_of, edition=edition), Wanted(**wanted))
    return [(change.key, change.text) for change in found]


@pytest.fixture
def story(clock):
    """One commitment with everything that can happen to it, an edition a year from 2007; a second one beside it."""
    clock.move_to(at_noon(2007))
    promise = make_published("promise", title="First words")
    clock.move_to(at_noon(2008))
    judgement = judge(promise, as_of=DAY(2007, 6, 1), status="stalled", rationale="It stands still.")
    clock.move_to(at_noon(2009))
    answer(judgement, party=make_party("AA"), date=DAY(2008, 6, 1), text="It moves.")
    clock.move_to(at_noon(2010))
    corrected = correct(judgement, status="in_progress", rationale="It crawls.")
    clock.move_to(at_noon(2011))
    revise(promise, title="Second words", summary="State A promised it again.")
    clock.move_to(at_noon(2012))
    retract(corrected, "The paper was forged.")
    clock.move_to(at_noon(2013))
    make_published("other", made_on=DAY(2012, 5, 1))
    clock.move_to(at_noon(2014))
    retract(reload(promise), "It was never made.")
    return promise


STORY = [
    (8, "retraction", "promise"),
    (7, "commitment", "other"),
    (6, "retraction", "promise"),
    (5, "revision", "promise"),
    (4, "correction", "promise"),
    (3, "reply", "promise"),
    (2, "assessment", "promise"),
    (1, "commitment", "promise"),
]


def test_every_record_of_the_ledger_has_a_line_newest_first(story):
    assert told() == STORY


def test_lines_say_what_changed_and_why(story):
    found = {change.edition_number: change for change in lines()}

    assert [(number, found[number].key, found[number].text) for number in range(1, 9)] == [
        (1, "promise", "State A promised promise."),
        (2, "promise/2007-06-01", "It stands still."),
        (3, "promise/AA/2008-06-01", "It moves."),
        (4, "promise/2007-06-01-2", "Corrects promise/2007-06-01: It was mistaken. It now says: It crawls."),
        (5, "promise", "State A promised it again."),
        (6, "promise/2007-06-01-2", "The paper was forged."),
        (7, "other", "State A promised other."),
        (8, "promise", "It was never made."),
    ]
    assert {number: (one.as_of, one.status) for number, one in found.items() if one.as_of} == {
        2: (DAY(2007, 6, 1), "stalled"),
        3: (DAY(2008, 6, 1), ""),
        4: (DAY(2007, 6, 1), "in_progress"),
    }
    assert str(found[6].kind_label) == "Retraction"
    assert found[4].url == "/commitments/promise/"


def test_lines_say_the_standing_before_and_after(story):
    assert [(one.edition_number, one.status_before, one.status_after) for one in lines()] == [
        (8, "not_assessed", ""),
        (7, "", "not_assessed"),
        (6, "in_progress", "not_assessed"),
        (5, "in_progress", "in_progress"),
        (4, "stalled", "in_progress"),
        (3, "stalled", "stalled"),
        (2, "not_assessed", "stalled"),
        (1, "", "not_assessed"),
    ]


def test_lines_have_the_title_of_their_edition(story):
    titles = {one.edition_number: one.title for one in lines()}

    assert titles == {
        **dict.fromkeys((1, 2, 3, 4), "First words"),
        **dict.fromkeys((5, 6, 8), "Second words"),
        7: "Promise other",
    }


def test_judgement_of_an_earlier_day_leaves_the_standing_as_it_is(clock):
    clock.move_to(at_noon(2010))
    promise = make_published("promise", assessments=[{"as_of": DAY(2009, 1, 1), "status": "fulfilled"}])
    judge(promise, as_of=DAY(2006, 1, 1), status="stalled")

    (newest, *_older) = lines()

    assert (newest.status, newest.status_before, newest.status_after) == ("stalled", "fulfilled", "fulfilled")


def test_edition_that_publishes_wording_and_judgement_tells_both_in_that_order():
    make_published("b", assessments=[{"status": "stalled"}])
    first, second = make_commitment("d"), make_commitment("c")
    publish(second, first, make_assessment(first), make_assessment(second))

    assert told() == [
        (2, "commitment", "c"),
        (2, "commitment", "d"),
        (2, "assessment", "d"),
        (2, "assessment", "c"),
        (1, "commitment", "b"),
        (1, "assessment", "b"),
    ]
    assert {(one.status_before, one.status_after) for one in lines(first_edition=2)} == {("", "in_progress")}


@pytest.mark.parametrize("edition", [1, 4, 7])
def test_edition_clock_takes_what_was_published_by_then(story, edition):
    assert told(edition=edition) == [line for line in STORY if line[0] <= edition]


@pytest.mark.parametrize(
    ("as_of", "editions"),
    [
        (DAY(2005, 7, 4), []),
        (DAY(2005, 7, 5), [8, 5, 1]),
        (DAY(2007, 5, 31), [8, 5, 1]),
        (DAY(2007, 6, 1), [8, 6, 5, 4, 2, 1]),
        (DAY(2008, 6, 1), [8, 6, 5, 4, 3, 2, 1]),
        (DAY(2012, 5, 1), [8, 7, 6, 5, 4, 3, 2, 1]),
    ],
)
def test_day_clock_leaves_out_what_tells_of_later_days(story, as_of, editions):
    assert [change.edition_number for change in lines(as_of=as_of)] == editions


@pytest.mark.parametrize(
    ("wanted", "editions"),
    [
        ({"first_day": DAY(2012, 1, 1)}, [8, 7, 6]),
        ({"first_day": DAY(2012, 1, 2)}, [8, 7]),
        ({"last_day": DAY(2008, 1, 1)}, [2, 1]),
        ({"first_day": DAY(2009, 1, 1), "last_day": DAY(2009, 12, 31)}, [3]),
        ({"first_edition": 7}, [8, 7]),
        ({"last_edition": 2}, [2, 1]),
        ({"first_edition": 3, "last_edition": 3}, [3]),
        ({"kind": "commitment"}, [7, 1]),
        ({"kind": "revision"}, [5]),
        ({"kind": "assessment"}, [2]),
        ({"kind": "correction"}, [4]),
        ({"kind": "reply"}, [3]),
        ({"corrections": True}, [8, 6, 4]),
        ({"corrections": False}, [7, 5, 3, 2, 1]),
        ({"corrections": True, "kind": "retraction"}, [8, 6]),
        ({"corrections": True, "kind": "reply"}, []),
        ({"kind": "retraction"}, [8, 6]),
        ({"kind": "reference"}, []),
        ({"commitment": "other"}, [7]),
        ({"commitment": "promise"}, [8, 6, 5, 4, 3, 2, 1]),
        ({"commitment": "promise", "kind": "retraction", "first_edition": 7}, [8]),
    ],
)
def test_lines_can_be_narrowed(story, wanted, editions):
    assert [change.edition_number for change in lines(**wanted)] == editions


def test_lines_can_be_narrowed_to_a_set_of_commitments(story):
    for slug in ("promise", "other"):
        chosen = Revision.objects.filter(commitment__slug=slug).values("commitment")
        assert told(commitments=chosen) == told(commitment=slug)
        assert told(commitments=chosen, kind="retraction") == told(commitment=slug, kind="retraction")
        assert renamed(commitments=chosen) == []
    assert told(commitments=Revision.objects.none().values("commitment")) == []


def test_lines_have_names_that_nothing_else_has(story):
    theme = make_theme("water")
    change_of(theme, name="Water and air")
    (line,) = changes.reference_changes(Moment.on())

    assert line.identity == "theme/water/name/20140101T120000000000Z"
    assert [one.identity for one in lines()] == [
        "retraction/promise",
        "revision/other",
        "retraction/promise/2007-06-01-2",
        "revision/promise",
        "correction/promise/2007-06-01-2",
        "reply/promise/AA/2008-06-01",
        "assessment/promise/2007-06-01",
        "revision/promise",
    ]


def test_lines_have_the_obligation_of_their_edition():
    promise = make_published("promise", obligation="continuing")
    revise(promise, obligation="one_off")

    assert [one.obligation for one in lines()] == ["one_off", "continuing"]


def test_kind_filter_and_kind_of_the_line_agree(story):
    for kind, _label in changes.KINDS:
        assert {str(change.kind) for change in lines(kind=kind)} <= {kind}
    assert sum(len(lines(kind=kind)) for kind, _label in changes.KINDS) == len(STORY)


def test_retracted_reply_is_told_with_its_commitment():
    promise = make_published("promise", assessments=[{"status": "stalled"}])
    reply = answer(promise.assessments.get(), party=make_party("AA"))
    retract(reply, "Nobody said so.")

    assert told(kind="retraction", commitment="promise") == [(3, "retraction", "promise")]
    assert lines(kind="retraction")[0].key == "promise/AA/2006-06-15"


def test_drafts_are_no_lines():
    promise = make_published("promise", assessments=[{"status": "stalled"}])
    published = promise.assessments.get()
    make_commitment("draft")
    make_assessment(promise, rationale="Not yet.")
    make_reply(published)
    draft_retraction(published, by=None, reason="Not yet either.")

    assert told() == [(1, "commitment", "promise"), (1, "assessment", "promise")]


def test_known_is_what_has_been_published_by_the_edition():
    make_published("early")
    retract(make_published("late"))
    make_commitment("draft")

    known = {
        slug: [changes.is_known(slug, Moment.on(edition=edition)) for edition in (1, 3)]
        for slug in ("early", "late", "draft", "nothing")
    }

    assert known == {
        "early": [True, True],
        "late": [False, True],
        "draft": [False, False],
        "nothing": [False, False],
    }


def from_desk(*, four_eyes=True, public_name=""):
    """Publish from the desk; returns the Edition."""
    writer, publisher = make_person(group="Editor"), make_person(group="Publisher", public_name=public_name)
    commitment = make_commitment()
    workflow.note_edit(commitment, by=writer)
    commitment.save()
    workflow.submit(commitment, by=writer)
    with override_settings(FOUR_EYES=four_eyes):
        return workflow.publish([commitment], by=publisher)


def test_origin_says_who_made_an_edition():
    imported = publish(make_commitment())

    assert changes.origin_in_words(imported) == "imported, edition 1"
    assert changes.origin_in_words(from_desk()) == "published by a second person"
    assert changes.origin_in_words(from_desk(public_name="P. Ublisher")) == "published by P. Ublisher, a second person"
    alone = from_desk(four_eyes=False, public_name="P. Ublisher")
    assert changes.origin_in_words(alone) == "published by its author: this desk works without a second person"
    assert [change.origin for change in lines()] == ["desk", "desk", "desk", "import"]


def change_of(record, **fields):
    """Save a change the way the desk does."""
    record.refresh_from_db()
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()


def test_changes_of_names_and_addresses_are_lines(clock):
    clock.move_to(at_noon(2007))
    party, theme, source = make_party("AA"), make_theme("water"), make_source("paper")
    summit = make_summit("town-a")
    make_published("promise", theme=theme, summit=summit, source=source, pledged_by=[party])
    clock.move_to(at_noon(2008))
    change_of(party, name="United Republic AA", position=7)
    clock.move_to(at_noon(2009))
    change_of(theme, name="Water and air")
    clock.move_to(at_noon(2010))
    change_of(source, title="Other title", url="")
    clock.move_to(at_noon(2011))
    change_of(summit, place="Town B")

    assert renamed() == [
        ("summit town-a", "place: Town A → Town B"),
        ("source paper", "title: Report paper → Other title"),
        ("source paper", "address: https://example.org/paper → nothing"),
        ("theme water", "name: Water → Water and air"),
        ("party AA", "name: Republic AA → United Republic AA"),
    ]
    assert renamed(kind="reference", first_day=DAY(2008, 1, 1), last_day=DAY(2009, 1, 1)) == renamed()[3:]
    assert renamed(kind="revision") == renamed(commitment="promise") == renamed(first_edition=1) == []


def test_edition_clock_takes_names_as_they_were_changed_by_then(clock):
    clock.move_to(at_noon(2007))
    theme = make_theme("water")
    make_published("one", theme=theme)
    clock.move_to(at_noon(2008))
    change_of(theme, name="Second")
    clock.move_to(at_noon(2009))
    make_published("two")
    clock.move_to(at_noon(2010))
    change_of(theme, name="Third")

    assert renamed(edition=1) == []
    assert renamed(edition=2) == [("theme water", "name: Water → Second")]
    assert renamed() == [("theme water", "name: Second → Third"), ("theme water", "name: Water → Second")]


def test_internal_fields_are_no_lines():
    source = make_source("paper")
    make_published("promise", source=source)
    change_of(source, usage="Asked by telephone.", last_checked=DAY(2026, 1, 1), language="ru")

    assert renamed() == []


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_source_that_may_not_be_cited_has_no_line(when):
    source = make_source("secret", terms="no_citation" if when == "before" else "open")
    make_published("promise", source=source)
    if when == "between":
        change_of(source, terms="no_citation")
    change_of(source, title="Other title")
    change_of(source, terms="no_citation")
    change_of(source, publisher="Other publisher")

    assert renamed() == []


def test_source_that_may_be_cited_at_last_tells_nothing_of_before():
    source = make_source("secret", terms="no_citation")
    make_published("promise", source=source)
    change_of(source, title="Second title")
    change_of(source, terms="open", title="Third title")
    change_of(source, title="Fourth title")

    assert renamed() == [("source secret", "title: Third title → Fourth title")]


def test_source_on_which_only_drafts_rest_has_no_line():
    promise = make_published("promise")
    for_draft, for_draft_evidence, for_reply = make_source("a"), make_source("b"), make_source("c")
    make_commitment("draft", source=for_draft)
    make_assessment(promise, sources=[for_draft_evidence])
    for source in (for_draft, for_draft_evidence, for_reply):
        change_of(source, title="Other title")
    assert renamed() == []

    answer(judge(promise, sources=[for_draft_evidence]), source=for_reply)

    assert sorted(key for key, _text in renamed()) == ["source b", "source c"]
    assert [key for key, _text in renamed(edition=2)] == ["source b"]
    assert renamed(edition=1) == []


def queries_for(call):
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def test_few_and_many_lines_take_the_same_queries():
    make_register(4)
    few = queries_for(lines), queries_for(renamed)
    shared = {"theme": make_theme("late"), "source": make_source(), "summit": make_summit("late")}
    drafts = [make_commitment(f"late-{i}", **shared) for i in range(40)]
    publish(*drafts, *(make_assessment(draft) for draft in drafts))
    for theme in (shared["theme"], make_theme(), make_theme()):
        change_of(theme, name="Renamed")

    many = queries_for(lines), queries_for(renamed)

    assert few == many
    assert len(lines()) > 80
    assert len(renamed()) == 3


def test_lines_of_an_edition_before_the_first_are_none():
    assert told() == []
    assert renamed() == []
    assert Edition.objects.count() == 0
