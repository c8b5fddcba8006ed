"""Recording an assessment: the promise beside the form, the verdict on what is entered, a new source in place."""

import datetime
import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from commitments import workflow
from commitments.admin.new_sources import described, free_key
from commitments.models import Assessment, Evidence, Source
from tests.admin.desk import change_url
from tests.admin.forms import choices, form_data, said
from tests.factories import (
    make_assessment,
    make_commitment,
    make_party,
    make_person,
    make_published,
    make_source,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/commitments/assessment/add/"
VERDICT = "/admin/commitments/assessment/verdict/"
PROMISE = "/admin/commitments/assessment/promise/"
SOURCES = "/admin/commitments/assessment/autocomplete/"

FULFILLED = "fulfilled needs an official text of the act or two independent sources"


def new_source(row=0, **fields):
    """A new source as it is entered within an evidence row."""
    entered = {
        "title": "Report N",
        "publisher": "Ministry N",
        "url": "https://example.org/report-n",
        "published": "2006-06-14",
        "kind": "official-document",
        "language": "en",
        "terms": "open",
        **fields,
    }
    return {f"evidence-{row}-new-{name}": value for name, value in entered.items()}


def judgement(commitment, **fields):
    """What an editor enters for a judgement whose one evidence row has no source yet."""
    return {
        "commitment": commitment.pk,
        "as_of": "2006-06-15",
        "status": "fulfilled",
        "confidence": "medium",
        "rationale": "It was paid.",
        "evidence-0-bearing": "supports",
        "evidence-0-shows": "It shows the payment.",
        **fields,
    }


def entered(desk, *parts, address=ADD, **fields):
    """The data of the empty form with these parts filled in."""
    data = form_data(desk.get(address))
    for part in parts:
        data |= part
    return data | fields


def verdict_on(desk, *parts, **fields):
    """The Verdict and the text of the answer to a form as it stands."""
    response = desk.post(VERDICT, entered(desk, *parts, **fields))
    assert response.status_code == 200
    return response.context["verdict"], response.content.decode()


def nothing_written():
    return not Assessment.objects.exists() and not Evidence.objects.exists()


# The promise


def test_promise_stands_beside_the_form_when_it_starts_from_the_commitment(desk):
    commitment = make_published(
        title="Loan to State A",
        summary="State B promised a loan.",
        due=datetime.date(2010, 1, 2),
        target_quantity=900000000,
        target_unit="USD",
        target_measure="credits",
        pledged_by=[make_party(short_name="B-land")],
        assessments=[{"rationale": "A part was paid."}],
    )

    page = desk.get(f"{ADD}?commitment={commitment.pk}").content.decode()

    told = page[page.index('id="desk-promise"') : page.index('class="desk-fields"')]
    for words in (
        "Loan to State A", "State B promised a loan.", "2 January 2010", "900,000,000 USD (credits)", "B-land",
        "One-off", "It can be counted.", "In progress", "as of 15 June 2006", "A part was paid.",
        change_url(commitment), commitment.get_absolute_url(), change_url(commitment.assessments.get()),
    ):  # fmt: skip
        assert words in told
    assert "<strong>USD</strong>" in page


def test_promise_of_another_commitment_is_fetched_as_a_part(desk, editor):
    commitment = make_published(title="Loan to State A")
    draft = make_assessment(commitment, author=editor)
    other = make_assessment(commitment, author=editor, as_of=datetime.date(2006, 7, 1))

    part = desk.get(PROMISE, {"commitment": commitment.pk, "draft": draft.pk}).content.decode()

    assert "Loan to State A" in part
    assert "<html" not in part
    assert change_url(other) in part
    assert change_url(draft) not in part


def test_promise_says_that_it_is_not_public_yet(desk):
    part = desk.get(PROMISE, {"commitment": make_commitment(title="Plan A").pk}).content.decode()

    assert "Plan A" in part
    assert "Its wording is not published yet" in part


@pytest.mark.parametrize("asked", ["", "0", "x"])
def test_promise_of_no_commitment_is_not_found(desk, asked):
    assert desk.get(PROMISE, {"commitment": asked}).status_code == 404


@pytest.mark.parametrize(("address", "method"), [(PROMISE, "get"), (VERDICT, "post"), (SOURCES, "get")])
def test_parts_of_the_page_are_for_those_who_may_see_it(client, address, method):
    commitment = make_published()
    stranger = Client()
    stranger.force_login(make_person())
    asked = {"commitment": commitment.pk, "app_label": "commitments", "model_name": "evidence", "field_name": "source"}

    assert getattr(client, method)(address, asked).status_code == 302
    assert getattr(stranger, method)(address, asked).status_code == 403


@pytest.mark.parametrize("drafts", [1, 6])
def test_promise_needs_the_same_number_of_queries(desk, editor, drafts, django_assert_max_num_queries):
    commitment = make_published(assessments=[{}], pledged_by=[make_party() for _ in range(drafts)])
    for _ in range(drafts):
        make_assessment(commitment, author=editor)
    desk.get(PROMISE, {"commitment": commitment.pk})

    with django_assert_max_num_queries(16):
        desk.get(PROMISE, {"commitment": commitment.pk})


# The verdict


def test_verdict_on_an_empty_form_names_what_to_fill_in(desk):
    verdict, _text = verdict_on(desk)

    assert (verdict.rule, verdict.met, verdict.is_ready) == ("", None, False)
    for field in ("Commitment", "As of", "Status", "Rationale"):
        assert f"Fill in “{field}”." in verdict.missing


def test_verdict_turns_from_missing_to_met_with_the_source(desk):
    commitment = make_published()
    paper, official = make_source(), make_source(kind="official-statement")

    missing, text = verdict_on(desk, judgement(commitment, **{"evidence-0-source": paper.pk}))
    met, met_text = verdict_on(desk, judgement(commitment, **{"evidence-0-source": official.pk}))

    assert (missing.met, missing.reasons, missing.is_ready) == (False, (), False)
    assert "Evidence rule not met yet:" in text
    assert FULFILLED in text
    assert (met.met, met.is_ready) == (True, True)
    assert "Evidence rule met:" in met_text
    assert "Nothing stands against submitting it." in met_text
    assert nothing_written()


def test_verdict_counts_a_new_source_that_is_not_recorded_yet(desk):
    verdict, _text = verdict_on(desk, judgement(make_published()), new_source())
    half, _text = verdict_on(desk, judgement(make_published()), new_source(title=""))

    assert verdict.is_ready
    assert (half.met, half.is_ready) == (True, False)
    assert half.missing == ("Fill in “Evidence 1, new source, Title”.",)
    assert not Source.objects.filter(title="Report N").exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"as_of": "2005-07-04"}, "As of 2005-07-04 lies before the promise, made on 2005-07-05."),
        ({"as_of": "2026-11-25"}, "As of 2026-11-25 lies in the future; today is 2026-11-24."),
        ({"confidence": ""}, "Give a confidence with every status but “No evidence found”, and none with that one."),
        ({"closure_reason": "blocked"}, "A closure reason belongs to “Not fulfilled” and “Superseded” only."),
        ({"progress": "5"}, "Progress 5 has no target to be measured against."),
        ({"as_of": "2006-02-30"}, "As of: Enter a valid date."),
    ],
    ids=["before the promise", "future", "no confidence", "closure", "no target", "no such day"],
)
def test_verdict_gives_each_reason_once(desk, fields, reason):
    verdict, _text = verdict_on(desk, judgement(make_published(), **fields), new_source())

    assert list(verdict.reasons) == [reason]
    assert not verdict.is_ready


