"""Files as editors hand them in, and what an import of one says."""

import csv
import io

from openpyxl import Workbook, load_workbook

from commitments.exports.csv import stream
from commitments.exports.desk import DESK_TABLES
from commitments.exports.xlsx import workbook
from commitments.imports.apply import write
from commitments.imports.dry_run import draw_up, finish
from commitments.imports.tables import TABLES, explanation


def csv_file(*rows, header=None):
    """The bytes of a CSV; rows are dicts, the header their names in the order in which they come up."""
    names = header or list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return out.getvalue().encode()


def book(**sheets):
    """The bytes of a workbook; each sheet is a list of rows, the header first."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(made)


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def exported(table, form="csv"):
    """The table as the desk takes it out, as bytes."""
    chosen = DESK_TABLES[table]
    if form == "csv":
        return "".join(stream(chosen.columns, chosen.rows())).encode()
    return workbook([(name, columns, rows()) for name, columns, rows in chosen.sheets], explanation(TABLES[table]))


def rows_of(content):
    """A CSV as dicts, to edit and to hand in again."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def opened(content):
    """A workbook, to edit and to save again."""
    return load_workbook(io.BytesIO(content))


def planned(content, table, by):
    """The Plan of a dry run."""
    return finish(draw_up(content, table, by=by))


def carried_out(content, table, by, name="file.csv"):
    """Check and write a file; returns the Plan."""
    plan = planned(content, table, by)
    assert plan.problems == []
    return finish(write(content, table, by=by, name=name, fingerprint=plan.fingerprint))


def said(plan):
    """The problems of a Plan as sentences."""
    return [str(problem) for problem in plan.problems]
