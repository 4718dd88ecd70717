"""A gateway that answers what the storefront tells it to."""

from decimal import Decimal
from typing import Any

from saleor.payment.interface import (
    PaymentGatewayData,
    TransactionActionData,
    TransactionSessionData,
    TransactionSessionResult,
)
from saleor.payment.utils import create_failed_transaction_event
from saleor.plugins.base_plugin import BasePlugin

GATEWAY = "echoing.gateway"


class EchoingGateway(BasePlugin):
    PLUGIN_ID = GATEWAY
    PLUGIN_NAME = "Echo"
    CONFIGURATION_PER_CHANNEL = False
    DEFAULT_ACTIVE = True
    HIDDEN = True

    def payment_gateway_initialize_session(
        self,
        amount: Decimal,
        payment_gateways: list[PaymentGatewayData] | None,
        source_object: Any,
        previous_value: list[PaymentGatewayData],
    ) -> list[PaymentGatewayData]:
        answer = PaymentGatewayData(GATEWAY, data={"amount": str(amount)})
        return [*previous_value, answer]

    def transaction_initialize_session(
        self,
        transaction_session_data: TransactionSessionData,
        previous_value: TransactionSessionResult,
    ) -> TransactionSessionResult:
        asked = transaction_session_data.payment_gateway_data
        # What the built-in webhook plugin said shows that this one came after it.
        answer = {**asked.data, "data": {"before": previous_value.error}}
        return TransactionSessionResult(GATEWAY, response=answer)

    transaction_process_session = transaction_initialize_session

    def transaction_refund_requested(
        self, transaction_data: TransactionActionData, previous_value: Any
    ) -> None:
        create_failed_transaction_event(transaction_data.event, cause="Not here.")
