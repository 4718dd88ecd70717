"""Staff who ask for refunds by either API, and what they and the owner see."""

from decimal import Decimal

from saleor.app.models import App
from saleor.channel import TransactionFlowStrategy
from saleor.payment import PaymentError, gateway
from saleor.payment.interface import PaymentGatewayData
from saleor.payment.models import TransactionEvent
from saleor.payment.utils import handle_transaction_initialize_session
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.plugin import DgsPayPlugin
from dgspay_plugin.records.payments import settle_payment
from dgspay_plugin.records.refunds import unconfirmed_refunds
from tests.unit.browser import card_data
from tests.unit.dgspay import PAID, PENDING, Provider
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

FIRST, SECOND = "DGS-1-refund-1", "DGS-1-refund-2"


class PaymentsStaff:
    """Staff who ask for refunds of a Payment, in the dashboard."""

    def __init__(self, shop: Shop, provider: Provider) -> None:
        self._shop = shop
        provider.tells("POST charges", PENDING)
        self.record = shop.new_payment()
        shop.press(self.record, card_data())
        charged = ProviderTransaction(
            "DGS-1",
            TransactionStatus("successful"),
            amount=Decimal(12000),
            currency="RWF",
        )
        settle_payment(self.record.pk, charged)
        self.record.refresh_from_db()

    def ask_for(self, amount: int | None) -> str:
        """Ask for a refund; return what staff read."""
        try:
            refunded = gateway.refund(
                self.record,
                get_plugins_manager(allow_replica=False),
                self._shop.channel.slug,
                amount and Decimal(amount),
            )
        except PaymentError as error:
            return str(error)
        return str(refunded.error)

    def left(self) -> Decimal:
        self.record.refresh_from_db()
        return self.record.captured_amount


class TransactionsStaff:
    """Staff who ask for refunds of a TransactionItem."""

    def __init__(self, shop: Shop, provider: Provider) -> None:
        self._shop = shop
        provider.tells("POST charges", PAID)
        self.record, _, _ = handle_transaction_initialize_session(
            source_object=shop.new_checkout(),
            payment_gateway_data=PaymentGatewayData(GATEWAY, card_data()),
            amount=Decimal(12000),
            action=TransactionFlowStrategy.CHARGE,
            customer_ip_address=None,
            app=App.objects.get(identifier=GATEWAY),
            manager=get_plugins_manager(allow_replica=False),
            idempotency_key="key-1",
        )

    def request(self, amount: int | None) -> TransactionEvent:
        """What Saleor writes down before it asks the plugins."""
        return self.record.events.create(
            type="refund_request",
            amount_value=self.left() if amount is None else amount,
            currency="RWF",
        )

    def ask_for(self, amount: int | None) -> str:
        request = self.request(amount)
        gateway.request_refund_action(
            transaction=self.record,
            manager=get_plugins_manager(allow_replica=False),
            refund_value=request.amount_value,
            request_event=request,
            channel_slug=self._shop.channel.slug,
            user=None,
            app=None,
        )
        (answer,) = self.record.events.filter(pk__gt=request.pk)
        return str(answer.message)

    def left(self) -> Decimal:
        self.record.refresh_from_db()
        return self.record.charged_value


Staff = PaymentsStaff | TransactionsStaff


def note_refunds(is_chosen: bool) -> None:
    """What the dashboard does with the owner's choice."""
    DgsPayPlugin.save_plugin_configuration(
        PluginConfiguration.objects.get(identifier=GATEWAY),
        {"configuration": [{"name": "note_refunds", "value": is_chosen}]},
    )


def shown() -> list[str]:
    app = App.objects.get(identifier=GATEWAY)
    return [problem.key for problem in app.problems.filter(dismissed=False)]


def waiting() -> list[str]:
    return [refund.reference for refund in unconfirmed_refunds(GATEWAY)]
