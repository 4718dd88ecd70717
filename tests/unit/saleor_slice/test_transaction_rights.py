"""Who may pay, act on and see a transaction of the stand-in, and by which gateway."""

from typing import Any

import graphene
import pytest
from saleor.app.models import App
from saleor.permission.enums import PaymentPermissions
from saleor.permission.models import Permission

from .echoing_gateway import GATEWAY
from .shop import INITIALIZE, TOTAL, Shop


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
