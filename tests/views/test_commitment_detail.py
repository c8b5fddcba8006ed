"""/commitments/<slug>/"""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import workflow
from commitments.models import Assessment, Evidence, MemberScore
from commitments.workflow import draft_correction
from tests.acts import answer, correct, judge, reload, retract, revise
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_source,
    make_summit,
    make_theme,
    publish,
)
from tests.pages import main_of, main_source, page_at

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = datetime.date(2006, 1, 10), datetime.date(2007, 1, 10), datetime.date(2008, 1, 10)
URL = "/commitments/well/"


def facts(main):
    """{term: description} of the definition lists of a page; terms are named once."""
    rows = [row for listing in main.all("dl") for row in listing.all("div")]
    return {row.one("dt").text: row.one("dd").text for row in rows}


def entries(main):
    """The sections of the history, in order."""
    return main.all("section", class_="assessment")


def test_promise_says_who_what_to_whom_where_and_when(client):
    theme, summit = make_theme("water", name="Water"), make_summit("town-2005", name="Town A 2005")
    make_published(
        "well",
        title="Dig two hundred wells",
        summary="State A promised State B wells.",
        theme=theme,
        summit=summit,
        pledged_by=[make_party("A")],
        beneficiaries=[make_party("B")],
        target_quantity=1200,
        target_unit="wells",
        target_measure="Wells that give water",
        due=THIRD,
        basis="leader-pledge",
        obligation="one_off",
        kind="programme",
        checkable="partly",
        checkable_note="Wells can be counted.",
        responsible="Office of wells",
        note="Said twice.",
        source=make_source("speech", title="The speech"),
        locator="paragraph 4",
    )

    page = page_at(client, URL)
    main = page.one("main")

    assert page.one("title").text == "Dig two hundred wells — not assessed · SCO Commitment Tracker"
    assert main.one("h1").text == "Dig two hundred wells"
    assert "State A promised State B wells." in main.text
    said = facts(main)
    assert said["Pledged by"] == "State A"
    assert said["Beneficiaries"] == "State B"
    assert said["Made"].startswith("5 July 2005")
    assert said["Target"] == "1,200 wells: Wells that give water"
    assert said["Deadline"] == "10 January 2008"
    assert said["Basis"] == "Leader's pledge"
    assert said["Obligation"] == "One-off"
    assert said["Kind"] == "Programme"
    assert said["Checkable"] == "Partly checkable. Wells can be counted."
    assert said["Responsible"] == "Office of wells"
    assert said["Note"] == "Said twice."
    assert "The speech" in said["Recorded in"]
    assert "paragraph 4" in said["Recorded in"]
    for address in ("/themes/water/", "/summits/town-2005/", "/parties/A/", "/parties/B/", "/sources/speech/"):
        assert address in main.addresses
    assert "Nobody has published a judgement that holds on this day." in main.text


def test_standing_shows_its_rationale_its_ground_and_its_age(client):
    make_published(
        "well", due=FIRST, assessments=[{"as_of": SECOND, "status": "stalled", "rationale": "Work stopped."}]
    )

    main = main_of(client, URL)

    assert main.one("p", class_="standing").text.startswith("Stalled as of 10 January 2007, 19 years before this day")
    assert "overdue" in main.one("p", class_="standing").text
    assert facts(main)["Confidence"] == "Medium"
    assert "Work stopped." in main.text


def test_fulfilled_after_the_deadline_says_how_late(client):
    make_published("well", due=FIRST, assessments=[{"as_of": SECOND, "status": "fulfilled"}])

    main = main_of(client, URL)

    assert facts(main)["Deadline"] == "10 January 2006 (fulfilled 12 months late)"
    assert "overdue" not in main.one("p", class_="standing").text


def test_fulfilled_by_the_deadline_is_on_time(client):
    make_published("well", due=FIRST, assessments=[{"as_of": FIRST, "status": "fulfilled"}])

    assert facts(main_of(client, URL))["Deadline"] == "10 January 2006 (fulfilled on time)"


def test_continuing_commitment_is_fulfilled_for_the_period(client):
    make_published("well", obligation="continuing", assessments=[{"status": "fulfilled"}])

    main = main_of(client, URL)

    labels = {one.text for one in main.all("span", class_="status-fulfilled")}
    assert labels == {"Fulfilled for the period"}


def test_judgement_below_the_rule_says_which_and_why(client):
    flag = "fulfilled needs an official text: one newspaper says so."
    source = make_source(kind="news")
    make_published("well", assessments=[{"status": "fulfilled", "sources": [source], "below_rule": flag}])

    main = main_of(client, URL)

    assert "below the evidence rule" in main.one("p", class_="standing").text
    assert [one.text for one in main.all("p", class_="flag")] == [f"Below the evidence rule. {flag}"] * 2


