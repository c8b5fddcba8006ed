"""manage.py dump_catalogue"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.catalogue.dumper import dump
from commitments.catalogue.files import read
from commitments.catalogue.loader import CatalogueError


class Command(BaseCommand):
    """Writes what is published as catalogue files."""

    help = (
        "Write everything that is published and not withdrawn as catalogue files, which load_catalogue reads. For the "
        "desk, not for the public: sources that may not be cited are written with title and address. Drafts, "
        "withdrawn records, earlier wordings and the history of editions are not written."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="where to write; must be empty or not exist yet")

    def handle(self, *, folder, **options):
        try:
            counts = dump(folder)
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from error
        self.stdout.write(f"Written to {folder}: {', '.join(f'{count} {kind}' for kind, count in counts.items())}.")
        problems = read(folder, timezone.localdate()).problems
        if problems:
            lines = "\n".join(map(str, problems))
            raise CommandError(
                f"{lines}\nThe files are written, but load_catalogue takes them only once this is mended."
            )
