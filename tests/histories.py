"""Random histories for the property test: editions of random acts, and a plain reference of what held when.

The reference knows nothing of rectangles: for one commitment, one day and one edition it filters, sorts and takes.
"""

import datetime
from dataclasses import dataclass, field
from itertools import count

import time_machine
from hypothesis import strategies as st

from commitments.models import Assessment, Commitment, Evidence, Retraction, SearchLogEntry
from tests.factories import make_party, make_source, make_summit, make_theme, publish

START = datetime.date(2026, 3, 1)
STATUSES = ("fulfilled", "partly_fulfilled", "in_progress", "stalled", "not_started", "no_evidence")


def day(number):
    return START + datetime.timedelta(days=number)


# One act: what, on which of the known things (by number, modulo), on which day, with which status. Few days and few
# things, so that ties and repeated withdrawals are common.
ACTS = st.tuples(
    st.sampled_from(["promise", "assess", "assess", "write", "correct", "withdraw", "revise", "retract"]),
    st.integers(0, 5),
    st.integers(0, 8),
    st.sampled_from(STATUSES),
)
# An edition: how many days after the one before, and its acts.
EDITIONS = st.lists(st.tuples(st.integers(0, 4), st.lists(ACTS, min_size=1, max_size=4)), min_size=1, max_size=7)


@dataclass
class Judged:
    """A published assessment as the reference remembers it."""

    pk: int
    commitment: int
    as_of: datetime.date
    status: str
    edition: int
    withdrawn: int | None = None


@dataclass
class Promise:
    """A published commitment as the reference remembers it: wordings are (edition, title, made_on, due)."""

    record: object
    wordings: list = field(default_factory=list)
    withdrawn: int | None = None


class World:
    """Carries a history out through publishing, and remembers it in plain lists."""

    def __init__(self):
        self.party, self.source = make_party(), make_source(kind="official-document")
        self.theme, self.summit = make_theme(), make_summit()
        self.promises, self.judged, self.editions = [], [], []
        self.today = day(0)
        self.titles = count(1)
        # Drafts that were written before and wait for a later edition, so that numbers and editions disagree.
        self.waiting = []

    def make_edition(self, gap, acts):
        """Publish what of the acts can be done; returns whether there was anything."""
        self.today += datetime.timedelta(days=gap)
        batch = Batch(self)
        # Whatever changes a wording comes first, as in publishing.
        for what, which, number, status in sorted(acts, key=lambda act: act[0] not in {"promise", "revise"}):
            getattr(batch, what)(which, min(day(number), self.today), status)
        batch.publish_what_waited()
        if not batch.records:
            return False
        with time_machine.travel(datetime.datetime.combine(self.today, datetime.time(12), datetime.UTC), tick=False):
            edition = publish(*batch.records).number
        self.editions.append((edition, self.today))
        batch.remember(edition)
        return True

    def holds(self, as_of, edition):
        """The reference: (commitment, title, due, status, assessment) of every commitment at a moment, by number."""
        rows = []
        for promise in self.promises:
            wordings = [wording for wording in promise.wordings if wording[0] <= edition]
            if not wordings or (promise.withdrawn and promise.withdrawn <= edition):
                continue
            _edition, title, made_on, due = wordings[-1]
            if as_of < made_on:
                continue
            judged = [
                one
                for one in self.judged
                if one.commitment == promise.record.pk
                and one.edition <= edition
                and one.as_of <= as_of
                and (one.withdrawn is None or one.withdrawn > edition)
            ]
            judged.sort(key=lambda one: one.pk, reverse=True)
            judged.sort(key=lambda one: one.edition, reverse=True)
            judged.sort(key=lambda one: one.as_of, reverse=True)
            judged.sort(key=lambda one: one.status == "no_evidence")
            best = judged[0] if judged else None
            status = best.status if best else "not_assessed"
            rows.append((promise.record.pk, title, due, status, best.pk if best else None))
        return sorted(rows)

    def moments(self):
        """Every edition with every day on which anything began, the days around them, and days far off."""
        days = {day(0) - datetime.timedelta(days=400), self.today, self.today + datetime.timedelta(days=400)}
        begun = {one.as_of for one in self.judged} | {made for p in self.promises for _e, _t, made, _d in p.wordings}
        for each in begun:
            days |= {each - datetime.timedelta(days=1), each}
        return [(each, edition) for edition, _day in self.editions for each in sorted(days)]


