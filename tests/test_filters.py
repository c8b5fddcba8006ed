"""The declared filters of the list: what each lets through, and that nothing unknown means "everything"."""

import datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.choices import Basis, Checkable, Kind, Obligation, Status
from commitments.filters import PARAMETERS, SORTS, CommitmentFilter
from commitments.models import Commitment, RevisionParty, Standing
from commitments.moment import BadParameter, Moment
from tests.acts import judge, reload, revise
from tests.factories import make_commitment, make_party, make_published, make_source, make_summit, make_theme, publish
from tests.registers import judgement, make_organisation, make_register

pytestmark = pytest.mark.django_db

DAY = datetime.date


def chosen(query, **clocks):
    return CommitmentFilter(QueryDict(query), moment=Moment.on(**clocks))


def found(query, **clocks):
    """The keys that a query string finds, in its order."""
    return [row.slug for row in chosen(query, **clocks).rows()]


def refused(query, **clocks):
    """The sentence with which a query string is refused."""
    with pytest.raises(BadParameter) as error:
        chosen(query, **clocks).rows()
    return str(error.value)


def one(slug, status="in_progress", **fields):
    return make_published(slug, assessments=[judgement(status)] if status else [], **fields)


def test_no_filter_lists_everything_uncounted_included():
    one("promise")
    one("call", basis="call-on-others")
    one("advice", basis="analyst-recommendation", summit=None)
    one("vague", checkable="no")

    assert sorted(found("")) == ["advice", "call", "promise", "vague"]


def test_status_takes_several_values():
    for status in ("fulfilled", "stalled", "no_evidence", None):
        one(f"is-{status or 'new'}".replace("_", "-"), status)

    assert found("status=stalled") == ["is-stalled"]
    assert found("status=stalled&status=fulfilled") == ["is-fulfilled", "is-stalled"]
    assert found("status=not_assessed&status=no_evidence") == ["is-new", "is-no-evidence"]


def test_theme_and_summit_are_named_by_their_keys():
    water, air = make_theme("water"), make_theme("air")
    here, there = make_summit("here"), make_summit("there")
    one("a", theme=water, summit=here)
    one("b", theme=air, summit=here)
    one("c", theme=air, summit=there)

    assert found("theme=water") == ["a"]
    assert found("theme=water&theme=air&summit=here") == ["a", "b"]
    assert found("summit=there") == ["c"]
    assert found("summit=there&theme=water") == []


def test_party_pledges_or_benefits_and_rows_are_not_multiplied():
    state, other = make_party("AA"), make_party("BB")
    one("both", pledged_by=[state, other], beneficiaries=[state, other])
    one("pledges", pledged_by=[state])
    one("gains", pledged_by=[other], beneficiaries=[state])

    assert found("party=AA") == ["both", "gains", "pledges"]
    assert found("party=AA&party=BB") == ["both", "gains", "pledges"]
    assert found("pledger=AA") == ["both", "pledges"]
    assert found("beneficiary=AA") == ["both", "gains"]
    assert found("pledger=BB&beneficiary=AA") == ["both", "gains"]


def test_member_of_the_day_is_found_where_the_organisation_pledged():
    organisation, _states = make_organisation()
    make_party("ZZ", member_since="2017-06-09")
    one("all", pledged_by=[organisation])

    assert found("party=AA") == found("pledger=BB") == found("pledger=ORG") == ["all"]
    assert found("party=ZZ") == found("beneficiary=AA") == []


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("kind", ["finance", "event"]),
        ("basis", ["leader-pledge", "treaty"]),
        ("obligation", ["one_off", "continuing"]),
        ("checkable", ["yes", "partly"]),
    ],
)
def test_vocabularies_take_one_or_several_values(name, values):
    for i, value in enumerate(values):
        one(f"has-{i}", **{name: value})

    assert found(f"{name}={values[0]}") == ["has-0"]
    assert found(f"{name}={values[0]}&{name}={values[1]}") == ["has-0", "has-1"]


