"""What is measured of a payment, and that it never stands in a payment's way."""

import json
import re
import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from saleor.warehouse.models import Stock

from dgspay_plugin import metrics, webhook
from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.metrics import LABELS, METRICS, PROBLEMS, count
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.plugin import usable_configuration
from dgspay_plugin.provider import client, errors
from dgspay_plugin.reconciliation import Report, end, reconcile_all
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.settle import settle
from tests.unit.browser import address_data, card_data, mobile_money_data, pin_data
from tests.unit.dgspay import (
    ASKS_FOR_OTP,
    ASKS_FOR_PIN,
    NO_ANSWER,
    NOT_CONNECTED,
    PAID,
    PENDING,
    Answer,
    Provider,
)
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop, charge_id_of
from tests.unit.storefront import Storefront
from tests.unit.telemetry import Meter, MetricType, Scope, Unit
from tests.unit.test_webhook import deliver

WAIT = {"type": "wait"}
OTP = {"type": "otp", "auth_otp": "123456"}
DECLINED = {
    "dgs_reference": "DGS-1",
    "transaction_status": "failed",
    "processor_response": {"type": "insufficient_funds"},
}
AN_HOUR = timedelta(hours=1)


# The module itself


def test_saleor_makes_each_metric(meter: Meter) -> None:
    assert list(meter.made) == [metric.name for metric in METRICS]
    assert meter.made["dgspay.outcomes"] == {
        "type": MetricType.COUNTER,
        "unit": Unit.COUNT,
        "scope": Scope.SERVICE,
        "description": metrics.OUTCOMES.description,
        "bucket_boundaries": None,
    }
    duration = meter.made["dgspay.request.duration"]
    assert (duration["type"], duration["unit"]) == (MetricType.HISTOGRAM, Unit.SECOND)
    assert max(duration["bucket_boundaries"]) == client.TIME_BUDGET


def test_value_that_is_not_known_is_no_label(meter: Meter) -> None:
    count(PROBLEMS, case="4242424242424242")
    count(PROBLEMS, case=None)

    assert meter.counted("dgspay.problems") == {"case=other": 1, "": 1}


def test_label_that_is_not_the_metrics_is_not_recorded(
    meter: Meter, caplog: pytest.LogCaptureFixture
) -> None:
    count(PROBLEMS, email="amina@example.com")

    assert not meter.told
    assert "dgspay.problems was not recorded" in caplog.text


def test_labels_name_all_that_the_code_says() -> None:
    kinds = {error.kind for error in _all_below(errors.ProviderError)}

    assert kinds | {"usable"} == set(LABELS["answer"])
    assert set(webhook.RESULTS.values()) == set(LABELS["result"])
    assert {label for metric in METRICS for label in metric.labels} == set(LABELS)


def test_saleor_without_telemetry_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "saleor.core.telemetry", None)
    monkeypatch.setattr(metrics, "_meter", None)

    metrics.install()
    count(PROBLEMS, case="configuration")

    assert not [record for record in caplog.records if record.levelname != "DEBUG"]


