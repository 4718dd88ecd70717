"""The payment that a customer may come back to, on any page of the same checkout."""

from typing import Any

import graphene
import pytest
from saleor.payment.models import Transaction

from dgspay_plugin.checkout.open_payment import open_payment_of, open_transaction_of
from tests.unit.browser import card_data
from tests.unit.dgspay import ASKS_FOR_PIN, NO_ANSWER, PAID, PENDING, Answer, Provider
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop
from tests.unit.storefront import Storefront

AT_THE_BANK = {
    **PENDING,
    "next_action_type": "redirect_url",
    "redirect_url": "https://bank.example/3ds",
}
DECLINED = {"dgs_reference": "DGS-1", "transaction_status": "failed"}


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        pytest.param(AT_THE_BANK, "DGS-1", id="at the bank's page"),
        pytest.param(PENDING, "DGS-1", id="undecided"),
        pytest.param(NO_ANSWER, "", id="no answer, and so no reference"),
        # Another card may be used, so nothing is kept open for it.
        pytest.param(ASKS_FOR_PIN, None, id="a step of the shop's own page"),
        pytest.param(DECLINED, None, id="declined"),
    ],
)
def test_payment(
    shop: Shop, provider: Provider, answer: Answer, reference: str | None
) -> None:
    provider.tells("POST charges", answer)
    payment = shop.new_payment()
    shop.press(payment, card_data())

    assert open_payment_of(payment.checkout, GATEWAY) == reference


def test_checkout_that_nobody_has_paid(shop: Shop) -> None:
    assert open_payment_of(shop.new_checkout(), GATEWAY) is None


def test_payment_whose_record_cannot_be_read(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", PENDING)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    Transaction.objects.update(gateway_response=["?"])

    assert open_payment_of(payment.checkout, GATEWAY) is None


@pytest.mark.parametrize(
    ("answer", "is_open"), [(AT_THE_BANK, True), (PENDING, True), (PAID, False)]
)
def test_transaction(
    shop: Shop, provider: Provider, answer: dict[str, Any], is_open: bool
) -> None:
    provider.tells("POST charges", answer)
    checkout = shop.new_checkout()
    item, _ = Storefront(shop).press(checkout)

    item_id = graphene.Node.to_global_id("TransactionItem", item.token)
    assert open_transaction_of(checkout, GATEWAY) == (item_id if is_open else None)
