"""DGS-Pay as Saleor's Transactions API sees it: its hooks, one short method each."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from saleor.app.models import App
from saleor.checkout.models import Checkout
from saleor.order.models import Order
from saleor.payment.interface import (
    PaymentGatewayData,
    TransactionActionData,
    TransactionSessionData,
    TransactionSessionResult,
)
from saleor.payment.models import TransactionItem
from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.checkout.open_payment import open_transaction_of
from dgspay_plugin.checkout.transactions import (
    continue_transaction,
    start_transaction,
)
from dgspay_plugin.configuration import Configuration, currency_codes, values_of
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.plugin import (
    DgsPayPlugin,
    storefront_configuration,
    usable_configuration,
)
from dgspay_plugin.records.replies import failure
from dgspay_plugin.records.session_results import session_result
from dgspay_plugin.staff_actions import note_refund_action, refuse_action

GATEWAY = DgsPayPlugin.PLUGIN_ID


class DgsPayTransactionsPlugin(BasePlugin):
    """Transactions in every channel where `DgsPayPlugin` is active.

    Saleor asks the plugins of a channel first and the global ones after them, among
    these its own webhook plugin, which answers that this gateway's App has no webhook.
    Only a global plugin that comes later can answer in its place. It has nothing to
    configure and is not shown in the dashboard.
    """

    PLUGIN_ID = "dgspay.transactions"
    PLUGIN_NAME = "DGS-Pay transactions"
    PLUGIN_DESCRIPTION = "Serves the gateway DGS-Pay in Saleor's Transactions API."
    CONFIGURATION_PER_CHANNEL = False
    DEFAULT_ACTIVE = True
    HIDDEN = True

    # The storefront

    def payment_gateway_initialize_session(
        self,
        amount: Decimal,
        payment_gateways: list[PaymentGatewayData] | None,
        source_object: Checkout | Order,
        previous_value: list[PaymentGatewayData] | None,
    ) -> list[PaymentGatewayData]:
        """What the browser needs to encrypt a card, where the gateway is offered.

        With the id of the transaction that is open, if one is.
        """
        gateways = list(previous_value or [])
        asked = not payment_gateways or any(map(_is_ours, payment_gateways))
        if asked and (row := _offered_for(source_object)):
            data = storefront_configuration(values_of(row.configuration))
            if transaction_id := open_transaction_of(source_object, GATEWAY):
                data["open_payment"] = transaction_id
            gateways.append(PaymentGatewayData(app_identifier=GATEWAY, data=data))
        return gateways

    # The payment

    def transaction_initialize_session(
        self,
        transaction_session_data: TransactionSessionData,
        previous_value: TransactionSessionResult | None,
    ) -> TransactionSessionResult | None:
        return _answer(start_transaction, transaction_session_data, previous_value)

    def transaction_process_session(
        self,
        transaction_session_data: TransactionSessionData,
        previous_value: TransactionSessionResult | None,
    ) -> TransactionSessionResult | None:
        return _answer(continue_transaction, transaction_session_data, previous_value)

    # Staff

    def transaction_charge_requested(
        self, transaction_data: TransactionActionData, previous_value: None
    ) -> None:
        _refuse(transaction_data, CustomerMessage.CAPTURE_NOT_POSSIBLE)

    def transaction_refund_requested(
        self, transaction_data: TransactionActionData, previous_value: None
    ) -> None:
        if _notes_refund_of(transaction_data.transaction):
            note_refund_action(transaction_data)
        else:
            _refuse(transaction_data, CustomerMessage.REFUND_IN_PORTAL)

    def transaction_cancelation_requested(
        self, transaction_data: TransactionActionData, previous_value: None
    ) -> None:
        _refuse(transaction_data, CustomerMessage.VOID_NOT_POSSIBLE)


def _is_ours(gateway: PaymentGatewayData) -> bool:
    return bool(gateway.app_identifier == GATEWAY)


def _offered_for(source: Checkout | Order) -> PluginConfiguration | None:
    """The channel's configuration, if cards can be paid there by transactions."""
    row = _active_in_channel_of(source)
    if row is None:
        return None
    currencies = currency_codes(values_of(row.configuration)["supported_currencies"])
    has_app = App.objects.filter(
        identifier=GATEWAY, is_active=True, removed_at__isnull=True
    ).exists()
    return row if has_app and source.currency in currencies else None


def _answer(
    flow: Callable[[TransactionSessionData, Configuration], dict[str, Any]],
    session: TransactionSessionData,
    previous_value: TransactionSessionResult | None,
) -> TransactionSessionResult | None:
    if not _is_ours(session.payment_gateway_data):
        return previous_value
    configuration = _configuration_for(session.source_object)
    response = (
        flow(session, configuration)
        if configuration
        else session_result(failure(CustomerMessage.MISCONFIGURED))
    )
    return TransactionSessionResult(app_identifier=GATEWAY, response=response)


def _configuration_for(source: Checkout | Order) -> Configuration | None:
    row = _active_in_channel_of(source)
    return row and usable_configuration(row.configuration, source.channel.slug)


def _notes_refund_of(item: TransactionItem) -> bool:
    if item.app_identifier != GATEWAY:
        return False
    configuration = _configuration_for(item.order or item.checkout)
    return configuration is not None and configuration.note_refunds


def _active_in_channel_of(source: Checkout | Order) -> PluginConfiguration | None:
    return PluginConfiguration.objects.filter(
        identifier=GATEWAY, channel=source.channel, active=True
    ).first()


def _refuse(action: TransactionActionData, message: CustomerMessage) -> None:
    if action.transaction.app_identifier == GATEWAY:
        refuse_action(action, message)
