"""What must hold between records: each rule from both sides, in a sentence that says how to mend it."""

import datetime

import pytest

from commitments.catalogue.files import read

TODAY = datetime.date(2026, 11, 24)


def problems(catalogue, today=TODAY):
    return [str(problem) for problem in read(catalogue.write(), today).problems]


def changed(kind, key, /, **values):
    """A change of one record, to be made by the test."""

    def change(catalogue):
        catalogue.find(kind, key).update(values)

    return change


def role(**values):
    def change(catalogue):
        catalogue.find("parties", "XA")["memberships"][0].update(values)

    return change


def second_role(**values):
    def change(catalogue):
        roles = catalogue.find("parties", "XA")["memberships"]
        roles.append(roles[0] | {"role": "partner", "since": datetime.date(2010, 1, 1)})
        roles[0].update(values)

    return change


def evidence(number=0, **values):
    def change(catalogue):
        catalogue.find("assessments", "wells/2006-06-15")["evidence"][number].update(values)

    return change


def copied(kind, key, /, **values):
    def change(catalogue):
        catalogue.add(kind, key, **values)

    return change


WELLS = "assessments/water.yaml: wells/2006-06-15: "
SILENT = "assessments/roads.yaml: bridges/2006-06-15: "
PROMISE = "commitments/water.yaml: wells: "


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (changed("parties", "XA", code="XYZ"), "parties.yaml: XYZ: code “XYZ”: use the ISO 3166-1 alpha-2 code"),
        (role(until=datetime.date(2000, 1, 1)), "parties.yaml: XA: memberships 1, until “2000-01-01”: lies before"),
        (role(decided="2002"), "parties.yaml: XA: memberships 1, decided “2002”: lies after “since”"),
        (role(source="nowhere"), "parties.yaml: XA: memberships 1, source “nowhere”: is not among the sources"),
        (second_role(), "memberships 2, since “2010-01-01”: the role above has no end; give it one, or"),
        (second_role(until="2011"), "memberships 2, since “2010-01-01”: the role above has not ended by then"),
        (
            changed("summits", "town-2005", end_date=datetime.date(2005, 7, 5)),
            "summits.yaml: town-2005: end_date “2005-07-05”: must lie after the first day, or be null",
        ),
        (
            changed("summits", "town-2005", country="XZ"),
            "summits.yaml: town-2005: country “XZ”: is not among the parties",
        ),
        (
            copied("summits", "town-2005", key="town-2006"),
            "summits.yaml: town-2006: name “Town A 2005”: stands in town-2005",
        ),
        (
            changed("sources", "report", issuer="XA"),
            "sources.yaml: report: issuer “XA”: only an official text has an issuer",
        ),
        (
            changed("sources", "report", url="http://www.example.org/charter/"),
            "sources.yaml: report: url “http://www.example.org/charter/”: stands in charter already; keep one",
        ),
        (copied("sources", "report", url=None), "sources.yaml: report: key “report”: stands twice"),
        (
            changed("commitments", "wells", title="a b c d e f g h i j k"),
            "wells: title “a b c d e f g h i j k”: use 10 words",
        ),
        (changed("commitments", "wells", theme="air"), "wells: theme “air”: use one of water, roads, or add it"),
        (
            changed("commitments", "wells", pledged_by=[]),
            f"{PROMISE}pledged_by “”: is empty for an analyst's recommendation",
        ),
        (changed("commitments", "wells", pledged_by=["XZ"]), f"{PROMISE}pledged_by “XZ”: is not among the parties"),
        (
            changed("commitments", "wells", summit=None),
            f"{PROMISE}summit: is missing; only an analyst's recommendation",
        ),
        (
            changed("commitments", "wells", due=datetime.date(2005, 7, 4)),
            f"{PROMISE}due “2005-07-04”: lies before the promise, made on 2005-07-05",
        ),
        (
            changed("commitments", "wells", made_on=datetime.date(2005, 7, 7)),
            f"{PROMISE}made_on “2005-07-07”: is not a day of town-2005",
        ),
        (
            changed("commitments", "wells", related=["canals"]),
            f"{PROMISE}related “canals”: is not among the commitments",
        ),
        (
            changed("commitments", "wells", related=["wells"]),
            f"{PROMISE}related “wells”: points to the commitment itself",
        ),
        (
            changed("assessments", "wells/2006-06-15", key="wells/2006-06-16"),
            "wells/2006-06-16: key “wells/2006-06-16”: use wells/2006-06-15, or wells/2006-06-15-2 and so on",
        ),
        (
            changed("assessments", "wells/2006-06-15", key="wells/2006-06-15-1"),
            "key “wells/2006-06-15-1”: use wells/2006-06-15, or wells/2006-06-15-2 and so on",
        ),
        (copied("assessments", "wells/2006-06-15"), f"{WELLS}key “wells/2006-06-15”: stands twice"),
        (
            changed("assessments", "wells/2006-06-15", key="wells/2005-07-04", as_of=datetime.date(2005, 7, 4)),
            "as_of “2005-07-04”: lies before the promise, made on 2005-07-05",
        ),
        (changed("assessments", "wells/2006-06-15", confidence=None), f"{WELLS}confidence: is null with no_evidence"),
        (
            changed("assessments", "bridges/2006-06-15", confidence="low"),
            f"{SILENT}confidence “low”: is null with no_evidence",
        ),
        (
            changed("commitments", "wells", kind="policy"),
            f"{WELLS}stage “agreed”: is for finance only; the kind is policy",
        ),
        (
            changed("assessments", "wells/2006-06-15", closure_reason="blocked"),
            f"{WELLS}closure_reason “blocked”: goes with not_fulfilled and superseded only",
        ),
        (
            changed("assessments", "wells/2006-06-15", status="superseded"),
            f"{WELLS}closure_reason: superseded needs one",
        ),
        (changed("commitments", "wells", target=None), f"{WELLS}progress “2.25”: the commitment has no target"),
        (evidence(source="paper"), f"{WELLS}evidence “paper”: is cited twice; join the rows"),
        (evidence(source="nowhere"), f"{WELLS}evidence 1, source “nowhere”: is not among the sources"),
        (
            evidence(1, shows="It says “late”."),
            f"{WELLS}evidence 2, shows “It says “late”.”: the source forbids quotation",
        ),
        (evidence(bearing="context"), f"{WELLS}confidence “high”: needs a supporting official source"),
        (
            changed("assessments", "wells/2006-06-15", evidence=[]),
            f"{WELLS}status “in_progress”: in_progress needs at least one",
        ),
        (
            changed("assessments", "wells/2006-06-15", evidence=[], below_rule="in_progress needs more: it is known."),
            f"{WELLS}status “in_progress”: in_progress needs at least one evidence row.",
        ),
        (
            changed("assessments", "wells/2006-06-15", status="not_fulfilled"),
            f"{WELLS}status “not_fulfilled”: not_fulfilled needs a passed deadline or an explicit reversal",
        ),
        (
            changed("assessments", "bridges/2006-06-15", search_log=[]),
            f"{SILENT}status “no_evidence”: no_evidence needs a search log",
        ),
        (
            changed(
                "assessments",
                "bridges/2006-06-15",
                evidence=[{"source": "report", "shows": "A bridge.", "bearing": "context", "locator": None}],
            ),
            f"{SILENT}evidence: no_evidence has no evidence rows",
        ),
        (
            changed("assessments", "wells/2006-06-15", below_rule="Too little."),
            f"{WELLS}below_rule “Too little.”: begin with “in_progress needs …”",
        ),
        (
            changed("member_scores", "wells/2006-06-15", assessment="wells/1999-01-01"),
            "member_scores.yaml: wells/1999-01-01 XA: assessment “wells/1999-01-01”: is not among the assessments",
        ),
        (
            copied("member_scores", "wells/2006-06-15", score=0),
            "wells/2006-06-15 XA: party “XA”: stands in wells/2006-06-15",
        ),
        (
            changed("replies", "wells/XB/2006-07-01", party="XA"),
            "replies.yaml: wells/XB/2006-07-01: key “wells/XB/2006-07-01”: use wells/XA/2006-07-01",
        ),
    ],
)
def test_breach_is_named_with_its_mend(catalogue, change, sentence):
    change(catalogue)

    assert any(sentence in line for line in problems(catalogue)), problems(catalogue)


