"""The owner runs dgspay_check, and reads what is right and what to mend."""

import re
import subprocess
from collections.abc import Iterator

import pytest

from dgspay_plugin.sandbox import credentials
from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import whatever_the_api
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.later import manage_later
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

pytestmark = whatever_the_api

Done = subprocess.CompletedProcess[str]

# What the dashboard would not save: the owner of this store came by it otherwise.
EMPTY_FIELD = """
from saleor.plugins.models import PluginConfiguration

row = PluginConfiguration.objects.get(channel__slug="{channel}")
for field in row.configuration:
    if field["name"] == "{field}":
        field["value"] = ""
row.save()
"""
REMOVE_APP = """
from saleor.app.models import App

App.objects.filter(identifier="dgspay.payments").delete()
"""

FORGET_RECONCILIATIONS = """
from saleor.app.models import App

app = App.objects.get(identifier="dgspay.payments")
app.private_metadata.pop("dgspay.last_reconciliation", None)
app.save()
"""
CHECK_WITH_REPORTER = """
from django.core.management import call_command
from django.test import override_settings

reporter = "django.views.debug.ExceptionReporter"
with override_settings(DEFAULT_EXCEPTION_REPORTER=reporter):
    call_command("dgspay_check")
"""


@pytest.fixture
def restored_configuration(store: Store, sandbox: Sandbox) -> Iterator[None]:
    yield
    store.configure_for_sandbox(sandbox.url)


def test_all_is_well(host: Host, store: Store) -> None:
    done = host.manage_in_new_process("dgspay_check")

    assert not _to_mend(done)
    assert "All is well." in done.stdout
    for channel in host.channels.values():
        assert f"Channel {channel.slug}" in done.stdout
    assert "takes a signed event" in done.stdout
    assert "refuses a forged event" in done.stdout
    assert done.returncode == 0


def test_reconciliation_that_cron_has_to_run(host: Host, store: Store) -> None:
    """Neither host has a broker here; see test_reconciles_by_itself.py."""
    run_in_store(host, FORGET_RECONCILIATIONS)
    young = host.manage("dgspay_check")
    old = manage_later(host, 90, "dgspay_check")
    host.manage("dgspay_reconcile", "--dry-run")
    dry = manage_later(host, 90, "dgspay_check")
    host.manage("dgspay_reconcile")
    done = host.manage("dgspay_check")

    assert "Saleor has no Celery broker" in young.stdout
    assert "ok    No reconciliation has ended yet." in young.stdout
    for check in (old, dry):
        problems = [p for p in _to_mend(check) if "reconciliation" in p]
        assert problems == [
            "No reconciliation has ended yet. Let cron run dgspay_reconcile every few "
            "minutes."
        ]
    assert re.search(r"ok    The last one ended at \d{4}-\d\d-\d\d .* UTC", done.stdout)
    assert done.returncode == 0


def test_api_key_that_dgs_pay_does_not_accept(
    host: Host, store: Store, sandbox: Sandbox
) -> None:
    sandbox.order_fault("balance", error_code="91", times=len(host.channels))

    done = host.manage("dgspay_check")

    problems = _to_mend(done)
    assert len(problems) == len(host.channels)
    for problem in problems:
        assert problem.startswith("API key: DGS-Pay does not accept")
    assert done.returncode == 1


def test_provider_is_down(host: Host, store: Store, sandbox: Sandbox) -> None:
    sandbox.order_fault("balance", cut="before", times=len(host.channels))

    done = host.manage("dgspay_check")

    assert all("DGS-Pay could not be asked" in problem for problem in _to_mend(done))
    assert done.returncode == 1


def test_error_pages_that_show_card_data(host: Host, store: Store) -> None:
    done = host.manage("shell", "-c", CHECK_WITH_REPORTER)

    (problem,) = _to_mend(done)
    assert problem.startswith("DEFAULT_EXCEPTION_REPORTER is django.views.debug")
    assert done.returncode == 1