def test_verdict_on_silence_asks_for_the_search_log(desk):
    silence = judgement(make_published(), status="no_evidence", confidence="")
    for name in ("bearing", "shows"):
        silence[f"evidence-0-{name}"] = ""
    search = {
        "search_log-TOTAL_FORMS": "1",
        "search_log-0-where": "Archive A",
        "search_log-0-language": "en",
        "search_log-0-when": "2006-06-15",
        "search_log-0-found": "Nothing.",
    }

    assert verdict_on(desk, silence)[0].met is False
    assert verdict_on(desk, silence, search)[0].is_ready


def test_verdict_accepts_a_flag_in_place_of_the_rule(desk):
    flag = "fulfilled needs an official text: one report is all there is."
    source = make_source()
    fields = {"below_rule": flag, "evidence-0-source": source.pk}

    verdict, text = verdict_on(desk, judgement(make_published(), **fields))

    assert (verdict.met, verdict.declared, verdict.is_ready) == (False, flag, True)
    assert "flagged for readers" in text


def test_verdict_says_how_much_of_the_target_it_is(desk):
    commitment = make_published(target_quantity=900000000, target_unit="USD", target_measure="credits")

    _verdict, text = verdict_on(desk, judgement(commitment, progress="1800000000"), new_source())
    _verdict, empty = verdict_on(desk, judgement(commitment), new_source())

    assert "200 % of the target of 900,000,000 USD" in text
    assert "of a target of 900,000,000 USD" in empty