@pytest.mark.parametrize(
    "change",
    [
        changed("parties", "XB", name="Another name"),
        second_role(until=datetime.date(2010, 1, 1)),
        changed("commitments", "wells", made_on=datetime.date(2005, 7, 6)),
        changed("commitments", "wells", basis="analyst-recommendation", pledged_by=[], summit=None),
        changed("assessments", "wells/2006-06-15", key="wells/2006-06-15-3"),
        changed(
            "assessments",
            "wells/2006-06-15",
            status="not_fulfilled",
            below_rule="not_fulfilled needs a passed deadline or an explicit reversal: none was set",
        ),
        changed("assessments", "wells/2006-06-15", status="not_fulfilled", closure_reason="renounced"),
        evidence(0, shows="It says “yes”."),
        copied("replies", "wells/XB/2006-07-01", key="wells/XB/2006-07-01-2"),
    ],
)
def test_what_the_rules_allow_passes(catalogue, change):
    change(catalogue)
    for row in catalogue.records["member_scores"] + catalogue.records["replies"]:
        row["assessment"] = catalogue.records["assessments"][0]["key"]

    assert problems(catalogue) == []


@pytest.mark.parametrize(
    ("name", "older", "younger"),
    [
        ("restates", "is younger; a commitment restates only an earlier one", None),
        ("superseded_by", None, "is older; only a later commitment takes its place"),
    ],
)
def test_links_in_time_point_the_right_way(catalogue, name, older, younger):
    """The younger may restate the older and take its place, not the other way round."""
    catalogue.find("commitments", "wells")["made_on"] = datetime.date(2005, 7, 6)
    shapes = {"restates": lambda key: [key], "superseded_by": lambda key: key}
    for key, other, sentence in (("bridges", "wells", older), ("wells", "bridges", younger)):
        before = catalogue.find("commitments", key)[name]
        catalogue.find("commitments", key)[name] = shapes[name](other)

        found = problems(catalogue)

        catalogue.find("commitments", key)[name] = before
        assert [line.split(": ", 3)[3] for line in found] == ([sentence] if sentence else [])


