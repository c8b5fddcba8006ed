"""manage.py import_records"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from commitments.imports.apply import NotWritten, write
from commitments.imports.dry_run import draw_up, finish
from commitments.imports.rows import text_of
from commitments.imports.tables import TABLES
from commitments.models import Person

# A value longer than this is shortened in the list of changes.
LONGEST = 60


class Command(BaseCommand):
    """Imports a spreadsheet as drafts; safe to repeat."""

    help = (
        "Check a CSV or XLSX file of commitments, sources or assessments and write it as drafts of one person, all of "
        "it or nothing. Nothing becomes public but what an editor changes there too: the card of a source. A second "
        "run of the same file changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the file, .csv or .xlsx; the desk has templates and exports of each table")
        parser.add_argument("--table", required=True, choices=list(TABLES), help="what the file holds")
        parser.add_argument(
            "--by", required=True, metavar="NAME", help="user name of the person whose drafts they become"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and report everything, write nothing")

    def handle(self, *, file, table, by, dry_run, **options):
        person = self._person(by, table)
        try:
            content = Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        plan = finish(draw_up(content, table, by=person), self._tell("Checked"))
        self._report(plan)
        if plan.problems:
            count = len(plan.problems)
            raise CommandError(f"{count} problem{'s' * (count != 1)}; nothing was written.")
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")
        elif not plan.entries:
            self.stdout.write("Nothing to write: the file says what is on record.")
        else:
            steps = write(content, table, by=person, name=Path(file).name, fingerprint=plan.fingerprint)
            try:
                finish(steps, self._tell("Done"))
            except NotWritten as refused:
                raise CommandError(str(refused)) from refused
            self.stdout.write(f"Written by {by}: {len(plan.new)} new, {len(plan.changed)} changed.")

    @staticmethod
    def _person(by, table):
        person = Person.objects.filter(username=by, is_active=True).first()
        if person is None:
            raise CommandError(f"--by {by}: there is no such person at work; give the user name of one.")
        if not person.has_perms(TABLES[table].rights):
            raise CommandError(
                f"--by {by}: this person may not write {table}; an administrator gives the group Editor."
            )
        return person

    def _tell(self, what):
        return lambda done, total: self.stdout.write(f"{what}: {done} of {total} rows.")

    def _report(self, plan):
        for problem in plan.problems:
            self.stderr.write(str(problem))
        for notice in plan.notices:
            self.stdout.write(f"Note: {notice}")
        for entry in plan.new:
            self.stdout.write(f"New: {entry.key}")
        for entry in plan.changed:
            for name, (before, after) in entry.changes.items():
                self.stdout.write(f"Changed: {entry.key}, {name}: {_short(before)} → {_short(after)}")
        self.stdout.write(
            f"{len(plan.new)} new, {len(plan.changed)} changed, {len(plan.unchanged)} unchanged in {plan.total} rows."
        )


def _short(value):
    text = " ".join(text_of(value).split()) or "—"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
