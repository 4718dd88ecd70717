"""Hold a new charge back while an earlier one for the same checkout may have paid.

Saleor's checkoutPaymentCreate deactivates the checkout's payment and makes a new
one, whatever became of the money of the first.
"""

import logging
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from saleor.payment.interface import PaymentData
from saleor.payment.models import Payment

from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    NextAction,
    ProviderTransaction,
    TransactionStatus,
    UnknownAction,
)
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal
from dgspay_plugin.provider.client import DgsPayClient
from dgspay_plugin.provider.errors import ProviderError
from dgspay_plugin.settlement import attempts
from dgspay_plugin.settlement.captures import complete_checkout_of, settle
from dgspay_plugin.settlement.history import History

logger = logging.getLogger(__name__)

# Answered through this shop alone. The bank's page may let a charge through at any
# moment: it may be open in another tab.
STEPS_OF_THE_SHOP = frozenset({NextAction.PIN, NextAction.OTP, NextAction.AVS})


def payments_of_checkout(payment: PaymentData) -> dict[int, Payment]:
    """This payment and the earlier ones of its checkout, by their ids."""
    wanted = Q(pk=payment.payment_id)
    if payment.checkout_token:
        wanted |= Q(checkout_id=payment.checkout_token, gateway=payment.gateway)
    # One query with one column more than the id, in the way of every charge.
    found: dict[int, Payment] = (
        Payment.objects.filter(wanted).only("return_url").in_bulk()
    )
    return found


def hold_back_while_in_doubt(
    earlier_payments: Sequence[Payment], client: DgsPayClient
) -> None:
    """Make sure that no earlier payment of the checkout has paid, or still may.

    Raises:
        Refusal: already_paid or amount_mismatch, if one has; payment_in_doubt, until
            the truth is known or `attempts.OUTCOME_DEADLINE` has passed.
    """
    prefetch_related_objects(earlier_payments, "transactions")
    for earlier in earlier_payments:
        _hold_back_for(earlier, client)


def _hold_back_for(earlier: Payment, client: DgsPayClient) -> None:
    history = History.of(earlier.transactions.all())
    if history.captures:
        # The money is there and the order is not: try once more to make it.
        transaction.on_commit(partial(complete_checkout_of, earlier.pk))
        raise _already_paid(earlier)
    if history.outcome == AmountMismatch.__name__:
        raise Refusal(
            CustomerMessage.AMOUNT_MISMATCH,
            f"Payment {earlier.pk} of the same checkout was charged another amount.",
        )
    sent_at = attempts.unfinished(earlier.pk)
    if not history.is_waiting and not sent_at:
        return
    reference = attempts.current_reference(earlier.pk, history)
    answer = _ask(client, reference)
    if answer and answer.status is TransactionStatus.SUCCESSFUL:
        transaction.on_commit(partial(settle, earlier.pk, answer))
        raise _already_paid(earlier)
    if answer and answer.status is TransactionStatus.FAILED:
        return
    if answer and history.asked_for in STEPS_OF_THE_SHOP:
        # The customer left that step for another card. Nothing moves without it.
        return
    was_told_to_use_another_card = answer and history.outcome == UnknownAction.__name__
    # A step notes no time: its payment's own counts.
    since = sent_at or history.waiting_since or earlier.modified_at
    if not was_told_to_use_another_card and not attempts.is_overdue(since):
        raise Refusal(
            CustomerMessage.PAYMENT_IN_DOUBT,
            f"The outcome of payment {earlier.pk} of the same checkout is not known.",
        )
    logger.error(
        "Payment %s (DGS-Pay reference %s) was never decided, and its checkout is "
        "charged anew. Look it up in the merchant portal: if it was paid too, "
        "refund it there.",
        earlier.pk,
        reference or "unknown",
    )


def _ask(client: DgsPayClient, reference: str | None) -> ProviderTransaction | None:
    if reference is None:
        return None
    try:
        return client.transaction(reference)
    except ProviderError:
        return None


def _already_paid(earlier: Payment) -> Refusal:
    return Refusal(
        CustomerMessage.ALREADY_PAID,
        f"Payment {earlier.pk} of the same checkout has been paid.",
    )
