"""The site's settings in an environment that is the same on every machine.

No variable and no `.env` line of the developer's reaches the tests but TEST_DATABASE_URL: with it the tests run on that
PostgreSQL server, without it on a SQLite file.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

TEST_FOLDER = Path(tempfile.mkdtemp(prefix="scotracker-tests-"))
atexit.register(shutil.rmtree, TEST_FOLDER, ignore_errors=True)

os.environ.pop("DATABASE_REPLICA_URL", None)
os.environ |= {
    "SECRET_KEY": "only-for-tests-nothing-is-signed-with-this-elsewhere-0123456789",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "ID_DOMAIN": "tracker.example",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{TEST_FOLDER}/tracker.sqlite3",
    "CACHE_URL": "locmemcache://",
    "SITE_NAME": "SCO Commitment Tracker",
    "ORGANISATION": "The tracker's editors",
    "FOUR_EYES": "1",
    "MEDIA_ROOT": str(TEST_FOLDER / "media"),
    "RELEASES_ROOT": str(TEST_FOLDER / "releases"),
    "EMAIL_URL": "dummymail://",
    "EMAIL_FROM": "tracker@tracker.example",
    "LOG_FORMAT": "plain",
}

from scotracker.settings import *  # noqa: E402, F403 - the variables must be set before
from scotracker.settings import DATABASES, STORAGES  # noqa: E402

# A file, not memory: threads, second processes and the live server open connections of their own.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": TEST_FOLDER / "test.sqlite3"}
    # Nobody needs these files after a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    # Two test runs on one server must not drop each other's database.
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{os.getpid()}"}
    # Each thread of a live server would keep its connection, and the database could not be dropped.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# Pages must render without a collectstatic run; the gate's `make run` proves the manifest.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
STATIC_ROOT = TEST_FOLDER / "static"
STATIC_ROOT.mkdir()

# The real hash is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
