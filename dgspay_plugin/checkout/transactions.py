"""A purchase through Saleor's Transactions API: transactionInitialize and -Process."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import graphene
from django.core.exceptions import ValidationError
from saleor.channel import TransactionFlowStrategy
from saleor.checkout.models import Checkout
from saleor.core.utils.url import validate_storefront_url
from saleor.order.models import Order
from saleor.payment.interface import AddressData, TransactionSessionData

from dgspay_plugin.callback_urls import callback_url, return_url
from dgspay_plugin.checkout.flow import continue_purchase, start_purchase
from dgspay_plugin.checkout.purchase import Purchase
from dgspay_plugin.configuration import Configuration
from dgspay_plugin.goods import Goods, goods_of
from dgspay_plugin.owner.charges import spoiled_record
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import Declined
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charges import charge_id_of, history_of_item, store_outcome
from dgspay_plugin.records.history import SpoiledRecord
from dgspay_plugin.records.other_charges import OtherCharges, other_charges
from dgspay_plugin.records.replies import (
    Reply,
    Result,
    failed_before,
    failure,
    mistake,
    wait_for,
)
from dgspay_plugin.records.session_results import refused_authorization, session_result
from dgspay_plugin.records.transactions import LockedItem, tell_owner_of_capture

logger = logging.getLogger(__name__)

ASK_FOR_STATUS = {"type": "wait"}


def start_transaction(
    session: TransactionSessionData, configuration: Configuration
) -> dict[str, Any]:
    """Charge the card: Saleor's ``transaction_initialize_session``.

    Saleor calls it again, with the same transaction, where a storefront repeats an
    idempotency key: then the answer is found out and nothing is charged.
    """
    if session.action.action_type != TransactionFlowStrategy.CHARGE:
        logger.error(
            "Channel %s asks for an authorization, and DGS-Pay charges at once: set "
            "its transaction flow strategy to CHARGE.",
            session.source_object.channel.slug,
        )
        return refused_authorization()
    return session_result(
        _press(_start, session, configuration), offers_refund=configuration.note_refunds
    )


def continue_transaction(
    session: TransactionSessionData, configuration: Configuration
) -> dict[str, Any]:
    """Take the customer's next step: Saleor's ``transaction_process_session``."""
    return session_result(
        _press(_continue, session, configuration),
        offers_refund=configuration.note_refunds,
    )


def _press(
    flow: Callable[["TransactionPurchase", Configuration], Reply],
    session: TransactionSessionData,
    configuration: Configuration,
) -> Reply:
    with LockedItem(session.transaction.pk) as lock:
        try:
            purchase = TransactionPurchase(session, lock)
        except SpoiledRecord as problem:
            spoiled_record(charge_id_of(lock.item), problem).tell()
            return failure(CustomerMessage.PAYMENT_IN_DOUBT)
        reply = flow(purchase, configuration)
        is_new_outcome = reply.record and not reply.is_stored_already
        if is_new_outcome:
            store_outcome(lock.item, reply, configuration.portal_url)
        else:
            purchase.end_attempt()
        if is_new_outcome and reply.charged and reply.reference:
            tell_owner_of_capture(lock.item.pk, reply.reference, reply.charged)
    return reply


def _start(purchase: "TransactionPurchase", configuration: Configuration) -> Reply:
    if purchase.history.outcome:
        return _answer_again(purchase, configuration)
    return _kept_if_final(start_purchase(purchase, configuration))


def _continue(purchase: "TransactionPurchase", configuration: Configuration) -> Reply:
    reply = continue_purchase(purchase, configuration)
    if _changed_nothing(reply):
        return _asked_again_after_refusal(purchase, reply)
    return reply


class TransactionPurchase(Purchase):
    """A TransactionItem that pays a checkout or an order, or a part of it."""

    def __init__(self, session: TransactionSessionData, lock: LockedItem) -> None:
        """Read how far it has come.

        Raises:
            SpoiledRecord: what is stored of it cannot be read.
        """
        self._lock = lock
        self._session_source = session.source_object
        self.charge_id = charge_id_of(lock.item)
        self.price = Money(session.action.amount, session.action.currency)
        self.history = history_of_item(lock.item)
        self._interrupted_since = attempts.unfinished_since(
            lock.item.private_metadata, self.history
        )
        self._began_at: datetime | None = None
        source = self._source
        self.storefront_data, self._storefronts_page = _without_page(
            session.payment_gateway_data.data
        )
        self.customer_email = source.get_customer_email()
        self.addresses = tuple(
            address and AddressData(**address.as_data())
            for address in (source.billing_address, source.shipping_address)
        )
        self.narration_reference = str(
            source.pk if isinstance(source, Checkout) else source.number
        )

    @property
    def _source(self) -> Checkout | Order:
        # The checkout may have become an order while this waited for the lock.
        return self._lock.item.order or self._lock.item.checkout or self._session_source

    def callback_url(self) -> str:
        return callback_url(
            self._lock.item.app_identifier, self._source.channel.slug, self.charge_id
        )

    def idempotency_key(self) -> str:
        # A transaction is charged once. The storefront's own key may be any text, and
        # no header, and the one of another store with the same merchant account.
        return str(self._lock.item.token)

    def return_url(self, shops_page: str) -> str:
        source_type = type(self._source).__name__
        page = self._allowed_page()
        return return_url(
            shops_page if page is None else page,
            **{
                source_type.lower(): graphene.Node.to_global_id(
                    source_type, self._source.pk
                ),
                "transaction": graphene.Node.to_global_id(
                    "TransactionItem", self._lock.item.token
                ),
            },
        )

    def goods(self) -> Goods:
        return goods_of(self._source)

    def other_charges(self) -> OtherCharges:
        return other_charges(self._source, self._lock.item)

    def interrupted_since(self) -> datetime | None:
        return self._interrupted_since

    def is_overtaken(self) -> bool:
        # Saleor itself distinguishes a repeated press of Pay from a step.
        return False

    def begin_attempt(self) -> bool:
        item = self._lock.item
        self._began_at = attempts.begin(
            item.private_metadata, self.history, self.charge_id
        )
        item.save(update_fields=["private_metadata"])
        self._lock.commit()
        self.history = history_of_item(self._lock.item)
        if not attempts.is_first(self._lock.item.private_metadata, self._began_at):
            raise Refusal(
                CustomerMessage.PAYMENT_IN_DOUBT, "Another press was quicker."
            )
        return True

    def end_attempt(self) -> None:
        """Remove the mark of a press that has stored no outcome."""
        item = self._lock.item
        if attempts.end(item.private_metadata, self._began_at):
            item.save(update_fields=["private_metadata"])

    def _allowed_page(self) -> object:
        """The storefront's page, if Saleor allows it as it allows a payment's."""
        page = self._storefronts_page
        if not isinstance(page, str):
            return page
        try:
            validate_storefront_url(page)
        except ValidationError as error:
            raise Refusal(
                CustomerMessage.RETURN_URL_NOT_ALLOWED, "; ".join(error.messages)
            ) from None
        return page


def _without_page(storefront_data: object) -> tuple[object, object]:
    """The step that the storefront sent, and the page that rode with it."""
    if not isinstance(storefront_data, Mapping):
        return storefront_data, None
    step = dict(storefront_data)
    page = step.pop("return_url", None)
    return step, page


def _answer_again(purchase: TransactionPurchase, configuration: Configuration) -> Reply:
    """Answer a press that is repeated: a failure stays one, all else is found out."""
    history = purchase.history
    if not history.captures and (failure := failed_before(history)):
        return failure
    purchase.storefront_data = ASK_FOR_STATUS
    return continue_purchase(purchase, configuration)


def _kept_if_final(reply: Reply) -> Reply:
    """Keep a refusal of DGS-Pay's: its idempotency key is used up.

    A press that is repeated with the key of this one gets the same answer.
    """
    if reply.message not in (
        CustomerMessage.PROVIDER_REFUSED,
        CustomerMessage.MOBILE_MONEY_REFUSED,
    ):
        return reply
    return Reply(
        Result.FAILED,
        {"outcome": Declined.code, "reason": reply.message.name},
        message=reply.message,
    )


def _changed_nothing(reply: Reply) -> bool:
    return reply.result is Result.FAILED and not reply.record


def _asked_again_after_refusal(purchase: Purchase, refused: Reply) -> Reply:
    """Ask for the step anew: a failure would be the end of a charge that goes on."""
    history = purchase.history
    is_going_on = history.is_waiting or purchase.interrupted_since()
    if not is_going_on or refused.message is None:
        return refused
    step = history.last.get("confirmation") or wait_for(
        history.reference, history.wallet
    )
    return Reply(
        Result.ACTION_REQUIRED,
        history.last,
        confirmation={**step, **mistake(refused.message)},
        is_stored_already=True,
    )
