"""Spreadsheets of editors, taken in as drafts: read, compare with what is on record, and write all of it or nothing.

Our own pipeline over csv and openpyxl, not django-import-export. That library saves row by row through model resources;
here one file may hold two sheets that belong together, rows are compared and validated in batches, what is published
is never written, and the page and the command show the same plan, bound to the bytes of the file and to the records.
"""
