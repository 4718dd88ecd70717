"""A purchase through Saleor's Payments API: checkoutPaymentCreate, checkoutComplete."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import graphene
from django.db import connection
from django.utils import timezone
from saleor.checkout.models import Checkout
from saleor.payment.interface import GatewayResponse, PaymentData
from saleor.payment.models import Payment

from dgspay_plugin.after_commit import after_commit
from dgspay_plugin.callback_urls import callback_url, return_url
from dgspay_plugin.checkout.flow import continue_purchase, start_purchase
from dgspay_plugin.checkout.purchase import Purchase
from dgspay_plugin.configuration import Configuration
from dgspay_plugin.goods import Goods, goods_of_checkout, is_only_looking, rounded
from dgspay_plugin.owner.charges import spoiled_record
from dgspay_plugin.payment.idempotency import idempotency_key
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import charge_id_of
from dgspay_plugin.records.gateway_responses import gateway_response
from dgspay_plugin.records.history import History, SpoiledRecord
from dgspay_plugin.records.other_charges import (
    OtherCharges,
    other_charges,
    tell_if_overcharged,
)
from dgspay_plugin.records.replies import Reply, failure


def begin_attempt(checkout: Checkout, gateway: str) -> datetime | None:
    """Leave the mark of a press: Saleor's ``preprocess_order_creation``.

    Saleor calls it in the transaction that it commits before it asks for the payment.

    Returns:
        When the press began; None if the checkout is not paid by this gateway.
    """
    if is_only_looking():
        return None
    active = checkout.payments.filter(is_active=True).order_by("-pk")
    payment = active.prefetch_related("transactions").first()
    if payment is None or payment.gateway != gateway:
        return None
    try:
        history = History.of(payment.transactions.all())
    except SpoiledRecord:
        # `start_payment` refuses it.
        return None
    began_at = attempts.begin(payment.private_metadata, history, charge_id_of(payment))
    payment.save(update_fields=["private_metadata"])
    return began_at


def start_payment(
    payment: PaymentData,
    configuration: Configuration,
    channel_slug: str,
    began_at: datetime | None,
) -> GatewayResponse:
    """Charge the card: Saleor's ``process_payment``.

    Saleor calls it also for a payment that it calls pending, to find out about it.

    Args:
        began_at: what `begin_attempt` has returned for this press.
    """
    return _press(start_purchase, payment, configuration, channel_slug, began_at)


def continue_payment(
    payment: PaymentData,
    configuration: Configuration,
    channel_slug: str,
    began_at: datetime | None,
) -> GatewayResponse:
    """Take the customer's next step: Saleor's ``confirm_payment``."""
    return _press(continue_purchase, payment, configuration, channel_slug, began_at)


def _press(
    flow: Callable[[Purchase, Configuration], Reply],
    payment: PaymentData,
    configuration: Configuration,
    channel_slug: str,
    began_at: datetime | None,
) -> GatewayResponse:
    try:
        purchase = PaymentPurchase(payment, channel_slug, began_at)
    except SpoiledRecord as problem:
        spoiled_record(ChargeId("payment", payment.payment_id), problem).tell()
        return gateway_response(failure(CustomerMessage.PAYMENT_IN_DOUBT), payment)
    reply = flow(purchase, configuration)
    if reply.is_stored_already or not reply.record:
        purchase.end_attempt()
    elif reply.charged and reply.reference:
        after_commit(purchase.tell_owner_of_capture, reply.reference, reply.charged)
    return gateway_response(reply, payment)


class PaymentPurchase(Purchase):
    """A Payment whose checkout the customer completes."""

    def __init__(
        self, payment: PaymentData, channel_slug: str, began_at: datetime | None
    ) -> None:
        """Read how far it has come.

        Raises:
            SpoiledRecord: what is stored of it cannot be read.
        """
        self._payment = payment
        self._channel_slug = channel_slug
        self._began_at = began_at
        self.charge_id = ChargeId("payment", payment.payment_id)
        self.price = Money(payment.amount, payment.currency)
        self.history = History.of(payment.transactions)
        self.storefront_data: Any = payment.data
        self.customer_email = payment.customer_email
        self.addresses = (payment.billing, payment.shipping)
        self.narration_reference = str(
            payment.checkout_token or payment.graphql_payment_id
        )

    def interrupted_since(self) -> datetime | None:
        metadata = self._of_checkout.metadata
        if attempts.is_first(metadata, self._began_at):
            return None
        return attempts.unfinished_since(metadata, self.history)

    def is_overtaken(self) -> bool:
        metadata = self._of_checkout.metadata
        return attempts.is_overtaken(metadata, self._began_at, self.history)

    def callback_url(self) -> str:
        return callback_url(self._payment.gateway, self._channel_slug, self.charge_id)

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

    def goods(self) -> Goods:
        """What the checkout costs now.

        Saleor has validated it and counted its total in this same request. It is asked
        again only if the cart has changed since.
        """
        total = self._of_checkout.total
        if total is None:
            checkout = Checkout.objects.get(pk=self._payment.checkout_token)
            return goods_of_checkout(checkout)
        return Goods(total)

    def other_charges(self) -> OtherCharges:
        return self._other_charges

    @cached_property
    def _other_charges(self) -> OtherCharges:
        checkout = self._of_checkout
        if not checkout.has_other_payments and not checkout.has_transactions:
            return OtherCharges()
        payment = Payment.objects.get(pk=self._payment.payment_id)
        return other_charges(payment.checkout, payment)

    def begin_attempt(self) -> bool:
        # Its mark was committed before Saleor asked for the payment.
        return False

    def end_attempt(self) -> None:
        """Remove the mark of a press that has stored no outcome."""
        metadata = self._of_checkout.metadata
        if attempts.end(metadata, self._began_at):
            Payment.objects.filter(pk=self._payment.payment_id).update(
                private_metadata=metadata
            )

    def tell_owner_of_capture(self, reference: str, charged: Money) -> None:
        """Tell the owner if this capture is more than there was to pay."""
        tell_if_overcharged(
            self.charge_id, reference, charged, self.goods().total, self.other_charges()
        )

    @cached_property
    def _of_checkout(self) -> "OfCheckout":
        return read_checkout_of(self._payment)


@dataclass(frozen=True)
class OfCheckout:
    """What a charge has to know of its checkout, and Saleor does not hand over."""

    return_url: str | None
    """checkoutPaymentCreate's, which Saleor keeps on the payment alone."""
    metadata: dict[str, Any]
    """The payment's private metadata."""
    total: Money | None
    """What it costs; None if that has to be counted anew."""
    has_other_payments: bool
    """Whether the checkout has payments besides this one, of any gateway."""
    has_transactions: bool
    """Whether the checkout has transactions too."""


