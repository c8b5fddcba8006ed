"""What journalists, diplomats and researchers type, and what the shipped catalogue must answer, in that order.

The same list is held on both databases, and each order is added up a second time in plain Python.
"""

import time_machine
from django.http import QueryDict
from django.test import TestCase

from commitments.catalogue.loader import load
from commitments.filters import CommitmentFilter
from commitments.models import Evidence, Party, RevisionParty, Source, Standing, Summit, Theme
from commitments.moment import Moment
from commitments.search import ranked
from tests.catalogue.real import FOLDER
from tests.conftest import NOW

# What is typed -> how many commitments are found, and the first of them in their order.
PROBES = {
    "buyer's credit Tajikistan road": (3, ["buyers-credit-900m", "buyers-credit-terms", "demonstration-projects"]),
    "What became of the 900 million?": (
        5,
        ["buyers-credit-900m", "buyers-credit-terms", "training-1500", "trade-action-plan", "economic-working-groups"],
    ),
    "$900m": (
        5,
        ["buyers-credit-900m", "buyers-credit-terms", "training-1500", "trade-action-plan", "economic-working-groups"],
    ),
    "USD 900,000,000": (1, ["buyers-credit-900m"]),
    "buyers’ credits": (
        5,
        [
            "buyers-credit-900m",
            "buyers-credit-terms",
            "interbank-mechanism",
            "demonstration-projects",
            "economic-working-groups",
        ],
    ),
    "Kyrgyz cement plant": (1, ["buyers-credit-900m"]),
    "Shahriston tunnel": (3, ["buyers-credit-900m", "demonstration-projects", "buyers-credit-terms"]),
    "Kazakh hydropower loan": (1, ["demonstration-projects"]),
    "business council": (2, ["business-council", "non-use-of-territory"]),
    '"business council"': (1, ["business-council"]),
    '"development bank"': (8, ["development-bank", "development-bank-decision-2025", "ifi-ties", "development-fund"]),
    "interbank consortium loans": (
        4,
        ["interbank-mechanism", "loans-10bn-yuan-2025", "special-lending-30bn-yuan-2018", "business-council"],
    ),
    "anti-terrorist structure": (
        10,
        ["rats-establishment", "mass-media-structures", "rats-consolidation", "universal-security-centre-2024"],
    ),
    "antiterrorist structures": (
        10,
        ["rats-establishment", "mass-media-structures", "rats-consolidation", "universal-security-centre-2024"],
    ),
    "counter-terrorism training base": (1, ["counter-terrorism-base-2022"]),
    "RATS centre": (
        9,
        [
            "rats-consolidation",
            "universal-security-centre-2024",
            "organised-crime-centre-bishkek-2023",
            "rats-establishment",
        ],
    ),
    "RATS center": (
        9,
        [
            "rats-consolidation",
            "universal-security-centre-2024",
            "organised-crime-centre-bishkek-2023",
            "rats-establishment",
        ],
    ),
    "list of wanted terrorists": (2, ["terrorist-wanted-list", "security-technology-research"]),
    "drug trafficking Afghanistan": (1, ["anti-narcotic-belt"]),
    "Afghanistan's contact group": (1, ["afghanistan-cooperation"]),
    "nuclear weapon free zone": (1, ["nuclear-free-zone"]),
    "1500 managers": (1, ["training-1500"]),
    "1,500 experts trained": (2, ["training-1500-2012", "training-1500"]),
    "SCHOLARSHIPS for teachers": (1, ["teacher-scholarships-1000-2023"]),
    "Luban workshops": (2, ["luban-workshops-10-2025", "luban-workshops-10-2021"]),
    "Confucius Institutes": (1, ["confucius-institute-10000-2012"]),
    "10 gigawatts of solar": (1, ["solar-10gw-2025"]),
    "30 billion yuan": (
        3,
        ["special-lending-30bn-yuan-2018", "special-lending-second-phase-2021", "interbank-mechanism"],
    ),
    "ＱＩＮＧＤＡＯ démonstration area": (1, ["qingdao-demonstration-area-2018"]),
    "Tashkent summit 2004 China": (
        7,
        ["buyers-credit-900m", "economic-working-groups", "buyers-credit-terms", "rats-establishment"],
    ),
    "Wen Jiabao trade goal": (1, ["china-sco-trade-2010"]),
    "national currency settlement": (1, ["national-currency-roadmap-2022"]),
    "Китая стипендии": (
        104,
        ["ai-application-centre-2025", "grants-2bn-yuan-2025", "livelihood-projects-100-2025", "loans-10bn-yuan-2025"],
    ),
    "Индия": (
        41,
        [
            "startup-working-group-2020",
            "observer-cooperation-monitoring",
            "ai-application-centre-2025",
            "development-bank-decision-2025",
        ],
    ),
    "Соединённые Штаты": (0, []),
    "印度": (
        41,
        [
            "startup-working-group-2020",
            "observer-cooperation-monitoring",
            "ai-application-centre-2025",
            "development-bank-decision-2025",
        ],
    ),
    "阿富汗": (2, ["afghanistan-cooperation", "anti-narcotic-belt"]),
    "Kazinform road": (2, ["road-transport-agreement-2014", "observer-cooperation-monitoring"]),
    "AidData": (4, ["demonstration-projects", "interbank-mechanism", "buyers-credit-terms", "buyers-credit-900m"]),
    "US military bases end date": (1, ["coalition-basing-timeline"]),
    "Hu Jintao crisis loans": (1, ["loan-10bn-2009"]),
    "free trade agreement": (6, ["nuclear-free-zone", "trade-action-plan", "buyers-credit-900m", "business-council"]),
    "Uzbek startups": (
        5,
        [
            "startup-working-group-2020",
            "security-services-cooperation",
            "wmd-terrorism-prevention",
            "coalition-basing-timeline",
            "buyers-credit-900m",
        ],
    ),
    "Kazakhst": (104, ["buyers-credit-900m", "border-settlement", "energy-strategy-2030", "energy-club"]),
    "Таджикистану": (104, ["energy-club", "business-council", "demonstration-projects", "education-agreement"]),
    "drugs": (9, ["anti-drug-mechanism", "anti-drug-centre-2024", "trafficking-and-organised-crime", "partner-status"]),
}
# Words that may be typed and are not all found: what is said then.
SAID = {
    "free trade agreement": ["No commitment has all 3 words. Listed are those that have 2 of them."],
    "Китая стипендии": [
        "No commitment has all 2 words. Listed are those that have 1 of them.",
        "Found nowhere: “стипендии”.",
    ],
    "What became of the 900 million?": ["Too common to search for: “What”, “became”, “of”, “the”."],
    "Kazakhst": ["Found only as the beginning of a word: “Kazakhst”."],
    "Соединённые Штаты": ["Found nowhere: “Соединённые”, “Штаты”."],
    "buyer's credit Tajikistan road": [],
}


