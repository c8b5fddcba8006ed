"""Settings of the site, all from the environment; the README has a line on each variable.

`.env` beside manage.py is read first, and the environment wins over it. A wrong value stops the start with one
sentence.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from scotracker.environment import Environment, first_domain, is_local, read_env_file

BASE_DIR = Path(__file__).resolve().parent.parent

read_env_file(BASE_DIR / ".env")
env = Environment(os.environ)

# What this site is

SITE_NAME = env.text("SITE_NAME", "SCO Commitment Tracker")
ORGANISATION = env.text("ORGANISATION", "The tracker's editors")
FOUR_EYES = env.boolean("FOUR_EYES", default=True)

# Who may reach it: a site that only this machine can reach is served without TLS, every other one insists on it

DEBUG = env.boolean("DEBUG", default=False)
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
LOCAL = is_local(ALLOWED_HOSTS)
# In the ids of feed entries and calendar events, which must not change when the site moves.
ID_DOMAIN = env.domain("ID_DOMAIN", default=first_domain(ALLOWED_HOSTS))
SECRET_KEY = env.secret_key("SECRET_KEY", local=LOCAL)

SECURE_SSL_REDIRECT = not LOCAL
SESSION_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_SECURE = not LOCAL
# A month: long enough to protect, short enough that a domain can go back to plain HTTP.
SECURE_HSTS_SECONDS = 0 if LOCAL else 30 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
# The server speaks plain HTTP to the proxy that ends TLS; without this every redirect to https would loop.
SECURE_PROXY_SSL_HEADER = None if LOCAL else ("HTTP_X_FORWARDED_PROTO", "https")
# Health probes come from inside, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# Preloading binds the whole domain in every browser; that is its owner's decision, not this site's.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Parts

INSTALLED_APPS = [
    "commitments",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles, so that runserver serves static files the way the real server does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "concurrency",
    "csp",
    "django_filters",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Notes who made a change in the desk's audit trail.
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "scotracker.urls"
WSGI_APPLICATION = "scotracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Data

DATABASES = {"default": env.database("DATABASE_URL", beside=BASE_DIR)}
if "DATABASE_REPLICA_URL" in os.environ:
    DATABASES["replica"] = env.replica("DATABASE_REPLICA_URL", of=DATABASES["default"])
DATABASE_ROUTERS = ["commitments.snapshot.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Readers go on while an editor writes.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;",
        # A transaction takes the write lock when it begins: two writers queue instead of failing halfway.
        "transaction_mode": "IMMEDIATE",
        # Seconds a writer waits in that queue.
        "timeout": 20,
    }
else:
    for database in DATABASES.values():
        database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# People

AUTH_USER_MODEL = "commitments.Person"
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Language and time: the tracker's day is a UTC day

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = env.folder("MEDIA_ROOT", default=BASE_DIR / "media")
RELEASES_ROOT = env.folder("RELEASES_ROOT", default=BASE_DIR / "releases")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        # Names carry a digest of the content, so that browsers may keep them for good.
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Mail: EMAIL_BACKEND, EMAIL_HOST and so on

globals().update(env.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.sender("EMAIL_FROM", default=f"tracker@{ID_DOMAIN}")
# Seconds after which a mail server that does not answer counts as one that refuses.
EMAIL_TIMEOUT = 30

# Logs go to standard error; the host decides where they are kept

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "scotracker.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT", "plain", options=("plain", "json")),
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handlers print only under DEBUG and mail nobody.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
