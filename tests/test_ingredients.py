"""What a wording names: each rule from both sides, and the same answer in Python and in the database."""

import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commitments.choices import Basis, Checkable, Kind, Obligation
from commitments.ingredients import INGREDIENTS, NUMBER, VALUES, Named, named_by
from commitments.models import Commitment, Revision, Standing
from commitments.moment import Moment
from tests.acts import revise
from tests.factories import make_commitment, make_party, make_published, publish
from tests.registers import make_organisation

pytestmark = pytest.mark.django_db

TARGET = {"target_quantity": 900000000, "target_unit": "USD", "target_measure": "credit granted"}


def found(**fields):
    """{ingredient: (value, sentence)} of a published wording with these fields."""
    names = named_by(Revision.objects.get(commitment=make_published(**fields)))
    return {one.ingredient.name: (str(one.value), one.said) for one in names.findings}


@pytest.fixture
def organisation():
    return make_organisation()[0]


def test_state_that_promised_is_who():
    assert found(pledged_by=[make_party("AA"), make_party("BB")])["who"] == (
        "yes",
        "Promised by State AA, State BB.",
    )


def test_all_members_together_are_who_in_part(organisation):
    assert found(pledged_by=[organisation])["who"] == (
        "partly",
        "Promised by all members (3 at the time) together; no body in charge is named.",
    )


def test_body_in_charge_makes_all_members_who(organisation):
    assert found(pledged_by=[organisation], responsible="Office of wells")["who"] == (
        "yes",
        "Promised by all members (3 at the time). In charge: Office of wells.",
    )


def test_state_named_beside_all_members_is_who(organisation):
    assert found(pledged_by=[organisation, make_party("ZZ")])["who"][0] == "yes"


@pytest.mark.parametrize("basis", ["call-on-others", "analyst-recommendation"])
def test_who_calls_or_recommends_is_not_who_is_to_act(basis):
    state = make_party("AA")

    assert found(basis=basis, pledged_by=[state])["who"] == ("no", "Nobody is named who is to act.")
    assert found(basis=basis, pledged_by=[state], responsible="Office of wells")["who"] == (
        "yes",
        "In charge: Office of wells.",
    )


@pytest.mark.parametrize(
    ("fields", "value", "said"),
    [
        ({"kind": "institution"}, "yes", "Institution: A body, centre or mechanism to be set up."),
        ({"kind": "institution", "obligation": "aspirational"}, "yes", None),
        ({"kind": "policy", **TARGET}, "yes", "Policy: credit granted."),
        ({"kind": "programme"}, "partly", None),
        ({"kind": "policy", "obligation": "continuing"}, "partly", None),
        (
            {"kind": "policy", "obligation": "aspirational"},
            "no",
            "Policy: A line of conduct. An aim without a defined end. Nothing is named that could be counted.",
        ),
    ],
)
def test_what_is_a_deed_a_measure_or_only_an_aim(fields, value, said):
    what = found(**fields)["what"]

    assert what[0] == value
    assert said is None or what[1] == said


def test_how_much_is_the_target_as_declared():
    assert found(**TARGET)["target"] == ("yes", "900,000,000 USD.")
    assert found()["target"] == ("no", "No amount is named.")


def test_by_when_is_the_deadline_and_a_continuing_promise_says_why_it_has_none():
    assert found(due=datetime.date(2030, 9, 1))["deadline"] == ("yes", "1 September 2030.")
    assert found()["deadline"] == ("no", "No deadline is named.")
    assert found(obligation="continuing")["deadline"] == (
        "no",
        "No deadline is named. Continuing: To be done again and again; judged for a period and never closed for good.",
    )


@pytest.mark.parametrize("value", Checkable.values)
def test_checkable_is_said_by_its_own_note(value):
    assert found(checkable=value, checkable_note="Wells can be counted.")["checkable"] == (
        value,
        "Wells can be counted.",
    )