def test_verdict_says_what_submitting_says(desk, editor):
    draft = make_assessment(make_published(), author=editor, status="fulfilled", sources=[make_source()])
    data = form_data(desk.get(change_url(draft))) | {"confidence": "high"}

    response = desk.post(reverse("admin:commitments_assessment_verdict_of", args=[draft.pk]), data)

    verdict = response.context["verdict"]
    draft.confidence = "high"
    draft.save()
    with pytest.raises(workflow.Refused) as refusal:
        workflow.submit(draft, by=editor)
    assert {*verdict.problems, str(verdict.rule)} == set(refusal.value.problems)


def test_verdict_on_a_correction_judges_the_commitment_it_cannot_change(desk, editor):
    published = make_published(assessments=[{}]).assessments.get()
    draft = workflow.draft_correction(published, by=editor)
    data = form_data(desk.get(change_url(draft))) | {"status": "stalled", "correction_reason": ""}
    address = reverse("admin:commitments_assessment_verdict_of", args=[draft.pk])

    without, reasoned = (
        desk.post(address, data | {"correction_reason": reason}).context["verdict"]
        for reason in ("", "It was stopped.")
    )

    assert (without.met, without.is_ready, len(without.reasons)) == (True, False, 1)
    assert reasoned.is_ready


def test_verdict_on_a_draft_writes_nothing(desk, editor):
    draft = make_assessment(make_published(), author=make_person())
    workflow.submit(draft, by=draft.author)
    data = form_data(desk.get(change_url(draft))) | {"rationale": "Another text."} | new_source(row=1)

    desk.post(reverse("admin:commitments_assessment_verdict_of", args=[draft.pk]), data)

    stored = Assessment.objects.get()
    assert (stored.state, stored.rationale, stored.version) == ("submitted", draft.rationale, draft.version)


def overtake(draft):
    """Somebody else saves the draft."""
    other = Assessment.objects.get(pk=draft.pk)
    other.rationale = "Saved by somebody else."
    other.save()


def test_verdict_says_that_somebody_else_saved_the_draft_meanwhile(desk, editor):
    draft = make_assessment(make_published(), author=editor)
    data = form_data(desk.get(change_url(draft)))
    overtake(draft)

    response = desk.post(reverse("admin:commitments_assessment_verdict_of", args=[draft.pk]), data)

    assert "Saved by somebody else in the meantime. Save to see what that means" in response.content.decode()


def test_new_source_outlives_a_conflict(desk, editor):
    draft = make_assessment(make_published(), author=editor)
    data = form_data(desk.get(change_url(draft)))
    row = {"evidence-TOTAL_FORMS": "2", "evidence-1-bearing": "context", "evidence-1-shows": "The background."}
    data |= row | new_source(row=1) | {"_continue": "1"}
    overtake(draft)

    conflict = desk.post(change_url(draft), data)
    assert "Report N" in conflict.content.decode()
    assert not Source.objects.filter(title="Report N").exists()
    desk.post(change_url(draft), choices(conflict))

    assert draft.evidence.get(position=1).source.title == "Report N"


def test_stored_draft_shows_its_verdict_at_once(desk, editor):
    draft = make_assessment(make_published(), author=editor, status="fulfilled", sources=[make_source()])

    page = desk.get(change_url(draft)).content.decode()

    assert "Evidence rule not met yet:" in page


def test_published_assessment_has_no_verdict(desk):
    published = make_published(assessments=[{}]).assessments.get()

    page = desk.get(change_url(published)).content.decode()

    assert 'id="desk-promise"' in page
    assert 'id="desk-verdict"' not in page
    assert "Or enter a new source" not in page
    response = desk.post(reverse("admin:commitments_assessment_verdict_of", args=[published.pk]), {})
    assert "Published in the meantime. Save to see what that means" in response.content.decode()


def test_verdict_is_asked_by_post_only(desk):
    assert desk.get(VERDICT).status_code == 405


