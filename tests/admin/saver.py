"""One editor in a process of its own, who saves a draft whenever a line on standard input says so.

`python -m tests.admin.saver USER DATABASE DRAFT`; "read" makes it open the draft, any other line is added to the
rationale and saved. It answers each line with "ready", "taken" or "told" (of somebody else's save).
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


def main(name, database, draft):
    """Answer line after line until the input ends."""
    django.setup()
    from concurrency.forms import VersionFieldSigner
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment

    from commitments.models import Assessment, Person
    from tests.admin.desk import change_url
    from tests.admin.forms import form_data

    connection.settings_dict["NAME"] = database
    setup_test_environment()
    client = Client(SERVER_NAME="localhost")
    client.force_login(Person.objects.get(username=name))
    address = change_url(Assessment.objects.get(pk=draft))
    data = form_data(client.get(address)) | {"_continue": "1"}
    # Keeping every template's context would take longer than the saves.
    teardown_test_environment()
    del data["opened"]
    answer("ready")
    for line in sys.stdin:
        if line == "read\n":
            version, rationale = Assessment.objects.values_list("version", "rationale").get(pk=draft)
            data |= {"version": VersionFieldSigner().sign(version), "rationale": rationale}
            answer("ready")
        else:
            response = client.post(address, data | {"rationale": f"{data['rationale']} {line.strip()}"})
            told = response.status_code == 200 and b"Save as chosen" in response.content
            answer("taken" if response.status_code == 302 else "told" if told else f"status {response.status_code}")


def answer(word):
    """Say it at once."""
    print(word, flush=True)  # noqa: T201 - the other process reads it


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
