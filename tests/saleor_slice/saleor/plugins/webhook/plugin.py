"""The plugin that asks apps by webhook (``saleor.plugins.webhook.plugin``).

No app here has a webhook, so what is left of it is what it says then. Plugins that
come after it see that, and may say something better.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...payment.interface import (
    PaymentGatewayData,
    TransactionActionData,
    TransactionSessionData,
    TransactionSessionResult,
)
from ...payment.utils import (
    create_failed_transaction_event,
    recalculate_refundable_for_checkout,
)
from ..base_plugin import BasePlugin

if TYPE_CHECKING:
    from ...checkout.models import Checkout
    from ...order.models import Order


class WebhookPlugin(BasePlugin):
    PLUGIN_ID = "mirumee.webhooks"
    PLUGIN_NAME = "Webhooks"
    DEFAULT_ACTIVE = True
    CONFIGURATION_PER_CHANNEL = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Whatever was saved for it.
        self.active = True

    def payment_gateway_initialize_session(
        self,
        amount: Decimal,
        payment_gateways: list[PaymentGatewayData] | None,
        source_object: "Order | Checkout",
        previous_value: Any,
    ) -> list[PaymentGatewayData]:
        return []

    def transaction_initialize_session(
        self, transaction_session_data: TransactionSessionData, previous_value: Any
    ) -> TransactionSessionResult:
        return _no_webhook_for(
            transaction_session_data, "TRANSACTION_INITIALIZE_SESSION"
        )

    def transaction_process_session(
        self, transaction_session_data: TransactionSessionData, previous_value: Any
    ) -> TransactionSessionResult:
        return _no_webhook_for(transaction_session_data, "TRANSACTION_PROCESS_SESSION")

    def transaction_charge_requested(
        self, transaction_data: TransactionActionData, previous_value: Any
    ) -> None:
        _fail(transaction_data)

    def transaction_refund_requested(
        self, transaction_data: TransactionActionData, previous_value: Any
    ) -> None:
        _fail(transaction_data)

    def transaction_cancelation_requested(
        self, transaction_data: TransactionActionData, previous_value: Any
    ) -> None:
        _fail(transaction_data)

    def is_event_active(self, event: str, channel: str | None = None) -> bool:
        return False


def _no_webhook_for(
    session: TransactionSessionData, event: str
) -> TransactionSessionResult:
    return TransactionSessionResult(
        app_identifier=session.payment_gateway_data.app_identifier,
        error=f"Unable to find an active webhook for `{event}` event.",
    )


def _fail(data: TransactionActionData) -> None:
    cause = (
        "Cannot find a webhook that can process the action."
        if data.transaction_app_owner
        else "Transaction request skipped. Missing relation to PaymentApp."
    )
    create_failed_transaction_event(data.event, cause=cause)
    recalculate_refundable_for_checkout(data.transaction, data.event)
