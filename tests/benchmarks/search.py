"""How long a search takes over a generated register, beside the bare comparison of substrings it replaced.

    .venv/bin/python -m tests.benchmarks.search [COMMITMENTS]

makes a throw-away database (on TEST_DATABASE_URL, else SQLite), and prints for words of different frequency the
median of a page of 50 with its count: `contains` on the same text without an order of worth, and the ranked search.
"""

import os
import random
import statistics
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

ROUNDS, PAGE, WORDS = 5, 50, 80
# A word -> the share of commitments that have it.
SHARES = {"cooperation": 0.92, "railway": 0.45, "tunnel": 0.01, "zeppelin": 0.0003}


def make_register(number, chance):
    """One published commitment, and ``number`` standings like it with words of their own; no ledger behind them."""
    from commitments.models import Commitment, Standing
    from commitments.search.stems import column
    from tests.factories import make_published

    promise = make_published(assessments=[{}])
    fields = {field.attname: getattr(promise, field.attname) for field in Commitment._meta.local_fields[1:]}
    pattern = Standing.objects.exclude(assessment=None).get()
    row = {field.attname: getattr(pattern, field.attname) for field in Standing._meta.local_fields[1:]}
    vocabulary = [f"w{chance.randrange(10**6)}" for _ in range(5000)]

    def said():
        return [
            *chance.choices(vocabulary, k=WORDS),
            *(word for word, share in SHARES.items() if chance.random() < share),
        ]

    for start in range(0, number, 2000):
        keys = [f"made-{i}" for i in range(start, min(start + 2000, number))]
        made = Commitment.objects.bulk_create([Commitment(**{**fields, "slug": key}) for key in keys], 500)
        Standing.objects.bulk_create(
            [
                Standing(
                    **{
                        **row,
                        "commitment_id": one.pk,
                        "slug": one.slug,
                        "search_title": column(" ".join(chance.choices(vocabulary, k=8))),
                        "search_promise": column(" ".join(said())),
                    }
                )
                for one in made
            ],
            500,
        )


def contained(words, moment):
    """A page and its count as they were: every word somewhere in the text, the newest promise first."""
    from commitments.models import Standing

    rows = Standing.objects.at(moment)
    for word in words.split():
        rows = rows.filter(search_promise__contains=word)
    return rows.count(), list(rows.in_order().values_list("slug", flat=True)[:PAGE])


def ranked(words, moment):
    """A page and its count by the ranked search, from the words to the rows."""
    from commitments.models import Standing
    from commitments.search.ranked import Search

    search = Search(words, moment)
    rows = search.matching(Standing.objects.at(moment))
    return rows.count(), list(rows.order_by(*search.order(), "slug").values_list("slug", flat=True)[:PAGE])


def median_ms(ask, words, moment):
    """The median of some rounds in milliseconds, and how many were found."""
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        count, _rows = ask(words, moment)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), count


def compare(number):
    """Print a line per search: found, both medians, their ratio."""
    from django.db import connection

    from commitments.moment import Moment

    make_register(number, random.Random(1))  # noqa: S311 - a benchmark wants the same words each time
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    moment = Moment.now()
    print(f"{connection.vendor}, {number} commitments of {WORDS} words")  # noqa: T201
    for words in (*SHARES, "railway cooperation"):
        (old, _), (new, count) = median_ms(contained, words, moment), median_ms(ranked, words, moment)
        print(f"{words:22} {count:7} found  contains {old:7.1f} ms  ranked {new:7.1f} ms  x{new / old:.2f}")  # noqa: T201


def main():
    """Make the database, compare, and leave nothing behind."""
    import django

    django.setup()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        compare(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
