"""Reads settings from the environment and refuses a wrong value with one sentence.

Nothing falls back silently: a variable that is set, even to nothing, must hold a value that can be used.
"""

import re
import warnings
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

LOOPBACK_HOSTS = ("localhost", ".localhost", "127.0.0.1", "[::1]")

# Django calls keys below these measures insecure (security.W009).
KEY_LENGTH = 50
KEY_VARIETY = 5
KEY_HINT = 'python -c "import secrets; print(secrets.token_urlsafe(50))"'

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}

DATABASE_ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}
# Only what runs without a further package or set-up step.
CACHE_SCHEMES = ("locmemcache", "filecache", "dummycache")
EMAIL_SCHEMES = ("smtp", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "dummymail")

HOST = re.compile(r"\*|\[[0-9a-f:]+\]|\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
# A user's name and password in an address; error messages end up in logs.
CREDENTIALS = re.compile(r"(?<=//).*(?=@)")
SENDER = re.compile(r"[^<>\r\n]+|[^<>\r\n]* <[^<>\s]+>")
ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
ENV_FILE_LINE = re.compile(r"\s*(#.*)?|(export )?[A-Za-z_][A-Za-z_0-9]*=.*")


def is_local(hosts):
    """Say whether every host can only be reached from this machine."""
    return all(host.lower() in LOOPBACK_HOSTS or host.lower().endswith(".localhost") for host in hosts)


def read_env_file(path):
    """Add the lines of a .env file to the environment; what is set there already wins."""
    if not path.exists():
        return
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not ENV_FILE_LINE.fullmatch(line):
            raise ImproperlyConfigured(f"{path.name} line {number} is not understood; write NAME=value.")
    Env.read_env(path)


def first_domain(hosts):
    """The first of the host names that names a domain; "localhost" where none does."""
    return next((host.strip(".").lower() for host in hosts if DOMAIN.fullmatch(host.strip(".").lower())), "localhost")


class Environment:
    """The variables of one process, each read by the method of its kind."""

    def __init__(self, variables):
        """Take any mapping, so that tests need no real environment."""
        self.variables = variables

    def refuse(self, name, mend, *, value=None):
        """Stop the start with a sentence naming the variable, its value and what to write instead."""
        shown = repr(CREDENTIALS.sub("…", self.variables[name] if value is None else value))
        raise ImproperlyConfigured(f"{name} is {shown}; {mend}.")

    def text(self, name, default):
        """Read words for people."""
        value = self.variables.get(name, default)
        if not value.strip():
            self.refuse(name, f"write the text to show, or unset it to use {default!r}")
        return value.strip()

    def boolean(self, name, default):
        """Read a yes or no."""
        if name not in self.variables:
            return default
        word = self.variables[name].strip().lower()
        if word not in TRUE_WORDS | FALSE_WORDS:
            self.refuse(name, "write 1 for on or 0 for off")
        return word in TRUE_WORDS

    def choice(self, name, default, options):
        """Read one of a few words."""
        value = self.variables.get(name, default)
        if value not in options:
            self.refuse(name, f"write {' or '.join(options)}")
        return value

    def hosts(self, name, default):
        """Read host names separated by commas."""
        if name not in self.variables:
            return list(default)
        hosts = [host.strip() for host in self.variables[name].split(",")]
        for host in hosts:
            if not HOST.fullmatch(host):
                self.refuse(name, "write host names without scheme or port, separated by commas")
        return hosts

    def domain(self, name, default):
        """Read the domain that names of our own are made of: no port, no wildcard."""
        value = self.variables.get(name, default).strip().lower()
        if not DOMAIN.fullmatch(value):
            self.refuse(name, "write one domain name, without scheme, port or wildcard")
        return value

    def secret_key(self, name, *, local):
        """Read the key that signs sessions; its value is never shown."""
        key = self.variables.get(name, "")
        if not key:
            raise ImproperlyConfigured(
                f"{name} is not set; put {name}=… into .env beside manage.py or into the environment"
                f" (`make run` writes one; a new one: {KEY_HINT})."
            )
        if not local and (len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY):
            raise ImproperlyConfigured(
                f"{name} has {len(key)} characters, {len(set(key))} of them different; a public site needs"
                f" {KEY_LENGTH} random ones (a new one: {KEY_HINT})."
            )
        return key

    def folder(self, name, default):
        """Read a folder; it need not exist yet, but nothing else may stand in its place."""
        if name not in self.variables:
            return Path(default)
        folder = Path(self.variables[name])
        if not folder.is_absolute():
            self.refuse(name, "write the folder with its full path, starting with /")
        if folder.exists() and not folder.is_dir():
            self.refuse(name, "that is a file; name a folder")
        return folder

    def database(self, name, *, beside):
        """Read a database address into Django's form; a SQLite file is looked for in the folder `beside`."""
        mend = "write sqlite:////full/path.sqlite3 or postgres://user:password@host:5432/name"
        config = self._parsed(name, mend, tuple(DATABASE_ENGINES), Env.db_url_config)
        if config is None:
            return {"ENGINE": DATABASE_ENGINES["sqlite"], "NAME": beside / "db.sqlite3"}
        if config["NAME"] in ("", ":memory:"):
            self.refuse(name, f"it names no database; {mend}")
        config["ENGINE"] = DATABASE_ENGINES[urlsplit(self.variables[name]).scheme]
        if config["ENGINE"] == DATABASE_ENGINES["sqlite"]:
            config["NAME"] = beside / config["NAME"]
            if not config["NAME"].parent.is_dir():
                self.refuse(name, f"the folder {config['NAME'].parent} does not exist; make it or name another")
        return config

    def replica(self, name, *, of):
        """Read the address of a copy that public pages are read from; only PostgreSQL keeps such copies."""
        config = self.database(name, beside=Path.cwd())
        if not config["ENGINE"] == of["ENGINE"] == DATABASE_ENGINES["postgres"]:
            self.refuse(name, "a replica needs PostgreSQL here and in DATABASE_URL; mend either, or unset it")
        return config

    def cache(self, name, default):
        """Read a cache address into Django's form."""
        mend = "write locmemcache://, filecache:///full/path or dummycache://"
        config = self._parsed(name, mend, CACHE_SCHEMES, Env.cache_url_config) or Env.cache_url_config(default)
        if config["BACKEND"].endswith("FileBasedCache") and not config["LOCATION"].strip("/"):
            self.refuse(name, f"it names no folder; {mend}")
        return config

    def email(self, name, default):
        """Read a mail server's address into Django's settings."""
        mend = "write smtp+tls://user:password@host:587, smtp://host:25 or consolemail://"
        config = self._parsed(name, mend, EMAIL_SCHEMES, Env.email_url_config) or Env.email_url_config(default)
        if config["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and not config["EMAIL_HOST"]:
            self.refuse(name, f"it names no host; {mend}")
        return {setting: value for setting, value in config.items() if value is not None}

    def sender(self, name, default):
        """Read who sends the site's mails: an address, or a name with the address in angle brackets."""
        value = self.variables.get(name, default).strip()
        _shown, address = parseaddr(value)
        if not SENDER.fullmatch(value) or not ADDRESS.fullmatch(address):
            self.refuse(name, "write an address, such as desk@tracker.example or The desk <desk@tracker.example>")
        return value

    def _parsed(self, name, mend, schemes, parse):
        """Parse a variable that is set; the library is lenient about schemes, so those are checked here."""
        if name not in self.variables:
            return None
        value = self.variables[name]
        try:
            if urlsplit(value).scheme not in schemes:
                raise ValueError(value)
            with warnings.catch_warnings(action="error"):
                return parse(value)
        except (ValueError, ImproperlyConfigured, UserWarning):
            self.refuse(name, mend)