def test_check_without_script_shows_the_verdict_and_saves_nothing(desk):
    data = entered(desk, judgement(make_published()), new_source(publisher="Ministry with a long name"), _check="1")

    response = desk.post(ADD, data)

    page = response.content.decode()
    assert response.status_code == 200
    assert "Nothing stands against submitting it." in page
    assert "Please correct" not in page
    assert "It was paid.</textarea>" in page
    assert 'value="Ministry with a long name"' in page
    assert re.search(r'<details class="desk-new-source" open>', page)
    assert nothing_written()


# A new source in place


def test_new_source_is_recorded_with_the_assessment(desk, editor):
    issuer = make_party()
    data = entered(desk, judgement(make_published()), new_source(issuer=issuer.pk), _submit="1")

    response = desk.post(ADD, data, follow=True)

    source = Source.objects.get(title="Report N")
    assert said(response)[0].startswith("Submitted.")
    assert Evidence.objects.get().source == source
    assert (source.key, source.issuer, source.published) == ("ministry-n-2006-06-14", issuer, "2006-06-14")
    assert source.history.get().history_user == editor


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "This field is required."),
        ({"published": "June 2006"}, "“June 2006” is not a date. Write a year (2006), a month (2006-09) or a day"),
        ({"url": "no address"}, "Enter a valid URL."),
    ],
    ids=["no title", "no date", "no address"],
)
def test_mistake_in_a_new_source_is_told_at_its_field_and_nothing_is_created(desk, fields, sentence):
    data = entered(desk, judgement(make_published()), new_source(**fields), _continue="1")

    response = desk.post(ADD, data)

    row = response.context["inline_admin_formsets"][0].formset.forms[0]
    (field,) = fields
    assert sentence in row.new_source.errors[field][0]
    assert row.errors["source"] == ["The new source is not complete; its fields say what to mend."]
    assert 'value="Ministry N"' in response.content.decode()
    assert nothing_written()
    assert not Source.objects.filter(publisher="Ministry N").exists()


def test_new_source_with_an_issuer_must_be_official(desk):
    data = entered(desk, judgement(make_published()), new_source(kind="news", issuer=make_party().pk), _continue="1")

    response = desk.post(ADD, data)

    assert "Only an official document or statement has an issuer." in response.content.decode()
    assert nothing_written()


def test_new_source_with_a_known_address_is_refused_with_a_link_to_the_first(desk):
    first = make_source(url="https://example.org/report-n")
    data = entered(desk, judgement(make_published()), new_source(), _continue="1")

    page = desk.post(ADD, data).content.decode()

    assert f'<a href="{change_url(first)}">' in page
    assert nothing_written()
    assert Source.objects.filter(url=first.url).count() == 1


def test_mistake_in_the_assessment_keeps_the_new_source_from_being_created(desk):
    data = entered(desk, judgement(make_published(), rationale=""), new_source(), _continue="1")

    page = desk.post(ADD, data).content.decode()

    assert nothing_written()
    assert not Source.objects.filter(title="Report N").exists()
    for typed in ("Report N", "Ministry N", "https://example.org/report-n", "2006-06-14"):
        assert f'value="{typed}"' in page
    assert "It shows the payment.</textarea>" in page


def test_refusal_by_the_database_takes_the_new_source_back(desk, monkeypatch):
    taken = make_source("taken-key")
    monkeypatch.setattr("commitments.admin.new_sources.free_key", lambda source: taken.key)
    data = entered(desk, judgement(make_published()), new_source(), _continue="1")

    response = desk.post(ADD, data)

    page = response.content.decode()
    assert response.status_code == 200
    assert "Nothing was saved: the database refuses it" in page
    assert 'value="Report N"' in page
    assert nothing_written()
    assert not Source.objects.filter(title="Report N").exists()


def test_two_rows_bring_two_new_sources(desk):
    second = {
        "evidence-TOTAL_FORMS": "2",
        "evidence-1-bearing": "context",
        "evidence-1-shows": "The background.",
        **new_source(row=1, title="Report O", url="https://example.org/report-o"),
    }
    data = entered(desk, judgement(make_published()), new_source(), second, _continue="1")

    desk.post(ADD, data)

    keys = Evidence.objects.order_by("position").values_list("source__key", flat=True)
    assert list(keys) == ["ministry-n-2006-06-14", "ministry-n-2006-06-14-2"]


