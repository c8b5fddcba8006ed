"""manage.py load_catalogue"""

from django.core.management.base import BaseCommand, CommandError

from commitments.catalogue.loader import CatalogueError, load
from commitments.models import (
    Assessment,
    Commitment,
    Evidence,
    MemberScore,
    Membership,
    Party,
    Person,
    Reply,
    Source,
    Summit,
)

COUNTED = (Commitment, Assessment, Evidence, Source, Summit, Party, Membership, MemberScore, Reply)


class Command(BaseCommand):
    """Loads a catalogue folder; safe to repeat."""

    help = (
        "Check a folder of catalogue files and load it: new records are published in one edition of origin “import”, a "
        "changed commitment becomes a revision, a changed assessment a correction. What the desk has published since "
        "is reported and left alone. A second run changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", help="the folder with parties.yaml, sources.yaml and the rest")
        parser.add_argument("--dry-run", action="store_true", help="check and report everything, write nothing")
        parser.add_argument("--by", metavar="NAME", help="user name of the person who runs it, for the record")

    def handle(self, *, folder, dry_run, by, **options):
        person = None
        if by and (person := Person.objects.filter(username=by).first()) is None:
            raise CommandError(f"--by {by}: there is no such person; give the user name of one.")
        try:
            report = load(folder, by=person, dry_run=dry_run)
        except CatalogueError as error:
            count = len(error.problems)
            lines = "\n".join(error.problems)
            raise CommandError(f"{lines}\n{count} problem{'s' * (count != 1)}; nothing was loaded.") from error
        self._print(report, dry_run)

    def _print(self, report, dry_run):
        headings = {
            "changed": "Brought up to date",
            "revised": "Revised wording",
            "corrected": "Corrections",
            "left_alone": "Left alone",
            "not_in_files": "In the register, not in the files",
        }
        for name, heading in headings.items():
            for line in getattr(report, name):
                self.stdout.write(f"{heading}: {line}")
        new = ", ".join(f"{count} {kind}" for kind, count in report.new.items()) or "nothing"
        self.stdout.write(f"New: {new}. Unchanged: {report.unchanged} records.")
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")
        elif report.edition:
            self.stdout.write(f"Published as edition {report.edition.number}, origin import.")
        else:
            self.stdout.write("No new edition: nothing that readers see as published has changed.")
        counts = ", ".join(f"{model._meta.verbose_name_plural} {model.objects.count()}" for model in COUNTED)
        self.stdout.write(f"The register holds: {counts}.")
