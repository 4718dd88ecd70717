"""Django's settings of the stand-in for Saleor. It is NOT Saleor."""

import importlib.metadata
import os
from datetime import timedelta
from pathlib import Path

DATA_DIR = Path(os.environ["SALEOR_SLICE_DATA_DIR"])
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1")

SECRET_KEY = "stand-in-for-tests"  # fixed, so that what it signed survives a restart
DEBUG = False
ALLOWED_HOSTS = ["*"]
ALLOWED_CLIENT_HOSTS = ["localhost", "127.0.0.1", "shop.example"]

ROOT_URLCONF = "tests.saleor_slice.urls"
MIDDLEWARE = ["tests.saleor_slice.api.middleware.announce_and_share"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.sites"] + [
    f"saleor.{name}"
    for name in (
        "permission",
        "account",
        "app",
        "channel",
        "checkout",
        "discount",
        "giftcard",
        "order",
        "payment",
        "plugins",
        "product",
        "shipping",
        "site",
        "warehouse",
    )
]
SITE_ID = 1
AUTH_USER_MODEL = "account.User"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

# Plugins are found as Saleor finds them.
PLUGINS = ["saleor.plugins.webhook.plugin.WebhookPlugin"]
for entry_point in importlib.metadata.entry_points(group="saleor.plugins"):
    if entry_point.name not in INSTALLED_APPS:
        INSTALLED_APPS.append(entry_point.name)
    PLUGINS.append(f"{entry_point.module}.{entry_point.attr}")

DATABASE_CONNECTION_DEFAULT_NAME = "default"
DATABASE_CONNECTION_REPLICA_NAME = "default"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "store.sqlite3",
        "OPTIONS": {
            # Saleor locks rows with SELECT FOR UPDATE, which SQLite does not have.
            # A transaction that takes the write lock as it begins stands in for it:
            # transactions run one after the other, and none reads what another is
            # about to change. One may wait for as long as a payment provider may
            # take to answer a few others.
            "transaction_mode": "IMMEDIATE",
            "timeout": 300,
            # Reads outside of transactions must not wait for them.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }
}
# In files, because what a plugin keeps here must outlive a killed process, as it
# does in the Redis of a production Saleor.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "French"), ("rw", "Kinyarwanda")]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_COUNTRY = "US"
CHECKOUT_PRICES_TTL = timedelta(hours=1)
CHECKOUT_DELIVERY_OPTIONS_TTL = timedelta(hours=24)
CHECKOUT_COMPLETION_LOCK_TIME = 3 * 60
TRANSACTION_ITEMS_LIMIT = 100
DEFAULT_AUTOMATIC_CHECKOUT_COMPLETION_DELAY = 30

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "[NOT SALEOR] {asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "DEBUG"},
    "loggers": {
        # Django's own handlers would print each line twice.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # As in Saleor: what a customer sent stands in the texts of these.
        "saleor.graphql.errors.handled": {"level": "INFO"},
        # Every statement with its values, none of which is the plugin's doing.
        "django.db.backends": {"level": "INFO"},
    },
}

if SENTRY_DSN := os.environ.get("SENTRY_DSN"):
    import sentry_sdk  # the demo has none

    MIDDLEWARE.append("tests.hosts.in_saleor.breaking.break_what_the_request_names")
    sentry_sdk.init(
        SENTRY_DSN,
        # Of most requests no trace is kept, as in a store: each takes long to clean.
        traces_sample_rate=0.02,
        max_request_body_size="always",
        attach_stacktrace=True,
        _experiments={"enable_logs": True},
    )
