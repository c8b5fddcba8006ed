"""How long it takes to check and to write a file of many rows, as the desk and the command do it.

    .venv/bin/python -m tests.benchmarks.imports [ROWS]

makes a throw-away database (on TEST_DATABASE_URL, else SQLite), and prints for each table, as CSV and as XLSX: the
seconds of the dry run and of the import of that many new rows, of the same file again, of a change in every row, and of
the export.
"""

import datetime
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

LONG = "What was promised, by whom, to whom, in the words of this register. " * 6


def rows_of(table, number):
    """New rows of a table, as dicts."""
    if table == "sources":
        return [
            {"key": f"made-{one}", "title": f"Report {one}", "publisher": f"Publisher {one % 50}", "kind": "news",
             "language": "en", "url": f"https://example.org/made/{one}", "published": "2006-09"}
            for one in range(number)
        ]  # fmt: skip
    if table == "commitments":
        return [
            {"slug": f"made-{one}", "title": f"Promise {one}", "summary": LONG, "basis": "leader-pledge",
             "obligation": "one_off", "checkable": "yes", "checkable_note": "It can be counted.", "kind": "finance",
             "theme": "theme-a", "summit": "summit-a", "made_on": datetime.date(2005, 7, 5), "pledged_by": "XA; XB",
             "beneficiaries": "XC", "target_quantity": 1500 + one, "target_unit": "USD", "target_measure": "Money",
             "due": datetime.date(2010, 12, 31), "source": "source-a",
             "related": f"made-{one - 1}" if one else ""}
            for one in range(number)
        ]  # fmt: skip
    return [
        {"key": f"new-{one}", "commitment": f"made-{one % 500}", "as_of": datetime.date(2006, 1, 1 + one % 28),
         "status": "in_progress", "confidence": "medium", "rationale": f"{LONG}{one}", "source": f"made-{one}",
         "bearing": "supports", "shows": "It shows a step."}
        for one in range(number)
    ]  # fmt: skip


def as_file(rows, form):
    """Rows as the bytes of a file."""
    from tests.imports.sheets import book, csv_file

    if form == "csv":
        return csv_file(*rows)
    return book(table=[list(rows[0]), *([value or None for value in row.values()] for row in rows)])


def seconds(act, *args):
    """(seconds, what it returned)."""
    begun = time.perf_counter()
    result = act(*args)
    return time.perf_counter() - begun, result


def measure(table, rows, by):
    """Print the lines of one table."""
    from commitments.imports.apply import write
    from commitments.imports.dry_run import finish
    from tests.imports.sheets import exported, planned

    field = {"sources": "title", "commitments": "title", "assessments": "rationale"}[table]

    def carry_out(content, plan):
        assert not plan.problems, plan.problems[:3]
        return finish(write(content, table, by=by, name="made", fingerprint=plan.fingerprint))

    for form in ("csv", "xlsx"):
        mine = [{name: f"{value}{form}" if name == field else value for name, value in row.items()} for row in rows]
        what = "new" if form == "csv" else "changed"
        if table == "assessments" and form == "xlsx":
            mine, what = [row | {"key": f"new-x{at}"} for at, row in enumerate(mine)], "new"
        content = as_file(mine, form)
        dry, plan = seconds(planned, content, table, by)
        assert len(plan.new if what == "new" else plan.changed) == len(rows)
        wrote, _plan = seconds(carry_out, content, plan)
        again, plan = seconds(planned, content, table, by)
        assert len(plan.unchanged) == len(rows)
        out, _file = seconds(exported, table, form)
        print(f"{table:12} {form:5} {len(content) / 1e6:6.1f} MB {what:8} dry run {dry:6.1f} s  import {wrote:6.1f} s  "  # noqa: T201
              f"again {again:6.1f} s  export {out:6.1f} s")  # fmt: skip


def main():
    """Make the database, measure, and leave nothing behind."""
    import django

    django.setup()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        from tests.factories import make_party, make_person, make_source, make_summit, make_theme

        number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
        for make, key in ((make_theme, "theme-a"), (make_summit, "summit-a"), (make_source, "source-a")):
            make(key)
        for code in ("XA", "XB", "XC"):
            make_party(code)
        by = make_person("editor", "Editor")
        print(f"{connection.vendor}, {number} rows")  # noqa: T201
        for table in ("sources", "commitments", "assessments"):
            measure(table, rows_of(table, number), by)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