def test_meter_that_fails_at_the_start_stops_nothing(
    meter: Meter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(metrics, "_meter", None)

    metrics.install()  # once more, which Saleor's meter refuses
    count(PROBLEMS, case="configuration")

    assert not meter.told
    assert "Nothing is measured" in caplog.text


def test_meter_that_fails_stops_no_payment(
    meter: Meter, shop: Shop, provider: Provider
) -> None:
    meter.fails = True
    provider.tells("POST charges", PAID)

    assert shop.press(shop.new_payment(), card_data()).is_success


# Requests and outcomes


def test_card_that_is_paid(meter: Meter, shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", PAID)
    shop.press(shop.new_payment(), card_data())

    assert meter.counted("dgspay.requests") == {
        "answer=usable endpoint=charge payment_type=card": 1
    }
    [seconds] = meter.durations("dgspay.request.duration")
    assert 0 < seconds < 60
    assert meter.counted("dgspay.outcomes") == {
        "api=payments found=press outcome=Paid payment_type=card": 1
    }
    assert not meter.counted("dgspay.refusals")


def test_each_step_has_its_name(meter: Meter, shop: Shop, provider: Provider) -> None:
    asks_for_address = {**PENDING, "next_action_type": "requires_additional_fields"}
    payment = shop.new_payment()
    provider.tells("POST charges", ASKS_FOR_PIN)
    shop.press(payment, card_data())
    for answer, data in (
        (ASKS_FOR_OTP, pin_data()),
        (asks_for_address, OTP),
        (PAID, address_data()),
    ):
        provider.tells("POST authorize", answer)
        shop.press(payment, data)

    assert meter.counted("dgspay.requests") == {
        "answer=usable endpoint=charge payment_type=card": 1,
        "answer=usable endpoint=authorize step=pin": 1,
        "answer=usable endpoint=authorize step=otp": 1,
        "answer=usable endpoint=authorize step=avs": 1,
    }
    assert meter.counted("dgspay.outcomes") == {
        "api=payments found=press outcome=ActionRequired payment_type=card": 3,
        "api=payments found=press outcome=Paid payment_type=card": 1,
    }


@pytest.mark.parametrize(
    ("told", "answer", "outcome", "reason"),
    [
        (DECLINED, "usable", "Declined", "insufficient_funds"),
        (PENDING, "usable", "Pending", None),
        (NO_ANSWER, "unknown", "InDoubt", None),
        ({"status": "?"}, "unknown", "InDoubt", None),
        ({"error_code": "92"}, "not_found", None, "provider_refused"),
        ({"error_code": "91"}, "refused", None, "provider_refused"),
        (NOT_CONNECTED, "not_sent", None, "provider_unavailable"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_other_ends_of_a_charge(
    meter: Meter,
    shop: Shop,
    provider: Provider,
    no_pauses: None,
    told: Answer,
    answer: str,
    outcome: str | None,
    reason: str | None,
) -> None:
    provider.tells("POST charges", told)
    shop.press(shop.new_payment(), card_data())

    assert meter.counted("dgspay.requests") == {
        f"answer={answer} endpoint=charge payment_type=card": 1
    }
    labels = f"outcome={outcome} payment_type=card"
    because = f" reason={reason}" if reason else ""
    if outcome:
        assert meter.counted("dgspay.outcomes") == {
            f"api=payments found=press {labels}{because}": 1
        }
        assert not meter.counted("dgspay.refusals")
    else:
        assert meter.counted("dgspay.refusals") == {f"api=payments{because}": 1}
        assert not meter.counted("dgspay.outcomes")


def test_what_is_refused_before_a_request(
    meter: Meter, shop: Shop, provider: Provider
) -> None:
    shop.press(shop.new_payment(), {"number": "4242424242424242"})

    assert meter.counted("dgspay.refusals") == {"api=payments reason=raw_card_data": 1}
    assert not meter.counted("dgspay.requests")


def test_mobile_money_that_waits_is_one_outcome(
    meter: Meter, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PENDING)
    payment = shop.new_payment()
    shop.press(payment, mobile_money_data())
    for _ in range(3):
        shop.press(payment, WAIT)
    provider.tells("GET transactions/DGS-1", PAID)
    shop.press(payment, WAIT)

    assert meter.counted("dgspay.requests") == {
        "answer=usable endpoint=charge payment_type=mobile_money": 1,
        "answer=usable endpoint=transaction": 4,
    }
    common = "api=payments found=press outcome"
    assert meter.counted("dgspay.outcomes") == {
        f"{common}=Pending payment_type=mobile_money": 1,
        f"{common}=Paid payment_type=mobile_money": 1,
    }


def test_outcome_that_is_told_later_is_counted_once(
    meter: Meter, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PENDING)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    for _ in range(2):
        settle(charge_id_of(payment), _paid())

    assert meter.counted("dgspay.outcomes") == {
        "api=payments found=press outcome=Pending payment_type=card": 1,
        "api=payments found=later outcome=Paid payment_type=card": 1,
    }


def test_transaction(meter: Meter, shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", PENDING)
    storefront = Storefront(shop)
    item, _ = storefront.press()
    for _ in range(2):
        settle(ChargeId("transaction", item.pk), _paid())
    storefront.press(data={"type": "cash"}, key="key-2")

    assert meter.counted("dgspay.outcomes") == {
        "api=transactions found=press outcome=Pending payment_type=card": 1,
        "api=transactions found=later outcome=Paid payment_type=card": 1,
    }
    assert meter.counted("dgspay.refusals") == {
        "api=transactions reason=invalid_card_data": 1
    }


# Webhooks, reconciliations and problems


def test_webhooks(meter: Meter, shop: Shop, provider: Provider) -> None:
    body = json.dumps({"event": "payment.success", "data": PAID}).encode()
    deliver(body)  # of a payment that this store does not know
    provider.tells("POST charges", PENDING)
    shop.press(shop.new_payment(), card_data())
    provider.tells("GET transactions/DGS-1", PAID)
    deliver(body)
    provider.tells("GET transactions/DGS-1", {"error_code": "90"})
    deliver(body)
    deliver(body, signature="1" * 64)
    deliver(b"?")
    deliver(body, path="/webhook/7:forged/")
    deliver(body, method="GET")
    deliver(b"x" * (webhook.MAX_BODY_BYTES + 1))

    assert meter.counted("dgspay.webhooks") == {
        "result=accepted": 1,
        "result=try_again": 1,
        "result=invalid_signature": 1,
        "result=unreadable": 1,
        "result=unknown_payment": 2,
        "result=wrong_method": 1,
        "result=too_large": 1,
    }
    assert len(meter.durations("dgspay.webhook.duration")) == 8


def test_reconciliation(meter: Meter, shop: Shop, provider: Provider) -> None:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    provider.tells("POST charges", PENDING)
    shop.press(shop.new_payment(), card_data())
    provider.tells("GET transactions/DGS-1", PAID)
    row = {**PAID, "dgs_reference": "DGS-9", "created_at": "2020-01-01T00:00:00Z"}
    provider.tells("GET transactions[?]*", {"data": [row], "pagination": {"pages": 1}})

    long_ago = timezone.now() - timedelta(days=9999)
    reconcile_all(GATEWAY, long_ago)

    assert meter.counted("dgspay.reconciliations") == {"end=complete": 1}
    [seconds] = meter.durations("dgspay.reconciliation.duration")
    assert 0 < seconds < 60
    assert meter.counted("dgspay.reconciliation.outcomes") == {"outcome=Paid": 1}
    assert meter.counted("dgspay.reconciliation.unanswered") == {"": 0}
    assert meter.counted("dgspay.reconciliation.for_a_person") == {
        "case=unknown_here": 1
    }


def test_reconciliation_that_could_not_ask(meter: Meter, shop: Shop) -> None:
    report = Report(unanswered=3)
    end(GATEWAY, timezone.now() - AN_HOUR, report)

    assert meter.counted("dgspay.reconciliations") == {"end=incomplete": 1}
    assert meter.counted("dgspay.reconciliation.unanswered") == {"": 3}


def test_problems_that_the_owner_is_told_of(
    meter: Meter, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PENDING)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    Stock.objects.update(quantity=0)
    for reference in ("DGS-1", "DGS-1", "DGS-2"):
        settle(charge_id_of(payment), _paid(reference))
    usable_configuration([], "shop-rwf")

    assert meter.counted("dgspay.problems") == {
        "case=paid_without_order": 1,
        "case=second_capture": 1,
        "case=configuration": 1,
    }


def test_no_label_can_hold_what_a_customer_sends() -> None:
    """All values stand in the code, and none is a reference, an address or a number."""
    values = [value for values in LABELS.values() for value in values]

    assert [value for value in values if not re.fullmatch("[A-Za-z_]+", value)] == []


def _paid(reference: str = "DGS-1") -> ProviderTransaction:
    return ProviderTransaction(
        reference, TransactionStatus.SUCCESSFUL, amount=Decimal(12000), currency="RWF"
    )


def _all_below(error: type[errors.ProviderError]) -> list[type[errors.ProviderError]]:
    below = error.__subclasses__()
    return below + [deeper for one in below for deeper in _all_below(one)]
