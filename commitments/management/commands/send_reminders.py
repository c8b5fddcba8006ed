"""manage.py send_reminders"""

from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from commitments import reminders

SAID = {
    "sent": "sent to {address}",
    "due": "would be sent to {address}:\n\n{text}",
    "nothing": "nothing is due",
    "already": "has today's digest already",
    "failed": "NOT SENT to {address}: {text}",
}


class Command(BaseCommand):
    """Mails each person of the desk what is due."""

    help = (
        "Mail each active editor and publisher one digest of what is due to them: drafts that were returned or left, "
        "reviews, deadlines, and for publishers what awaits them. Once a day, however often it runs; nothing due, no "
        "mail. Fails if a mail could not be sent; the next run tries that one again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--site", required=True, help="The address of the tracker, such as https://tracker.example")
        parser.add_argument("--dry-run", action="store_true", help="Print the mails; send nothing.")

    def handle(self, *, site, dry_run=False, **options):
        failed = []
        for one in reminders.send(site=site_address(site), dry_run=dry_run):
            said = SAID[one.what].format(address=one.person.email, text=one.text)
            self.stdout.write(f"{one.person.username}: {said}")
            if one.what == "failed":
                failed.append(one.person.username)
        silent = [person.username for person in reminders.people().filter(email="")]
        if silent:
            self.stdout.write(f"Without an e-mail address, and so without a digest: {', '.join(silent)}.")
        if failed:
            raise CommandError(
                f"Not sent to {', '.join(failed)}. Look at EMAIL_URL and at the addresses, and run this again: "
                "who has been written to is not written to twice."
            )


def site_address(text):
    """The address of the site without the slash at its end; refuses what no link can begin with."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise CommandError(f"--site is {text!r}; write the address of the tracker, such as https://tracker.example")
    return text.rstrip("/")