def test_reasons_of_charges_in_doubt(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    sandbox.order_fault("charge", cut="after")
    checkout = store.new_checkout()
    lost = store.pay(checkout, cardholder.card(cards.PENDING))
    assert lost.asks_for == "wait"

    done = host.manage("dgspay_check")

    assert "because of: no answer: ProtocolError" in done.stdout
    assert not _to_mend(done)
    # Another test counts what waits.
    sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])
    sandbox.wait_for_webhook(checkout.email)


def test_webhook_that_cannot_be_reached(host: Host, store: Store) -> None:
    host.kill()
    try:
        done = host.manage("dgspay_check")
    finally:
        host.start()

    problems = _to_mend(done)
    assert len(problems) == len(host.channels)
    for problem in problems:
        assert "cannot be reached" in problem
        assert "PUBLIC_URL" in problem
    assert done.returncode == 1


@pytest.mark.usefixtures("restored_configuration")
def test_mobile_money_alone_in_a_channel_of_dollars(host: Host, store: Store) -> None:
    store.configure("USD", payment_methods="mobile_money")

    done = host.manage("dgspay_check")

    (problem,) = _to_mend(done)
    assert problem.startswith("Payment methods: mobile money pays in RWF alone")
    assert "Customers can pay by card and mobile_money." in done.stdout
    assert done.returncode == 1


@pytest.mark.usefixtures("restored_configuration")
def test_currency_of_the_channel_that_is_not_supported(
    host: Host, store: Store
) -> None:
    store.configure("USD", supported_currencies="RWF")

    done = host.manage("dgspay_check")

    (problem,) = _to_mend(done)
    assert problem.startswith("Supported currencies: the channel sells in USD")
    assert done.returncode == 1


@pytest.mark.usefixtures("restored_configuration")
@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("api_key", "API key"),
        ("account_number", "Account number"),
        ("encryption_key", "Encryption key"),
        ("webhook_secret", "Webhook secret"),
        ("return_url", "Storefront return URL"),
    ],
)
def test_field_that_is_missing(
    host: Host, store: Store, field: str, label: str
) -> None:
    slug = host.channels["RWF"].slug
    run_in_store(host, EMPTY_FIELD.format(channel=slug, field=field))

    done = host.manage("dgspay_check")

    (problem,) = _to_mend(done)
    assert problem.startswith(f"{label}: This field is needed")
    assert done.returncode == 1


@pytest.mark.usefixtures("restored_configuration")
def test_channel_that_is_not_active(host: Host, store: Store) -> None:
    store.configure("USD", active=False)

    done = host.manage("dgspay_check")

    assert "Not active: customers do not see DGS-Pay" in done.stdout
    assert done.returncode == 0


@pytest.mark.usefixtures("restored_configuration")
def test_app_that_is_missing(host: Host, store: Store) -> None:
    """As after an update of the plugin from a version that knew no transactions."""
    run_in_store(host, REMOVE_APP)

    done = host.manage("dgspay_check")

    (problem,) = _to_mend(done)
    assert "cannot pay by transactions" in problem
    assert done.returncode == 1


def test_clock_that_is_wrong(host: Host, store: Store) -> None:
    done = manage_later(host, 5, "dgspay_check")

    problems = _to_mend(done)
    assert len(problems) == len(host.channels)
    for problem in problems:
        # An HTTP date has no fractions, and asking takes a moment.
        assert re.match(r"This server's clock is (299|30\d) seconds away", problem)
    assert done.returncode == 1


def _to_mend(done: Done) -> list[str]:
    """The problems; nowhere beside them may a secret be or a program's innards."""
    assert "Traceback" not in done.stderr, done.stderr
    for secret in (
        credentials.API_KEY,
        credentials.WEBHOOK_SECRET,
        credentials.ENCRYPTION_KEY,
    ):
        assert secret not in done.stdout + done.stderr
    lines = (line.strip() for line in done.stdout.splitlines())
    return [line[4:].strip() for line in lines if line.startswith("MEND")]
