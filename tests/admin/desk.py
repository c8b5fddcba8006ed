"""Where records are at the desk, and who works there."""

from django.urls import reverse

QUEUE = "/admin/commitments/edition/queue/"
REVIEW = f"{QUEUE}review/"
PREVIEW = f"{QUEUE}preview/"
PUBLISH = f"{QUEUE}publish/"
RETURN = f"{QUEUE}return/"


def change_url(record):
    """The admin page of a record."""
    return reverse(f"admin:commitments_{record._meta.model_name}_change", args=[record.pk])
