"""manage.py run_tracker"""

import os
import socket
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from commitments.models import Commitment, Edition

HOST = "127.0.0.1"
DEFAULT_PORT = 8000


class Command(BaseCommand):
    """Everything between installed packages and a tracker in the browser; safe to repeat."""

    help = (
        "Migrate, load the shipped catalogue into an empty database, create the desk's users, collect static files and"
        f" serve on {HOST}, at the port in PORT (default {DEFAULT_PORT})."
    )

    def handle(self, **options):
        """Prepare, then become the server."""
        port = free_port(os.environ.get("PORT", str(DEFAULT_PORT)))
        call_command("migrate", interactive=False, verbosity=0)
        if Commitment.objects.exists() or Edition.objects.exists():
            self.stdout.write("The database has a catalogue; it stays as it is.")
        else:
            call_command("load_catalogue", settings.BASE_DIR / "fixtures" / "sco", stdout=self.stdout)
        call_command("create_desk", stdout=self.stdout)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(f"The tracker is at http://{HOST}:{port}/ and the desk at http://{HOST}:{port}/admin/")
        self.stdout.flush()
        # The server takes this process's place, so that Ctrl-C and a service manager reach it.
        os.execv(sys.executable, server_command(port))  # noqa: S606 - no shell is meant


def free_port(text):
    """Read a port that nothing listens on."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**16):
        raise CommandError(f"PORT is {text!r}; write a number from 1 to 65535.")
    try:
        socket.create_server((HOST, int(text))).close()
    except OSError as error:
        raise CommandError(
            f"PORT is {text}, which can't be used ({os.strerror(error.errno)}); set PORT to another."
        ) from error
    return int(text)


def server_command(port):
    """Return the command line of the server: a few threads, so that one slow reader holds up nobody."""
    options = {"--interface": "wsgi", "--host": HOST, "--port": str(port), "--blocking-threads": "4"}
    words = [word for option in options.items() for word in option] + ["--no-ws"]
    return [sys.executable, "-m", "granian", *words, settings.WSGI_APPLICATION.replace(".application", ":application")]
