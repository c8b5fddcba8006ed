"""Finding commitments and sources by words: ranked, with the passages that matched, the same on both databases.

stems.py cuts text into stems, query.py reads what a reader typed, ranked.py asks the database, passages.py shows where
the words stand. Everything compares whole stems and adds whole numbers, so that no database's own idea of a language,
of case or of rounding decides what comes first.
"""
