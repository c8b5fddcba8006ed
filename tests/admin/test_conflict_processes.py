"""Two processes save the same draft two hundred times at the same moments: no save is lost without a word."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from commitments.models import Assessment
from tests.factories import make_assessment, make_person, make_published

ROUNDS = 100


class Saver:
    """An editor in a process of its own; see saver.py."""

    def __init__(self, stack, name, draft):
        make_person(name, "Editor")
        self.process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "tests.admin.saver", name, str(connection.settings_dict["NAME"]), str(draft.pk)],
                cwd=Path(__file__).resolve().parents[2],
                env={**os.environ, "PYTHONWARNINGS": "ignore"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                bufsize=1,
            )
        )
        # The first to leave: the process ends when nothing more is to be read.
        stack.callback(self.process.stdin.close)

    def say(self, line):
        self.process.stdin.write(f"{line}\n")

    @property
    def heard(self):
        return self.process.stdout.readline().strip()


@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_saves_from_two_processes_each_is_taken_or_told():
    draft = make_assessment(make_published(), author=make_person())
    with ExitStack() as stack:
        savers = [Saver(stack, name, draft) for name in ("first", "second")]
        assert [saver.heard for saver in savers] == ["ready", "ready"]
        answers = {}
        for number in range(ROUNDS):
            for saver in savers:
                saver.say("read")
            assert [saver.heard for saver in savers] == ["ready", "ready"]
            tokens = [f"<{number}-{index}>" for index in range(2)]
            for saver, token in zip(savers, tokens, strict=True):
                saver.say(token)
            answers |= {token: saver.heard for saver, token in zip(savers, tokens, strict=True)}

    taken = [token for token, answer in answers.items() if answer == "taken"]
    stored = Assessment.objects.get(pk=draft.pk)
    assert sorted(answers.values()) == ["taken"] * ROUNDS + ["told"] * ROUNDS
    assert stored.rationale == " ".join([draft.rationale, *taken])
    assert stored.version == 1 + ROUNDS
    history = list(Assessment.history.filter(id=draft.pk).order_by("history_id").values_list("rationale", flat=True))
    assert history == [" ".join([draft.rationale, *taken[:count]]) for count in range(ROUNDS + 1)]
    assert {row.history_user.username for row in Assessment.history.filter(id=draft.pk, history_type="~")} <= {
        "first",
        "second",
    }