def test_card_says_what_the_promise_names(client):
    make_published("well", pledged_by=[make_party("A")], kind="policy", checkable="partly", checkable_note="In part.")

    card = main_of(client, URL).one("section", aria_labelledby="ingredients")

    assert "It names 1 of 5 ingredients of a promise that can be checked, 2 more in part." in card.text
    assert [one.text for one in card.all("li")] == [
        "Who ● named Promised by State A.",
        "What ◐ in part Policy: A line of conduct. Nothing is named that could be counted.",
        "How much ○ not named No amount is named.",
        "By when ○ not named No deadline is named.",
        "Checkable how ◐ in part In part.",
    ]
    assert card.addresses == ["/methodology/#ingredients"]


def test_sources_that_conflict_are_marked_with_shape_and_words(client):
    commitment = make_published("well")
    draft = make_assessment(commitment)
    Evidence.objects.create(assessment=draft, source=make_source(), shows="It stopped.", bearing="contradicts")
    publish(draft)

    main = main_of(client, URL)

    assert main.one("p", class_="standing").one("span", class_="conflict").text == "▲▼ sources conflict"
    assert facts(main)["Sources conflict"].startswith("At least one source speaks for this status")
    assert main_of(client, "/commitments/").one("span", class_="conflict").text == "▲▼ sources conflict"
    assert main_of(client, f"{URL}?edition=1").all("span", class_="conflict") == []


def test_self_reported_is_said_in_words(client):
    state = make_party("A")
    source = make_source(issuer=state, kind="official-statement")
    make_published("well", pledged_by=[state], assessments=[{"status": "fulfilled", "sources": [source]}])

    main = main_of(client, URL)

    assert "self-reported" in main.one("p", class_="standing").text
    assert facts(main)["Who says so"].startswith("Only those who made the promise")
    assert "speaks for one who made the promise" in entries(main)[0].text


def test_money_and_closure_are_named(client):
    make_published("well", assessments=[{"status": "superseded", "closure_reason": "renounced", "stage": "agreed"}])

    said = facts(main_of(client, URL))

    assert (said["Money"], said["Closed because"]) == ("Agreed", "Given up")


def test_progress_is_a_number_a_share_and_a_picture_of_every_measured_point(client):
    target = {"target_quantity": 200, "target_unit": "wells", "target_measure": "Wells dug"}
    commitment = make_published("well", **target)
    judge(commitment, as_of=FIRST, progress=1)
    judge(commitment, as_of=SECOND, progress=250)

    figure = main_of(client, URL).one("figure", id="progress")

    rows = [[cell.text for cell in row.all("td")] for row in figure.one("tbody").all("tr")]
    assert rows == [["10 January 2006", "1 wells", "200", "<1 %"], ["10 January 2007", "250 wells", "200", "125 %"]]
    for drawing in figure.all("svg", role="group"):
        assert [one.get("class") for one in drawing.all("a")[0].all("use")] == ["status-in_progress"]
        assert len(drawing.all("a")) == 2
        assert "Target: 200 wells" in drawing.text


def test_target_without_a_measurement_says_so(client):
    make_published("well", target_quantity=200, target_unit="wells", target_measure="Wells dug")

    assert "No source gives a measured amount." in main_of(client, URL).text


def test_evidence_shows_bearing_source_and_what_it_shows(client):
    commitment = make_published("well")
    draft = make_assessment(commitment, sources=[])
    for position, bearing in enumerate(("supports", "contradicts", "context")):
        source = make_source(f"paper-{bearing}", kind="official-document", language="ru")
        Evidence.objects.create(
            assessment=draft,
            source=source,
            bearing=bearing,
            shows=f"It {bearing}.",
            locator="page 9",
            position=position,
        )
    publish(draft)

    rows = entries(main_of(client, URL))[0].one("ul", class_="evidence").all("li")

    assert [row.one("span", class_="bearing").text for row in rows] == ["▲ Supports", "▼ Contradicts", "● Context"]
    first = rows[0].text
    for part in ("It supports.", "Report paper-supports", "Publisher paper-supports", "June 2006", "page 9", "ru"):
        assert part in first
    assert "Official document" in first
    assert "/sources/paper-supports/" in rows[0].addresses
    assert "https://example.org/paper-supports" in rows[0].addresses


def test_silence_shows_where_somebody_looked(client):
    make_published("well", assessments=[{"status": "no_evidence"}])

    (entry,) = entries(main_of(client, URL))

    assert "Archive A (en), 15 June 2006: Nothing on it." in entry.text
    assert "Confidence" not in entry.text


