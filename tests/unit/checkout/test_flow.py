"""The order of a purchase's steps, with a Purchase of no API and no database."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from dgspay_plugin.checkout.flow import start_purchase
from dgspay_plugin.checkout.purchase import Purchase
from dgspay_plugin.configuration import read_configuration
from dgspay_plugin.goods import Goods
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    ActionRequired,
    AmountMismatch,
    Declined,
    InDoubt,
    NextAction,
    Outcome,
    Paid,
    Pending,
)
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal
from dgspay_plugin.records.attempts import STEP_ARRIVES_WITHIN
from dgspay_plugin.records.other_charges import OtherCharges
from dgspay_plugin.records.replies import Reply, Result
from tests.unit.browser import card_data, mobile_money_data, nonce, pin_data
from tests.unit.checkout.noted_purchase import (
    CONFIGURATION,
    DUE,
    NotedPurchase,
    go_on,
    start,
)
from tests.unit.dgspay import ASKS_FOR_PIN, NO_ANSWER, PAID, PENDING, Provider
from tests.unit.leaks import found_in, logged
from tests.unit.merchant import fields

NOTHING = Money(Decimal(0), "RWF")
TOO_LITTLE = Money(Decimal(11999), "RWF")
ASKED_FOR_PIN = ActionRequired("DGS-1", NextAction.PIN)
SOLD_OUT = Refusal(CustomerMessage.OUT_OF_STOCK, "Albums are sold out.")
WAIT = {"type": "wait"}


Buy = Callable[..., NotedPurchase]


@pytest.fixture
def buy(provider: Provider) -> Buy:
    """A new purchase, with these outcomes so far."""
    return lambda data, *outcomes: NotedPurchase(provider, data, *outcomes)


# Before a request that can move money


def test_mark_is_the_last_before_the_charge(buy: Buy, provider: Provider) -> None:
    provider.tells("POST charges", PAID)
    purchase = buy(card_data())
    reply = start(purchase)
    assert (reply.result, reply.charged) == (Result.PAID, DUE)
    assert purchase.asked == ["goods", "other charges", "mark"]
    assert provider.called == ["POST charges"]


@pytest.mark.parametrize("press", [start, go_on])
def test_goods_are_looked_at_again_if_the_lock_was_let_go(
    buy: Buy, provider: Provider, press: Callable[[Purchase], Reply]
) -> None:
    """Others may have come in between: neither a card nor a PIN is sent then."""
    outcomes = [ASKED_FOR_PIN] if press is go_on else []
    purchase = buy(pin_data() if outcomes else card_data(), *outcomes)
    purchase.lets_the_lock_go = True
    purchase.costs = [Goods(DUE), Goods(TOO_LITTLE)]
    assert press(purchase).message is CustomerMessage.MORE_THAN_DUE
    looks = ["goods", "other charges"]
    assert purchase.asked == [*looks, "mark", *looks]
    assert provider.called == []


@pytest.mark.parametrize(
    ("goods", "taken", "message"),
    [
        (Goods(DUE, SOLD_OUT), 0, CustomerMessage.OUT_OF_STOCK),
        # A customer who has paid is told so first.
        (Goods(DUE, SOLD_OUT), 12000, CustomerMessage.ALREADY_PAID),
        # An empty cart costs nothing, and what it lacks is what has to be read.
        (Goods(NOTHING, SOLD_OUT), 0, CustomerMessage.OUT_OF_STOCK),
        (Goods(NOTHING), 0, CustomerMessage.NOTHING_TO_PAY),
        (Goods(DUE), 1, CustomerMessage.MORE_THAN_DUE),
    ],
    ids=["sold out", "paid and sold out", "empty", "free", "paid in part"],
)
def test_what_may_not_be_charged_leaves_no_mark(
    buy: Buy, provider: Provider, goods: Goods, taken: int, message: CustomerMessage
) -> None:
    for press, outcomes, data in (
        (start, [], card_data()),
        (go_on, [ASKED_FOR_PIN], pin_data()),
    ):
        purchase = buy(data, *outcomes)
        purchase.costs = [goods]
        purchase.others = OtherCharges(taken_elsewhere=Decimal(taken))
        reply = press(purchase)
        assert (reply.result, reply.message, reply.record) == (
            Result.FAILED,
            message,
            {},
        )
        assert "mark" not in purchase.asked
    assert provider.called == []


@pytest.mark.parametrize(
    ("price", "sent"),
    [
        (("10.500", "USD"), 10.5),
        (("10.505", "USD"), None),
        (("12000.400", "RWF"), None),
        (("0", "RWF"), None),
    ],
    ids=str,
)
def test_amount_is_in_the_steps_of_its_currency_and_never_rounded(
    buy: Buy, provider: Provider, price: tuple[str, str], sent: float | None
) -> None:
    provider.tells("POST charges", PENDING)
    purchase = buy(card_data())
    purchase.price = Money(Decimal(price[0]), price[1])
    purchase.costs = [Goods(Money(Decimal(20000), price[1]))]
    reply = start(purchase)
    if sent is None:
        assert reply.message is CustomerMessage.AMOUNT_NOT_CHARGEABLE
        assert provider.called == []
    else:
        body = provider.calls[0].fields
        assert (body["amount"], body["currency"]) == (sent, price[1])


@pytest.mark.parametrize(
    ("data", "changes", "message"),
    [
        (
            card_data(),
            {"payment_methods": "mobile_money"},
            CustomerMessage.CARD_NOT_OFFERED,
        ),
        (
            mobile_money_data(),
            {"payment_methods": "card"},
            CustomerMessage.MOBILE_MONEY_NOT_OFFERED,
        ),
        (
            card_data(),
            {"supported_currencies": "USD"},
            CustomerMessage.CURRENCY_NOT_SUPPORTED,
        ),
    ],
    ids=["no cards", "no mobile money", "another currency"],
)
def test_what_the_shop_does_not_offer_is_not_charged(
    buy: Buy,
    provider: Provider,
    data: dict[str, object],
    changes: dict[str, str],
    message: CustomerMessage,
) -> None:
    configuration = read_configuration(fields(**changes))
    assert start_purchase(buy(data), configuration).message is message
    assert provider.called == []


# A nonce


def test_nonce_serves_a_press_that_is_repeated_and_no_other(
    buy: Buy, provider: Provider
) -> None:
    provider.tells("POST charges", {"transaction_status": "failed"})
    card = card_data()
    first, another = buy(card), buy(card)
    for _ in range(2):
        assert start(first).message is CustomerMessage.DECLINED
        provider.calls.clear()
    assert start(another).message is CustomerMessage.REUSED_NONCE
    assert provider.called == []


def test_refused_press_leaves_its_nonce_unused(buy: Buy, provider: Provider) -> None:
    """The customer corrects the cart, and the form sends the same card again."""
    provider.tells("POST charges", PAID)
    card = card_data()
    refused = buy(card)
    refused.costs = [Goods(DUE, SOLD_OUT)]
    start(refused)
    assert start(buy(card)).result is Result.PAID


# A request whose answer is not known


@pytest.mark.parametrize("data", [card_data(), WAIT], ids=["a card", "a question"])
def test_press_after_a_killed_worker_waits_for_its_charge(
    buy: Buy, provider: Provider, data: dict[str, object]
) -> None:
    purchase = buy(data)
    purchase.since = timezone.now() - timedelta(minutes=1)
    reply = start(purchase)
    assert reply.confirmation and reply.confirmation["type"] == "wait"
    assert reply.record["outcome"] == InDoubt.code
    assert reply.record["waiting_since"] == purchase.since.isoformat()
    assert provider.called == []


def test_card_of_the_press_that_others_wait_for_is_charged(
    buy: Buy, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    waits = buy(card_data(), InDoubt(None, "cut"))
    assert start(waits).result is Result.ACTION_REQUIRED
    assert provider.called == []
    first = buy(card_data(), InDoubt(None, "cut"))
    first.has_been_overtaken = True
    assert start(first).result is Result.PAID
    # Once DGS-Pay has named a reference, the charge was sent.
    provider.calls.clear()
    provider.tells("GET transactions/DGS-1", PENDING)
    sent = buy(card_data(), Pending("DGS-1"))
    sent.has_been_overtaken = True
    assert start(sent).result is Result.ACTION_REQUIRED
    assert provider.called == ["GET transactions/DGS-1"]


@pytest.mark.parametrize(
    ("age", "is_sent"),
    [(timedelta(seconds=1), False), (STEP_ARRIVES_WITHIN, True)],
    ids=["on its way", "long ago"],
)
def test_pin_is_sent_again_only_when_the_first_cannot_arrive_any_more(
    buy: Buy, provider: Provider, age: timedelta, is_sent: bool
) -> None:
    provider.tells("POST authorize", PAID)
    purchase = buy(pin_data(), ASKED_FOR_PIN)
    purchase.since = timezone.now() - age
    reply = go_on(purchase)
    assert reply.result is (Result.PAID if is_sent else Result.ACTION_REQUIRED)
    assert provider.called == ["POST authorize"] * is_sent
    if not is_sent:
        assert reply.record["outcome"] == InDoubt.code
        assert reply.reference == "DGS-1"


def test_lost_answer_is_in_doubt_and_neither_paid_nor_failed(
    buy: Buy, provider: Provider
) -> None:
    provider.tells("POST charges", NO_ANSWER)
    provider.tells("POST authorize", NO_ANSWER)
    for reply in (
        start(buy(card_data())),
        go_on(buy(pin_data(), ASKED_FOR_PIN)),
    ):
        assert reply.result is Result.ACTION_REQUIRED
        assert reply.record["outcome"] == InDoubt.code


# A charge that has ended


@pytest.mark.parametrize("press", [start, go_on])
def test_capture_is_answered_without_a_question(
    buy: Buy, provider: Provider, press: Callable[[Purchase], Reply]
) -> None:
    """A decline that came later changes nothing."""
    declined = Declined("DGS-1", CustomerMessage.DECLINED)
    purchase = buy(card_data(), Paid("DGS-1", DUE), declined)
    reply = press(purchase)
    assert (reply.result, reply.charged) == (Result.PAID, DUE)
    assert reply.is_stored_already
    assert purchase.asked == provider.called == []


@pytest.mark.parametrize("press", [start, go_on])
def test_capture_that_a_webhook_wrote_while_the_lock_was_let_go_is_answered(
    buy: Buy, provider: Provider, press: Callable[[Purchase], Reply]
) -> None:
    """A step stored after it would have the paid charge wait for ever."""
    outcomes = [ASKED_FOR_PIN] if press is go_on else []
    purchase = buy(pin_data() if outcomes else card_data(), *outcomes)
    purchase.lets_the_lock_go = True
    purchase.webhook_tells = Paid("DGS-1", DUE)
    reply = press(purchase)
    assert (reply.result, reply.charged) == (Result.PAID, DUE)
    assert reply.is_stored_already
    assert provider.called == []


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (
            Declined("DGS-1", CustomerMessage.INSUFFICIENT_FUNDS),
            CustomerMessage.INSUFFICIENT_FUNDS,
        ),
        (AmountMismatch("DGS-1", TOO_LITTLE), CustomerMessage.AMOUNT_MISMATCH),
    ],
    ids=["declined", "another amount"],
)
def test_end_that_a_webhook_wrote_while_the_lock_was_let_go_is_answered(
    buy: Buy, provider: Provider, outcome: Outcome, message: CustomerMessage
) -> None:
    purchase = buy(pin_data(), ASKED_FOR_PIN)
    purchase.lets_the_lock_go = True
    purchase.webhook_tells = outcome
    reply = go_on(purchase)
    assert (reply.result, reply.message, reply.record) == (Result.FAILED, message, {})
    assert provider.called == []


def test_declined_charge_takes_another_card_and_no_other_step(
    buy: Buy, provider: Provider
) -> None:
    declined = Declined("DGS-1", CustomerMessage.INSUFFICIENT_FUNDS)
    assert go_on(buy(pin_data(), declined)).message is declined.reason
    assert provider.called == []
    provider.tells("POST charges", {**PAID, "dgs_reference": "DGS-2"})
    assert start(buy(card_data(), declined)).reference == "DGS-2"


# What is said of a refusal


def test_refusal_of_dgs_pay_names_the_number_of_mobile_money_and_not_of_a_card(
    buy: Buy, provider: Provider
) -> None:
    provider.tells("POST charges", {"error_code": "90"}, status=400)
    refused = start(buy(mobile_money_data()))
    assert refused.message is CustomerMessage.MOBILE_MONEY_REFUSED
    assert start(buy(card_data())).message is CustomerMessage.PROVIDER_REFUSED


def test_nothing_that_the_browser_sent_is_kept_or_logged(
    buy: Buy, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    provider.tells("POST authorize", ASKS_FOR_PIN)
    card, pin = card_data(), pin_data()
    otp = {"type": "otp", "auth_otp": "84Q207ZK"}
    presses: list[tuple[Any, Any, list[Outcome]]] = [
        (start, card, []),
        (start, {**card, "card_nonce": "short"}, []),
        (start, {**card, "cvv": "73184"}, []),
        (go_on, pin, [ASKED_FOR_PIN]),
        (go_on, otp, [ASKED_FOR_PIN]),
    ]
    kept = []
    for answer in (PAID, NO_ANSWER, {"error_code": "90"}):
        provider.tells(
            "POST charges", answer, status=400 if "error_code" in str(answer) else 200
        )
        kept += [repr(press(buy(data, *so_far))) for press, data, so_far in presses]
        card["card_nonce"] = nonce()
    secrets = [
        str(value)
        for step in (card, pin, otp, {"cvv": "73184"})
        for name, value in step.items()
        if name != "type"
    ]
    assert len(kept) == 15
    assert "Payment 7 was refused" in caplog.text
    assert found_in(logged(caplog.records) + "".join(kept), secrets) == []


def test_owner_finds_the_purchase_by_its_own_reference(
    buy: Buy, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    start(buy(card_data()))
    body = provider.calls[0].fields
    assert body["narration"] == "Order checkout-1"
    assert body["callback_url"] == "https://store.example/webhook/payment-7"
    assert body["redirect_url"] == CONFIGURATION.return_url
