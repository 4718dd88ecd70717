"""The stand-in's Transactions API, with a gateway that answers as it is told."""

from typing import Any

import graphene
import pytest
from django.conf import settings
from django.test import override_settings
from saleor.app.models import App
from saleor.checkout.models import Checkout
from saleor.payment.models import Payment
from saleor.permission.enums import PaymentPermissions
from saleor.permission.models import Permission

from .echoing_gateway import GATEWAY
from .shop import INITIALIZE, Shop

TOTAL = 12000.0


def types_of(transaction: dict[str, Any]) -> list[str]:
    """Return them as they came; Saleor's API has the newest first."""
    return [event["type"] for event in reversed(transaction["events"])]


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


def test_the_webhook_plugin_answers_before_the_gateway(shop: Shop) -> None:
    checkout = shop.new_checkout()
    event = "Unable to find an active webhook for `TRANSACTION_{}_SESSION` event."

    asked = shop.initialize(checkout, "CHARGE_ACTION_REQUIRED")
    assert asked["data"] == {"before": event.format("INITIALIZE")}
    paid = shop.process(asked["transaction"], "CHARGE_SUCCESS")
    assert paid["data"] == {"before": event.format("PROCESS")}


def test_without_a_plugin_the_transaction_fails(shop: Shop) -> None:
    with override_settings(PLUGINS=settings.PLUGINS[:1]):
        answer = shop.initialize(shop.new_checkout(), "CHARGE_SUCCESS")

    assert answer["transactionEvent"]["type"] == "CHARGE_FAILURE"
    assert answer["transactionEvent"]["message"] == "Failed to delivery request."
    assert answer["data"] is None


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


def test_an_event_is_recorded_once(shop: Shop) -> None:
    checkout = shop.new_checkout()
    for _ in range(2):
        paid = shop.initialize(
            checkout, "CHARGE_SUCCESS", amount=TOTAL, key="key", pspReference="psp-1"
        )

    assert types_of(paid["transaction"]) == ["CHARGE_REQUEST", "CHARGE_SUCCESS"]
    assert paid["transaction"]["chargedAmount"]["amount"] == TOTAL


@pytest.mark.parametrize(
    ("result", "answer", "message"),
    [
        (
            "CHARGED",
            {},
            "Missing or invalid value for `result`: CHARGED. Possible values: ",
        ),
        ("CHARGE_SUCCESS", {"pspReference": None}, "for field: pspReference"),
        ("CHARGE_SUCCESS", {"time": "noon"}, "Incorrect value (noon) for field: time"),
    ],
)
def test_an_answer_that_cannot_be_read_is_a_failure(
    shop: Shop, result: str, answer: dict[str, Any], message: str
) -> None:
    event = shop.initialize(shop.new_checkout(), result, **answer)["transactionEvent"]

    assert event["type"] == "CHARGE_FAILURE"
    assert message in event["message"]


def test_what_is_optional_may_be_null(shop: Shop) -> None:
    optional = ("amount", "time", "message", "actions", "externalUrl")
    nothing: dict[str, Any] = dict.fromkeys(optional)
    answer = shop.initialize(shop.new_checkout(), "CHARGE_FAILURE", **nothing)

    assert answer["transactionEvent"] == {
        "type": "CHARGE_FAILURE",
        "message": "",
        "pspReference": answer["transaction"]["pspReference"],
        "amount": {"amount": TOTAL},
    }


def test_a_long_message_is_cut(shop: Shop) -> None:
    answer = shop.initialize(shop.new_checkout(), "CHARGE_FAILURE", message="x" * 600)

    assert len(answer["transactionEvent"]["message"]) == 512


def test_the_channel_may_ask_for_an_authorization(shop: Shop) -> None:
    changed = shop.change_channel(
        paymentSettings={"defaultTransactionFlowStrategy": "AUTHORIZATION"}
    )
    answer = shop.initialize(shop.new_checkout(), "AUTHORIZATION_SUCCESS")

    strategy = changed["channel"]["paymentSettings"]
    assert strategy == {"defaultTransactionFlowStrategy": "AUTHORIZATION"}
    assert types_of(answer["transaction"])[0] == "AUTHORIZATION_REQUEST"
    assert answer["transaction"]["authorizedAmount"]["amount"] == TOTAL


def test_the_gateway_is_asked_what_the_browser_needs(shop: Shop) -> None:
    answer = shop.ask(
        """
        mutation($id: ID!, $gateways: [PaymentGatewayToInitialize!]) {
          paymentGatewayInitialize(id: $id, paymentGateways: $gateways) {
            gatewayConfigs { id data errors { field message code } }
            errors { code }
          }
        }
        """,
        id=shop.new_checkout(),
        gateways=[{"id": GATEWAY}, {"id": "unknown.gateway"}],
    )

    assert answer == {
        "gatewayConfigs": [
            {"id": GATEWAY, "data": {"amount": "12000"}, "errors": []},
            {
                "id": "unknown.gateway",
                "data": None,
                "errors": [
                    {
                        "field": "id",
                        "message": (
                            "Active app with `HANDLE_PAYMENT` permissions or app "
                            "webhook not found."
                        ),
                        "code": "NOT_FOUND",
                    }
                ],
            },
        ],
        "errors": [],
    }


