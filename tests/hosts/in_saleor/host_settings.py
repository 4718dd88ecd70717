"""Saleor's own settings, with what could show card data logged at DEBUG.

An observed store also sends Sentry all that it can be told to send.
"""

from saleor.settings import *  # noqa: F403
from saleor.settings import LOGGING, MIDDLEWARE, SENTRY_DSN, SENTRY_OPTS

# Else Saleor translates the names of 250 countries for each address that it validates,
# which takes a sixth of its processor time.
USE_I18N = False

for name in ("dgspay_plugin", "django", "django.request", "saleor", "urllib3"):
    LOGGING["loggers"].setdefault(name, {})["level"] = "DEBUG"

if SENTRY_DSN:
    SENTRY_OPTS.update(
        # Of most requests no trace is kept, as in a store: each takes long to clean.
        traces_sample_rate=0.02,
        max_request_body_size="always",
        attach_stacktrace=True,
        _experiments={"enable_logs": True},
    )
    MIDDLEWARE.append("breaking.break_what_the_request_names")
