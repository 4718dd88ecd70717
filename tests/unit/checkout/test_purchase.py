"""What both APIs' purchases have to say alike, however Saleor hands them over."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

import graphene
import pytest
from django.db import transaction
from django.utils import timezone
from saleor.channel import TransactionFlowStrategy
from saleor.checkout.models import Checkout
from saleor.payment.interface import (
    PaymentGatewayData,
    TransactionProcessActionData,
    TransactionSessionData,
)
from saleor.payment.models import Payment, TransactionItem
from saleor.payment.utils import create_payment_information

from dgspay_plugin.callback_urls import read_callback_path
from dgspay_plugin.checkout.payments import PaymentPurchase, begin_attempt
from dgspay_plugin.checkout.purchase import Purchase
from dgspay_plugin.checkout.transactions import TransactionPurchase
from dgspay_plugin.payment.money import Money
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charges import charge_id_of
from dgspay_plugin.records.other_charges import OtherCharges
from dgspay_plugin.records.transactions import LockedItem
from tests.unit.browser import card_data
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

SHOPS_PAGE = "https://shop.example/checkout?lang=rw"
CARD = card_data()

Record: TypeAlias = Payment | TransactionItem
Press = Callable[[Record], Purchase]


@pytest.fixture(params=["payment", "transaction"])
def record(request: pytest.FixtureRequest, shop: Shop) -> Record:
    """What is pressed: 12000 RWF, and nothing has been sent of it."""
    if request.param == "payment":
        return shop.new_payment(return_url=None)
    return shop.new_transaction()


@pytest.fixture
def press(shop: Shop) -> Iterator[Press]:
    """Have Saleor hand a record over, with the locks that it is handed over under."""
    with ExitStack() as locks:

        def press(record: Record) -> Purchase:
            locks.close()
            record.refresh_from_db()
            if isinstance(record, Payment):
                return _payment(record)
            return TransactionPurchase(
                _session(record), locks.enter_context(LockedItem(record.pk))
            )

        def _payment(payment: Payment) -> Purchase:
            with transaction.atomic():
                began_at = begin_attempt(payment.checkout, GATEWAY)
            locks.enter_context(transaction.atomic())
            payment.refresh_from_db()
            information = create_payment_information(payment, additional_data=CARD)
            return PaymentPurchase(information, shop.channel.slug, began_at)

        yield press


def _session(item: TransactionItem) -> TransactionSessionData:
    return TransactionSessionData(
        transaction=item,
        source_object=item.checkout,
        action=TransactionProcessActionData(
            amount=Decimal(12000),
            currency="RWF",
            action_type=TransactionFlowStrategy.CHARGE,
        ),
        customer_ip_address=None,
        payment_gateway_data=PaymentGatewayData(GATEWAY, CARD),
        idempotency_key="key-1",
    )


def test_half_a_purchase_cannot_be_made() -> None:
    """A method that another API's purchase leaves out is missed at once."""

    class Half(Purchase):
        def is_overtaken(self) -> bool:
            return False

    with pytest.raises(TypeError, match="begin_attempt"):
        Half()  # type: ignore[abstract]


def test_what_is_bought_by_whom(press: Press, record: Record) -> None:
    purchase = press(record)
    assert purchase.charge_id == charge_id_of(record)
    assert purchase.price == Money(Decimal(12000), "RWF")
    assert purchase.history.entries == ()
    assert purchase.storefront_data == CARD
    assert purchase.customer_email == "amina@example.com"
    billing, shipping = purchase.addresses
    assert billing is not None
    assert (billing.first_name, billing.country) == ("Amina", "RW")
    assert shipping is None
    assert purchase.narration_reference == str(record.checkout.pk)


def test_goods_are_those_of_the_checkout_as_it_is_now(
    press: Press, record: Record
) -> None:
    purchase = press(record)
    goods = purchase.goods()
    assert (goods.total, goods.obstacle) == (Money(Decimal(12000), "RWF"), None)
    assert purchase.other_charges() == OtherCharges()


def test_transaction_of_the_same_goods_is_seen(
    shop: Shop, press: Press, record: Record
) -> None:
    other = shop.new_transaction(record.checkout, amount=5000)
    [seen] = press(record).other_charges().charges
    assert seen.charge_id == charge_id_of(other)
    assert seen.price == Money(Decimal(5000), "RWF")


def test_payment_of_the_same_goods_is_seen(press: Press, record: Record) -> None:
    Payment.objects.create(
        gateway="another.gateway",
        is_active=False,
        checkout=record.checkout,
        captured_amount=700,
        currency="RWF",
    )
    assert press(record).other_charges().taken == 700


def test_webhook_finds_the_charge_by_the_address_it_is_given(
    press: Press, record: Record
) -> None:
    address = press(record).callback_url()
    start, _, path = address.partition(f"/{GATEWAY}/")
    assert start.endswith("/plugins/channel/shop-rwf")
    assert read_callback_path(f"/{path}") == charge_id_of(record)


def test_customer_comes_back_to_the_shops_page_with_what_to_go_on_with(
    press: Press, record: Record
) -> None:
    url = press(record).return_url(SHOPS_PAGE)
    checkout_id = graphene.Node.to_global_id("Checkout", record.checkout.pk)
    assert url.startswith(f"{SHOPS_PAGE}&checkout={checkout_id.replace('=', '%3D')}&")


def test_press_that_is_repeated_has_the_same_key_and_another_payment_has_not(
    shop: Shop, press: Press, record: Record
) -> None:
    key = press(record).idempotency_key()
    assert press(record).idempotency_key() == key
    another = (
        shop.new_payment(Checkout.objects.get())
        if isinstance(record, Payment)
        else shop.new_transaction(Checkout.objects.get())
    )
    assert press(another).idempotency_key() != key


def test_first_press_has_a_mark_and_nothing_before_it(
    press: Press, record: Record
) -> None:
    """Whoever commits the mark, it is there before anything is sent."""
    purchase = press(record)
    assert purchase.interrupted_since() is None
    assert not purchase.is_overtaken()
    lock_was_let_go = purchase.begin_attempt()
    # Saleor itself commits the mark of a Payment, before it asks for the payment.
    assert lock_was_let_go is isinstance(record, TransactionItem)
    record.refresh_from_db()
    assert attempts.unfinished_since(record.private_metadata, purchase.history)


def test_press_after_a_killed_worker_knows_since_when(
    press: Press, record: Record
) -> None:
    press(record).begin_attempt()
    # All but the mark goes with the worker.
    transaction.set_rollback(True)
    since = press(record).interrupted_since()
    assert since is not None
    assert timezone.now() - since < timedelta(minutes=5)
    assert press(record).interrupted_since() == since
