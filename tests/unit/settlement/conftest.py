"""What Saleor hands to a plugin and keeps of its answers, and DGS-Pay."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import responses
from saleor.payment.interface import GatewayResponse, PaymentData, TransactionData

from dgspay_plugin.settlement.history import History

GATEWAY = "dgspay.payments"
PAYMENT_ID = 7


def payment_of(
    *transactions: TransactionData, data: Any = None, **facts: Any
) -> PaymentData:
    """A payment of 12000 RWF as Saleor hands it to a plugin."""
    return PaymentData(
        **{
            "gateway": GATEWAY,
            "amount": Decimal("12000.000"),
            "currency": "RWF",
            "billing": None,
            "shipping": None,
            "payment_id": PAYMENT_ID,
            "graphql_payment_id": "UGF5bWVudDo3",
            "order_id": None,
            "customer_ip_address": None,
            "customer_email": "amina@example.com",
            "checkout_token": "2f4a1c36-7f0d-4d5b-9f0e-6a2b4a9f0c11",
            "data": data,
            "transactions": list(transactions),
            **facts,
        }
    )


def stored(response: GatewayResponse) -> TransactionData:
    """What Saleor keeps of a response, as it hands it to the plugin again."""
    return TransactionData(
        token=response.transaction_id,
        is_success=response.is_success,
        kind=response.kind,
        gateway_response=response.raw_response,
        amount={"amount": str(response.amount), "currency": response.currency},
    )


def history_of(*responses: GatewayResponse) -> History:
    return History.of(map(stored, responses))


@pytest.fixture
def provider() -> Iterator[responses.RequestsMock]:
    """DGS-Pay's API, which answers what a test has it answer."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as provider:
        yield provider
