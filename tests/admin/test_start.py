"""The first page of the desk: every number is the length of the list that it opens."""

import datetime

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.utils import timezone

from commitments import attention, workflow
from commitments.admin.start import what_needs
from commitments.models import Commitment, Source
from tests.admin.desk import QUEUE, change_url
from tests.factories import make_assessment, make_commitment, make_person, make_published, make_source, publish
from tests.pages import page_at
from tests.registers import make_register

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta


def lines(client):
    """The rows of the page by name."""
    rows = [row for row in page_at(client, "/admin/").all("tr") if row.get("id", "").startswith("needs-")]
    return {row.get("id").removeprefix("needs-"): row for row in rows}


def number(row):
    return int(row.one("td", class_="desk-number").text)


def listed(client, address):
    """How many rows the list at an address of the desk has."""
    response = client.get(address)
    assert response.status_code == 200, address
    return len(response.context["rows"]) if address.startswith(QUEUE) else response.context["cl"].result_count


def make_needy():
    """A register with something in every queue about commitments."""
    make_register(36)
    today = timezone.localdate()
    make_published("soon", due=today + DAYS(6))
    both = make_published("both")
    draft = make_assessment(both, sources=[make_source()])
    draft.evidence.create(source=make_source(), shows="It shows the opposite.", bearing="contradicts")
    flag = "fulfilled needs an official text of the act or two independent sources: one paper."
    weak = make_assessment(make_published("weak"), status="fulfilled", sources=[make_source()], below_rule=flag)
    publish(draft, weak)


def test_every_number_is_the_length_of_its_list(desk):
    make_needy()
    rows = lines(desk)

    assert [name for name in rows if name in attention.BY_NAME] == list(attention.BY_NAME)
    for queue in attention.about(Commitment):
        address = rows[queue.name].one("th").addresses[0]
        assert number(rows[queue.name]) == listed(desk, address) > 0, queue.name


def test_every_number_of_an_empty_register_is_nought_and_so_is_its_list(desk):
    for name, row in lines(desk).items():
        assert number(row) == 0, name
        assert row.all("td")[-1].text == "Nothing."
        for address in row.addresses:
            assert listed(desk, address) == 0


def test_oldest_is_named_with_its_day_and_age(desk):
    make_published("late", title="A later bridge", due=datetime.date(2008, 3, 1), assessments=[{}])
    first = make_published("early", title="An early bridge", due=datetime.date(2007, 3, 1), assessments=[{}])

    row = lines(desk)["overdue"]

    assert number(row) == 2
    assert row.all("td")[-1].text == "An early bridge, due on 1 March 2007 (19 years ago)"
    assert row.all("td")[-1].addresses == [change_url(first)]


def test_own_work_is_counted_by_where_it_stands(desk, editor, publisher):
    commitment = make_published()
    draft = make_assessment(commitment, author=editor)
    returned = make_assessment(commitment, author=editor)
    workflow.submit(returned, by=editor)
    workflow.return_to_author(returned, by=publisher, reason="Name the page.")
    for author in (editor, make_person(), make_person()):
        workflow.submit(make_assessment(commitment, author=author), by=author)
    make_commitment("somebody-elses", author=publisher)
    make_commitment("own", author=editor, title="A promise of my own")

    rows = lines(desk)

    assert {name: number(rows[name]) for name in ("returned", "drafts", "awaiting", "submitted")} == {
        "returned": 1, "drafts": 2, "awaiting": 2, "submitted": 1,
    }  # fmt: skip
    assert "Name the page." in rows["returned"].text
    assert change_url(draft) in rows["drafts"].addresses
    for name, row in rows.items():
        for address in row.addresses:
            if "?" in address:
                assert listed(desk, address) > 0 or number(row) == 0, (name, address)
    kinds = [address for address in rows["drafts"].addresses if "state=draft" in address]
    assert [listed(desk, address) for address in kinds] == [1, 1]
    assert [listed(desk, rows[name].one("th").addresses[0]) for name in ("awaiting", "submitted")] == [2, 1]


def test_who_edited_a_draft_in_between_has_it_among_their_own(desk, editor, publisher):
    draft = make_assessment(make_published(), author=publisher)
    for person in (editor, make_person()):
        workflow.note_edit(draft, by=person)
        draft.save()
    workflow.submit(draft, by=publisher)

    rows = lines(desk)

    assert (number(rows["submitted"]), number(rows["awaiting"])) == (1, 0)
    assert listed(desk, f"{QUEUE}?by=me") == listed(desk, "/admin/commitments/assessment/?state=submitted&by=me") == 1


def test_changed_wording_is_a_draft_and_the_published_one_is_none(desk, editor):
    commitment = make_published()
    assert number(lines(desk)["drafts"]) == 0

    commitment.refresh_from_db()
    commitment.title = "A changed title"
    workflow.note_edit(commitment, by=editor)
    commitment.save()

    assert number(lines(desk)["drafts"]) == 1


def test_reader_without_rights_is_told_nothing_of_what_they_cannot_see(client):
    make_needy()
    author = make_person()
    workflow.submit(make_assessment(make_published(), author=author), by=author)
    client.force_login(make_person("guest"))

    rows = lines(client)

    assert set(rows).isdisjoint(attention.BY_NAME)
    assert {name: number(row) for name, row in rows.items()} == dict.fromkeys(
        ("returned", "drafts", "awaiting", "submitted"), 0
    )


def test_numbers_are_of_what_the_lists_of_the_desk_show(editor, monkeypatch):
    make_needy()
    request = RequestFactory().get("/admin/")
    request.user = editor
    table = admin.site.get_model_admin(Commitment)
    monkeypatch.setattr(table, "get_queryset", lambda request: Commitment.objects.filter(slug="weak"))

    (_own, _lines), (_title, record) = what_needs(request)

    assert {line.name: line.number for line in record if line.number} == {"single_source": 1, "flagged": 1}


def test_one_entry_makes_a_queue_of_sources(desk, monkeypatch):
    queue = attention.Queue(
        "bare", "Without a copy", "Nobody has kept a copy.", lambda moment: Source.objects.filter(archived_url=""),
        "last_checked", "seen on %(day)s", Source,
    )  # fmt: skip
    monkeypatch.setattr(attention, "QUEUES", (*attention.QUEUES, queue))
    monkeypatch.setitem(attention.BY_NAME, queue.name, queue)
    make_source("kept", archived_url="https://archive.example/kept")
    oldest = make_source("seen", title="Seen long ago", last_checked=datetime.date(2020, 1, 1))
    make_source("seen-later", last_checked=datetime.date(2026, 1, 1))

    row = lines(desk)["bare"]

    assert number(row) == listed(desk, row.one("th").addresses[0]) == 2
    assert row.all("td")[-1].links == [("Seen long ago", change_url(oldest))]


@pytest.mark.parametrize("rows", [2, 40])
def test_page_needs_the_same_number_of_queries(desk, editor, rows, django_assert_num_queries):
    make_register(rows)
    for commitment in Commitment.objects.all():
        make_assessment(commitment, author=editor)

    with django_assert_num_queries(26):
        desk.get("/admin/")


def test_panel_leads_to_how_we_judge(desk):
    assert "/admin/commitments/edition/how-we-judge/" in page_at(desk, "/admin/").addresses
