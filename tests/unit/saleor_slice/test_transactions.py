"""How a checkout or an order is paid by the stand-in's Transactions API."""

import graphene
import pytest
from saleor.checkout.models import Checkout
from saleor.payment.models import Payment

from .shop import TOTAL, Shop, types_of


def test_a_checkout_is_paid_in_two_steps_and_becomes_an_order(shop: Shop) -> None:
    checkout = shop.new_checkout()

    asked = shop.initialize(checkout, "CHARGE_ACTION_REQUIRED", pspReference=None)
    assert asked["transactionEvent"]["type"] == "CHARGE_ACTION_REQUIRED"
    assert shop.checkout(checkout)["chargeStatus"] == "NONE"

    paid = shop.process(asked["transaction"], "CHARGE_SUCCESS", pspReference="psp-1")
    assert paid["transactionEvent"] == {
        "type": "CHARGE_SUCCESS",
        "message": "",
        "pspReference": "psp-1",
        "amount": {"amount": TOTAL},
    }
    assert paid["transaction"]["pspReference"] == "psp-1"
    assert paid["transaction"]["chargedAmount"]["amount"] == TOTAL
    assert types_of(paid["transaction"]) == [
        "CHARGE_REQUEST",
        "CHARGE_ACTION_REQUIRED",
        "CHARGE_SUCCESS",
    ]
    assert shop.checkout(checkout) == {
        "chargeStatus": "FULL",
        "authorizeStatus": "FULL",
        "transactions": [{"id": asked["transaction"]["id"]}],
    }

    order = shop.order(shop.complete(checkout)["order"]["id"])
    assert order == {
        "status": "UNFULFILLED",
        "chargeStatus": "FULL",
        "authorizeStatus": "FULL",
        "isPaid": True,
        "paymentStatus": "FULLY_CHARGED",
        "totalCharged": {"amount": TOTAL},
        "transactions": [{"id": asked["transaction"]["id"], "checkout": None}],
        "events": [
            {"type": "PLACED"},
            {"type": "ORDER_FULLY_PAID"},
            {"type": "CONFIRMED"},
        ],
    }


def test_a_completed_checkout_is_answered_with_its_order(shop: Shop) -> None:
    checkout = shop.new_checkout()
    shop.initialize(checkout, "CHARGE_SUCCESS")

    assert shop.complete(checkout) == shop.complete(checkout)


def test_a_finished_transaction_answers_with_its_event(shop: Shop) -> None:
    failed = shop.initialize(
        shop.new_checkout(), "CHARGE_FAILURE", pspReference=None, message="No. (no)"
    )
    again = shop.process(failed["transaction"], "CHARGE_SUCCESS")

    assert again["transactionEvent"]["type"] == "CHARGE_FAILURE"
    assert again["transactionEvent"]["message"] == "No. (no)"
    assert again["data"] is None


def test_a_checkout_that_is_not_paid_is_not_completed(shop: Shop) -> None:
    checkout = shop.new_checkout()
    shop.initialize(checkout, "CHARGE_FAILURE")

    assert shop.complete(checkout) == {
        "order": None,
        "errors": [
            {
                "field": "id",
                "message": (
                    "The authorized amount doesn't cover the checkout's total amount."
                ),
                "code": "CHECKOUT_NOT_FULLY_PAID",
            }
        ],
    }


def test_what_is_pending_completes_the_checkout_but_is_not_charged(shop: Shop) -> None:
    checkout = shop.new_checkout()
    pending = shop.initialize(checkout, "CHARGE_REQUEST", pspReference="psp-1")

    assert types_of(pending["transaction"]) == ["CHARGE_REQUEST"]
    assert pending["transaction"]["chargePendingAmount"]["amount"] == TOTAL
    assert pending["transaction"]["chargedAmount"]["amount"] == 0
    order = shop.order(shop.complete(checkout)["order"]["id"])
    assert (order["chargeStatus"], order["totalCharged"]["amount"]) == ("NONE", 0)