@pytest.mark.parametrize(
    ("global_id", "message"),
    [
        ("no id", "Invalid ID: no id."),
        ("Q2hlY2tvdXQ6eA==", "Invalid ID: Q2hlY2tvdXQ6eA==."),
    ],
)
def test_only_a_checkout_or_an_order_is_paid(
    shop: Shop, global_id: str, message: str
) -> None:
    assert shop.refusal(INITIALIZE, id=global_id, gateway={"id": GATEWAY}) == message

    channel = graphene.Node.to_global_id("Channel", 1)
    (error,) = shop.initialize(channel, "CHARGE_SUCCESS")["errors"]
    assert error == {
        "field": "id",
        "message": (
            f"Invalid ID: {channel}. Expected one of: Checkout, Order, received: "
            "Channel."
        ),
        "code": "INVALID",
    }


@pytest.mark.parametrize("rows", [{"is_active": False}, {"identifier": "another"}])
def test_a_gateway_needs_an_active_app(shop: Shop, rows: dict[str, Any]) -> None:
    checkout = shop.new_checkout()
    asked = shop.initialize(checkout, "CHARGE_ACTION_REQUIRED")
    App.objects.update(**rows)

    (error,) = shop.initialize(checkout, "CHARGE_SUCCESS")["errors"]
    assert (error["field"], error["code"]) == ("paymentGateway", "NOT_FOUND")
    (error,) = shop.process(asked["transaction"], "CHARGE_SUCCESS")["errors"]
    assert (error["field"], error["code"]) == ("id", "MISSING_PAYMENT_APP")


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


def test_staff_ask_for_a_refund_and_are_told_why_not(shop: Shop) -> None:
    order = shop.unpaid_order()
    paid = shop.initialize(order, "CHARGE_SUCCESS", actions=["REFUND", "GIFT"])
    assert paid["transaction"]["actions"] == ["REFUND"]

    asked = shop.request_action(paid["transaction"], "REFUND", amount=100)

    events = asked["transaction"]["events"][:3]
    assert [(event["type"], event["message"]) for event in events] == [
        ("REFUND_FAILURE", "Not here."),
        ("REFUND_FAILURE", "Cannot find a webhook that can process the action."),
        ("REFUND_REQUEST", ""),
    ]
    assert {event["amount"]["amount"] for event in events} == {100.0}
    assert asked["transaction"]["chargedAmount"]["amount"] == TOTAL
    assert shop.order(order)["events"][-1] == {"type": "TRANSACTION_REFUND_REQUESTED"}


@pytest.mark.parametrize("action", ["CHARGE", "CANCEL"])
def test_an_action_that_no_plugin_knows_is_refused(shop: Shop, action: str) -> None:
    paid = shop.initialize(shop.new_checkout(), "AUTHORIZATION_SUCCESS")

    asked = shop.request_action(paid["transaction"], action)

    assert asked["errors"] == [
        {
            "field": None,
            "message": (
                "No app or plugin is configured to handle payment action requests."
            ),
            "code": "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK",
        }
    ]


def test_only_staff_look_at_transactions(shop: Shop) -> None:
    checkout = shop.new_checkout()
    paid = shop.initialize(checkout, "CHARGE_SUCCESS")["transaction"]
    by_id = (
        "query($id: ID, $token: UUID) { transaction(id: $id, token: $token) { id } }"
    )

    assert "HANDLE_PAYMENTS" in shop.refusal(by_id, id=paid["id"])
    of_checkout = "query($id: ID) { checkout(id: $id) { transactions { id } } }"
    assert "MANAGE_CHECKOUTS, HANDLE_PAYMENTS" in shop.refusal(of_checkout, id=checkout)
    for found in ({"id": paid["id"]}, {"token": paid["token"]}):
        assert shop.ask(by_id, staff=True, **found) == {"id": paid["id"]}


def test_an_app_may_be_given_the_permission_to_handle_payments(shop: Shop) -> None:
    app = App.objects.get(identifier=GATEWAY)
    assert not app.has_perm(PaymentPermissions.HANDLE_PAYMENTS)

    app.permissions.add(
        Permission.objects.get(
            codename=PaymentPermissions.HANDLE_PAYMENTS.codename,
            content_type__app_label="payment",
        )
    )

    assert app.has_perm(PaymentPermissions.HANDLE_PAYMENTS)


def test_a_hidden_plugin_is_not_listed(shop: Shop) -> None:
    listed = shop.ask(
        "query { plugins(first: 9) { edges { node { id } } } }", staff=True
    )

    assert [edge["node"]["id"] for edge in listed["edges"]] == ["mirumee.webhooks"]
