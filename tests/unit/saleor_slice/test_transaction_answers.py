"""A transaction of the stand-in, as its gateway's answer is read."""

from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from .echoing_gateway import GATEWAY
from .shop import TOTAL, Shop, types_of


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
