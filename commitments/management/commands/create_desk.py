"""manage.py create_desk"""

import secrets

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commitments.models import Person

DESK = {"editor": "Editor", "publisher": "Publisher", "administrator": "Administrator"}


class Command(BaseCommand):
    """Gives a new tracker one person for each part of the desk's work."""

    help = (
        "Create the users editor, publisher and administrator, each in the group of that name, and print their"
        " passwords, which are stored nowhere in the clear. Users that exist are left as they are."
    )

    def handle(self, **options):
        """Create who is missing and print their passwords, once."""
        created = create_desk()
        for username, password in created.items():
            self.stdout.write(f"{username:<15}{password}")
        if created:
            self.stdout.write("Write these passwords down: they are not shown again.")
        else:
            self.stdout.write(f"{', '.join(DESK)}: all exist; nothing changed.")


@transaction.atomic
def create_desk():
    """Create the people of the desk who are missing, and return their passwords by username."""
    groups = {group.name: group for group in Group.objects.filter(name__in=DESK.values())}
    missing = sorted(set(DESK.values()) - set(groups))
    if missing:
        raise CommandError(f"There is no group {', '.join(missing)}; run manage.py migrate, which makes them.")
    present = set(Person.objects.filter(username__in=DESK).values_list("username", flat=True))
    passwords = {username: secrets.token_urlsafe(12) for username in DESK if username not in present}
    for username, password in passwords.items():
        person = Person.objects.create_user(username, password=password, is_staff=True)
        person.groups.add(groups[DESK[username]])
    return passwords
