"""A transaction's way through transactionInitialize and transactionProcess."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import graphene
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.app.models import App
from saleor.channel import TransactionFlowStrategy
from saleor.checkout.models import Checkout
from saleor.payment import TransactionEventType
from saleor.payment.interface import PaymentGatewayData
from saleor.payment.models import TransactionItem
from saleor.payment.utils import (
    handle_transaction_initialize_session,
    handle_transaction_process_session,
)
from saleor.plugins.manager import get_plugins_manager

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.reconciliation import (
    Account,
    Reconciliation,
    Report,
)
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import charge_of, request_event_of
from dgspay_plugin.records.history import History
from dgspay_plugin.records.ledger import Ledger
from dgspay_plugin.records.settle import settle
from dgspay_plugin.records.transactions import settle_transaction
from tests.unit.browser import card_data, mobile_money_data, pin_data
from tests.unit.dgspay import (
    ASKS_FOR_PIN,
    NO_ANSWER,
    NOT_CONNECTED,
    PAID,
    PENDING,
    Provider,
)
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop, code_of

WAIT = {"type": "wait"}
SUCCESS = TransactionEventType.CHARGE_SUCCESS
FAILURE = TransactionEventType.CHARGE_FAILURE
ASKED = TransactionEventType.CHARGE_ACTION_REQUIRED
REQUEST = TransactionEventType.CHARGE_REQUEST


class Storefront:
    """Pays the checkouts of a shop by transactions, as Saleor's mutations do."""

    def __init__(self, shop: Shop) -> None:
        keep_gateway_app(GATEWAY, "DGS-Pay")
        self._shop = shop
        self._app = App.objects.get(identifier=GATEWAY)
        self.data: Any = None
        """What came with the latest answer."""
        self.message: str | None = None

    def press(
        self,
        checkout: Checkout | None = None,
        data: Any = None,
        key: str = "key-1",
        amount: int = 12000,
        action: str = TransactionFlowStrategy.CHARGE,
    ) -> tuple[TransactionItem, str]:
        """Press Pay; return the transaction and the type of its event."""
        item, event, self.data = handle_transaction_initialize_session(
            source_object=checkout or self._shop.new_checkout(),
            payment_gateway_data=PaymentGatewayData(GATEWAY, data or card_data()),
            amount=Decimal(amount),
            action=action,
            customer_ip_address=None,
            app=self._app,
            manager=get_plugins_manager(allow_replica=False),
            idempotency_key=key,
        )
        self.message = event.message
        return item, event.type

    def answer(self, item: TransactionItem, data: Any) -> str:
        """Answer a step; return the type of the event that comes of it."""
        item.refresh_from_db()
        event, self.data = handle_transaction_process_session(
            transaction_item=item,
            source_object=item.checkout,
            payment_gateway_data=PaymentGatewayData(GATEWAY, data),
            action=TransactionFlowStrategy.CHARGE,
            app=self._app,
            customer_ip_address=None,
            manager=get_plugins_manager(allow_replica=False),
            request_event=request_event_of(item),
        )
        self.message = event.message
        event_type: str = event.type
        return event_type


@pytest.fixture
def storefront(shop: Shop) -> Storefront:
    return Storefront(shop)


def charge_id(item: TransactionItem) -> ChargeId:
    return ChargeId("transaction", item.pk)


def events(item: TransactionItem) -> list[str]:
    """The types of what happened to the transaction after the press."""
    return [event.type for event in item.events.all()][1:]


def told(status: str, amount: int = 12000) -> ProviderTransaction:
    return ProviderTransaction(
        "DGS-1", TransactionStatus(status), amount=Decimal(amount), currency="RWF"
    )


# The press of Pay


