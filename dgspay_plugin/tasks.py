"""What Saleor's Celery worker runs; it finds this module by its name.

Only Saleor with Celery has what is imported here: nothing else imports this module.
"""

import logging
from datetime import timedelta

from django.utils import timezone
from saleor.celeryconf import app
from saleor.core.db.connection import allow_writer

from dgspay_plugin.plugin import DgsPayPlugin
from dgspay_plugin.reconciliation import DAYS_BACK, reconcile_all
from dgspay_plugin.reconciliation_schedule import TASK_NAME
from dgspay_plugin.reconciliation_state import last_run, only_one

logger = logging.getLogger(__name__)

GATEWAY = DgsPayPlugin.PLUGIN_ID
# Most runs take seconds. One that is stopped leaves the rest to the next.
STOPPED_AFTER = timedelta(minutes=14)
KILLED_AFTER = timedelta(minutes=15)
TURN = KILLED_AFTER + timedelta(seconds=30)


@app.task(
    name=TASK_NAME,
    ignore_result=True,
    soft_time_limit=STOPPED_AFTER.total_seconds(),
    time_limit=KILLED_AFTER.total_seconds(),
)  # type: ignore[untyped-decorator]  # Celery publishes no types
def reconcile() -> None:
    """Do what ``dgspay_reconcile`` does, if no other worker is about it."""
    # Outside of it Saleor logs every query: CELERY_RESTRICT_WRITER_METHOD.
    with allow_writer(), only_one(GATEWAY, TURN) as is_our_turn:
        if not is_our_turn:
            logger.info("No reconciliation: another one runs, or there is no app.")
            return
        known = last_run(GATEWAY)
        report = reconcile_all(GATEWAY, timezone.now() - timedelta(days=DAYS_BACK))
        for problem in report.problems:
            # What stands is found every few minutes, and told once.
            if known is None or problem.key not in known.problem_keys:
                logger.error("Reconciliation: %s", problem.sentence)
