"""What DGS-Pay says of a charge, as events of Saleor's TransactionItem."""

from contextlib import ExitStack
from types import TracebackType

from django.db import transaction
from saleor.app.models import App
from saleor.payment import TransactionEventType
from saleor.payment.lock_objects import (
    get_checkout_and_transaction_item_locked_for_update,
    get_order_and_transaction_item_locked_for_update,
)
from saleor.payment.models import TransactionItem
from saleor.payment.transaction_item_calculations import recalculate_transaction_amounts
from saleor.payment.utils import (
    create_transaction_event_for_transaction_session,
    process_order_or_checkout_with_transaction,
)
from saleor.plugins.manager import get_plugins_manager

from dgspay_plugin.after_commit import after_commit
from dgspay_plugin.goods import goods_of
from dgspay_plugin.owner.charges import (
    amount_mismatch,
    tell_of_deleted_checkout,
    tell_of_paid_without_order,
    tell_of_second_capture,
)
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    Declined,
    Paid,
    ProviderTransaction,
    Verdict,
    judge,
)
from dgspay_plugin.records.charges import (
    Charge,
    charge_id_of,
    charge_of,
    reply_for_webhook,
    request_event_of,
    store_outcome,
)
from dgspay_plugin.records.measurement import count_outcome
from dgspay_plugin.records.order_page import fields_for
from dgspay_plugin.records.other_charges import other_charges, tell_if_overcharged
from dgspay_plugin.records.replies import Result, reply_for
from dgspay_plugin.records.session_results import session_result


class LockedItem:
    """A TransactionItem, locked in Saleor's order: checkout or order, then item.

    ``with LockedItem(item_id) as lock`` holds the locks for the length of the block,
    in one database transaction.
    """

    item: TransactionItem

    def __init__(self, item_id: int) -> None:
        self._item_id = item_id
        self._transaction = ExitStack()

    def __enter__(self) -> "LockedItem":
        self._lock()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._transaction.__exit__(exception_type, exception, traceback)

    def commit(self) -> None:
        """Commit what was written, and lock again. Others may come in between."""
        self._transaction.close()
        self._lock()

    def _lock(self) -> None:
        with ExitStack() as unless_it_fails:
            unless_it_fails.enter_context(transaction.atomic())
            self.item = _locked(self._item_id)
            self._transaction = unless_it_fails.pop_all()


def _locked(item_id: int) -> TransactionItem:
    checkout_id, order_id = TransactionItem.objects.values_list(
        "checkout_id", "order_id"
    ).get(pk=item_id)
    if order_id:
        _, item = get_order_and_transaction_item_locked_for_update(order_id, item_id)
    else:
        _, item = get_checkout_and_transaction_item_locked_for_update(
            checkout_id, item_id
        )
    return item


def settle_transaction(item_id: int, told: ProviderTransaction) -> Verdict:
    """Write down what became of a charge, and tell Saleor by an event.

    Saleor then updates the checkout or order, and completes the checkout where its
    channel is set so.

    Args:
        item_id: a TransactionItem of this gateway.
    """
    with LockedItem(item_id) as lock:
        item = lock.item
        charge = charge_of(item)
        verdict = judge(told, charge.price)
        match verdict:
            case Paid():
                if not _is_reported(item, verdict.reference):
                    _tell_owner_of_new_capture(item, charge, verdict)
                    _record(item, charge, verdict)
            case AmountMismatch():
                if charge.history.outcome != AmountMismatch.code:
                    _record(item, charge, verdict)
                    amount_mismatch(charge.charge_id, verdict, charge.price).tell()
            case Declined():
                is_waiting = charge.history.is_waiting and not charge.history.captures
                if is_waiting and charge.reference in (None, verdict.reference):
                    _record(item, charge, verdict)
    return verdict


def count_towards_total(item_id: int) -> None:
    """Have Saleor see anew whether a charged transaction's checkout or order is paid.

    It notes the charge first, and then what that means for what was paid
    (saleor/payment/utils.py): a worker may die between the two.
    """
    with LockedItem(item_id) as lock:
        item = lock.item
        if item.order and item.order.total_charged_amount >= item.charged_value:
            # Saleor would tell everybody once more that the order was charged.
            return
        process_order_or_checkout_with_transaction(
            item, get_plugins_manager(allow_replica=False), None, _app_of(item)
        )


def _app_of(item: TransactionItem) -> App | None:
    return App.objects.filter(identifier=item.app_identifier).first()


def _is_reported(item: TransactionItem, reference: str) -> bool:
    """Whether Saleor counts the charge: a worker may die between record and event."""
    return bool(
        item.events.filter(
            type=TransactionEventType.CHARGE_SUCCESS, psp_reference=reference
        ).exists()
    )


def _tell_owner_of_new_capture(
    item: TransactionItem, charge: Charge, paid: Paid
) -> None:
    captures = charge.history.captures
    if not captures:
        tell_owner_of_capture(item.pk, paid.reference, paid.charged)
    elif all(capture.reference != paid.reference for capture in captures):
        tell_of_second_capture(charge.charge_id, paid.reference, paid.charged)


def _record(
    item: TransactionItem, charge: Charge, verdict: Paid | AmountMismatch | Declined
) -> None:
    reply = reply_for(verdict, charge.price, charge.history, charge.history.wallet)
    fields = fields_for(item)
    if not (reply.charged and charge.history.captures):
        store_outcome(item, reply, fields.get("portal_url"))
        count_outcome(charge.charge_id, reply, found="later")
    manager = get_plugins_manager(allow_replica=False)
    app = _app_of(item)
    create_transaction_event_for_transaction_session(
        request_event_of(item),
        app,
        manager=manager,
        transaction_webhook_response=session_result(
            reply, offers_refund=fields.get("note_refunds") is True
        ),
    )
    was_pending = item.charge_pending_value > 0
    item.refresh_from_db()
    if reply.result is Result.FAILED and was_pending:
        # Saleor counts anew after a success, and not after a failure.
        recalculate_transaction_amounts(item)
        process_order_or_checkout_with_transaction(item, manager, None, app)


def tell_owner_of_capture(item_id: int, reference: str, charged: Money) -> None:
    """Tell the owner, once this is committed, of a capture that needs a person.

    It is too much, or its checkout cannot become an order.
    """
    after_commit(_tell_owner_of_capture, item_id, reference, charged)


def _tell_owner_of_capture(item_id: int, reference: str, charged: Money) -> None:
    item = TransactionItem.objects.get(pk=item_id)
    charge_id, source = charge_id_of(item), item.order or item.checkout
    if source is None:
        tell_of_deleted_checkout(charge_id, reference, charged)
        return
    goods = goods_of(source)
    tell_if_overcharged(
        charge_id, reference, charged, goods.total, other_charges(source, item)
    )
    if goods.obstacle:
        tell_of_paid_without_order(
            charge_id, reference, charged, source.pk, goods.obstacle.for_owner
        )


def note_reference(item_id: int, reference: str) -> None:
    """Store the ``dgs_reference`` of a charge whose answer did not arrive."""
    with LockedItem(item_id) as lock:
        charge = charge_of(lock.item)
        if charge.waits_for(reference):
            reply = reply_for_webhook(charge, reference)
            store_outcome(lock.item, reply, fields_for(lock.item).get("portal_url"))
