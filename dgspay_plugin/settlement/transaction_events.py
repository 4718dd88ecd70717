"""What DGS-Pay says of a charge, as events of Saleor's TransactionItem."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from saleor.app.models import App
from saleor.order import OrderChargeStatus
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

from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    Declined,
    Paid,
    ProviderTransaction,
    Verdict,
    judge,
)
from dgspay_plugin.settlement.answers import Result, answer_for
from dgspay_plugin.settlement.charges import (
    Charge,
    charge_of,
    request_event_of,
    store_outcome,
)
from dgspay_plugin.settlement.session_results import session_result

logger = logging.getLogger(__name__)


@contextmanager
def locked_item(item_id: int) -> Iterator[TransactionItem]:
    """The item, locked in Saleor's order: checkout or order, then transaction."""
    with transaction.atomic():
        checkout_id, order_id = TransactionItem.objects.values_list(
            "checkout_id", "order_id"
        ).get(pk=item_id)
        if order_id:
            _, item = get_order_and_transaction_item_locked_for_update(
                order_id, item_id
            )
        else:
            _, item = get_checkout_and_transaction_item_locked_for_update(
                checkout_id, item_id
            )
        yield item


def settle_transaction(item_id: int, told: ProviderTransaction) -> Verdict:
    """Write down what became of a charge, and tell Saleor by an event.

    Saleor then updates the checkout or order, and completes the checkout where its
    channel is set so.

    Args:
        item_id: a TransactionItem of this gateway.
    """
    with locked_item(item_id) as item:
        charge = charge_of(item)
        verdict = judge(told, charge.price)
        match verdict:
            case Paid():
                if not _is_reported(item, verdict.reference):
                    _record(item, charge, verdict)
                    _tell_what_a_person_must_do(item, verdict)
            case AmountMismatch():
                if charge.history.outcome != AmountMismatch.__name__:
                    _record(item, charge, verdict)
                    logger.error(
                        "DGS-Pay charged %s as %s for transaction %s, which is for "
                        "%s. It is not paid: settle the difference with the customer, "
                        "or refund the charge in the merchant portal.",
                        verdict.charged,
                        verdict.reference,
                        item_id,
                        charge.price,
                    )
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
    with locked_item(item_id) as item:
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


def _record(
    item: TransactionItem, charge: Charge, verdict: Paid | AmountMismatch | Declined
) -> None:
    answer = answer_for(verdict, charge.price, charge.history)
    if not (answer.charged and charge.history.captures):
        store_outcome(item, answer)
    manager = get_plugins_manager(allow_replica=False)
    app = _app_of(item)
    create_transaction_event_for_transaction_session(
        request_event_of(item),
        app,
        manager=manager,
        transaction_webhook_response=session_result(answer),
    )
    was_pending = item.charge_pending_value > 0
    item.refresh_from_db()
    if answer.result is Result.FAILED and was_pending:
        # Saleor counts anew after a success, and not after a failure.
        recalculate_transaction_amounts(item)
        process_order_or_checkout_with_transaction(item, manager, None, app)


def _tell_what_a_person_must_do(item: TransactionItem, paid: Paid) -> None:
    source = item.order or item.checkout
    if source is None:
        logger.error(
            "Transaction %s (DGS-Pay reference %s, %s) is charged, and Saleor has "
            "deleted its checkout. Make an order for it, or refund it in the DGS-Pay "
            "merchant portal.",
            item.pk,
            paid.reference,
            paid.charged,
        )
    elif source.charge_status == OrderChargeStatus.OVERCHARGED:
        logger.error(
            "With transaction %s (DGS-Pay reference %s, %s) the customer has paid more "
            "than there is to pay. Refund the difference in the DGS-Pay merchant "
            "portal.",
            item.pk,
            paid.reference,
            paid.charged,
        )
