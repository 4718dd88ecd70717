"""What a transaction's events add up to."""

from datetime import UTC, datetime, timedelta

import pytest
from saleor.payment.models import TransactionItem
from saleor.payment.transaction_item_calculations import recalculate_transaction_amounts

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("events", "amounts"),
    [
        (["charge_request a"], {"charge_pending": 10}),
        (["charge_request a", "charge_success a"], {"charged": 10}),
        (["charge_request a", "charge_failure a"], {}),
        (["charge_success a", "charge_failure a"], {}),
        (["charge_failure a", "charge_success a"], {"charged": 10}),
        (["charge_success a", "charge_success a"], {"charged": 10}),
        (["charge_success a", "charge_success b"], {"charged": 20}),
        (["charge_success", "charge_success"], {"charged": 20}),
        (["charge_request"], {}),
        (["charge_action_required a"], {}),
        (["authorization_success a"], {"authorized": 10}),
        (["authorization_success a", "charge_success b"], {"charged": 10}),
        (["charge_success a", "refund_success b"], {"refunded": 10}),
        (["charge_success a", "refund_request b"], {"refund_pending": 10}),
        (
            ["charge_success a", "refund_request b", "refund_failure b"],
            {"charged": 10},
        ),
        (["authorization_success a", "cancel_success b"], {"canceled": 10}),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, list) else "",
)
def test_each_action_counts_once(
    database: None, events: list[str], amounts: dict[str, int]
) -> None:
    transaction = TransactionItem.objects.create(currency="RWF")
    for minute, event in enumerate(events):
        event_type, _, psp_reference = event.partition(" ")
        transaction.events.create(
            type=event_type,
            psp_reference=psp_reference or None,
            amount_value=10,
            currency="RWF",
            include_in_calculations=True,
            created_at=NOON + timedelta(minutes=minute),
        )

    recalculate_transaction_amounts(transaction)

    transaction.refresh_from_db()
    counted = {
        name: int(value)
        for name in (
            *("authorized", "charged", "refunded", "canceled"),
            *("authorize_pending", "charge_pending", "refund_pending"),
            "cancel_pending",
        )
        if (value := getattr(transaction, f"{name}_value"))
    }
    assert counted == amounts


def test_an_event_that_is_only_noted_does_not_count(database: None) -> None:
    transaction = TransactionItem.objects.create(currency="RWF")
    transaction.events.create(type="charge_success", amount_value=10, currency="RWF")

    recalculate_transaction_amounts(transaction)

    assert transaction.charged_value == 0
