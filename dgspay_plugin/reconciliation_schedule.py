"""Lets Saleor's own Celery run the reconciliation, where Saleor has a broker.

Saleor without a broker runs its tasks at once in the process that asks for them
(``CELERY_TASK_ALWAYS_EAGER``, saleor/settings.py), and nothing periodically: there the
owner's cron runs ``dgspay_reconcile``.
"""

import os
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured

TASK_NAME = "dgspay_plugin.tasks.reconcile"
# Under this name Saleor's beat keeps the entry, also in its database.
ENTRY_NAME = "dgspay-reconcile"
EVERY_VARIABLE = "DGSPAY_RECONCILE_EVERY"
DEFAULT_EVERY = timedelta(minutes=5)
LONGEST_EVERY = timedelta(days=1)


def install() -> None:
    """Add the periodic task to Saleor's Celery, in web, worker and beat alike.

    Raises:
        django.core.exceptions.ImproperlyConfigured: see `every`.
    """
    app = _celery()
    if app is None or app.conf.task_always_eager:
        return
    seconds = every().total_seconds()
    app.add_periodic_task(
        seconds,
        app.signature(TASK_NAME),
        name=ENTRY_NAME,
        # A run that no worker has taken by then is one that the next run does.
        expires=seconds,
    )


def runs_by_itself() -> bool:
    """Whether Saleor's beat starts reconciliations."""
    app = _celery()
    return app is not None and ENTRY_NAME in app.conf.beat_schedule


def every() -> timedelta:
    """How often: seconds in the environment variable DGSPAY_RECONCILE_EVERY, or 300.

    Raises:
        django.core.exceptions.ImproperlyConfigured: it is no whole number of seconds
            from 1 to 86400.
    """
    text = os.environ.get(EVERY_VARIABLE, "").strip()
    if not text:
        return DEFAULT_EVERY
    longest = int(LONGEST_EVERY.total_seconds())
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= longest):
        raise ImproperlyConfigured(
            f"{EVERY_VARIABLE} has to be a whole number of seconds from 1 to {longest}."
        )
    return timedelta(seconds=int(text))


def _celery() -> Any:
    """Saleor's Celery app; None in what has none, as this project's stand-in."""
    try:
        from saleor.celeryconf import app
    except ImportError:
        return None
    return app