def test_charge_says_who_pays_what_and_where_to_come_back(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    checkout = shop.new_checkout()
    page = "https://shop.example/pay?lang=rw"
    card = card_data()
    item, event = storefront.press(checkout, {**card, "return_url": page})

    assert event == SUCCESS
    request = provider.calls[0]
    body = request.fields
    assert request.headers["X-Idempotency-Key"] == str(item.token)
    del card["type"]
    assert card.items() <= body.items()
    assert (body["amount"], body["currency"]) == (12000, "RWF")
    assert body["customer_email"] == "amina@example.com"
    assert body["narration"] == f"Order {checkout.pk}"
    assert f"/{GATEWAY}/webhook/transaction-{item.pk}:" in body["callback_url"]
    checkout_id = graphene.Node.to_global_id("Checkout", checkout.pk)
    transaction_id = graphene.Node.to_global_id("TransactionItem", item.token)
    assert body["redirect_url"] == (
        f"{page}&checkout={checkout_id.replace('=', '%3D')}"
        f"&transaction={transaction_id.replace('=', '%3D')}"
    )


def test_customer_without_a_page_comes_back_to_the_shops(
    storefront: Storefront, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    storefront.press()
    body = provider.calls[0].fields
    assert body["redirect_url"].startswith("https://shop.example/checkout?checkout=")


def test_page_that_the_store_does_not_allow(
    storefront: Storefront, provider: Provider
) -> None:
    page = "https://elsewhere.example/"
    _, event = storefront.press(data={**card_data(), "return_url": page})
    assert event == FAILURE
    assert storefront.data["error"] == "return_url_not_allowed"
    assert provider.called == []


@pytest.mark.parametrize(
    ("answer", "event", "data"),
    [
        pytest.param(PAID, SUCCESS, {"reference": "DGS-1"}, id="paid"),
        pytest.param(
            ASKS_FOR_PIN, ASKED, {"type": "pin", "reference": "DGS-1"}, id="PIN"
        ),
        pytest.param(
            PENDING,
            ASKED,
            {"type": "wait", "reference": "DGS-1", "poll_after_ms": 3000},
            id="pending",
        ),
        pytest.param(
            NO_ANSWER,
            ASKED,
            {"type": "wait", "reference": None, "poll_after_ms": 3000},
            id="in doubt",
        ),
    ],
)
def test_storefront_gets(
    storefront: Storefront, provider: Provider, answer: Any, event: str, data: Any
) -> None:
    provider.tells("POST charges", answer)
    item, got = storefront.press()
    assert got == event
    assert storefront.data == data
    assert item.psp_reference == data["reference"]
    assert item.charged_value == (12000 if event == SUCCESS else 0)


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        pytest.param({**PAID, "amount": 120}, 200, "amount_mismatch", id="amount"),
        pytest.param(
            {**PENDING, "next_action_type": "requires_dance"},
            200,
            "unknown_next_action",
            id="unknown step",
        ),
        pytest.param(
            {"transaction_status": "failed", "processor_response": "expired_card"},
            200,
            "expired_card",
            id="declined",
        ),
        pytest.param({"error_code": "90"}, 400, "provider_refused", id="refused"),
        pytest.param(NOT_CONNECTED, 200, "provider_unavailable", id="not sent"),
    ],
)
@pytest.mark.usefixtures("no_pauses")
def test_charge_fails(
    storefront: Storefront, provider: Provider, answer: Any, status: int, code: str
) -> None:
    provider.tells("POST charges", answer, status)
    item, event = storefront.press()
    assert event == FAILURE
    assert storefront.data["error"] == code
    assert storefront.message and storefront.message.endswith(f"({code})")
    assert item.charged_value == 0


