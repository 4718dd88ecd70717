"""A purchase through Saleor's Payments API: checkoutPaymentCreate, checkoutComplete."""

from decimal import Decimal
from functools import cached_property
from typing import Any

import graphene
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from saleor.payment.interface import GatewayResponse, PaymentData
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.configuration import Configuration
from dgspay_plugin.payment.idempotency import idempotency_key
from dgspay_plugin.payment.money import Money
from dgspay_plugin.provider.client import DgsPayClient
from dgspay_plugin.settlement.callback import callback_url, return_url
from dgspay_plugin.settlement.charges import charge_of
from dgspay_plugin.settlement.flow import continue_purchase, start_purchase
from dgspay_plugin.settlement.gateway_responses import gateway_response
from dgspay_plugin.settlement.history import History
from dgspay_plugin.settlement.other_charges import hold_back_while_in_doubt
from dgspay_plugin.settlement.purchase import Purchase
from dgspay_plugin.settlement.subject import Subject


def start_payment(
    payment: PaymentData, configuration: Configuration, channel_slug: str
) -> GatewayResponse:
    """Charge the card: Saleor's ``process_payment``.

    Saleor calls it also for a payment that it calls pending, to find out about it.
    """
    purchase = PaymentPurchase(payment, channel_slug)
    return gateway_response(start_purchase(purchase, configuration), payment)


def continue_payment(
    payment: PaymentData, configuration: Configuration, channel_slug: str
) -> GatewayResponse:
    """Take the customer's next step: Saleor's ``confirm_payment``."""
    purchase = PaymentPurchase(payment, channel_slug)
    return gateway_response(continue_purchase(purchase, configuration), payment)


class PaymentPurchase(Purchase):
    """A Payment whose checkout the customer completes."""

    def __init__(self, payment: PaymentData, channel_slug: str) -> None:
        self._payment = payment
        self._channel_slug = channel_slug
        self.subject = Subject("payment", payment.payment_id)
        self.price = Money(payment.amount, payment.currency)
        self.history = History.of(payment.transactions)
        self.storefront_data: Any = payment.data
        self.customer_email = payment.customer_email
        self.addresses = (payment.billing, payment.shipping)
        self.narration_reference = str(
            payment.checkout_token or payment.graphql_payment_id
        )

    def callback_url(self) -> str:
        return callback_url(self._payment.gateway, self._channel_slug, self.subject)

    def idempotency_key(self) -> str:
        return idempotency_key(
            str(self._payment.checkout_token),
            self._payment.payment_id,
            len(self.history.entries),
        )

    def return_url(self, shops_page: str) -> str:
        # Saleor keeps checkoutPaymentCreate's returnUrl on the payment alone.
        stored = self._payments_of_checkout[self._payment.payment_id]
        return return_url(
            stored.return_url or shops_page,
            checkout=graphene.Node.to_global_id(
                "Checkout", self._payment.checkout_token
            ),
            payment=self._payment.graphql_payment_id,
        )

    def hold_back_while_in_doubt(self, client: DgsPayClient) -> None:
        found = dict(self._payments_of_checkout)
        this = found.pop(self._payment.payment_id)
        payments = list(found.values())
        prefetch_related_objects(payments, "transactions")
        others = [charge_of(payment) for payment in payments]
        if this.has_transactions:
            items = TransactionItem.objects.filter(
                checkout_id=self._payment.checkout_token,
                app_identifier=self._payment.gateway,
            )
            others += map(charge_of, items.prefetch_related("events"))
        # A payment is for the whole checkout.
        hold_back_while_in_doubt(others, Decimal(0), client)

    @cached_property
    def _payments_of_checkout(self) -> dict[int, Payment]:
        """This payment and the others of its checkout, by their ids."""
        wanted = Q(pk=self._payment.payment_id)
        if self._payment.checkout_token:
            wanted |= Q(
                checkout_id=self._payment.checkout_token, gateway=self._payment.gateway
            )
        transactions = TransactionItem.objects.filter(
            checkout_id=OuterRef("checkout_id"), app_identifier=self._payment.gateway
        )
        # One query for few columns, because it is in the way of every charge.
        found: dict[int, Payment] = (
            Payment.objects.filter(wanted)
            .only("return_url", "total", "currency", "created_at", "modified_at")
            .annotate(has_transactions=Exists(transactions))
            .in_bulk()
        )
        return found
