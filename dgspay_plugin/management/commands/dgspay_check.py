"""``manage.py dgspay_check``: say what is right with the set-up, and what to mend."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.utils import timezone
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin import reconciliation_schedule
from dgspay_plugin.callback_urls import webhook_url
from dgspay_plugin.configuration import (
    Configuration,
    check_credentials,
    read_configuration,
)
from dgspay_plugin.gateway_app import is_active_anywhere, own_app
from dgspay_plugin.observers.gaps import gaps
from dgspay_plugin.payment.mobile_money import CURRENCY, MobileMoney
from dgspay_plugin.plugin import DgsPayPlugin
from dgspay_plugin.reconciliation_state import is_late, last_run
from dgspay_plugin.records.ledger import Ledger, still_waiting
from dgspay_plugin.records.refunds import unconfirmed_refunds
from dgspay_plugin.webhook import NO_SIGNATURE, signature_of

WEBHOOK_TIMEOUT = 10.0
CLOCK_TOLERANCE = timedelta(seconds=60)
DOUBTS_OF = timedelta(days=3)
MOST_DOUBTS = 1000
# Names no transaction, so that the webhook answers it and does nothing.
CHECK_EVENT = b'{"event": "dgspay.check"}'


@dataclass(frozen=True)
class Finding:
    """One thing that was checked; a problem says what to mend."""

    text: str
    is_problem: bool = False


class Command(BaseCommand):
    help = (
        "Check the configuration of DGS-Pay in every channel: fields, currencies, "
        "credentials, webhook, clock, reconciliation, and what error trackers see. "
        "Charges nothing and changes nothing. Exits with 1 if something has to be "
        "mended."
    )

    def handle(self, **options: Any) -> None:
        problems = self._tell("Server", check_server())
        rows = PluginConfiguration.objects.filter(
            identifier=DgsPayPlugin.PLUGIN_ID, channel__isnull=False
        ).select_related("channel")
        for row in rows.order_by("channel__slug"):
            problems += self._tell(f"Channel {row.channel.slug}", check_channel(row))
        if not rows:
            finding = Finding(
                "DGS-Pay is not set up in any channel: open Configuration > Plugins in "
                "the dashboard.",
                is_problem=True,
            )
            problems += self._tell("Channels", iter([finding]))
        if problems:
            self.stdout.write(self.style.ERROR(f"\n{problems} to mend."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("\nAll is well."))

    def _tell(self, subject: str, findings: Iterator[Finding]) -> int:
        self.stdout.write(f"\n{subject}")
        problems = 0
        for finding in findings:
            problems += finding.is_problem
            mark = self.style.ERROR("MEND") if finding.is_problem else "ok  "
            self.stdout.write(f"  {mark}  {finding.text}")
        return problems


def check_server() -> Iterator[Finding]:
    """What all channels share."""
    yield Finding("The plugin has no tables of its own: no migration is needed.")
    yield from _gateway_app()
    yield from _reconciliation()
    yield from _refunds_to_send()
    yield from _observers()


def _reconciliation() -> Iterator[Finding]:
    """What starts it, and when it last came to its end."""
    gateway = DgsPayPlugin.PLUGIN_ID
    if not is_active_anywhere(gateway):
        return
    seconds = reconciliation_schedule.every().total_seconds()
    by_itself = reconciliation_schedule.runs_by_itself()
    yield Finding(
        f"Saleor's Celery starts the reconciliation every {seconds:.0f} seconds."
        if by_itself
        else "Saleor has no Celery broker (CELERY_BROKER_URL): cron has to run "
        "dgspay_reconcile."
    )
    run = last_run(gateway)
    told = f"The last one ended at {run}" if run else "No reconciliation has ended yet"
    if not is_late(gateway, reconciliation_schedule.every()):
        yield Finding(f"{told}.")
        return
    what_to_mend = (
        "See that a worker and a beat of this Saleor run."
        if by_itself
        else "Let cron run dgspay_reconcile every few minutes."
    )
    yield Finding(f"{told}. {what_to_mend}", is_problem=True)


def _refunds_to_send() -> Iterator[Finding]:
    if number := len(unconfirmed_refunds(DgsPayPlugin.PLUGIN_ID)):
        yield Finding(
            f"Refunds that nobody has confirmed: {number}. Send the money in the "
            "DGS-Pay merchant portal, then confirm each: dgspay_refunds lists them."
        )


def _observers() -> Iterator[Finding]:
    problems = list(gaps())
    for problem in problems:
        yield Finding(problem, is_problem=True)
    if not problems:
        yield Finding("Error trackers, error pages and traces get no card data.")


def _gateway_app() -> Iterator[Finding]:
    if not is_active_anywhere(DgsPayPlugin.PLUGIN_ID):
        return
    app = own_app(DgsPayPlugin.PLUGIN_ID)
    yield (
        Finding(f"The app {app.name} lets storefronts pay by transactions.")
        if app and app.is_active
        else Finding(
            "There is no active app for DGS-Pay, so that storefronts cannot pay by "
            "transactions. Save DGS-Pay once more under Configuration > Plugins.",
            is_problem=True,
        )
    )


def check_channel(row: PluginConfiguration) -> Iterator[Finding]:
    """One channel's configuration, and whether it works."""
    if not row.active:
        yield Finding("Not active: customers do not see DGS-Pay in this channel.")
        return
    try:
        configuration = read_configuration(row.configuration)
    except ValidationError as error:
        yield from _problems(error)
        return
    yield Finding(f"Every field is valid, for the {configuration.environment}.")
    yield _currency(row, configuration)
    yield _payment_methods(row, configuration)
    yield from _credentials_and_clock(configuration)
    yield from _webhook(
        webhook_url(DgsPayPlugin.PLUGIN_ID, row.channel.slug), configuration
    )
    yield from _charges_in_doubt(row)