def test_member_scores_show_reason_and_source(client):
    commitment = make_published("well")
    draft = make_assessment(commitment)
    for code, score in (("A", -1), ("B", 0), ("C", 1)):
        MemberScore.objects.create(
            assessment=draft,
            party=make_party(code),
            score=score,
            rationale=f"State {code} acted.",
            source=make_source(),
        )
    publish(draft)

    (entry,) = entries(main_of(client, URL))

    rows = entry.one("div", aria_label="Member scores").one("tbody").all("tr")
    assert [[cell.text for cell in row.all("td")[:2]] for row in rows] == [
        ["−1", "State A acted."],
        ["0", "State B acted."],
        ["+1", "State C acted."],
    ]
    assert all(any("/sources/" in address for address in row.addresses) for row in rows)


def test_corrected_judgement_is_struck_and_leads_to_its_correction(client):
    commitment = make_published("well")
    first = judge(commitment, as_of=FIRST, status="fulfilled", rationale="All are dug.")
    second = correct(first, reason="The report was misread.", status="stalled", rationale="Half are dug.")

    new, old = entries(main_of(client, URL))

    assert "Half are dug." in new.text
    assert f"corrects {first.key}" in new.text
    assert "holds" in new.one("h3").text
    assert [one.text for one in old.all("del")] == ["10 January 2006 Fulfilled", "All are dug."]
    assert old.one("p", class_="flag").text == f"Corrected in edition 3 by {second.key}: The report was misread."
    assert f"#{new.get('id')}" in old.addresses
    assert f"#{old.get('id')}" in new.addresses


def test_correction_of_a_later_day_is_not_pointed_to_from_before(client):
    commitment = make_published("well")
    first = judge(commitment, as_of=FIRST)
    correct(first, as_of=THIRD)

    page = page_at(client, f"{URL}?as_of={SECOND}")

    (old,) = entries(page.one("main"))
    assert "Corrected in edition 3 by a judgement as of 10 January 2008. It was mistaken." in old.text
    assert page.problems == []


def test_retracted_judgement_is_struck_with_the_reason(client):
    retract(judge(make_published("well"), rationale="All are dug."), "The source took it back.")

    (old,) = entries(main_of(client, URL))

    assert "All are dug." in [one.text for one in old.all("del")]
    assert old.one("p", class_="flag").text == "Retracted in edition 3: The source took it back."


def test_reply_stands_beside_its_judgement(client):
    first = judge(make_published("well"))
    taken_back = answer(first, party=make_party("B"), text="It denied it.")
    answer(first, party=make_party("A"), text="It agreed.")
    retract(taken_back, "Not its words.")

    (entry,) = entries(main_of(client, URL))

    one, two = entry.all("div", class_="reply")
    assert "State B answered, 15 June 2006" in one.text
    assert "Retracted in edition 5: Not its words." in one.text
    assert one.one("del").text == "It denied it."
    assert "It agreed." in two.text
    assert two.all("del") == []


def test_origin_of_each_judgement_is_told_without_names(client):
    editor = make_person("editor-a", group="Editor", public_name="")
    publisher = make_person("publisher-b", group="Publisher", public_name="")
    commitment = make_published("well")
    draft = make_assessment(
        commitment, author=editor, edited_by=editor, submitted_at=datetime.datetime.now(datetime.UTC)
    )
    workflow.publish([reload(draft)], by=publisher)

    main = main_of(client, URL)

    assert "edition 2 of 24 November 2026 (published by a second person)" in entries(main)[0].text
    assert "Edition 1, 24 November 2026 (imported, edition 1)" in main.text
    for name in ("editor-a", "publisher-b"):
        assert name not in main.text


def test_linked_commitments_are_named_by_how_they_are_linked(client):
    well, later = make_commitment("well", title="The wells"), make_commitment("later", title="More wells")
    aside = make_commitment("aside", title="The pumps")
    later.restates.add(well)
    well.related.add(aside)
    well.superseded_by = later
    well.save()
    publish(reload(well), reload(later), reload(aside))

    def linked(address):
        main = main_of(client, address)
        section = main.one("section", aria_labelledby="links")
        return list(
            zip([one.text for one in section.all("h3")], [one.links[0] for one in section.all("ul")], strict=True)
        )

    assert linked("/commitments/well/") == [
        ("Superseded by", ("More wells", "/commitments/later/")),
        ("Restated or raised by", ("More wells", "/commitments/later/")),
        ("On the same matter", ("The pumps", "/commitments/aside/")),
    ]
    assert linked("/commitments/later/?edition=1") == [
        ("Takes the place of", ("The wells", "/commitments/well/?edition=1")),
        ("Restates or raises", ("The wells", "/commitments/well/?edition=1")),
    ]


