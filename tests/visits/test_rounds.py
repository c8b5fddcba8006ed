"""A round of visits: whose turn it is, what is recorded, and what the command says."""

import datetime
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from commitments.management.commands import check_links
from commitments.models import LinkVisit, Source
from commitments.visits import rounds
from commitments.visits.visitor import Met, Visitor
from tests.factories import make_source

from .sites import on_loopback

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta


def visited(source, days, which="url", outcome="answered", **fields):
    """A visit so many days ago."""
    address = fields.pop("address", source.url if which == "url" else source.archived_url)
    at = timezone.now() - DAYS(days)
    return LinkVisit.objects.create(
        source=source, which=which, address=address, visited_at=at, outcome=outcome, **fields
    )


def run(*arguments):
    out = StringIO()
    call_command("check_links", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def on_this_machine(monkeypatch):
    """The command visits sites of this machine, without pauses."""
    local = partial(Visitor, resolve=on_loopback, allow_loopback=True)
    monkeypatch.setattr(check_links, "Visitor", lambda *, pause: local(pause=0))


def test_due_is_what_was_not_visited_of_late(django_assert_num_queries):
    never = make_source("never", archived_url="https://archive.example/never")
    visited(make_source("old"), 31)
    visited(make_source("fresh"), 29)
    visited(make_source("mended"), 1, address="https://example.org/before")
    make_source("bare", url="")
    visited(never, 1, "archived")

    with django_assert_num_queries(2):
        stops = rounds.due(older_than=DAYS(30))

    assert [(stop.source.key, stop.which) for stop in stops] == [("mended", "url"), ("never", "url"), ("old", "url")]
    assert len(rounds.due(older_than=DAYS(0))) == 5
    assert [stop.source.key for stop in rounds.due(older_than=DAYS(0), keys=["fresh"])] == ["fresh"]


def test_command_records_what_it_met_and_changes_no_source(site, on_this_machine):
    site.page("/a", "Page A")
    site.onward("/b", "/a")
    for key, path, host in (("a", "/a", "a.example"), ("b", "/b", "b.example"), ("c", "/c", "b.example")):
        make_source(key, url=site.at(path, host))
    make_source("private", url="http://10.0.0.1/")
    make_source("copied", url="", archived_url=site.at("/a", "archive.example"))
    before = list(Source.objects.values())

    said = run().splitlines()

    assert said[-1] == (
        "5 addresses of 5 sources visited: answered 2, answered elsewhere 1, not there 1, not a public address 1."
    )
    assert f"c: {site.at('/c', 'b.example')}: Not there (404)" in said
    assert list(Source.objects.values()) == before
    found = LinkVisit.objects.get(source__key="b")
    assert (found.which, found.outcome, found.http_status, found.title) == ("url", "moved", 200, "Page A")
    assert (found.address, found.final_address) == (site.at("/b", "b.example"), site.at("/a", "b.example"))
    assert found.visited_at == timezone.now()
    assert LinkVisit.objects.get(source__key="copied").which == "archived"


def test_second_run_has_nothing_to_do_until_time_has_passed(site, on_this_machine, clock):
    site.page("/a")
    make_source("a", url=site.at("/a"))
    run()

    assert run() == "No address is due for a visit.\n"
    clock.shift(DAYS(2))
    assert run() == "No address is due for a visit.\n"
    assert "1 addresses of 1 sources visited" in run("--older-than", "36h")
    assert "1 addresses of 1 sources visited" in run("--source", "a")


def test_machine_without_a_way_to_the_web_records_nothing(on_this_machine):
    make_source("a", url="http://nowhere.example/a")
    make_source("b", url="http://nowhere.example./b")
    make_source("c", url="http://10.0.0.1/")

    with pytest.raises(CommandError, match="No site could be reached"):
        run()

    assert not LinkVisit.objects.exists()


def test_sites_that_are_not_reached_are_recorded_where_another_is(site, on_this_machine):
    site.page("/z")
    make_source("a", url="http://nowhere.example/a")
    make_source("z", url=site.at("/z"))

    run()

    assert dict(LinkVisit.objects.values_list("source__key", "outcome")) == {"a": "unreachable", "z": "answered"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--older-than", "30"], "write a number and h, d or w"),
        (["--older-than", "-1d"], "write a number and h, d or w"),
        (["--source", "nothing"], "names nothing, which no source has"),
    ],
)
def test_wrong_argument_is_told(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*(f"{arguments[0]}={arguments[1]}",))


def test_failure_of_a_visit_stops_the_round_and_keeps_what_was_met():
    class Failing:
        def visit(self, address):
            if address.endswith("b"):
                raise RuntimeError("a mistake of ours")
            return Met("answered", 200)

    make_source("a", url="http://a.example/a")
    make_source("b", url="http://a.example/b")

    with pytest.raises(RuntimeError, match="a mistake of ours"):
        list(rounds.make(rounds.due(older_than=DAYS(0)), Failing()))

    assert [visit.source.key for visit in LinkVisit.objects.all()] == ["a"]


@pytest.mark.parametrize(
    ("outcome", "dead"),
    [("answered", False), ("moved", False), ("gone", True), ("refused", False), ("server_error", True),
     ("unreachable", True), ("insecure", False), ("timeout", True), ("too_many_redirects", True),
     ("not_allowed", False), ("robots", False)],
)  # fmt: skip
def test_dead_is_what_leads_a_reader_to_no_document(outcome, dead):
    visited(make_source(), 1, outcome=outcome)

    assert Source.objects.dead().count() == dead


def test_dead_goes_by_the_newest_visit_of_the_present_address():
    back, lost = make_source("back"), make_source("lost")
    visited(back, 2, outcome="gone")
    visited(back, 1)
    visited(lost, 1, outcome="gone")
    visited(lost, 2)
    visited(make_source("mended"), 1, outcome="gone", address="https://example.org/before")
    visited(make_source("archived", archived_url="https://archive.example/a"), 1, "archived", "gone")
    make_source("never")

    assert [source.key for source in Source.objects.dead()] == ["lost"]
