"""The calendar: events that keep their names, read back by two parsers."""

import datetime

import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from commitments.models import Summit
from tests.acts import correct, judge, reload, retract, revise
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_published,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.pages import page_at
from tests.registers import make_register

pytestmark = pytest.mark.django_db

DAY = datetime.date
URL = "/calendar.ics"
DUE = DAY(2030, 1, 10)


def at_noon(year, month=1, day=1):
    return datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)


def text_at(client, address=URL):
    response = client.get(address)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content.decode()


def events_at(client, address=URL):
    """{uid without its domain: event} of a calendar in which neither parser finds a fault."""
    text = text_at(client, address)
    calendar = Calendar.from_ical(text)
    events = {event["UID"].removesuffix("@tracker.example"): event for event in calendar.events}
    assert [one.errors for one in calendar.walk()] == [[] for _one in calendar.walk()]
    assert len(events) == len(calendar.events)
    other = vobject.readOne(text)
    other.validate(raiseException=True)
    read = {one.uid.value.removesuffix("@tracker.example"): one for one in other.contents.get("vevent", [])}
    assert {uid: (one.dtstart.value, one.summary.value) for uid, one in read.items()} == {
        uid: (one.start, str(one["SUMMARY"])) for uid, one in events.items()
    }
    return events


def deadlines(client, address=URL):
    """The keys of the commitments whose deadlines are in the calendar, in its order."""
    return [uid.removeprefix("commitment-") for uid in events_at(client, address) if uid.startswith("commitment-")]


def summits(client, address=URL):
    return [uid.removeprefix("summit-") for uid in events_at(client, address) if uid.startswith("summit-")]


def stamps(event):
    return event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt


def due(slug, day=DUE, **fields):
    return make_published(slug, due=day, **fields)


def test_deadline_is_a_whole_day_with_its_status_and_address(client, clock):
    clock.move_to(at_noon(2010))
    judged = [{"status": "stalled", "as_of": DAY(2006, 6, 15)}]
    due("wells", title="Wells; 200, dug", summary="State A promised wells.", assessments=judged,
        theme=make_theme("water", name="Water, clean"))  # fmt: skip

    event = events_at(client)["commitment-wells"]

    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert (event.start, event.end) == (DAY(2030, 1, 10), DAY(2030, 1, 11))
    assert event["SUMMARY"] == "Due: Wells; 200, dug"
    assert event["DESCRIPTION"].splitlines() == [
        "Stalled, as of 15 June 2006.",
        "State A promised wells.",
        "http://testserver/commitments/wells/",
    ]
    assert event["URL"] == "http://testserver/commitments/wells/"
    assert event.categories == ["Water, clean"]
    assert event["UID"] == "commitment-wells@tracker.example"
    assert (event["TRANSP"], event["SEQUENCE"]) == ("TRANSPARENT", 0)
    assert stamps(event) == (at_noon(2010), at_noon(2010))


def test_commitment_without_deadline_or_judgement(client):
    make_published("endless")
    due("silent")

    assert deadlines(client) == ["silent"]
    assert events_at(client)["commitment-silent"]["DESCRIPTION"].splitlines()[0] == "Not assessed."


def test_summit_lasts_from_its_first_day_to_its_last(client, clock):
    clock.move_to(at_noon(2010))
    make_summit("town-a", date=DAY(2001, 6, 14), end_date=DAY(2001, 6, 15), country=make_party("AA"))
    make_summit("town-b", date=DAY(2031, 6, 14))

    events = events_at(client)

    assert summits(client) == ["town-a", "town-b"]
    event = events["summit-town-a"]
    assert (event.start, event.end) == (DAY(2001, 6, 14), DAY(2001, 6, 16))
    assert (events["summit-town-b"].start, events["summit-town-b"].end) == (DAY(2031, 6, 14), DAY(2031, 6, 15))
    assert (event["SUMMARY"], event["LOCATION"]) == ("Town-a", "Town A, State AA")
    assert event["DESCRIPTION"].splitlines() == ["Heads of state", "http://testserver/summits/town-a/"]
    assert event["UID"] == "summit-town-a@tracker.example"
    assert stamps(event) == (at_noon(2010), at_noon(2010))


def test_moved_deadline_is_the_same_event_in_a_newer_version(client, clock):
    clock.move_to(at_noon(2010))
    promise = due("promise", DAY(2030, 1, 10))
    due("other")
    clock.move_to(at_noon(2011))
    before, other = events_at(client)["commitment-promise"], events_at(client)["commitment-other"]

    revise(promise, due=DAY(2031, 2, 20))

    after = events_at(client)["commitment-promise"]
    assert after["UID"] == before["UID"]
    assert (before.start, after.start) == (DAY(2030, 1, 10), DAY(2031, 2, 20))
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert [*stamps(before), *stamps(after)] == [at_noon(2010)] * 2 + [at_noon(2011)] * 2
    assert events_at(client)["commitment-other"].to_ical() == other.to_ical()


def test_judgement_changes_the_instant_and_not_the_sequence(client, clock):
    clock.move_to(at_noon(2010))
    promise = due("promise")
    clock.move_to(at_noon(2011))
    judgement = judge(promise, status="stalled")
    clock.move_to(at_noon(2012))
    correction = correct(judgement, status="in_progress")
    assert stamps(events_at(client)["commitment-promise"]) == (at_noon(2012), at_noon(2012))

    clock.move_to(at_noon(2013))
    retract(correction)

    event = events_at(client)["commitment-promise"]
    assert event["DESCRIPTION"].startswith("Not assessed.")
    assert (stamps(event)[0], event["SEQUENCE"]) == (at_noon(2013), 0)