def test_overdue_yes_and_no_split_the_list_on_the_day_of_the_moment():
    due = DAY(2006, 12, 31)
    one("late", due=due)
    one("done", "fulfilled", due=due)
    one("open-ended")

    assert found("overdue=yes") == ["late"]
    assert found("overdue=no") == ["done", "open-ended"]
    assert found("overdue=yes", as_of=due) == []
    assert found("overdue=yes", as_of=due + datetime.timedelta(1)) == ["late"]


def test_marks_and_totals_split_the_list():
    party = make_party()
    own = make_source(kind="official-statement", issuer=party)
    make_published("own-word", pledged_by=[party], assessments=[{"sources": [own]}])
    flag = "fulfilled needs an official text of the act or two independent sources: there is one."
    news = make_source(kind="news")
    make_published("flagged", assessments=[{"status": "fulfilled", "sources": [news], "below_rule": flag}])
    one("call", basis="call-on-others")

    assert found("self_reported=yes") == ["own-word"]
    assert found("self_reported=no") == ["call", "flagged"]
    assert found("flagged=yes") == ["flagged"]
    assert found("flagged=no") == ["call", "own-word"]
    assert found("totals=counted") == ["flagged", "own-word"]
    assert found("totals=left-out") == ["call"]


def test_days_are_inclusive_at_both_ends():
    for day in (1, 2, 3):
        one(f"made-{day}", made_on=DAY(2005, 7, day), due=DAY(2010, 7, day))
    one("no-deadline", made_on=DAY(2004, 1, 1))

    assert found("made_from=2005-07-02") == ["made-3", "made-2"]
    assert found("made_to=2005-07-02") == ["made-2", "made-1", "no-deadline"]
    assert found("made_from=2005-07-02&made_to=2005-07-02") == ["made-2"]
    assert found("due_from=2010-07-02") == ["made-3", "made-2"]
    assert found("due_to=2010-07-02") == ["made-2", "made-1"]


def test_words_must_all_occur():
    one("canal", title="Dig a canal", summary="From the east to the sea.")
    one("road", title="Dig a road", summary="From the east to the canal.")

    assert found("q=canal") == ["canal", "road"]
    assert found("q=CANALS+sea") == ["canal"]
    assert found("q=++") == ["canal", "road"]


def test_best_match_comes_first_where_words_are_asked_for_and_needs_them():
    one("a-mention", title="Dig a road", summary="From the east to the canal.")
    one("z-canal", title="Dig a canal")

    assert found("q=canal") == found("q=canal&sort=relevance") == found("q=canal&sort=") == ["z-canal", "a-mention"]
    assert found("q=canal&sort=title") == ["z-canal", "a-mention"]
    assert found("q=canal&sort=-made_on") == ["a-mention", "z-canal"]
    for query in ("sort=relevance", "sort=relevance&q=", "sort=relevance&q=+"):
        assert refused(query) == ("The parameter “sort” cannot be “relevance”. Give the words to look for in “q”.")


def test_other_filters_do_not_change_which_words_must_occur():
    one("canal", "stalled", title="Dig a canal")
    one("road", "fulfilled", title="Dig a canal by the road")

    # One commitment has both words, so the other is not listed, whatever the status.
    assert found("q=canal+road") == ["road"]
    assert found("q=canal+road&status=stalled") == []


def sorts_in(order, keys):
    return found(f"sort={order}") == keys


def test_every_sort_has_one_order_and_ties_go_by_key():
    one("b-tie", "stalled", title="Zebra", made_on=DAY(2005, 1, 1), due=DAY(2008, 1, 1))
    one("a-tie", "stalled", title="Zebra", made_on=DAY(2005, 1, 1), due=DAY(2008, 1, 1))
    one("newest", None, title="Ähre", made_on=DAY(2006, 1, 1))
    late = make_published("oldest", title="apple", made_on=DAY(2004, 1, 1), due=DAY(2007, 1, 1))
    judge(late, as_of=DAY(2007, 6, 1), status="fulfilled")

    assert sorts_in("-made_on", ["newest", "a-tie", "b-tie", "oldest"])
    assert found("") == found("sort=-made_on") == found("sort=")
    assert sorts_in("made_on", ["oldest", "a-tie", "b-tie", "newest"])
    assert sorts_in("due", ["oldest", "a-tie", "b-tie", "newest"])
    assert sorts_in("title", ["newest", "oldest", "a-tie", "b-tie"])
    assert sorts_in("status", ["oldest", "a-tie", "b-tie", "newest"])
    assert sorts_in("-as_of", ["oldest", "a-tie", "b-tie", "newest"])
    assert sorts_in("as_of", ["newest", "a-tie", "b-tie", "oldest"])
    assert set(SORTS) == {"-made_on", "made_on", "due", "title", "status", "-as_of", "as_of", "relevance"}


