"""A customer with a phone and no card: the prompt on it, and each end of it."""

from collections.abc import Iterator

import pytest

from tests.hosts.host import Host
from tests.scenarios import bank, cards, wallets
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import (
    assert_captured_once,
    assert_not_captured,
    assert_nothing_paid,
    assert_paid_once,
    successful_charges,
)
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Completion, Store

SIX_MINUTES = 360


@pytest.fixture
def checkout(store: Store) -> Checkout:
    return store.new_checkout()


@pytest.fixture
def only_cards(store: Store, sandbox: Sandbox) -> Iterator[None]:
    assert not store.configure("RWF", payment_methods="card")
    yield
    store.configure_for_sandbox(sandbox.url)


@pytest.fixture
def only_mobile_money(store: Store, sandbox: Sandbox) -> Iterator[None]:
    assert not store.configure("RWF", payment_methods="mobile_money")
    yield
    store.configure_for_sandbox(sandbox.url)


def ended(store: Store, checkout: Checkout, cardholder: Cardholder) -> Completion:
    """What the page learns that asks until the prompt is decided."""

    def decided() -> Completion | None:
        told = store.complete(checkout, cardholder.waiting())
        return None if told.asks_for == "approve_on_phone" else told

    completion: Completion = eventually(decided)
    return completion


@pytest.mark.parametrize("network", ["MTN", "Airtel"])
def test_customer_is_told_which_phone_to_look_at(
    store: Store, cardholder: Cardholder, checkout: Checkout, network: str
) -> None:
    told = store.pay(checkout, cardholder.wallet(wallets.NEVER_DECIDED, network))

    assert told.confirmation
    reference = told.confirmation["reference"]
    assert told.confirmation == {
        "type": "approve_on_phone",
        "reference": reference,
        "network": network,
        "phone_last_digits": "006",
        "poll_after_ms": 3000,
    }
    # A page that was reloaded asks, and is told the same.
    assert store.complete(checkout, cardholder.waiting()) == told