def test_authorization_is_not_possible(
    storefront: Storefront, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    _, event = storefront.press(action=TransactionFlowStrategy.AUTHORIZATION)
    assert event == TransactionEventType.AUTHORIZATION_FAILURE
    assert storefront.data["error"] == "authorization_not_possible"
    assert provider.called == []
    assert "transaction flow strategy to CHARGE" in caplog.text


# The same press again


def test_repeated_press_is_charged_once(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    checkout = shop.new_checkout()
    first, _ = storefront.press(checkout)
    second, event = storefront.press(checkout)
    assert (second, event) == (first, SUCCESS)
    assert provider.called == ["POST charges"]
    second.refresh_from_db()
    assert second.charged_value == 12000
    assert events(second) == [SUCCESS]


def test_repeated_press_learns_the_step(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", ASKS_FOR_PIN)
    provider.tells("GET transactions/DGS-1", ASKS_FOR_PIN)
    checkout = shop.new_checkout()
    for _ in range(2):
        _, event = storefront.press(checkout)
        assert event == ASKED
        assert storefront.data == {"type": "pin", "reference": "DGS-1"}
    assert provider.called.count("POST charges") == 1


@pytest.mark.parametrize(
    ("data", "answer", "status", "code"),
    [
        (card_data(), {"transaction_status": "failed"}, 200, "declined"),
        (card_data(), {"error_code": "91"}, 400, "provider_refused"),
        (mobile_money_data(), {"error_code": "90"}, 400, "mobile_money_refused"),
    ],
)
def test_repeated_press_after_a_failure_gets_the_same_failure(
    storefront: Storefront,
    shop: Shop,
    provider: Provider,
    data: Any,
    answer: Any,
    status: int,
    code: str,
) -> None:
    """DGS-Pay has seen the idempotency key, and would not take it again."""
    provider.tells("POST charges", answer, status)
    checkout = shop.new_checkout()
    for _ in range(2):
        _, event = storefront.press(checkout, data)
        assert event == FAILURE
        assert storefront.data["error"] == code
    assert provider.called.count("POST charges") == 1


@pytest.mark.usefixtures("no_pauses")
def test_repeated_press_is_sent_if_nothing_was_sent_before(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", NOT_CONNECTED)
    checkout = shop.new_checkout()
    storefront.press(checkout)
    provider.tells("POST charges", PAID)
    _, event = storefront.press(checkout)
    assert event == SUCCESS


def test_press_repeated_after_a_killed_worker_waits(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    checkout = shop.new_checkout()
    item = TransactionItem.objects.create(
        checkout=checkout, currency="RWF", idempotency_key="key-1"
    )
    attempts.begin(item.private_metadata, History(), charge_id(item))
    item.save()
    again, event = storefront.press(checkout)
    assert (again, event) == (item, ASKED)
    assert storefront.data["type"] == "wait"
    assert provider.called == []


# Steps


@pytest.fixture
def asked_for_pin(storefront: Storefront, provider: Provider) -> TransactionItem:
    provider.tells("POST charges", ASKS_FOR_PIN)
    item, _ = storefront.press()
    return item


def test_pin_pays(
    storefront: Storefront, provider: Provider, asked_for_pin: TransactionItem
) -> None:
    provider.tells("POST authorize", PAID)
    assert storefront.answer(asked_for_pin, pin_data()) == SUCCESS
    asked_for_pin.refresh_from_db()
    assert asked_for_pin.charged_value == 12000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"type": "otp", "auth_otp": "123456"}, "wrong_step"),
        ({"type": "pin", "pin": "1234"}, "raw_card_data"),
        ({"type": "pin", "auth_pin_encrypted": "x"}, "invalid_card_data"),
        ({**WAIT, "reference": "DGS-9"}, "wrong_reference"),
        ("not a step", "invalid_card_data"),
    ],
)
def test_refused_step_is_asked_for_again(
    storefront: Storefront,
    provider: Provider,
    asked_for_pin: TransactionItem,
    data: Any,
    code: str,
) -> None:
    """A failure would be the end of a charge that goes on at the bank."""
    assert storefront.answer(asked_for_pin, data) == ASKED
    assert storefront.data.pop("message")
    assert storefront.data == {"type": "pin", "reference": "DGS-1", "error": code}
    provider.tells("POST authorize", PAID)
    assert storefront.answer(asked_for_pin, pin_data()) == SUCCESS


def test_refused_step_of_mobile_money_still_says_which_phone_to_look_at(
    storefront: Storefront, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is stored to be asked for again, once the wait took too long."""
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PENDING)
    item, _ = storefront.press(data=mobile_money_data())
    _let_time_pass(monkeypatch)
    assert storefront.answer(item, WAIT) == REQUEST
    assert storefront.answer(item, {"type": "pin", "pin": "1234"}) == ASKED
    assert storefront.data["error"] == "raw_card_data"
    assert storefront.data["type"] == "approve_on_phone"
    assert storefront.data["phone_last_digits"] == "456"


def test_decline_is_the_end(
    storefront: Storefront, provider: Provider, asked_for_pin: TransactionItem
) -> None:
    provider.tells("POST authorize", {**PENDING, "transaction_status": "failed"})
    assert storefront.answer(asked_for_pin, pin_data()) == FAILURE
    assert storefront.data["error"] == "declined"


def test_wait_that_takes_too_long_is_a_pending_charge(
    storefront: Storefront, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PENDING)
    item, _ = storefront.press()
    _let_time_pass(monkeypatch)
    assert storefront.answer(item, WAIT) == REQUEST
    assert storefront.data == {"type": "pending", "reference": "DGS-1"}
    item.refresh_from_db()
    assert item.charge_pending_value == 12000


def test_wait_without_a_reference_goes_on(
    storefront: Storefront, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saleor keeps no pending charge without a reference."""
    provider.tells("POST charges", NO_ANSWER)
    item, _ = storefront.press()
    _let_time_pass(monkeypatch)
    assert storefront.answer(item, WAIT) == ASKED
    assert storefront.data["type"] == "wait"


# What DGS-Pay says of it later


@pytest.fixture
def pending(storefront: Storefront, provider: Provider) -> TransactionItem:
    provider.tells("POST charges", PENDING)
    item, _ = storefront.press()
    return item


def test_success_is_told_once(pending: TransactionItem) -> None:
    for _ in range(3):
        settle(charge_id(pending), told("successful"))
    pending.refresh_from_db()
    assert pending.charged_value == 12000
    assert events(pending) == [ASKED, SUCCESS]
    assert len(charge_of(pending).history.captures) == 1


def test_channel_s_configuration_is_read_once(pending: TransactionItem) -> None:
    with CaptureQueriesContext(connection) as queries:
        settle_transaction(pending.pk, told("successful"))
    asked = f'"plugins_pluginconfiguration"."identifier" = \'{GATEWAY}\''
    assert sum(asked in query["sql"] for query in queries.captured_queries) == 1


def test_success_that_the_customer_hears_of_later(
    storefront: Storefront, pending: TransactionItem
) -> None:
    settle_transaction(pending.pk, told("successful"))
    assert storefront.answer(pending, WAIT) == SUCCESS
    assert events(pending) == [ASKED, SUCCESS]


def test_success_whose_event_a_killed_worker_left_out(
    storefront: Storefront, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    item, _ = storefront.press()
    item.events.filter(type=SUCCESS).delete()
    settle_transaction(item.pk, told("successful"))
    item.refresh_from_db()
    assert item.charged_value == 12000
    assert events(item) == [SUCCESS]
    assert len(charge_of(item).history.captures) == 1


def test_decline_ends_the_wait_once(pending: TransactionItem) -> None:
    for _ in range(2):
        settle_transaction(pending.pk, told("failed"))
    assert events(pending) == [ASKED, FAILURE]


def test_decline_of_a_pending_charge_takes_it_out_of_the_books(
    storefront: Storefront,
    provider: Provider,
    pending: TransactionItem,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider.tells("GET transactions/DGS-1", PENDING)
    _let_time_pass(monkeypatch)
    storefront.answer(pending, WAIT)
    settle_transaction(pending.pk, told("failed"))
    pending.refresh_from_db()
    assert pending.charge_pending_value == 0


def test_decline_after_the_success_changes_nothing(pending: TransactionItem) -> None:
    settle_transaction(pending.pk, told("successful"))
    settle_transaction(pending.pk, told("failed"))
    pending.refresh_from_db()
    assert pending.charged_value == 12000


def test_success_after_the_decline_counts(pending: TransactionItem) -> None:
    settle_transaction(pending.pk, told("failed"))
    settle_transaction(pending.pk, told("successful"))
    pending.refresh_from_db()
    assert pending.charged_value == 12000


def test_another_amount_is_never_paid_and_told_once(
    pending: TransactionItem, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        settle_transaction(pending.pk, told("successful", amount=120))
    pending.refresh_from_db()
    assert pending.charged_value == 0
    assert events(pending) == [ASKED, FAILURE]
    assert caplog.text.count("DGS-Pay charged 120 RWF") == 1


def test_success_of_a_deleted_checkout_is_told_to_the_owner(
    pending: TransactionItem, caplog: pytest.LogCaptureFixture
) -> None:
    pending.checkout.delete()
    settle_transaction(pending.pk, told("successful"))
    pending.refresh_from_db()
    assert pending.charged_value == 12000
    assert "Saleor has deleted its checkout" in caplog.text


# Several charges for the same goods


def test_two_halves_pay_a_checkout(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    checkout = shop.new_checkout()
    for key, reference in (("key-1", "DGS-1"), ("key-2", "DGS-2")):
        half = {**PAID, "amount": 6000, "dgs_reference": reference}
        provider.tells("POST charges", half)
        _, event = storefront.press(checkout, key=key, amount=6000)
        assert event == SUCCESS


def test_second_charge_of_what_is_paid_is_held_back(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    checkout = shop.new_checkout()
    storefront.press(checkout)
    _, event = storefront.press(checkout, key="key-2")
    assert event == FAILURE
    assert storefront.data["error"] == "already_paid"
    assert provider.called == ["POST charges"]


def test_half_that_would_be_too_much_is_held_back(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", {**PAID, "amount": 6000})
    checkout = shop.new_checkout()
    storefront.press(checkout, amount=6000)
    storefront.press(checkout, key="key-2", amount=6001)
    assert storefront.data["error"] == "more_than_due"


def test_charge_in_doubt_holds_back_what_would_be_too_much(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", NO_ANSWER)
    checkout = shop.new_checkout()
    storefront.press(checkout, amount=6000)
    storefront.press(checkout, key="key-2", amount=12000)
    assert storefront.data["error"] == "payment_in_doubt"
    provider.tells("POST charges", {**PAID, "amount": 6000})
    _, event = storefront.press(checkout, key="key-3", amount=6000)
    assert event == SUCCESS


def test_more_than_the_total_is_refused(
    storefront: Storefront, provider: Provider
) -> None:
    _, event = storefront.press(amount=12001)
    assert event == TransactionEventType.CHARGE_FAILURE
    assert storefront.data["error"] == "more_than_due"
    assert provider.called == []


def test_press_without_an_amount_when_all_is_paid(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    """Saleor then asks for what is left, which is 0."""
    provider.tells("POST charges", PAID)
    checkout = shop.new_checkout()
    storefront.press(checkout)
    storefront.press(checkout, key="key-2", amount=0)
    assert storefront.data["error"] == "already_paid"
    assert provider.called.count("POST charges") == 1


def test_what_was_given_back_may_be_paid_again(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    checkout = shop.new_checkout()
    item, _ = storefront.press(checkout)
    TransactionItem.objects.filter(pk=item.pk).update(refunded_value=12000)
    provider.tells("POST charges", {**PAID, "dgs_reference": "DGS-2"})
    _, event = storefront.press(checkout, key="key-2")
    assert event == SUCCESS


def test_payment_in_doubt_holds_a_transaction_back(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", NO_ANSWER)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    storefront.press(payment.checkout)
    assert storefront.data["error"] == "payment_in_doubt"


def test_transaction_in_doubt_holds_a_payment_back(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", NO_ANSWER)
    checkout = shop.new_checkout()
    storefront.press(checkout)
    answer = shop.press(shop.new_payment(checkout), card_data())
    assert code_of(answer) == "payment_in_doubt"


def test_part_that_was_paid_and_never_the_rest_is_reported(
    storefront: Storefront,
    shop: Shop,
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider.tells("POST charges", {**PAID, "amount": 5000})
    item, event = storefront.press(amount=5000)
    assert event == SUCCESS
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))

    early, late = Report(), Report()
    Reconciliation(account, early).complete_captured_checkouts()
    _let_time_pass(monkeypatch)
    Reconciliation(account, late).complete_captured_checkouts()

    assert not early.for_a_person
    [told] = late.for_a_person
    assert f"Transaction {item.pk}, DGS-Pay reference DGS-1: 5000 RWF charged" in told
    assert "is paid in part" in told


def _let_time_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + attempts.OUTCOME_DEADLINE + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