def test_hyphens_and_digits_sort_by_code_point():
    for slug in ("ab", "a-c", "a1", "a-b-1"):
        one(slug)

    assert found("") == ["a-b-1", "a-c", "a1", "ab"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=nonsense", "The parameter “status” cannot be “nonsense”. Use one of: fulfilled, partly_fulfilled, "),
        ("status=stalled&status=nonsense", "The parameter “status” cannot be “stalled, nonsense”. Use one of: "),
        ("status=", "The parameter “status” cannot be “”. Use one of: "),
        ("theme=nonsense", "The parameter “theme” cannot be “nonsense”. Use one of: water."),
        ("theme=water&theme=", "The parameter “theme” cannot be “water, ”. Use one of: water."),
        ("summit=nonsense", "The parameter “summit” cannot be “nonsense”. Use one of: here."),
        ("party=nonsense", "The parameter “party” cannot be “nonsense”. Use one of: AA."),
        ("pledger=aa", "The parameter “pledger” cannot be “aa”. Use one of: AA."),
        ("beneficiary=1", "The parameter “beneficiary” cannot be “1”. Use one of: AA."),
        ("kind=Finance", "The parameter “kind” cannot be “Finance”. Use one of: finance, "),
        ("basis=x", "The parameter “basis” cannot be “x”. Use one of: summit-document, "),
        ("obligation=x", "The parameter “obligation” cannot be “x”. Use one of: one_off, continuing, aspirational."),
        ("checkable=maybe", "The parameter “checkable” cannot be “maybe”. Use one of: yes, partly, no."),
        ("overdue=1", "The parameter “overdue” cannot be “1”. Use one of: yes, no."),
        ("self_reported=true", "The parameter “self_reported” cannot be “true”. Use one of: yes, no."),
        ("flagged=x", "The parameter “flagged” cannot be “x”. Use one of: yes, no."),
        ("totals=all", "The parameter “totals” cannot be “all”. Use one of: counted, left-out."),
        ("sort=-title", "The parameter “sort” cannot be “-title”. Use one of: -made_on, made_on, "),
        ("made_from=2006-13-40", "The parameter “made_from” cannot be “2006-13-40”. Write a day as YYYY-MM-DD."),
        ("made_to=4/5/2006", "The parameter “made_to” cannot be “4/5/2006”. Write a day as YYYY-MM-DD."),
        ("due_from=2006-9-1", "The parameter “due_from” cannot be “2006-9-1”. Write a day as YYYY-MM-DD."),
        ("due_to=20060901", "The parameter “due_to” cannot be “20060901”. Write a day as YYYY-MM-DD."),
        ("made_to=2006-01-01T00:00", "The parameter “made_to” cannot be “2006-01-01T00:00”. "),
        ("made_to=٢٠٠٦-01-01", "The parameter “made_to” cannot be “٢٠٠٦-01-01”. Write a day as YYYY-MM-DD."),
        (
            "made_from=2006-01-02&made_to=2006-01-01",
            "The parameter “made_from” cannot be “2006-01-02”. It lies after “made_to”, 2006-01-01.",
        ),
        (
            "due_from=2006-01-02&due_to=2006-01-01",
            "The parameter “due_from” cannot be “2006-01-02”. It lies after “due_to”, 2006-01-01.",
        ),
        ("overdue=yes&overdue=no", "The parameter “overdue” cannot be “yes, no”. Give it once."),
        ("q=a&q=b", "The parameter “q” cannot be “a, b”. Give it once."),
        ("sort=title&sort=title", "The parameter “sort” cannot be “title, title”. Give it once."),
        ("q=%CC%81", "The parameter “q” cannot be “\u0301”. Write at least one letter or digit."),
    ],
)
def test_what_cannot_be_answered_is_refused_with_name_value_and_mend(query, sentence):
    state = make_party("AA")
    summit = make_summit("here", country=state)
    one("promise", None, theme=make_theme("water"), summit=summit, pledged_by=[state])

    assert refused(query).startswith(sentence)