def _charges_in_doubt(row: PluginConfiguration) -> Iterator[Finding]:
    """Why the answers to charges that still wait were lost or not understood."""
    ledger = Ledger(DgsPayPlugin.PLUGIN_ID, (row.channel.slug,))
    latest = ledger.waiting_since(timezone.now() - DOUBTS_OF)[-MOST_DOUBTS:]
    waiting, _ = still_waiting(latest)
    reasons = Counter(charge.history.last.get("why") for charge in waiting)
    for why, count in reasons.most_common():
        if why:
            yield Finding(
                f"Charges whose outcome DGS-Pay has not told yet: {count}, because of: "
                f"{why}. dgspay_reconcile asks about them."
            )


def _problems(error: ValidationError) -> Iterator[Finding]:
    for name, texts in error.message_dict.items():
        label = DgsPayPlugin.CONFIG_STRUCTURE[name]["label"]
        yield Finding(f"{label}: {' '.join(texts)}", is_problem=True)


def _currency(row: PluginConfiguration, configuration: Configuration) -> Finding:
    currency = row.channel.currency_code
    if currency in configuration.supported_currencies:
        return Finding(f"{currency}, the channel's currency, is supported.")
    return Finding(
        f"Supported currencies: the channel sells in {currency}, which is not among "
        f"them, so that customers do not see DGS-Pay.",
        is_problem=True,
    )


def _payment_methods(row: PluginConfiguration, configuration: Configuration) -> Finding:
    methods = set(configuration.payment_methods)
    if row.channel.currency_code != CURRENCY:
        # The one field may be the same in every channel.
        methods.discard(MobileMoney.payment_type)
    if not methods:
        return Finding(
            f"Payment methods: mobile money pays in {CURRENCY} alone, so that nobody "
            "can pay in this channel.",
            is_problem=True,
        )
    return Finding(f"Customers can pay by {' and '.join(sorted(methods))}.")


def _credentials_and_clock(configuration: Configuration) -> Iterator[Finding]:
    client = configuration.client()
    try:
        check_credentials(client, configuration)
    except ValidationError as error:
        yield from _problems(error)
        return
    yield Finding("DGS-Pay accepts the API key and the account number.")
    if client.answered_at is None:
        yield Finding("DGS-Pay's answer has no date, so the clock was not compared.")
        return
    difference = abs(timezone.now() - client.answered_at)
    yield (
        Finding(
            f"This server's clock is {difference.total_seconds():.0f} seconds away "
            "from DGS-Pay's. Set it by NTP.",
            is_problem=True,
        )
        if difference > CLOCK_TOLERANCE
        else Finding("This server's clock agrees with DGS-Pay's.")
    )


def _webhook(url: str, configuration: Configuration) -> Iterator[Finding]:
    if url.startswith("http://") and configuration.environment == "live":
        yield Finding(
            f"The webhook's address is {url}. Set PUBLIC_URL to the https:// address "
            "of this Saleor.",
            is_problem=True,
        )
    signature = signature_of(CHECK_EVENT, configuration.webhook_secret)
    try:
        signed = _post(url, signature)
        forged = _post(url, NO_SIGNATURE)
    except requests.RequestException as error:
        yield Finding(
            f"The webhook {url} cannot be reached from here "
            f"({type(error).__name__}). Check PUBLIC_URL and the proxy's routes.",
            is_problem=True,
        )
        return
    yield (
        Finding(f"The webhook {url} takes a signed event.")
        if signed == 200
        else Finding(
            f"The webhook {url} answered a signed event with HTTP {signed}. Check "
            "that PUBLIC_URL leads to this Saleor and the plugin is active.",
            is_problem=True,
        )
    )
    yield (
        Finding("The webhook refuses a forged event.")
        if forged == 401
        else Finding(
            f"The webhook answered a forged event with HTTP {forged}, not 401.",
            is_problem=True,
        )
    )


def _post(url: str, signature: str) -> int:
    response = requests.post(
        url,
        data=CHECK_EVENT,
        headers={"Content-Type": "application/json", "X-DGS-Signature": signature},
        timeout=WEBHOOK_TIMEOUT,
        allow_redirects=False,
    )
    return response.status_code
