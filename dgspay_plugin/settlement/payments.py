"""A purchase through Saleor's Payments API: checkoutPaymentCreate, checkoutComplete."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import graphene
from django.db import connection
from saleor.checkout.models import Checkout
from saleor.payment.interface import GatewayResponse, PaymentData
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.configuration import Configuration
from dgspay_plugin.payment.idempotency import idempotency_key
from dgspay_plugin.payment.money import Money
from dgspay_plugin.provider.client import DgsPayClient
from dgspay_plugin.settlement.callback import callback_url, return_url
from dgspay_plugin.settlement.charges import Charge, charge_of
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
        return return_url(
            self._of_checkout.return_url or shops_page,
            checkout=graphene.Node.to_global_id(
                "Checkout", self._payment.checkout_token
            ),
            payment=self._payment.graphql_payment_id,
        )

    def hold_back_while_in_doubt(self, client: DgsPayClient) -> None:
        others: list[Charge] = []
        if ids := self._of_checkout.other_payments:
            payments = Payment.objects.filter(pk__in=ids)
            others += map(charge_of, payments.prefetch_related("transactions"))
        if self._of_checkout.has_transactions:
            items = TransactionItem.objects.filter(
                checkout_id=self._payment.checkout_token,
                app_identifier=self._payment.gateway,
            )
            others += map(charge_of, items.prefetch_related("events"))
        # A payment is for the whole checkout.
        hold_back_while_in_doubt(others, Decimal(0), client)

    @cached_property
    def _of_checkout(self) -> "OfCheckout":
        return read_checkout_of(self._payment)


@dataclass(frozen=True)
class OfCheckout:
    """What a charge has to know of its checkout, and Saleor does not hand over."""

    return_url: str | None
    """checkoutPaymentCreate's, which Saleor keeps on the payment alone."""
    other_payments: frozenset[int]
    """The ids of the gateway's other payments of the same checkout."""
    has_transactions: bool
    """Whether the gateway has transactions of the same checkout too."""


# Django takes longer to make this query than the database to answer it, and every
# charge waits for it.
OF_CHECKOUT = """
    SELECT id, return_url, EXISTS (
        SELECT 1 FROM payment_transactionitem
        WHERE checkout_id = %(checkout)s AND app_identifier = %(gateway)s
    )
    FROM payment_payment
    WHERE checkout_id = %(checkout)s AND gateway = %(gateway)s
"""


def read_checkout_of(payment: PaymentData) -> OfCheckout:
    """Look it up in one query."""
    checkout = Checkout._meta.pk.get_db_prep_value(payment.checkout_token, connection)
    with connection.cursor() as cursor:
        cursor.execute(OF_CHECKOUT, {"checkout": checkout, "gateway": payment.gateway})
        rows = cursor.fetchall()
    return_urls = {payment_id: return_url for payment_id, return_url, _ in rows}
    return OfCheckout(
        return_url=return_urls.pop(payment.payment_id, None),
        other_payments=frozenset(return_urls),
        has_transactions=any(has_transactions for *_, has_transactions in rows),
    )
