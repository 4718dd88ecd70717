"""A store with one checkout to pay, in the stand-in's database."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from saleor.account.models import Address
from saleor.channel.models import Channel
from saleor.checkout.models import Checkout, CheckoutLine
from saleor.order.models import Order
from saleor.payment import TransactionEventType, TransactionKind
from saleor.payment.interface import GatewayResponse
from saleor.payment.models import Payment, TransactionItem
from saleor.payment.utils import (
    create_payment_information,
    gateway_postprocess,
    get_already_processed_transaction_or_create_new_transaction,
    update_payment,
)
from saleor.plugins.models import PluginConfiguration
from saleor.product.models import ProductVariant

from dgspay_plugin.checkout.payments import (
    begin_attempt,
    continue_payment,
    start_payment,
)
from dgspay_plugin.configuration import read_configuration
from dgspay_plugin.records.charge_id import ChargeId
from tests.saleor_slice.catalogue import channel_slug, sku
from tests.saleor_slice.seed import seed
from tests.schemas import misfits
from tests.unit.merchant import GATEWAY, fields


class Shop:
    def __init__(self) -> None:
        seed()
        self.configuration = read_configuration(
            fields(payment_methods="card,mobile_money")
        )
        self.channel = Channel.objects.get(slug=channel_slug("RWF"))
        # For Saleor, which asks the plugin when it makes an order.
        PluginConfiguration.objects.create(
            identifier=GATEWAY,
            channel=self.channel,
            active=True,
            configuration=fields(payment_methods="card,mobile_money"),
        )

    def new_checkout(self, **facts: Any) -> Checkout:
        checkout = Checkout.objects.create(
            channel=self.channel,
            email="amina@example.com",
            currency="RWF",
            total_gross_amount=12000,
            price_expiration=timezone.now() + timedelta(hours=1),
            billing_address=Address.objects.create(
                first_name="Amina",
                last_name="Uwase",
                street_address_1="KG 7 Avenue 12",
                city="Kigali",
                country="RW",
                phone="+250788123456",
            ),
            **facts,
        )
        CheckoutLine.objects.create(
            checkout=checkout,
            variant=ProductVariant.objects.get(sku=sku("RWF")),
            quantity=1,
            currency="RWF",
        )
        return checkout

    def new_payment(self, checkout: Checkout | None = None, **facts: Any) -> Payment:
        """What checkoutPaymentCreate leaves: one active payment of the checkout."""
        checkout = checkout or self.new_checkout()
        checkout.payments.update(is_active=False)
        return Payment.objects.create(
            **{
                "gateway": GATEWAY,
                "total": Decimal(12000),
                "currency": "RWF",
                "checkout": checkout,
                "return_url": "https://shop.example/back?lang=rw",
                **facts,
            }
        )

    def new_transaction(
        self, source: Checkout | Order | None = None, amount: int = 12000, **facts: Any
    ) -> TransactionItem:
        """What transactionInitialize leaves before it asks a plugin."""
        source = source or self.new_checkout()
        item = TransactionItem.objects.create(
            **{
                "app_identifier": GATEWAY,
                "currency": "RWF",
                type(source).__name__.lower(): source,
                **facts,
            }
        )
        item.events.create(
            type=TransactionEventType.CHARGE_REQUEST,
            amount_value=amount,
            currency=item.currency,
        )
        return item

    def press(self, payment: Payment, data: Any) -> GatewayResponse:
        """What checkoutComplete does with a payment: ask the plugin, and store."""
        with transaction.atomic():
            began_at = begin_attempt(payment.checkout, GATEWAY)
        with transaction.atomic():
            payment.refresh_from_db()
            information = create_payment_information(payment, additional_data=data)
            press = continue_payment if payment.to_confirm else start_payment
            response = press(
                information, self.configuration, self.channel.slug, began_at
            )
            update_payment(payment, response)
            stored = get_already_processed_transaction_or_create_new_transaction(
                payment,
                kind=response.kind,
                payment_information=information,
                action_required=response.action_required,
                gateway_response=response,
            )
            gateway_postprocess(stored, payment)
            payment.refresh_from_db()
        if response.action_required:
            asked = response.action_required_data
            assert not misfits("confirmation-data", asked), asked
        return response

    def press_and_be_killed(self, payment: Payment, data: Any) -> None:
        """A press whose worker dies after the request and before its outcome."""
        began_at = begin_attempt(payment.checkout, GATEWAY)
        information = create_payment_information(payment, additional_data=data)
        with suppress(KeyboardInterrupt), transaction.atomic():
            start_payment(information, self.configuration, self.channel.slug, began_at)
            raise KeyboardInterrupt


def charge_id_of(payment: Payment) -> ChargeId:
    return ChargeId("payment", payment.pk)


def code_of(response: GatewayResponse) -> str | None:
    """The machine code of an error."""
    return response.error and response.error.rpartition("(")[2].removesuffix(")")


def is_capture(response: GatewayResponse) -> bool:
    """Whether the money is there: a failure is of the kind capture too."""
    return response.is_success and response.kind == TransactionKind.CAPTURE
