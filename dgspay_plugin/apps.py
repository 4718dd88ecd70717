"""The plugin as a Django app: what Saleor loads it as, by its entry point's name."""

from django.apps import AppConfig

from dgspay_plugin import metrics, observers, reconciliation_schedule


class DgsPayConfig(AppConfig):
    name = "dgspay_plugin"
    verbose_name = "DGS-Pay"

    def ready(self) -> None:
        """Saleor's own apps are ready, and Sentry with them."""
        observers.install()
        metrics.install()
        reconciliation_schedule.install()
