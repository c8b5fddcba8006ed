"""The plans: now is read from the index of open rows, any other moment from the covering index, on either database."""

import datetime

import pytest
from django.db import connection
from django.db.models import Count

from commitments.models import FAR_DAY, FAR_EDITION, Commitment, Standing
from commitments.moment import Moment
from tests.factories import AS_OF, MADE_ON, make_published, make_theme

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.timedelta(days=1)
COMMITMENTS, EDITIONS, DAYS = 600, 5, 90
STATUSES = ["in_progress", "stalled", "fulfilled", "no_evidence"]


def make_many_standings():
    """A few thousand standings over several editions, copied from one published commitment, without their ledger."""
    commitment = make_published(assessments=[{"as_of": AS_OF}])
    for _ in range(EDITIONS - 1):
        make_published()
    themes = [make_theme() for _ in range(8)]
    promise = {field.attname: getattr(commitment, field.attname) for field in Commitment._meta.local_fields[1:]}
    pattern = Standing.objects.exclude(assessment=None).get()
    row = {field.attname: getattr(pattern, field.attname) for field in Standing._meta.local_fields[1:]}
    slugs = [f"copy-{number:03}" for number in range(COMMITMENTS)]
    made = Commitment.objects.bulk_create([Commitment(**{**promise, "slug": slug}) for slug in slugs])
    copies = []
    for number, copy in enumerate(made):
        begin = MADE_ON + DAY * (number % DAYS)
        own = {"commitment_id": copy.pk, "theme_id": themes[number % 8].pk, "slug": copy.slug, "made_on": begin}
        for edition in range(1, EDITIONS + 1):
            for since, until in ((begin, begin + DAY * 200), (begin + DAY * 200, FAR_DAY)):
                held = {
                    "valid_from": since,
                    "valid_to": until,
                    "edition_from": edition,
                    "edition_to": edition + 1 if edition < EDITIONS else FAR_EDITION,
                    "status": STATUSES[(number + edition) % 4],
                }
                copies.append(Standing(**{**row, **own, **held}))
    Standing.objects.bulk_create(copies, 500)
    with connection.cursor() as cursor:
        # PostgreSQL answers from an index alone only for pages that a VACUUM has seen, as it does by itself in time.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE commitments_standing")
    return len(copies)


def totals(moment):
    return Standing.objects.at(moment).order_by().values("theme", "status").annotate(number=Count("pk"))


def test_each_question_reads_the_index_made_for_it():
    assert make_many_standings() >= 5000
    day = MADE_ON + DAY * 45
    begun = sum(number % DAYS <= 45 for number in range(COMMITMENTS))

    now = totals(Moment.now())
    assert is_read_from(now, "standing_open_theme")
    assert sum(row["number"] for row in now) == COMMITMENTS + EDITIONS

    then = totals(Moment.on(day))
    assert is_read_from(then, "standing_then")
    assert sum(row["number"] for row in then) == begun + EDITIONS

    earlier = totals(Moment.on(day, 2))
    assert is_read_from(earlier, "standing_then")
    assert sum(row["number"] for row in earlier) == begun + 2

    page = Standing.objects.at(Moment.now()).in_order()[:50]
    said = page.explain()
    assert "standing_open_made" in said
    # The index has the order of the list: nothing is sorted.
    assert "TEMP B-TREE" not in said
    assert "Sort" not in said
    in_order = sorted(Standing.objects.at(Moment.now()), key=lambda row: row.slug)
    in_order.sort(key=lambda row: row.made_on, reverse=True)
    assert [row.slug for row in page] == [row.slug for row in in_order[:50]]


def is_read_from(queryset, index):
    """Whether the rows are counted from this index alone, without a look at the table."""
    said = queryset.explain()
    alone = f"COVERING INDEX {index}" if connection.vendor == "sqlite" else f"Index Only Scan using {index}"
    assert alone in said, said
    return True
