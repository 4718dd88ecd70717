"""What Saleor hands to a plugin, and what it keeps of the answers."""

from decimal import Decimal
from typing import Any

from saleor.payment.interface import GatewayResponse, PaymentData, TransactionData

from dgspay_plugin.payment.mobile_money import Wallet
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import Outcome
from dgspay_plugin.records.gateway_responses import gateway_response
from dgspay_plugin.records.history import History
from dgspay_plugin.records.replies import reply_for
from tests.unit.merchant import GATEWAY

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


def response_for(
    outcome: Outcome,
    *earlier: GatewayResponse,
    wallet: Wallet | None = None,
    **options: Any,
) -> GatewayResponse:
    """What Saleor is told of an outcome, after these earlier ones."""
    payment = payment_of()
    due = Money(payment.amount, payment.currency)
    answer = reply_for(outcome, due, history_of(*earlier), wallet, **options)
    return gateway_response(answer, payment)


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
