"""A wrong value stops the start with one sentence that names the variable, the value and the mend."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from scotracker.environment import Environment, first_domain, is_local, read_env_file

DATABASE = "write sqlite:////full/path.sqlite3 or postgres://user:password@host:5432/name"
CACHE = "write locmemcache://, filecache:///full/path or dummycache://"
SENDER = "write an address, such as desk@tracker.example or The desk <desk@tracker.example>"
EMAIL = "write smtp+tls://user:password@host:587, smtp://host:25 or consolemail://"
HOSTS = "write host names without scheme or port, separated by commas"
DOMAIN = "write one domain name, without scheme, port or wildcard"
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"

READ = {
    "TEXT": lambda env: env.text("TEXT", "Tracker"),
    "FLAG": lambda env: env.boolean("FLAG", default=True),
    "CHOICE": lambda env: env.choice("CHOICE", "plain", ("plain", "json")),
    "HOSTS": lambda env: env.hosts("HOSTS", ["localhost"]),
    "DOMAIN": lambda env: env.domain("DOMAIN", "localhost"),
    "FOLDER": lambda env: env.folder("FOLDER", "/srv/media"),
    "DATABASE": lambda env: env.database("DATABASE", beside=Path("/srv")),
    "CACHE": lambda env: env.cache("CACHE", "locmemcache://"),
    "EMAIL": lambda env: env.email("EMAIL", "consolemail://"),
    "SENDER": lambda env: env.sender("SENDER", "tracker@localhost"),
}


def read(name, value):
    return READ[name](Environment({name: value}))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TEXT", "", "TEXT is ''; write the text to show, or unset it to use 'Tracker'."),
        ("TEXT", "  ", "TEXT is '  '; write the text to show, or unset it to use 'Tracker'."),
        ("FLAG", "maybe", "FLAG is 'maybe'; write 1 for on or 0 for off."),
        ("FLAG", "", "FLAG is ''; write 1 for on or 0 for off."),
        ("DOMAIN", "", f"DOMAIN is ''; {DOMAIN}."),
        ("DOMAIN", "https://tracker.example", f"DOMAIN is 'https://tracker.example'; {DOMAIN}."),
        ("DOMAIN", "*", f"DOMAIN is '*'; {DOMAIN}."),
        ("DOMAIN", "tracker.example:8000", f"DOMAIN is 'tracker.example:8000'; {DOMAIN}."),
        ("DOMAIN", "-tracker.example", f"DOMAIN is '-tracker.example'; {DOMAIN}."),
        ("CHOICE", "xml", "CHOICE is 'xml'; write plain or json."),
        ("CHOICE", "", "CHOICE is ''; write plain or json."),
        ("HOSTS", "", f"HOSTS is ''; {HOSTS}."),
        ("HOSTS", "a.example,", f"HOSTS is 'a.example,'; {HOSTS}."),
        ("HOSTS", "https://a.example", f"HOSTS is 'https://a.example'; {HOSTS}."),
        ("HOSTS", "a.example:8000", f"HOSTS is 'a.example:8000'; {HOSTS}."),
        ("HOSTS", "a.example b.example", f"HOSTS is 'a.example b.example'; {HOSTS}."),
        ("FOLDER", "media", "FOLDER is 'media'; write the folder with its full path, starting with /."),
        ("FOLDER", "", "FOLDER is ''; write the folder with its full path, starting with /."),
        ("FOLDER", __file__, f"FOLDER is {__file__!r}; that is a file; name a folder."),
        ("DATABASE", "", f"DATABASE is ''; {DATABASE}."),
        ("DATABASE", "tracker.sqlite3", f"DATABASE is 'tracker.sqlite3'; {DATABASE}."),
        ("DATABASE", "mysql://u@h/tracker", f"DATABASE is 'mysql://…@h/tracker'; {DATABASE}."),
        ("DATABASE", "postgres://h:port/tracker", f"DATABASE is 'postgres://h:port/tracker'; {DATABASE}."),
        ("DATABASE", "postgres://h", f"DATABASE is 'postgres://h'; it names no database; {DATABASE}."),
        ("DATABASE", "sqlite:///", f"DATABASE is 'sqlite:///'; it names no database; {DATABASE}."),
        ("DATABASE", "sqlite://:memory:", f"DATABASE is 'sqlite://:memory:'; it names no database; {DATABASE}."),
        (
            "DATABASE",
            "sqlite:////nowhere/at/all.sqlite3",
            "DATABASE is 'sqlite:////nowhere/at/all.sqlite3'; the folder /nowhere/at does not exist; make it or name"
            " another.",
        ),
        ("CACHE", "", f"CACHE is ''; {CACHE}."),
        ("CACHE", "redis://127.0.0.1:6379/1", f"CACHE is 'redis://127.0.0.1:6379/1'; {CACHE}."),
        ("CACHE", "filecache://", f"CACHE is 'filecache://'; it names no folder; {CACHE}."),
        ("EMAIL", "", f"EMAIL is ''; {EMAIL}."),
        ("EMAIL", "mail.example", f"EMAIL is 'mail.example'; {EMAIL}."),
        ("EMAIL", "smtp://", f"EMAIL is 'smtp://'; it names no host; {EMAIL}."),
        ("EMAIL", "smtp://h:port", f"EMAIL is 'smtp://h:port'; {EMAIL}."),
        ("SENDER", "", f"SENDER is ''; {SENDER}."),
        ("SENDER", "The desk", f"SENDER is 'The desk'; {SENDER}."),
        ("SENDER", "The desk <desk>", f"SENDER is 'The desk <desk>'; {SENDER}."),
        ("SENDER", "a@b.example\nBcc: c@d.example", f"SENDER is 'a@b.example\\nBcc: c@d.example'; {SENDER}."),
    ],
)
def test_wrong_value_is_refused_with_a_sentence(name, value, sentence):
    with pytest.raises(ImproperlyConfigured) as raised:
        read(name, value)

    assert str(raised.value) == sentence


def test_a_password_is_not_repeated():
    with pytest.raises(ImproperlyConfigured) as raised:
        read("DATABASE", "postgres://desk:s3:c/r@t@db.example/")

    assert "'postgres://…@db.example/'" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value", "meaning"),
    [
        ("TEXT", " SCO ", "SCO"),
        ("FLAG", "1", True),
        ("FLAG", "True", True),
        ("FLAG", "off", False),
        ("CHOICE", "json", "json"),
        ("HOSTS", "tracker.example, .example.org,127.0.0.1", ["tracker.example", ".example.org", "127.0.0.1"]),
        ("HOSTS", "*", ["*"]),
        ("HOSTS", "[::1]", ["[::1]"]),
        ("FOLDER", "/nowhere/yet", Path("/nowhere/yet")),
    ],
)
def test_right_value_is_read(name, value, meaning):
    assert read(name, value) == meaning


@pytest.mark.parametrize(
    ("value", "engine", "database"),
    [
        ("sqlite:////tmp/tracker.sqlite3", SQLITE, Path("/tmp/tracker.sqlite3")),  # noqa: S108 - a name, not a file
        ("sqlite:///tracker.sqlite3", SQLITE, Path("/srv/tracker.sqlite3")),
        ("postgres://desk:secret@db.example:5433/tracker", POSTGRESQL, "tracker"),
        ("postgresql:///tracker", POSTGRESQL, "tracker"),
    ],
)
def test_database_is_read(value, engine, database):
    config = read("DATABASE", value)

    assert (config["ENGINE"], config["NAME"]) == (engine, database)


@pytest.mark.parametrize("value", ["desk@tracker.example", "The desk <desk@tracker.example>"])
def test_sender_of_mails_is_read(value):
    assert read("SENDER", value) == value


def test_mail_server_is_read():
    settings = read("EMAIL", "smtp+tls://desk:secret@mail.example:587")

    assert settings["EMAIL_HOST"] == "mail.example"
    assert settings["EMAIL_USE_TLS"] is True


def test_replica_needs_postgresql_on_both_sides():
    env = Environment({"DATABASE_REPLICA_URL": "postgres://copy.example/tracker"})

    assert env.replica("DATABASE_REPLICA_URL", of={"ENGINE": POSTGRESQL})["HOST"] == "copy.example"
    with pytest.raises(ImproperlyConfigured) as raised:
        env.replica("DATABASE_REPLICA_URL", of={"ENGINE": SQLITE})
    assert str(raised.value) == (
        "DATABASE_REPLICA_URL is 'postgres://copy.example/tracker'; a replica needs PostgreSQL here and in"
        " DATABASE_URL; mend either, or unset it."
    )


@pytest.mark.parametrize("name", READ)
def test_unset_variable_has_its_default(name):
    assert READ[name](Environment({})) is not None


def test_missing_secret_key_stops_with_a_hint():
    with pytest.raises(ImproperlyConfigured) as raised:
        Environment({}).secret_key("SECRET_KEY", local=True)

    assert str(raised.value) == (
        "SECRET_KEY is not set; put SECRET_KEY=… into .env beside manage.py or into the environment (`make run` writes"
        ' one; a new one: python -c "import secrets; print(secrets.token_urlsafe(50))").'
    )


def test_short_secret_key_is_enough_on_this_machine_alone():
    env = Environment({"SECRET_KEY": "short"})

    assert env.secret_key("SECRET_KEY", local=True) == "short"
    with pytest.raises(ImproperlyConfigured) as raised:
        env.secret_key("SECRET_KEY", local=False)
    assert str(raised.value).startswith("SECRET_KEY has 5 characters, 5 of them different; a public site needs 50 ")


@pytest.mark.parametrize(
    ("hosts", "local"),
    [
        (["localhost", "127.0.0.1", "[::1]"], True),
        (["tracker.localhost"], True),
        (["127.0.0.1", "tracker.example"], False),
        (["*"], False),
        (["localhost.example"], False),
    ],
)
def test_site_is_local_only_when_every_host_is(hosts, local):
    assert is_local(hosts) is local


def test_env_file_gives_way_to_the_environment(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("# a comment\n\nSITE_NAME=From the file\nexport ORGANISATION='From the file'\n")
    monkeypatch.setattr("os.environ", environ := {"SITE_NAME": "From the environment"})
    monkeypatch.setattr("environ.Env.ENVIRON", environ)

    read_env_file(file)

    assert environ == {"SITE_NAME": "From the environment", "ORGANISATION": "From the file"}


def test_env_file_with_a_wrong_line_stops_the_start(tmp_path):
    file = tmp_path / ".env"
    file.write_text("SITE_NAME=Tracker\nSECRET KEY abc\n")

    with pytest.raises(ImproperlyConfigured) as raised:
        read_env_file(file)

    assert str(raised.value) == ".env line 2 is not understood; write NAME=value."


def test_domain_is_read_in_lower_case():
    assert read("DOMAIN", " Tracker.Example ") == "tracker.example"
    assert Environment({}).domain("DOMAIN", "tracker.example") == "tracker.example"


@pytest.mark.parametrize(
    ("hosts", "domain"),
    [
        (["Tracker.example", "other.example"], "tracker.example"),
        ([".tracker.example"], "tracker.example"),
        (["*", "[::1]", "tracker.example"], "tracker.example"),
        (["*"], "localhost"),
    ],
)
def test_first_domain_is_the_first_name_that_is_one(hosts, domain):
    assert first_domain(hosts) == domain
