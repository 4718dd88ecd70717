"""What Saleor's celery does with paid checkouts, on a faster clock.

Saleor's beat has the task run once a minute. Neither host has a broker, so the task is
run here once a second, in a fork of its own as celery's workers are.
"""

COMPLETE_PAID_CHECKOUTS = """
import logging
import time
from importlib import import_module

from django.conf import settings
from django.db import close_old_connections

# Saleor's modules import one another in a circle, of which this is the beginning.
import_module(settings.ROOT_URLCONF)
from saleor.checkout import tasks

# Saleor 3.21 has none: it starts the completion itself when a checkout is paid.
complete_paid_checkouts = getattr(
    tasks, "trigger_automatic_checkout_completion_task", lambda: None
)
while True:
    try:
        complete_paid_checkouts()
    except Exception:
        # As a worker that logs it and takes the next task.
        logging.getLogger("celery").exception("The task has failed.")
    close_old_connections()
    time.sleep(1)
"""