def test_approved_while_the_page_asks(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    store.pay(checkout, cardholder.wallet(wallets.WITHOUT_WEBHOOK))
    sandbox.let_pass(wallets.SECONDS_TO_DECIDE)

    done = ended(store, checkout, cardholder)

    assert done.order_id == store.order(checkout)["id"]
    assert_paid_once(store, sandbox, checkout)


def test_approved_after_the_page_was_closed(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    store.pay(checkout, cardholder.wallet(wallets.AFTER_SIX_MINUTES))

    sandbox.let_pass(SIX_MINUTES)

    assert_paid_once(store, sandbox, checkout)


def test_approved_and_neither_page_nor_webhook_is_there(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
) -> None:
    store.pay(checkout, cardholder.wallet(wallets.WITHOUT_WEBHOOK))
    sandbox.let_pass(wallets.SECONDS_TO_DECIDE)
    eventually(lambda: successful_charges(sandbox, checkout))

    host.manage("dgspay_reconcile")

    assert_paid_once(store, sandbox, checkout)


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_decided_on_the_handset(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
    decision: str,
) -> None:
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.wallet(wallets.DECIDED_ON_THE_HANDSET))
    reference = sandbox.charge(checkout.email)["dgs_reference"]

    sandbox.on_the_handset(reference, decision)

    if decision == "approve":
        assert_paid_once(store, sandbox, checkout)
    else:
        sandbox.wait_for_webhook(checkout.email)
        told = store.complete(checkout, cardholder.waiting())
        assert told.code == "approval_rejected"
        assert_not_captured(store.payment(payment))


@pytest.mark.parametrize(
    ("number", "passes", "code"),
    [
        (wallets.REJECTED, wallets.SECONDS_TO_DECIDE, "approval_rejected"),
        (
            wallets.NOT_ENOUGH_MONEY,
            wallets.SECONDS_TO_DECIDE,
            "wallet_insufficient_funds",
        ),
        (wallets.EXPIRES, wallets.PROMPT_LIVES_FOR, "approval_expired"),
        (wallets.LIMIT_REACHED, wallets.SECONDS_TO_DECIDE, "wallet_limit_reached"),
        (wallets.APPROVED_TOO_LATE, wallets.SECONDS_TO_DECIDE, "approved_too_late"),
    ],
)
def test_after_a_failure_a_card_pays_at_once(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
    number: str,
    passes: int,
    code: str,
) -> None:
    store.pay(checkout, cardholder.wallet(number))
    sandbox.let_pass(passes)

    told = ended(store, checkout, cardholder)

    assert told.code == code
    assert "card" not in told.messages[0]
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_number_without_an_account_and_then_the_right_one(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    told = store.pay(checkout, cardholder.wallet(wallets.NO_ACCOUNT))
    assert told.code == "wallet_not_found"

    store.pay(checkout, cardholder.wallet(wallets.APPROVED))
    sandbox.let_pass(wallets.SECONDS_TO_DECIDE)

    assert_paid_once(store, sandbox, checkout)


def test_nothing_else_is_charged_while_the_prompt_may_be_approved(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    store.pay(checkout, cardholder.wallet(wallets.DECIDED_ON_THE_HANDSET))

    card = store.pay(checkout, cardholder.card(cards.APPROVED))
    number = store.pay(checkout, cardholder.wallet(wallets.APPROVED))

    assert (card.code, number.code) == ("payment_in_doubt", "payment_in_doubt")
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.on_the_handset(reference, "approve")
    # The store is done with the newer payments when it has answered the webhook.
    sandbox.wait_for_webhook(checkout.email)
    assert_paid_once(store, sandbox, checkout)


def test_prompt_holds_back_a_second_after_a_lost_answer(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    sandbox.order_fault("charge", cut="after")
    lost = store.pay(checkout, cardholder.wallet(wallets.DECIDED_ON_THE_HANDSET))

    assert lost.asks_for == "approve_on_phone"
    second = store.pay(checkout, cardholder.wallet(wallets.APPROVED))
    assert second.code == "payment_in_doubt"
    sandbox.on_the_handset(sandbox.charge(checkout.email)["dgs_reference"], "approve")
    sandbox.wait_for_webhook(checkout.email)
    assert_paid_once(store, sandbox, checkout)


def test_page_that_approves(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    told = store.pay(checkout, cardholder.wallet(wallets.LEADS_TO_A_PAGE))

    assert told.confirmation
    assert told.asks_for == "redirect"
    bank.approve(told.confirmation["redirect_url"])
    store.complete(checkout, cardholder.back_from_bank())
    assert_paid_once(store, sandbox, checkout)


def test_pin_is_never_asked_for(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    """A wallet's PIN is typed into the handset and nowhere else."""
    payment = store.create_payment(checkout)
    sandbox.order_fault(
        "charge",
        status=201,
        body='{"status": "pending", "data": {"dgs_reference": "DGS-PIN",'
        ' "transaction_status": "pending", "next_action_type": "requires_pin"}}',
    )

    told = store.complete(checkout, cardholder.wallet(wallets.APPROVED))

    assert told.code == "unknown_next_action"
    assert_not_captured(store.payment(payment))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mobile_money_network": "mtn"}, "invalid_network"),
        ({"mobile_money_network": "Tigo"}, "invalid_network"),
        ({"mobile_money_phone": "0788"}, "invalid_mobile_number"),
        ({"mobile_money_phone": "+254712345678"}, "invalid_mobile_number"),
        ({"mobile_money_pin": "60213"}, "invalid_mobile_money_data"),
        ({"auth_otp": "123456"}, "card_with_mobile_money"),
        ({"card_nonce": "abcdefabcdef"}, "card_with_mobile_money"),
        ({"card_number": "4242424242424242"}, "raw_card_data"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
    changes: dict[str, str],
    code: str,
) -> None:
    before = sandbox.payment_requests()

    told = store.pay(checkout, {**cardholder.wallet(wallets.APPROVED), **changes})

    assert told.code == code
    assert sandbox.payment_requests() == before
    assert_nothing_paid(store, sandbox, checkout)


def test_francs_only(store: Store, sandbox: Sandbox, cardholder: Cardholder) -> None:
    checkout = store.new_checkout("USD")

    told = store.pay(checkout, cardholder.wallet(wallets.APPROVED))

    assert told.code == "mobile_money_currency_not_supported"
    assert not sandbox.charges(checkout.email)


@pytest.mark.usefixtures("only_cards")
def test_owner_has_not_switched_it_on(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    told = store.pay(checkout, cardholder.wallet(wallets.APPROVED))

    assert told.code == "mobile_money_not_offered"
    assert store.payment_methods(checkout) == "card"
    assert not sandbox.charges(checkout.email)


@pytest.mark.usefixtures("only_mobile_money")
def test_owner_takes_no_cards(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    told = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert told.code == "card_not_offered"
    assert store.payment_methods(checkout) == "mobile_money"
    assert not sandbox.charges(checkout.email)


def test_storefront_learns_how_it_can_be_paid(store: Store, checkout: Checkout) -> None:
    assert store.payment_methods(checkout) == "card,mobile_money"


def test_two_presses_are_one_prompt(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, checkout: Checkout
) -> None:
    payment = store.create_payment(checkout)
    for _ in range(2):
        told = store.complete(
            checkout, cardholder.wallet(wallets.DECIDED_ON_THE_HANDSET)
        )
        assert told.asks_for == "approve_on_phone"

    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.on_the_handset(reference, "approve")

    eventually(lambda: store.orders(checkout))
    assert_captured_once(store.payment(payment), checkout)