def test_same_new_source_in_two_rows_is_refused_in_words(desk):
    second = {
        "evidence-TOTAL_FORMS": "2",
        "evidence-1-bearing": "context",
        "evidence-1-shows": "The background.",
        **new_source(row=1),
    }
    # Written in another way, it leads to the same document.
    second["evidence-1-new-url"] = "http://www.example.org/report-n/"
    data = entered(desk, judgement(make_published()), new_source(), second, _continue="1")

    page = desk.post(ADD, data).content.decode()

    sentence = "The address http://www.example.org/report-n/ is that of the new source in row 1 already; enter it once."
    assert sentence in page
    assert nothing_written()


def test_chosen_source_and_new_source_together_are_refused(desk):
    chosen = make_source(title="Report C")
    fields = {"evidence-0-source": chosen.pk}
    data = entered(desk, judgement(make_published(), **fields), new_source(), _continue="1")

    page = desk.post(ADD, data).content.decode()

    assert f"Both “{chosen}” and a new source are given. Empty one of the two." in page
    assert nothing_written()


def test_row_without_a_source_is_refused_in_words(desk):
    page = desk.post(ADD, entered(desk, judgement(make_published()), _continue="1")).content.decode()

    assert "Choose a source of the register, or enter a new one." in page
    assert nothing_written()


def test_new_source_that_forbids_quotation_binds_its_own_row(desk):
    fields = {"evidence-0-shows": "It says “paid”."}
    data = entered(desk, judgement(make_published(), **fields), new_source(terms="no_quotation"), _continue="1")

    page = desk.post(ADD, data).content.decode()

    assert "The terms of “Report N” forbid quotation; say it without quotation marks." in page
    assert nothing_written()


def test_new_source_takes_the_place_of_the_one_in_a_stored_row(desk, editor):
    draft = make_assessment(make_published(), author=editor)
    data = form_data(desk.get(change_url(draft))) | {"evidence-0-source": "", "_continue": "1"} | new_source()

    desk.post(change_url(draft), data)

    assert [row.source.title for row in draft.evidence.all()] == ["Report N"]


def test_whoever_may_add_no_sources_is_offered_none_and_creates_none(db):
    person = make_person()
    names = ("view_commitment", "add_assessment", "change_assessment", "view_assessment", "view_source")
    names += tuple(f"{act}_evidence" for act in ("add", "change", "view"))
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    desk = Client()
    desk.force_login(person)

    page = desk.get(ADD).content.decode()
    response = desk.post(ADD, entered(desk, judgement(make_published()), new_source(), _continue="1"))

    assert "Or enter a new source" not in page
    assert "Choose a source of the register, or enter a new one." in response.content.decode()
    assert nothing_written()
    assert not Source.objects.filter(title="Report N").exists()


@pytest.mark.parametrize(
    ("publisher", "url", "published", "key"),
    [
        ("Ministry A", "", "2006-06", "ministry-a-2006-06"),
        ("Ministry A", "", "", "ministry-a"),
        ("Министерство", "https://www.ministry.example/1", "2006", "ministry-example-2006"),
        ("Министерство", "", "2006", "source-2006"),
        ("Agency_B, from C", "", "", "agency-b-from-c"),
    ],
)
def test_key_is_readable(publisher, url, published, key):
    assert free_key(Source(publisher=publisher, url=url, published=published)) == key


# Choosing a source


def search(desk, term):
    asked = {"term": term, "app_label": "commitments", "model_name": "evidence", "field_name": "source"}
    return [found["text"] for found in desk.get(SOURCES, asked).json()["results"]]


@pytest.mark.parametrize("term", ["payment", "bureau", "example.org/pay", "key-pay", "payment bureau"])
def test_source_is_found_by_title_publisher_address_and_key(desk, term):
    make_source("other")
    make_source("key-pay", title="Payment report", publisher="Bureau A", url="https://example.org/pay")

    assert search(desk, term) == ["Payment report (Bureau A, 2006-06, News report)"]


@pytest.mark.parametrize(
    "term", ["http://www.example.org/pay/?utm_source=x", " https://example.org/pay#p2", "https://example.org/p"]
)
def test_source_is_found_by_an_address_written_otherwise(desk, term):
    make_source("key-pay", title="Payment report", url="https://example.org/pay")

    assert len(search(desk, term)) == 1


def test_source_says_its_terms_where_they_bind():
    source = make_source(title="Report T", publisher="Bureau T", terms="no_quotation")

    assert described(source) == "Report T (Bureau T, 2006-06, News report, No quotation)"