def test_text_that_is_too_long_is_refused():
    assert "“q”" in refused(f"q={'a' * 201}")
    assert found(f"q={'a' * 200}") == []


def test_filters_look_at_the_moment_not_at_now(clock):
    clock.move_to(datetime.datetime(2007, 1, 1, 12, tzinfo=datetime.UTC))
    old, new = make_theme("old"), make_theme("new")
    moved = one("moved", "stalled", theme=old, title="First words")
    clock.move_to(datetime.datetime(2008, 1, 1, 12, tzinfo=datetime.UTC))
    judge(moved, as_of=DAY(2007, 12, 1), status="fulfilled")
    revise(moved, theme=new, title="Second words")

    assert found("status=fulfilled") == found("theme=new") == found("q=second") == ["moved"]
    assert found("status=stalled") == found("theme=old") == found("q=first") == []
    assert found("status=stalled&theme=old&q=first", edition=1) == ["moved"]
    assert found("status=fulfilled", edition=1) == found("theme=new", edition=2) == []
    assert found("status=fulfilled&theme=old", edition=2) == ["moved"]
    # The day before the judgement, by all that has been published since: the newest wording, the older judgement.
    assert found("status=stalled&theme=new", as_of=DAY(2007, 11, 30)) == ["moved"]
    assert found("", as_of=DAY(2005, 7, 4)) == []


def test_drafts_are_not_found():
    make_commitment("draft", title="Secret", theme=make_theme("water"), pledged_by=[make_party("AA")])
    changed = one("public", theme=make_theme("air"))
    Commitment.objects.filter(pk=changed.pk).update(title="Secret", in_seed=True)

    assert found("theme=water") == found("party=AA") == found("q=secret") == []
    assert found("") == ["public"]


def test_pledgers_tell_one_party_from_several_and_from_all_members():
    whole, (state, other, _third) = make_organisation()
    one("alone", pledged_by=[state])
    one("together", pledged_by=[state, other])
    one("whole", pledged_by=[whole])
    one("whole-and-one", pledged_by=[whole, make_party("ZZ")])
    one("nobody", pledged_by=[], basis="analyst-recommendation")

    assert found("pledgers=one") == ["alone"]
    assert found("pledgers=several") == ["together"]
    assert found("pledgers=all-members") == ["whole", "whole-and-one"]
    assert found("pledgers=one&pledger=AA") == ["alone"]
    assert found("pledgers=several&pledger=AA") == ["together"]


def test_parameters_name_every_filter_and_the_page():
    assert set(PARAMETERS) == {
        "q", "status", "theme", "summit", "party", "pledger", "pledgers", "beneficiary", "kind", "basis", "obligation",
        "checkable", "overdue", "self_reported", "flagged", "totals", "made_from", "made_to", "due_from", "due_to",
        "sort", "page", "official", "single_source", "conflicting", "stale", "promise", "who", "what", "target",
        "deadline", "names",
    }  # fmt: skip


@pytest.mark.parametrize("number", [4, 40])
def test_filtering_takes_the_same_queries_for_few_and_many(number):
    make_register(number)
    asked = chosen("theme=culture&theme=water&party=AA&pledger=BB&summit=first&status=stalled&q=roads")

    with CaptureQueriesContext(connection) as queries:
        list(asked.rows())

    # One for each parameter that names records, and the rows; for the words the names of parties, themes, summits and
    # sources, how often each word occurs, and where.
    assert len(queries) == 5 + 4 + 2