def test_record_in_the_file_of_another_theme_is_named(catalogue):
    folder = catalogue.write()
    for kind in ("commitments", "assessments"):
        (folder / kind / "roads.yaml").rename(folder / kind / "rails.yaml")

    found = [str(problem) for problem in read(folder, TODAY).problems]

    assert found == [
        "commitments/rails.yaml: bridges: theme “roads”: belongs in commitments/roads.yaml",
        "assessments/rails.yaml: bridges/2006-06-15: commitment “bridges”: belongs in assessments/roads.yaml",
    ]


def test_clock_behind_the_files_is_one_message(catalogue):
    found = problems(catalogue, today=datetime.date(2004, 1, 1))

    assert found == [
        "small: -: dates: the files speak of days up to 2026-11-23 (assessments/roads.yaml: bridges/2006-06-15), and "
        "this machine's clock says 2004-01-01. Set the clock right, or mend the day"
    ]


@pytest.mark.parametrize("published", ["2026-12", "2027", "2026-11-25"])
def test_source_from_the_future_is_named(catalogue, published):
    catalogue.find("sources", "report")["published"] = published

    (found,) = problems(catalogue)
    assert "(sources.yaml: report)" in found


def test_deadline_may_lie_ahead(catalogue):
    catalogue.find("commitments", "wells")["due"] = datetime.date(2090, 1, 1)

    assert problems(catalogue) == []


def test_role_may_be_known_to_end_in_this_year(catalogue):
    catalogue.find("parties", "XA")["memberships"][0]["until"] = "2026"

    assert problems(catalogue) == []