def test_wordings_lead_to_the_page_as_it_was(client):
    commitment = make_published("well", title="Old words")
    revise(commitment, title="New words", due=THIRD)

    section = main_of(client, URL).one("section", aria_labelledby="wordings")
    then = main_of(client, f"{URL}?edition=1")

    first, second = section.all("li")
    assert "Edition 2" in first.text
    assert "changed title, due" in first.text
    assert "first wording" in second.text
    assert section.addresses == [f"{URL}?edition=2", f"{URL}?edition=1"]
    assert then.one("h1").text == "Old words"
    assert "New words" not in then.text


def test_citation_names_everything_and_its_address_gives_the_same_answer_for_ever(client):
    commitment = make_published("well", title="Dig wells")
    judge(commitment, as_of=FIRST, status="stalled")

    cite = main_of(client, URL).one("section", aria_labelledby="cite")
    pinned = f"http://testserver{URL}?as_of=2026-11-24&edition=2"

    assert cite.all("p")[0].text == (
        "The tracker's editors, “Dig wells”, SCO Commitment Tracker, edition 2, as of 24 November 2026, " + pinned
    )
    assert pinned in cite.addresses
    before = main_source(client, pinned)
    judge(commitment, as_of=SECOND, status="fulfilled")
    revise(commitment, title="Dig more wells")
    assert main_source(client, pinned) == before


def test_pinned_page_stays_the_same_on_later_days(client, clock):
    judge(make_published("well"), as_of=FIRST, status="stalled")
    before = main_source(client, f"{URL}?edition=2")

    clock.shift(datetime.timedelta(days=400))

    assert main_source(client, f"{URL}?edition=2") == before


def test_page_for_a_past_day_says_so_and_shows_nothing_later(client):
    commitment = make_published("well")
    judge(commitment, as_of=FIRST, rationale="It began.")
    judge(commitment, as_of=THIRD, rationale="It ended.")

    page = page_at(client, f"{URL}?as_of=2007-01-10")

    assert "As of 10 January 2007" in page.one("aside", class_="banner").text
    assert ("Back to now", URL) in page.links
    assert "It began." in page.text
    assert "It ended." not in page.text


def test_unknown_key_is_not_found_and_named(client):
    main = main_of(client, "/commitments/nothing-here/", status=404)

    assert "No commitment with the key “nothing-here” has been published." in main.text


@pytest.mark.parametrize("query", ["", "?edition=1"])
def test_draft_is_not_found(client, query):
    make_published("other")
    make_commitment("well", title="Not public yet")

    page = page_at(client, f"{URL}{query}", status=404)

    assert "Not public yet" not in page.text


def test_edition_before_the_first_wording_is_not_found(client):
    make_published("other")
    make_published("well", title="Too early")

    assert "Too early" not in page_at(client, f"{URL}?edition=1", status=404).text


def test_day_before_the_promise_says_that_it_was_not_made_yet(client):
    make_published("well", title="Dig wells")

    main = main_of(client, f"{URL}?as_of=2005-07-04", status=404)

    assert "“Dig wells” was made on 5 July 2005; on 4 July 2005 there was nothing to follow yet." in main.text


def test_withdrawn_commitment_is_gone_with_the_reason(client):
    commitment = make_published("well", title="Dig wells")
    retract(commitment, "It was recorded twice.")

    page = page_at(client, URL, status=410)

    assert page.one("h1").text == "This commitment has been withdrawn"
    assert "It was recorded twice." in page.text
    assert "Retracted in edition 2, 24 November 2026." in page.text
    assert f"{URL}?edition=1" in page.addresses
    assert page_at(client, f"{URL}?edition=1").one("h1").text == "Dig wells"


def test_unknown_parameter_is_refused_by_name(client):
    make_published("well")

    assert "“colour”" in main_of(client, f"{URL}?colour=red", status=400).text


def test_draft_correction_shows_nowhere(client):
    first = judge(make_published("well"), rationale="It began.")
    draft = draft_correction(first, by=None)
    Assessment.objects.filter(pk=draft.pk).update(rationale="Not public yet.")

    main = main_of(client, URL)

    assert "Not public yet." not in main.text
    assert main.all("del") == []


def full_page(slug, judgements):
    """Publish a commitment with that many judgements, each with evidence, a score, and a reply."""
    commitment = make_published(slug, target_quantity=10, target_unit="wells", target_measure="Wells dug")
    for number in range(judgements):
        day = FIRST + datetime.timedelta(days=number)
        sources = [make_source(kind="official-document", issuer=make_party()), make_source()]
        draft = make_assessment(commitment, as_of=day, sources=sources, progress=number)
        party = make_party()
        MemberScore.objects.create(assessment=draft, party=party, score=1, rationale="Done.", source=make_source())
        publish(draft)
        answer(reload(draft))


def test_queries_are_the_same_for_one_judgement_and_for_ten(client):
    full_page("few", 1)
    full_page("many", 10)
    counts = []
    for slug in ("few", "many"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/commitments/{slug}/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 24
