"""Registers of many commitments for tests of lists: every vocabulary occurs, and neighbouring rows differ."""

import datetime

from commitments.models import Membership
from tests.factories import (
    MADE_ON,
    make_assessment,
    make_commitment,
    make_party,
    make_source,
    make_summit,
    make_theme,
    publish,
)

STATUSES = (
    "fulfilled", "in_progress", "stalled", "no_evidence", None, "not_fulfilled", "partly_fulfilled", "superseded",
    "not_started",
)  # fmt: skip
BASES = ("summit-document", "leader-pledge", "call-on-others", "council-decision", "treaty", "analyst-recommendation")
OBLIGATIONS = ("one_off", "continuing", "aspirational")
CHECKABLE = ("yes", "yes", "partly", "no")
KINDS = ("finance", "training", "institution", "policy", "event")
TITLES = ("Dams", "Écoles", "Roads", "accounts", "Базары", "水", "Ånd")


def make_organisation(code="ORG", members=("AA", "BB", "CC"), since="2001-06-15"):
    """The organisation, and states that have been its members since 2001; returns it and the states."""
    organisation = make_party(code, kind="organisation", stands_for_members=True, short_name="The organisation")
    states = [make_party(member) for member in members]
    for state in states:
        Membership.objects.create(party=state, role="member", since=since)
    return organisation, states


def judgement(status):
    """The fields that make a judgement of that status publishable."""
    return {"status": status, **({"closure_reason": "renounced"} if status == "not_fulfilled" else {})}


def make_register(number):
    """``number`` commitments with their judgements, published in one edition; returns the working copies."""
    organisation, states = make_organisation()
    themes = [make_theme(slug) for slug in ("culture", "economy", "water")]
    summits = [make_summit(key, date=MADE_ON + datetime.timedelta(50 * i)) for i, key in enumerate(("first", "second"))]
    own_voice = make_source("own-voice", kind="official-statement", issuer=states[0])
    neutral = make_source("neutral", kind="official-document")
    commitments, drafts = [], []
    for i in range(number):
        made_on = MADE_ON + datetime.timedelta(7 * i)
        commitment = make_commitment(
            f"pledge-{i:03}",
            title=f"{TITLES[i % len(TITLES)]} {i}",
            made_on=made_on,
            theme=themes[i % 3],
            summit=summits[i % 2],
            source=neutral,
            basis=BASES[i % len(BASES)],
            obligation=OBLIGATIONS[i % len(OBLIGATIONS)],
            checkable=CHECKABLE[i % len(CHECKABLE)],
            kind=KINDS[i % len(KINDS)],
            due=[None, made_on, datetime.date(2030, 1, 1)][i % 3],
            pledged_by=[organisation] if i % 4 == 3 else [states[i % 3]],
            beneficiaries=[states[(i + 1) % 3]] if i % 2 else [],
        )
        commitments.append(commitment)
        status = STATUSES[i % len(STATUSES)]
        if status:
            source = own_voice if i % 5 == 0 else neutral
            as_of = made_on + datetime.timedelta(30)
            drafts.append(make_assessment(commitment, as_of=as_of, sources=[source], **judgement(status)))
    publish(*commitments, *drafts)
    return commitments