def test_several_transactions_pay_what_is_left(shop: Shop) -> None:
    checkout = shop.new_checkout()
    shop.initialize(checkout, "CHARGE_SUCCESS", amount=5000)
    assert shop.checkout(checkout)["chargeStatus"] == "PARTIAL"
    (error,) = shop.complete(checkout)["errors"]
    assert error["code"] == "CHECKOUT_NOT_FULLY_PAID"

    rest = shop.initialize(checkout, "CHARGE_SUCCESS")

    assert rest["transactionEvent"]["amount"]["amount"] == 7000
    order = shop.order(shop.complete(checkout)["order"]["id"])
    assert order["chargeStatus"] == "FULL"
    assert len(order["transactions"]) == 2


def test_an_order_is_paid_later(shop: Shop) -> None:
    order = shop.unpaid_order()
    unpaid = shop.order(order)
    assert (unpaid["status"], unpaid["chargeStatus"]) == ("UNCONFIRMED", "NONE")

    shop.initialize(order, "CHARGE_SUCCESS", amount=5000)
    assert shop.order(order)["chargeStatus"] == "PARTIAL"
    assert shop.order(order)["status"] == "UNFULFILLED"
    shop.initialize(order, "CHARGE_SUCCESS")
    assert shop.order(order)["chargeStatus"] == "FULL"
    assert shop.order(order)["events"][-1] == {"type": "ORDER_FULLY_PAID"}
    shop.initialize(order, "CHARGE_SUCCESS", amount=1)
    assert shop.order(order)["chargeStatus"] == "OVERCHARGED"


def test_one_key_is_one_transaction(shop: Shop) -> None:
    checkout = shop.new_checkout()
    first = shop.initialize(checkout, "CHARGE_ACTION_REQUIRED", amount=TOTAL, key="key")
    second = shop.initialize(checkout, "CHARGE_SUCCESS", amount=TOTAL, key="key")

    assert second["transaction"]["id"] == first["transaction"]["id"]
    assert types_of(second["transaction"]).count("CHARGE_REQUEST") == 1


@pytest.mark.parametrize(
    ("amount", "other_checkout"), [(1, False), (TOTAL, True)], ids=["amount", "id"]
)
def test_a_key_is_not_used_for_something_else(
    shop: Shop, amount: float, other_checkout: bool
) -> None:
    checkout = shop.new_checkout()
    shop.initialize(checkout, "CHARGE_SUCCESS", amount=TOTAL, key="key")
    if other_checkout:
        checkout = shop.new_checkout()

    answer = shop.initialize(checkout, "CHARGE_SUCCESS", amount=amount, key="key")

    assert answer["errors"] == [
        {
            "field": "idempotencyKey",
            "message": (
                "Different transaction with provided idempotency key already exists."
            ),
            "code": "UNIQUE",
        }
    ]


def test_the_channel_may_ask_for_an_authorization(shop: Shop) -> None:
    changed = shop.change_channel(
        paymentSettings={"defaultTransactionFlowStrategy": "AUTHORIZATION"}
    )
    answer = shop.initialize(shop.new_checkout(), "AUTHORIZATION_SUCCESS")

    strategy = changed["channel"]["paymentSettings"]
    assert strategy == {"defaultTransactionFlowStrategy": "AUTHORIZATION"}
    assert types_of(answer["transaction"])[0] == "AUTHORIZATION_REQUEST"
    assert answer["transaction"]["authorizedAmount"]["amount"] == TOTAL


def test_a_payment_and_a_transaction_exclude_each_other(shop: Shop) -> None:
    checkout = shop.new_checkout()
    _, token = graphene.Node.from_global_id(checkout)
    payment = Payment.objects.create(
        gateway="dummy", checkout=Checkout.objects.get(pk=token), total=TOTAL
    )

    asked = shop.initialize(checkout, "CHARGE_ACTION_REQUIRED")
    payment.refresh_from_db()
    assert not payment.is_active
    payment.is_active = True
    payment.save()
    shop.process(asked["transaction"], "CHARGE_FAILURE")
    payment.refresh_from_db()
    assert payment.is_active

    answer = shop.ask(
        """
        mutation($id: ID!, $input: PaymentInput!) {
          checkoutPaymentCreate(id: $id, input: $input) { errors { code } }
        }
        """,
        id=checkout,
        input={"gateway": "dummy"},
    )
    assert answer == {"errors": [{"code": "CHECKOUT_HAS_TRANSACTION"}]}
