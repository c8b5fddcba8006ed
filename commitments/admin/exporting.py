"""Tables taken out of the desk, and empty templates of them, as CSV and as XLSX."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.exports.csv import line, stream
from commitments.exports.desk import DESK_TABLES
from commitments.exports.xlsx import TooLong, workbook
from commitments.imports.tables import TABLES, explanation

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _named(response, name):
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def export(table, form):
    """Everything that the desk has of a table, drafts included; ``form`` is "csv" or "xlsx"."""
    chosen, name = DESK_TABLES[table], f"{table}-desk-{timezone.localdate().isoformat()}.{form}"
    if form not in FORMATS:
        raise Http404
    if form == "csv":
        return _named(StreamingHttpResponse(stream(chosen.columns, chosen.rows()), content_type=FORMATS[form]), name)
    try:
        content = workbook([(key, columns, rows()) for key, columns, rows in chosen.sheets], explanation(TABLES[table]))
    except TooLong as refused:
        sentence = _("A text in the column “%s” is longer than the cell of a spreadsheet can be. Take the CSV instead.")
        return HttpResponse(sentence % refused.column, status=409, content_type="text/plain; charset=utf-8")
    return _named(HttpResponse(content, content_type=FORMATS[form]), name)


def template(table, form):
    """The header alone, to be filled in; as XLSX with a sheet that explains every column."""
    chosen = TABLES[table]
    if form not in FORMATS:
        raise Http404
    if form == "csv":
        content = line(column.name for column in chosen.columns if column.name in importable(chosen))
    else:
        sheets = [
            (sheet.name, [column for column in sheet.columns if column.name in importable(chosen)], ())
            for sheet in chosen.sheets
        ]
        content = workbook(sheets, [row for row in explanation(chosen) if row[1] in ("column", *importable(chosen))])
    return _named(HttpResponse(content, content_type=FORMATS[form]), f"{table}-template.{form}")


def importable(table):
    """The names of the columns of a table that are imported, the keys included."""
    return {name for sheet in table.sheets for name in (sheet.key, *sheet.fields)}
