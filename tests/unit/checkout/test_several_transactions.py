"""Several charges for the same goods, by transactions and by a Payment beside them."""

import pytest
from saleor.payment import TransactionEventType
from saleor.payment.models import TransactionItem

from dgspay_plugin.reconciliation import Account, Reconciliation, Report
from dgspay_plugin.records.ledger import Ledger
from tests.unit.browser import card_data
from tests.unit.dgspay import NO_ANSWER, PAID, Provider
from tests.unit.later import pass_deadline
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop, code_of
from tests.unit.storefront import FAILURE, SUCCESS, Storefront


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
    pass_deadline(monkeypatch)
    Reconciliation(account, late).complete_captured_checkouts()

    assert not early.for_a_person
    [told] = late.for_a_person
    assert f"Transaction {item.pk}, DGS-Pay reference DGS-1: 5000 RWF charged" in told
    assert "is paid in part" in told