VALUES = {
    "status": Status.values,
    "theme": ["culture", "economy", "water"],
    "summit": ["first", "second"],
    "party": ["AA", "BB", "CC", "ORG"],
    "pledger": ["AA", "BB", "ORG"],
    "beneficiary": ["AA", "CC"],
    "kind": Kind.values,
    "basis": Basis.values,
    "obligation": Obligation.values,
    "checkable": Checkable.values,
}
several = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(values), min_size=1, max_size=3) for name, values in VALUES.items()}
)
single = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(["yes", "no"]) for name in ("overdue", "self_reported", "flagged")},
        "totals": st.sampled_from(["counted", "left-out"]),
        "made_from": st.dates(DAY(2005, 7, 1), DAY(2005, 10, 1)).map(str),
        "made_to": st.dates(DAY(2005, 10, 1), DAY(2006, 6, 1)).map(str),
        "due_from": st.dates(DAY(2005, 7, 1), DAY(2005, 10, 1)).map(str),
        "due_to": st.dates(DAY(2006, 1, 1), DAY(2031, 6, 1)).map(str),
        "q": st.sampled_from(["promises", "dam", "ecole 1", "nothing-of-it", "水", "AA", "first", "culture dams"]),
    },
)


def said_by(row, parties):
    """The words of a standing of the register, as a search for one of the above must find them."""
    names = [f"state {code.lower()}" for code in parties["pledger"] | parties["beneficiary"]]
    return f"{row.revision.title} {row.revision.summary} {row.theme} {row.summit} {' '.join(names)}".lower()


def passes(row, parties, filters, day):
    """Whether a standing passes, said in plain Python."""
    late = row.due is not None and row.due < day and row.status not in ("fulfilled", "not_fulfilled", "superseded")
    both = parties["pledger"] | parties["beneficiary"]
    yes_no = {"overdue": late, "self_reported": row.self_reported, "flagged": row.flagged}
    is_in = {
        "theme": {row.theme.slug},
        "summit": {row.summit.key},
        "party": both,
        **parties,
        **{name: {getattr(row, name)} for name in ("status", "kind", "basis", "obligation", "checkable")},
    }
    checks = [bool(is_in[name] & set(values)) for name, values in filters.items() if name in is_in]
    checks += [yes_no[name] == (value == "yes") for name, value in filters.items() if name in yes_no]
    if "totals" in filters:
        checks.append(row.counted == (filters["totals"] == "counted"))
    for name in ("made", "due"):
        value = row.made_on if name == "made" else row.due
        if f"{name}_from" in filters:
            checks.append(value is not None and str(value) >= filters[f"{name}_from"])
        if f"{name}_to" in filters:
            checks.append(value is not None and str(value) <= filters[f"{name}_to"])
    if "q" in filters:
        words = {"promises": "promised", "ecole": "écoles", "dam": "dams"}
        said = said_by(row, parties).replace(",", " ").split()
        checks.append(all(words.get(word, word).lower() in said for word in filters["q"].split()))
    return all(checks)


def test_random_filters_find_what_plain_python_finds():
    make_register(36)
    day = DAY(2026, 11, 24)
    rows = list(Standing.objects.at(Moment.now()).select_related("theme", "summit", "revision"))
    parties = {row.pk: {"pledger": set(), "beneficiary": set()} for row in rows}
    by_revision = {row.revision_id: row.pk for row in rows}
    for part in RevisionParty.objects.select_related("party"):
        parties[by_revision[part.revision_id]][part.role].add(part.party.code)
    sizes = []

    @settings(max_examples=120, suppress_health_check=list(HealthCheck))
    @given(several, single)
    def check(many, few):
        filters = {**many, **few}
        query = QueryDict(mutable=True)
        for name, value in filters.items():
            query.setlist(name, value if name in many else [value])
        expected = sorted(row.slug for row in rows if passes(row, parties[row.pk], filters, day))

        assert sorted(found(query.urlencode())) == expected
        sizes.append(len(expected))

    check()
    # The comparison is worth nothing if every list is empty or whole.
    assert any(0 < size < len(rows) for size in sizes)


def test_unpublished_party_rows_do_not_count():
    """The working copy names another party than the published wording."""
    state, other = make_party("AA"), make_party("BB")
    commitment = one("promise", pledged_by=[state])
    commitment.pledged_by.set([other])

    assert found("pledger=AA") == ["promise"]
    assert found("pledger=BB") == []
    publish(reload(commitment))
    assert found("pledger=BB") == ["promise"]
    assert found("pledger=AA", edition=1) == ["promise"]