def test_numbers_are_of_the_five():
    names = named_by(Revision.objects.get(commitment=make_published(kind="policy", checkable="partly")))

    assert (names.named, names.partly, names.missing, names.total) == (1, 2, 2, 5)


def test_declarations_are_whole():
    assert [one.name for one in INGREDIENTS] == ["who", "what", "target", "deadline", "checkable"]
    for one in INGREDIENTS:
        assert {"yes", "no"} <= set(one.rules) <= set(Named.values)
        # The filter "checkable" has a vocabulary of its own.
        assert set(one.phrases) == (set(one.rules) if one.name != "checkable" else set())


def in_database(**clocks):
    """{key: ({ingredient: value}, how many are named)} as the database says."""
    rows = Standing.objects.at(Moment.on(**clocks)).annotate(**VALUES).annotate(names=NUMBER)
    return {
        slug: (dict(zip(VALUES, values, strict=True)), names)
        for slug, names, *values in rows.values_list("slug", "names", *VALUES)
    }


def test_a_moment_reads_the_wording_of_its_edition():
    commitment = make_published("well", kind="policy")
    revise(commitment, due=datetime.date(2030, 9, 1), responsible="Office of wells")

    assert in_database()["well"][0]["names_deadline"] == "yes"
    assert in_database(edition=1)["well"][0]["names_deadline"] == "no"
    Commitment.objects.update(due=None)
    assert in_database()["well"][0]["names_deadline"] == "yes"


wordings = st.fixed_dictionaries(
    {
        "basis": st.sampled_from(Basis.values),
        "obligation": st.sampled_from(Obligation.values),
        "checkable": st.sampled_from(Checkable.values),
        "kind": st.sampled_from(Kind.values),
        "due": st.sampled_from([None, datetime.date(2030, 1, 1)]),
        "responsible": st.sampled_from(["", "Office of wells"]),
        "pledgers": st.sampled_from(["", "AA", "ORG", "AA ORG"]),
        "target": st.booleans(),
    }
)


# Between them these three give every ingredient every value; chance alone leaves one out now and then.
BARE = {
    "basis": "leader-pledge", "obligation": "aspirational", "checkable": "no", "kind": "policy", "due": None,
    "responsible": "", "pledgers": "", "target": False,
}  # fmt: skip
HALF = {**BARE, "obligation": "one_off", "checkable": "partly", "pledgers": "ORG"}
FULL = {**HALF, "checkable": "yes", "due": datetime.date(2030, 1, 1), "pledgers": "AA", "target": True}


def test_python_and_database_say_the_same_of_every_wording():
    organisation, states = make_organisation()
    parties = {"ORG": organisation, "AA": states[0]}
    model = make_commitment("model")
    shared = {name: getattr(model, name) for name in ("theme", "source", "summit")}
    drawn = []

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @example(BARE)
    @example(HALF)
    @example(FULL)
    @given(wordings)
    def draw(wording):
        fields = {**wording, **(TARGET if wording["target"] else {})}
        pledgers = [parties[code] for code in fields.pop("pledgers").split()]
        fields.pop("target")
        if not pledgers:
            # Only a recommendation goes without.
            fields["basis"] = "analyst-recommendation"
        drawn.append(make_commitment(pledged_by=pledgers, **fields, **shared))

    draw()
    publish(*drawn)
    database = in_database()
    revisions = Revision.objects.select_related("commitment").prefetch_related("parties__party")
    values = set()
    for revision in revisions:
        names = named_by(revision)
        read = {f"names_{one.ingredient.name}": str(one.value) for one in names.findings}
        assert (read, names.named) == database[revision.commitment.slug]
        assert names.named + names.partly + names.missing == names.total == 5
        values |= set(read.items())
    assert len(database) == len(drawn)
    assert values == {(f"names_{one.name}", value) for one in INGREDIENTS for value in one.rules}