# Django takes longer to make this query than the database to answer it, and every
# charge waits for it.
OF_CHECKOUT = """
    SELECT
        payment.return_url,
        payment.private_metadata,
        checkout.total_gross_amount,
        checkout.price_expiration > %(now)s AND NOT EXISTS (
            SELECT 1 FROM checkout_checkout_gift_cards
            WHERE checkout_id = checkout.token
        ),
        EXISTS (
            SELECT 1 FROM payment_payment AS other
            WHERE other.checkout_id = checkout.token AND other.id <> payment.id
        ),
        EXISTS (
            SELECT 1 FROM payment_transactionitem
            WHERE checkout_id = checkout.token
        )
    FROM payment_payment AS payment
    LEFT JOIN checkout_checkout AS checkout
        ON checkout.token = payment.checkout_id
    WHERE payment.id = %(payment)s
"""


def read_checkout_of(payment: PaymentData) -> OfCheckout:
    """Look it up in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            OF_CHECKOUT, {"payment": payment.payment_id, "now": timezone.now()}
        )
        row = cursor.fetchone()
    return_url, metadata, total, is_current, has_others, has_transactions = row
    return OfCheckout(
        return_url=return_url,
        metadata=json.loads(metadata),
        total=rounded(Decimal(total), payment.currency) if is_current else None,
        has_other_payments=bool(has_others),
        has_transactions=bool(has_transactions),
    )