class Batch:
    """The acts of one edition: each adds a draft where it is possible, and what to remember once it is public."""

    def __init__(self, world):
        self.world, self.records, self.memories = world, [], []
        self.reworded, self.taken = {}, set()

    def remember(self, edition):
        for memory in self.memories:
            memory(edition)

    def promise(self, which, made_on, status):
        world, title = self.world, f"Promise {next(self.world.titles)}"
        commitment = Commitment(
            slug=title.lower().replace(" ", "-"), title=title, summary="S.", basis="treaty", obligation="one_off",
            checkable="yes", checkable_note="C.", kind="event", theme=world.theme, summit=world.summit,
            source=world.source, made_on=made_on, due=made_on + datetime.timedelta(days=which) if which else None,
        )  # fmt: skip
        (commitment,) = Commitment.objects.bulk_create([commitment])
        Commitment.pledged_by.through.objects.create(commitment=commitment, party=world.party)
        self._word(Promise(Commitment.objects.get(pk=commitment.pk)))

    def revise(self, which, made_on, status):
        promise = self._open_promise(which)
        if promise is None or promise.record.pk in self.reworded:
            return
        judged = [one.as_of for one in self.world.judged if one.commitment == promise.record.pk and not one.withdrawn]
        record = promise.record
        record.title = f"Promise {next(self.world.titles)}"
        record.made_on = min([made_on, *judged])
        record.due = None if record.due else record.made_on + datetime.timedelta(days=which)
        Commitment.objects.filter(pk=record.pk).update(title=record.title, made_on=record.made_on, due=record.due)
        self._word(promise)

    def _word(self, promise):
        record = promise.record
        self.records.append(record)
        self.reworded[record.pk] = (record.title, record.made_on, record.due)

        def memory(edition, wording=self.reworded[record.pk]):
            promise.wordings.append((edition, *wording))
            if len(promise.wordings) == 1:
                self.world.promises.append(promise)

        self.memories.append(memory)

    def assess(self, which, as_of, status):
        promise = self._open_promise(which)
        if promise is not None:
            as_of = max(as_of, self._made_on(promise))
            self._judge(promise, as_of, status, self._draft(promise, as_of, status))

    def write(self, which, as_of, status):
        promise = self._open_promise(which)
        if promise is not None:
            draft = self._draft(promise, as_of, status)
            self.memories.append(lambda edition: self.world.waiting.append((promise, as_of, status, draft)))

    def publish_what_waited(self):
        waiting, self.world.waiting = self.world.waiting, []
        for promise, as_of, status, draft in waiting:
            is_open = not promise.withdrawn and ("promise", promise.record.pk) not in self.taken
            if is_open and as_of >= self._made_on(promise):
                self._judge(promise, as_of, status, draft)

    def _made_on(self, promise):
        _title, made_on, _due = self.reworded.get(promise.record.pk) or promise.wordings[-1][1:]
        return made_on

    def _draft(self, promise, as_of, status, corrects=None):
        silent = status == "no_evidence"
        (draft,) = Assessment.objects.bulk_create([
            Assessment(
                commitment=promise.record, as_of=as_of, status=status, rationale="R.",
                confidence="" if silent else "high", corrects_id=corrects,
                correction_reason="C." if corrects else "",
            )
        ])  # fmt: skip
        if silent:
            SearchLogEntry.objects.create(assessment=draft, where="W.", language="en", when=as_of, found="F.")
        else:
            Evidence.objects.create(assessment=draft, source=self.world.source, shows="S.", bearing="supports")
        return draft.pk

    def _judge(self, promise, as_of, status, draft):
        self.records.append(Assessment.objects.get(pk=draft))
        self.memories.append(
            lambda edition: self.world.judged.append(Judged(draft, promise.record.pk, as_of, status, edition))
        )

    def correct(self, which, as_of, status):
        mistaken = self._standing_judgement(which)
        if mistaken is not None:
            self.taken.add(mistaken.pk)
            promise = next(one for one in self.world.promises if one.record.pk == mistaken.commitment)
            as_of = max(as_of, self._made_on(promise))
            self._judge(promise, as_of, status, self._draft(promise, as_of, status, corrects=mistaken.pk))
            self.memories.append(lambda edition: setattr(mistaken, "withdrawn", edition))

    def withdraw(self, which, as_of, status):
        mistaken = self._standing_judgement(which)
        if mistaken is not None:
            self.taken.add(mistaken.pk)
            self.records.append(Retraction.objects.create(assessment_id=mistaken.pk, reason="R."))
            self.memories.append(lambda edition: setattr(mistaken, "withdrawn", edition))

    def retract(self, which, as_of, status):
        # Rarely: a register of nothing but withdrawn promises says little.
        promise = self._open_promise(which) if which == 0 else None
        if promise is not None:
            self.taken.add(("promise", promise.record.pk))
            self.records.append(Retraction.objects.create(commitment=promise.record, reason="R."))
            self.memories.append(lambda edition: setattr(promise, "withdrawn", edition))

    def _open_promise(self, which):
        found = [
            one for one in self.world.promises if not one.withdrawn and ("promise", one.record.pk) not in self.taken
        ]
        return found[which % len(found)] if found else None

    def _standing_judgement(self, which):
        gone = {one.record.pk for one in self.world.promises if one.withdrawn}
        found = [
            one
            for one in self.world.judged
            if not one.withdrawn and one.pk not in self.taken and one.commitment not in gone
        ]
        return found[which % len(found)] if found else None