def chosen(text):
    query = QueryDict(mutable=True)
    query["q"] = text
    found = CommitmentFilter(query, moment=Moment.now())
    found.check()
    return found


class TestProbes(TestCase):
    """One load for all of these tests."""

    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOW, tick=False):
            load(FOLDER)

    def test_probes_are_answered_in_their_order(self):
        assert len(PROBES) >= 30
        answers = {}
        for text in PROBES:
            keys = list(chosen(text).rows().values_list("slug", flat=True))
            answers[text] = (len(keys), keys[: len(PROBES[text][1])])

        assert answers == PROBES

    def test_order_is_the_sum_of_whole_numbers(self):
        rows = list(Standing.objects.at(Moment.now()).select_related("revision"))
        for text in PROBES:
            search = chosen(text).search
            expected = [row.slug for row in in_order(rows, search)]

            assert list(chosen(text).rows().values_list("slug", flat=True)) == expected, text

    def test_reader_is_told_what_was_not_found(self):
        assert {text: list(chosen(text).search.notes()) for text in SAID} == SAID

    def test_source_that_may_not_be_cited_leads_nowhere(self):
        (source,) = Source.objects.filter(terms="no_citation")

        for words in (source.key, source.title, source.publisher):
            search = chosen(f'"{words}"').search
            assert (search.needed, list(search.notes())) == (0, [f"Found nowhere: “{words}”."])
        # Any other source leads to what rests on it.
        other = Evidence.objects.exclude(source__terms="no_citation").select_related("source", "assessment__commitment")
        shown = other.order_by("source__key").first()
        found = chosen(f'"{shown.source.title}"').rows().values_list("slug", flat=True)
        assert shown.assessment.commitment.slug in found


def in_order(rows, search):
    """The standings that a Search finds, in its order, worked out row by row."""
    named = {(model, number): set(search.names.of(model, term))
             for number, term in enumerate(search.terms) for model in (Party, Theme, Summit, Source)}  # fmt: skip
    parties, sources = {}, {}
    for part in RevisionParty.objects.all():
        parties.setdefault(part.revision_id, []).append((part.party_id, part.as_member))
    for commitment, source in Evidence.objects.values_list("assessment__commitment", "source"):
        sources.setdefault(commitment, set()).add(source)
    for row in rows:
        sources.setdefault(row.commitment_id, set()).add(row.revision.source_id)

    def hits(row, number, term):
        parts = parties.get(row.revision_id, [])
        return {
            **{line: term.is_in(getattr(row, line)) for line in ranked.LINES},
            "theme": row.theme_id in named[Theme, number],
            "summit": row.summit_id in named[Summit, number],
            "party": any(party in named[Party, number] and not member for party, member in parts),
            "member": any(party in named[Party, number] and member for party, member in parts),
            "source": bool(sources[row.commitment_id] & named[Source, number]),
        }

    weights = {**ranked.LINES, "theme": ranked.THEME, "summit": ranked.SUMMIT, "party": ranked.PARTY,
               "member": ranked.MEMBER, "source": ranked.SOURCE}  # fmt: skip
    table = {row: [hits(row, number, term) for number, term in enumerate(search.terms)] for row in rows}
    counts = [sum(any(found[number].values()) for found in table.values()) for number in range(len(search.terms))]
    most = max(sum(any(one.values()) for one in found) for found in table.values())

    def worth(row):
        points = 0
        for number, one in enumerate(table[row]):
            rarity = (len(rows) // counts[number]).bit_length() if counts[number] else 0
            points += rarity * sum(weights[place] for place, is_hit in one.items() if is_hit)
        if search.query.phrase:
            points += sum(
                weight * ranked.IN_A_ROW
                for line, weight in ranked.LINES.items()
                if search.query.phrase.is_in(getattr(row, line))
            )
        return points

    found = [row for row in rows if most and sum(any(one.values()) for one in table[row]) == most]
    return sorted(found, key=lambda row: (-worth(row), -row.made_on.toordinal(), row.slug))
