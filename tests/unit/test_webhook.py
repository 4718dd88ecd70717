"""DGS-Pay's webhook: verified before it is read, and never a crash."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, UnreadablePostError
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from saleor.app.models import App, AppProblem
from saleor.order.models import Order
from saleor.payment.models import Payment

from dgspay_plugin.callback_urls import callback_url
from dgspay_plugin.checkout.payments import begin_attempt
from dgspay_plugin.configuration import read_configuration
from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.reconciliation import reconcile_all
from dgspay_plugin.records.charges import charge_of
from dgspay_plugin.sandbox.messages import write_json
from dgspay_plugin.webhook import (
    MAX_BODY_BYTES,
    NO_SIGNATURE,
    REFUSED_TO_TELL,
    handle_webhook,
    signature_of,
)
from tests.unit.browser import card_data
from tests.unit.dgspay import NO_ANSWER, PAID, PENDING, Provider
from tests.unit.json_values import json_values
from tests.unit.merchant import GATEWAY, fields
from tests.unit.shop import Shop, charge_id_of

CONFIGURATION = read_configuration(fields())
SUCCESS = {"event": "payment.success", "data": PAID}
requests_of = RequestFactory()

PING = b'{"event":  "ping"}'
# As openssl dgst -sha256 -hmac makes it of these very bytes and the secret.
SIGNATURE = "08c7f202992b6ba23ee8f9af37e49e50760b19effc37a197f23864dfb69b026c"


def deliver(
    body: bytes,
    path: str = "/webhook/",
    *,
    method: str = "POST",
    signature: str | None = None,
    channel: str = "shop-rwf",
    **headers: Any,
) -> HttpResponse:
    if signature is None:
        signature = signature_of(body, CONFIGURATION.webhook_secret)
    request = requests_of.generic(
        method,
        "/",
        body,
        "application/json",
        headers={"X-DGS-Signature": signature},
        **headers,
    )
    return handle_webhook(request, path, GATEWAY, channel, CONFIGURATION)


def deliver_event(event: Any, path: str = "/webhook/", **options: Any) -> int:
    return deliver(json.dumps(event).encode(), path, **options).status_code


def path_of(payment: Payment) -> str:
    return callback_url(GATEWAY, "shop-rwf", charge_id_of(payment)).partition(GATEWAY)[
        2
    ]


# Before anything is read: no database and no provider is there


def test_signature_is_the_hmac_of_the_raw_body() -> None:
    assert signature_of(PING, CONFIGURATION.webhook_secret) == SIGNATURE
    assert deliver(PING, signature=SIGNATURE).status_code == 200
    assert deliver(PING, signature=SIGNATURE.upper()).status_code == 200
    assert deliver(PING.replace(b"  ", b" "), signature=SIGNATURE).status_code == 401


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "0" * 64,
        SIGNATURE,  # of another body
        signature_of(b"{}", CONFIGURATION.webhook_secret)[:-1],
        "sha256=" + signature_of(b"{}", CONFIGURATION.webhook_secret),
        "é" * 64,
    ],
)
def test_body_without_its_signature_is_refused(signature: str) -> None:
    assert deliver(b"{}", signature=signature).status_code == 401


def test_body_is_not_read_before_its_signature(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert deliver(b"not JSON", signature="0" * 64).status_code == 401
    assert "not JSON" not in caplog.text


@given(st.binary(max_size=200), st.binary(min_size=64, max_size=64))
def test_no_made_up_signature_passes(body: bytes, signature: bytes) -> None:
    assert deliver(body, signature=signature.hex()[:64]).status_code == 401


@pytest.mark.parametrize("path", ["", "/", "/webhook/7/", "/webhook/7:forged/", "/x/"])
def test_path_that_this_store_did_not_make(path: str) -> None:
    assert deliver(b"{}", path).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_wrong_method(method: str) -> None:
    answer = deliver(b"", method=method)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


def test_oversized_body() -> None:
    assert deliver(b"x" * (MAX_BODY_BYTES + 1)).status_code == 413
    assert deliver(b"x" * MAX_BODY_BYTES).status_code == 400


def test_oversized_body_is_not_even_taken_in() -> None:
    answer = deliver(b"{}", CONTENT_LENGTH=str(MAX_BODY_BYTES + 1))
    assert answer.status_code == 413


def test_oversized_body_that_does_not_say_its_length() -> None:
    """Sent in chunks, which a server passes on over ASGI."""
    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    request = ASGIRequest(scope, BytesIO(b"x" * (MAX_BODY_BYTES + 1)))
    answer = handle_webhook(request, "/webhook/", GATEWAY, "shop-rwf", CONFIGURATION)
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["many", "", "-1", "1e9"])
def test_length_that_is_no_number(length: str) -> None:
    assert deliver(b"{}", CONTENT_LENGTH=length).status_code in (400, 401)


def test_body_that_breaks_off() -> None:
    class BrokenOff:
        def read(self, *_: object) -> bytes:
            raise UnreadablePostError

        def close(self) -> None:
            """Nothing is left to close."""

    request = requests_of.generic("POST", "/", b"{}", "application/json")
    request._stream = BrokenOff()
    answer = handle_webhook(request, "/webhook/", GATEWAY, "shop-rwf", CONFIGURATION)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"[]", b"{}", b'{"event": 7}', b"\xff", b"[" * 60_000],
    ids=lambda body: repr(body[:20]),
)
def test_malformed_body(body: bytes) -> None:
    assert deliver(body).status_code == 400


def test_event_about_no_transaction_is_received() -> None:
    answer = deliver(b'{"event": "ping"}')
    assert json.loads(answer.content) == {"status": "received"}


# What it says of a payment


@pytest.fixture
def payment(shop: Shop, provider: Provider) -> Payment:
    """A payment that waits for DGS-Pay."""
    provider.tells("POST charges", PENDING)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    provider.calls.clear()
    return payment


def test_customer_who_is_gone_gets_the_order(
    provider: Provider, payment: Payment
) -> None:
    provider.tells("GET transactions/DGS-1", PAID)
    for _ in range(2):
        assert deliver_event(SUCCESS) == 200
        assert deliver_event(SUCCESS, path_of(payment)) == 200
    order = Order.objects.get()
    assert order.payments.get() == payment


def test_signatures_refused_again_and_again_are_told_until_one_is_right(
    provider: Provider, payment: Payment
) -> None:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    provider.tells("GET transactions/DGS-1", PAID)
    for _ in range(REFUSED_TO_TELL - 1):
        assert deliver_event(SUCCESS, signature="1" * 64) == 401
    assert not AppProblem.objects.exists()
    for _ in range(20):
        assert deliver_event(SUCCESS, signature="1" * 64) == 401
    problem = AppProblem.objects.get()
    assert problem.key == "webhook_refused:shop-rwf"
    assert "Webhook secret" in problem.message
    # Anybody can send it, so it is told once.
    assert problem.count == 1
    assert deliver_event(SUCCESS) == 200
    assert not AppProblem.objects.exists()


def test_forged_webhooks_of_dgspay_check_are_not_told(payment: Payment) -> None:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    for _ in range(20):
        assert deliver_event(SUCCESS, signature=NO_SIGNATURE) == 401
    assert not AppProblem.objects.exists()


def test_reconciliation_that_does_not_run_is_told_until_it_does(
    provider: Provider, payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    provider.tells("GET transactions/DGS-1", PAID)
    provider.tells("GET transactions[?]*", {"data": [], "pagination": {"pages": 1}})
    assert deliver_event(SUCCESS) == 200
    assert not AppProblem.objects.exists()
    App.objects.update(created_at=timezone.now() - timedelta(hours=2))
    for _ in range(3):
        assert deliver_event(SUCCESS) == 200
    problem = AppProblem.objects.get()
    assert problem.key == "reconciliation_late:all channels"
    assert problem.count == 1
    reconcile_all(GATEWAY, timezone.now() - timedelta(days=3))
    assert not AppProblem.objects.exists()


def test_event_is_a_hint_and_the_api_decides(
    provider: Provider, payment: Payment
) -> None:
    provider.tells("GET transactions/DGS-1", PENDING)
    assert deliver_event(SUCCESS) == 200
    assert not Order.objects.exists()


def test_signed_event_counts_where_the_api_cannot_be_asked(
    provider: Provider, payment: Payment
) -> None:
    provider.tells("GET transactions/DGS-1", NO_ANSWER)
    assert deliver_event(SUCCESS) == 200
    assert Order.objects.exists()


@pytest.mark.parametrize("missing", ["amount", "currency", "transaction_status"])
def test_event_that_does_not_say_all_has_to_come_again(
    provider: Provider, payment: Payment, missing: str
) -> None:
    provider.tells("GET transactions/DGS-1", NO_ANSWER)
    data = {name: value for name, value in PAID.items() if name != missing}
    assert deliver_event({"event": "payment.success", "data": data}) == 503
    assert not Order.objects.exists()


def test_event_that_the_api_denies(
    provider: Provider, payment: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    provider.tells("GET transactions/DGS-1", {"error_code": "92"}, status=404)
    assert deliver_event(SUCCESS) == 404
    assert not Order.objects.exists()
    assert "DGS-1" in caplog.text


def test_another_amount_pays_nothing(provider: Provider, payment: Payment) -> None:
    provider.tells("GET transactions/DGS-1", {**PAID, "amount": 120})
    assert deliver_event(SUCCESS) == 200
    assert not Order.objects.exists()


def test_callback_finds_the_payment_whose_answer_was_lost(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", NO_ANSWER)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    provider.tells("GET transactions/DGS-1", PENDING)
    assert deliver_event(SUCCESS) == 404
    assert deliver_event(SUCCESS, path_of(payment)) == 200
    provider.tells("GET transactions/DGS-1", PAID)
    assert shop.press(payment, {"type": "wait"}).is_success
    payment.refresh_from_db()
    assert payment.captured_amount == 12000


def test_event_before_the_answer_is_stored(shop: Shop, provider: Provider) -> None:
    provider.tells("GET transactions/DGS-1", PENDING)
    payment = shop.new_payment()
    begin_attempt(payment.checkout, GATEWAY)
    assert deliver_event(SUCCESS, path_of(payment)) == 200
    charge = charge_of(Payment.objects.get())
    assert charge.reference == "DGS-1"
    assert charge.history.is_waiting


@pytest.mark.usefixtures("payment")
def test_payment_that_nobody_knows(provider: Provider) -> None:
    unknown = {"event": "payment.success", "data": {**PAID, "dgs_reference": "DGS-9"}}
    assert deliver_event(unknown) == 404
    assert provider.called == []


def test_channel_that_is_not_the_payments(provider: Provider, payment: Payment) -> None:
    for path in ("/webhook/", path_of(payment)):
        assert deliver_event(SUCCESS, path, channel="shop-usd") == 404
    assert provider.called == []


def test_callback_of_one_payment_with_the_reference_of_another(
    shop: Shop, provider: Provider, payment: Payment
) -> None:
    other = shop.new_payment()
    assert deliver_event(SUCCESS, path_of(other)) == 404
    assert provider.called == []


def test_payment_of_another_gateway(shop: Shop, provider: Provider) -> None:
    foreign = shop.new_payment(gateway="another.gateway")
    assert deliver_event(SUCCESS, path_of(foreign)) == 404
    assert provider.called == []


def test_what_nobody_foresaw_is_logged_and_comes_again(
    provider: Provider,
    payment: Payment,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("the database is gone")

    provider.tells("GET transactions/DGS-1", PAID)
    monkeypatch.setattr("dgspay_plugin.webhook.settle", break_down)
    answer = deliver(json.dumps(SUCCESS).encode())
    assert answer.status_code == 503
    assert b"database" not in answer.content
    assert caplog.records[-1].exc_info


@given(
    st.binary(max_size=300)
    | json_values.map(lambda value: write_json(value).encode())
    | st.fixed_dictionaries(
        {"event": st.just("payment.success")},
        optional={
            "data": json_values,
            "dgs_reference": st.text() | st.integers() | st.just("DGS-1"),
            "transaction_status": st.text() | st.just("successful"),
            "amount": json_values,
            "currency": json_values,
        },
    ).map(lambda value: write_json(value).encode())
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_signed_body_is_answered(
    payment: Payment, provider: Provider, body: bytes
) -> None:
    provider.tells("GET transactions/*", PENDING)
    assert deliver(body, path_of(payment)).status_code in (200, 400, 404, 503)
    assert not Order.objects.exists()
