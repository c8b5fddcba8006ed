"""manage.py run_tracker, up to the moment it becomes the server."""

import socket
import sys

import pytest
from django.core.management import CommandError, call_command

from commitments.management.commands import run_tracker
from commitments.models import Commitment


@pytest.fixture
def port(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
    monkeypatch.setenv("PORT", str(number))
    return number


@pytest.fixture
def calls(monkeypatch):
    """Note the commands it would run, and the server it would become, in order."""
    made = []
    monkeypatch.setattr(run_tracker, "call_command", lambda name, *words, **options: made.append((name, *words)))
    monkeypatch.setattr("os.execv", lambda program, words: made.append((program, *words)))
    return made


@pytest.mark.django_db
def test_empty_database_is_filled_before_the_server_starts(port, calls, settings):
    call_command("run_tracker")

    assert [call[0] for call in calls] == ["migrate", "load_catalogue", "create_desk", "collectstatic", sys.executable]
    assert calls[1][1] == settings.BASE_DIR / "fixtures" / "sco"
    assert f"--port {port} " in " ".join(calls[-1])
    assert calls[-1][-1] == "scotracker.wsgi:application"


@pytest.mark.django_db
def test_second_run_loads_nothing(port, calls, monkeypatch):
    monkeypatch.setattr(Commitment.objects, "exists", lambda: True)

    call_command("run_tracker")

    assert [call[0] for call in calls] == ["migrate", "create_desk", "collectstatic", sys.executable]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["", "http", "0", "65536", "-1", "８０８０"])
def test_wrong_port_stops_before_anything_is_written(value, calls, monkeypatch):
    monkeypatch.setenv("PORT", value)

    with pytest.raises(CommandError) as raised:
        call_command("run_tracker")

    assert str(raised.value) == f"PORT is {value!r}; write a number from 1 to 65535."
    assert calls == []


@pytest.mark.django_db
def test_taken_port_stops_before_anything_is_written(calls, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        monkeypatch.setenv("PORT", str(number))

        with pytest.raises(CommandError) as raised:
            call_command("run_tracker")

    assert str(raised.value) == f"PORT is {number}, which can't be used (Address already in use); set PORT to another."
    assert calls == []
