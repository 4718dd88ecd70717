"""dgspay_check, and what it says of each thing that is wrong."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from io import StringIO
from typing import Any

import pytest
import requests
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from saleor.app.models import App
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.management.commands import dgspay_check
from dgspay_plugin.records.refunds import UNCONFIRMED_KEY
from dgspay_plugin.webhook import NO_SIGNATURE
from tests.unit.browser import card_data
from tests.unit.dgspay import NO_ANSWER, Provider
from tests.unit.leaks import found_in
from tests.unit.merchant import API_KEY, ENCRYPTION_KEY, GATEWAY, WEBHOOK_SECRET, fields
from tests.unit.shop import Shop

SECRETS = (API_KEY, ENCRYPTION_KEY, WEBHOOK_SECRET)

WebhookAnswers = Callable[[int, int], None]


@pytest.fixture(autouse=True)
def store(shop: Shop, provider: Provider) -> None:
    """All that is checked is well."""
    keep_gateway_app(GATEWAY, "DGS-Pay")
    tell_balance(provider)


@pytest.fixture(autouse=True)
def webhook_answers(monkeypatch: pytest.MonkeyPatch) -> WebhookAnswers:
    """What the webhook answers a signed event and a forged one."""

    def answer(signed: int, forged: int) -> None:
        monkeypatch.setattr(
            dgspay_check,
            "_post",
            lambda url, signature: forged if signature == NO_SIGNATURE else signed,
        )

    answer(200, 401)
    return answer


def tell_balance(provider: Provider, clock_is_wrong_by: int = 0) -> None:
    moment = timezone.now() + timedelta(seconds=clock_is_wrong_by)
    provider.tells(
        "GET balance",
        {"status": "success", "data": []},
        headers={"Date": format_datetime(moment, usegmt=True)},
    )


def check() -> tuple[str, list[str]]:
    """All that it says, and what of it is to be mended."""
    written, code = StringIO(), 0
    try:
        call_command("dgspay_check", stdout=written, no_color=True)
    except SystemExit as end:
        code = int(end.code or 0)
    told = written.getvalue()
    lines = (line.strip() for line in told.splitlines())
    to_mend = [line[4:].strip() for line in lines if line.startswith("MEND")]
    assert code == bool(to_mend)
    assert f"{len(to_mend)} to mend." in told or "All is well." in told
    assert found_in(told, SECRETS) == []
    return told, to_mend


def configure(**changes: Any) -> None:
    row = PluginConfiguration.objects.get()
    row.configuration = fields(**changes)
    row.save()


def test_all_is_well() -> None:
    told, to_mend = check()
    assert to_mend == []
    assert "Every field is valid, for the sandbox." in told
    assert "RWF, the channel's currency, is supported." in told
    assert "DGS-Pay accepts the API key and the account number." in told
    assert "This server's clock agrees with DGS-Pay's." in told
    assert "takes a signed event" in told
    assert "refuses a forged event" in told
    assert "Saleor has no Celery broker" in told


def test_not_set_up_anywhere() -> None:
    PluginConfiguration.objects.all().delete()
    _, [problem] = check()
    assert "DGS-Pay is not set up in any channel" in problem


def test_channel_that_is_not_active() -> None:
    PluginConfiguration.objects.update(active=False)
    told, to_mend = check()
    assert "Not active: customers do not see DGS-Pay in this channel." in told
    assert to_mend == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"api_key": ""}, "API key: This field is needed"),
        ({"supported_currencies": "USD"}, "Supported currencies: the channel sells in"),
        ({"return_url": "x"}, "Storefront return URL: Must be a URL"),
    ],
)
def test_field_that_is_wrong(changes: dict[str, str], problem: str) -> None:
    configure(**changes)
    _, [told] = check()
    assert told.startswith(problem)


def test_mobile_money_alone_in_a_channel_of_dollars(shop: Shop) -> None:
    configure(payment_methods="mobile_money")
    shop.channel.currency_code = "USD"
    shop.channel.save()
    _, [problem] = check()
    assert problem.startswith("Payment methods: mobile money pays in RWF alone")


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(
    ("answer", "status", "problem"),
    [
        ({"error_code": "91"}, 401, "API key: DGS-Pay does not accept"),
        (NO_ANSWER, 200, "Environment: DGS-Pay could not be asked"),
    ],
)
def test_credentials_that_do_not_work(
    provider: Provider, answer: Any, status: int, problem: str
) -> None:
    provider.tells("GET balance", answer, status)
    _, [told] = check()
    assert told.startswith(problem)


def test_clock_that_is_wrong(provider: Provider) -> None:
    tell_balance(provider, clock_is_wrong_by=-300)
    _, [problem] = check()
    assert "seconds away from DGS-Pay's. Set it by NTP." in problem


def test_clock_that_cannot_be_compared(provider: Provider) -> None:
    provider.tells("GET balance", {"status": "success", "data": []})
    told, to_mend = check()
    assert "has no date, so the clock was not compared" in told
    assert to_mend == []


@pytest.mark.parametrize(
    ("signed", "forged", "problem"),
    [
        (404, 401, "answered a signed event with HTTP 404"),
        (200, 200, "answered a forged event with HTTP 200, not 401"),
    ],
)
def test_webhook_that_answers_wrong(
    webhook_answers: WebhookAnswers, signed: int, forged: int, problem: str
) -> None:
    webhook_answers(signed, forged)
    _, [told] = check()
    assert problem in told


def test_webhook_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(url: str, signature: str) -> int:
        raise requests.ConnectionError

    monkeypatch.setattr(dgspay_check, "_post", refuse)
    _, [problem] = check()
    assert "cannot be reached from here (ConnectionError). Check PUBLIC_URL" in problem


@override_settings(PUBLIC_URL="http://store.example")
def test_live_webhook_without_tls() -> None:
    configure(environment="live", api_key="key-of-merchant-7f3a")
    _, [problem] = check()
    assert "Set PUBLIC_URL to the https:// address" in problem


def test_app_that_is_missing() -> None:
    """As after an update of the plugin from a version that knew no transactions."""
    App.objects.all().delete()
    _, [problem] = check()
    assert "There is no active app for DGS-Pay" in problem


def test_reconciliation_that_nobody_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    two_hours_ago = timezone.now() - timedelta(hours=2)
    App.objects.update(created_at=two_hours_ago)
    _, [problem] = check()
    assert problem == (
        "No reconciliation has ended yet. Let cron run dgspay_reconcile every few "
        "minutes."
    )


def test_refunds_that_wait_to_be_confirmed(shop: Shop) -> None:
    told, _ = check()
    assert "Refunds" not in told
    waits = {UNCONFIRMED_KEY: "DGS-1-refund-1 DGS-1-refund-2"}
    payment = shop.new_payment(psp_reference="DGS-1", private_metadata=waits)
    for number in (1, 2, 3):
        payment.transactions.create(
            kind="refund",
            is_success=True,
            token=f"DGS-1-refund-{number}",
            amount=100,
            currency="RWF",
            gateway_response={},
        )
    told, to_mend = check()
    assert "ok    Refunds that nobody has confirmed: 2. Send the money in" in told
    assert to_mend == []


def test_reasons_of_charges_in_doubt(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", NO_ANSWER)
    shop.press(shop.new_payment(), card_data())
    told, to_mend = check()
    assert "Charges whose outcome DGS-Pay has not told yet: 1, because of: no " in told
    assert to_mend == []
