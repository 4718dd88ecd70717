"""A storefront that pays by transactions, and what its tests read of them."""

from decimal import Decimal
from typing import Any

from saleor.app.models import App
from saleor.channel import TransactionFlowStrategy
from saleor.checkout.models import Checkout
from saleor.payment import TransactionEventType
from saleor.payment.interface import PaymentGatewayData
from saleor.payment.models import TransactionItem
from saleor.payment.utils import (
    handle_transaction_initialize_session,
    handle_transaction_process_session,
)
from saleor.plugins.manager import get_plugins_manager

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import request_event_of
from tests.unit.browser import card_data
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

SUCCESS = TransactionEventType.CHARGE_SUCCESS
FAILURE = TransactionEventType.CHARGE_FAILURE
ASKED = TransactionEventType.CHARGE_ACTION_REQUIRED
REQUEST = TransactionEventType.CHARGE_REQUEST


class Storefront:
    """Pays the checkouts of a shop by transactions, as Saleor's mutations do."""

    def __init__(self, shop: Shop) -> None:
        keep_gateway_app(GATEWAY, "DGS-Pay")
        self._shop = shop
        self._app = App.objects.get(identifier=GATEWAY)
        self.data: Any = None
        """What came with the latest answer."""
        self.message: str | None = None

    def press(
        self,
        checkout: Checkout | None = None,
        data: Any = None,
        key: str = "key-1",
        amount: int = 12000,
        action: str = TransactionFlowStrategy.CHARGE,
    ) -> tuple[TransactionItem, str]:
        """Press Pay; return the transaction and the type of its event."""
        item, event, self.data = handle_transaction_initialize_session(
            source_object=checkout or self._shop.new_checkout(),
            payment_gateway_data=PaymentGatewayData(GATEWAY, data or card_data()),
            amount=Decimal(amount),
            action=action,
            customer_ip_address=None,
            app=self._app,
            manager=get_plugins_manager(allow_replica=False),
            idempotency_key=key,
        )
        self.message = event.message
        return item, event.type

    def answer(self, item: TransactionItem, data: Any) -> str:
        """Answer a step; return the type of the event that comes of it."""
        item.refresh_from_db()
        event, self.data = handle_transaction_process_session(
            transaction_item=item,
            source_object=item.checkout,
            payment_gateway_data=PaymentGatewayData(GATEWAY, data),
            action=TransactionFlowStrategy.CHARGE,
            app=self._app,
            customer_ip_address=None,
            manager=get_plugins_manager(allow_replica=False),
            request_event=request_event_of(item),
        )
        self.message = event.message
        event_type: str = event.type
        return event_type


def charge_id(item: TransactionItem) -> ChargeId:
    return ChargeId("transaction", item.pk)


def events(item: TransactionItem) -> list[str]:
    """The types of what happened to the transaction after the press."""
    return [event.type for event in item.events.all()][1:]