def test_moved_summit_is_the_same_event_in_a_newer_version(client, clock):
    clock.move_to(at_noon(2010))
    summit = make_summit("town-a", date=DAY(2031, 6, 14))
    clock.move_to(at_noon(2011))
    summit.place = "Town B"
    summit.save()
    clock.move_to(at_noon(2012))
    before = events_at(client)["summit-town-a"]
    summit.date = DAY(2031, 7, 1)
    summit.save()

    after = events_at(client)["summit-town-a"]

    assert (before["UID"], before["SEQUENCE"], stamps(before)[0]) == (after["UID"], 0, at_noon(2011))
    assert (after.start, after["SEQUENCE"], stamps(after)[0]) == (DAY(2031, 7, 1), 1, at_noon(2012))


def test_summit_without_a_history_has_an_instant_all_the_same(client):
    make_summit("town-a", date=DAY(2001, 6, 14))
    Summit.history.all().delete()

    midnight = datetime.datetime(2001, 6, 14, tzinfo=datetime.UTC)
    assert stamps(events_at(client)["summit-town-a"]) == (midnight, midnight)


def test_withdrawn_commitment_leaves_and_drafts_never_come(client):
    promise = due("promise", title="Promise")
    due("withdrawn")
    make_commitment("draft", due=DAY(2030, 1, 1))
    working_copy = reload(promise)
    working_copy.due = DAY(2040, 1, 1)
    working_copy.save()
    assert deadlines(client) == ["promise", "withdrawn"]

    retract(reload(promise.__class__.objects.get(slug="withdrawn")))

    assert deadlines(client) == ["promise"]
    assert events_at(client)["commitment-promise"].start == DAY(2030, 1, 10)


def test_same_record_gives_the_same_bytes_on_another_day(client, clock):
    make_register(6)
    before = client.get(URL)
    clock.shift(datetime.timedelta(days=3))

    assert client.get(URL).content == before.content
    assert client.get(URL, headers={"if-none-match": before["ETag"]}).status_code == 304


def test_host_of_the_request_is_in_no_name(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    due("promise")

    text = client.get(URL, headers={"host": "other.example"}).content.decode()

    assert "UID:commitment-promise@tracker.example" in text
    assert "https://other.example" not in text
    assert "URL:http://other.example/commitments/promise/" in text


def test_filters_of_the_list_narrow_deadlines_and_summits(client):
    water, party = make_theme("water"), make_party("AA")
    north, south = make_summit("north"), make_summit("south")
    make_summit("coming", date=DAY(2031, 6, 14))
    due("well", theme=water, summit=north)
    due("road", pledged_by=[party], summit=south)
    make_published("endless", theme=water, summit=south)

    assert (deadlines(client), set(summits(client))) == (["road", "well"], {"north", "south", "coming"})
    assert (deadlines(client, f"{URL}?theme=water"), set(summits(client, f"{URL}?theme=water"))) == (
        ["well"], {"north", "south"},
    )  # fmt: skip
    assert (deadlines(client, f"{URL}?party=AA&sort=title"), summits(client, f"{URL}?party=AA")) == (
        ["road"], ["south"],
    )  # fmt: skip
    assert deadlines(client, f"{URL}?due_to=2029-01-01") == []


def test_calendar_without_events_has_a_component_all_the_same(client):
    text = text_at(client)

    assert events_at(client) == {}
    assert "BEGIN:VTIMEZONE" in text


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("as_of=2006-01-01", "as_of", "2006-01-01"),
        ("edition=1", "edition", "1"),
        ("theme=fire", "theme", "fire"),
        ("page=1", "page", "1"),
        ("colour=red", "colour", "red"),
    ],
)
def test_wrong_parameter_is_refused(client, query, name, value):
    assert f"The parameter “{name}” cannot be “{value}”." in page_at(client, f"{URL}?{query}", 400).text


def test_file_is_written_as_the_standard_says(client):
    due("promise", title="Д" * 100, summary="First line\nsecond; line, with \\ and ü.")

    text = text_at(client)

    lines = text.split("\r\n")
    assert "\n" not in "".join(lines)
    assert max(len(line.encode()) for line in lines) <= 75
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN", "REFRESH-INTERVAL;VALUE=DURATION:P1D"} < set(lines)
    assert "PRODID:-//The tracker's editors//scotracker//EN" in lines
    assert "First line\\nsecond\\; line\\, with \\\\ and ü." in text.replace("\r\n ", "")


def test_source_that_may_not_be_cited_is_named_nowhere(client):
    concealed = make_source("concealed-key", title="Concealed title", publisher="Concealed", terms="no_citation")
    due("promise", source=concealed, locator="Concealed", summit=make_summit("town-a", source=concealed))

    assert len(events_at(client)) == 2
    assert "concealed" not in text_at(client).lower()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", [URL, f"{URL}?theme=water"])
def test_few_and_many_events_take_the_same_queries(client, address):
    make_register(6)
    few = queries_of(client, address)
    water = make_theme("late")
    drafts = [make_commitment(f"late-{i}", due=DAY(2030, 1, 1), theme=water) for i in range(10)]
    publish(*drafts, *(make_assessment(draft) for draft in drafts))

    assert queries_of(client, address) == few
    assert len(deadlines(client)) > 10
