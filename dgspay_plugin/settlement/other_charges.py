"""Hold a new charge back while others for the same goods may have paid for them.

Saleor lets a storefront start as many payments of a checkout as it likes, whatever
became of the money of the first.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction

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
from dgspay_plugin.settlement.charges import Charge
from dgspay_plugin.settlement.settle import complete_order_of, settle

logger = logging.getLogger(__name__)

# Answered through this shop alone. The bank's page may let a charge through at any
# moment: it may be open in another tab.
STEPS_OF_THE_SHOP = frozenset({NextAction.PIN, NextAction.OTP, NextAction.AVS})


def hold_back_while_in_doubt(
    others: Iterable[Charge], room: Decimal, client: DgsPayClient
) -> None:
    """Make sure that the customer does not pay more than there is to pay.

    Args:
        others: every other charge for the same checkout or order.
        room: what they may charge, in major units, so that together with the new
            charge it is no more than the total. 0 where the new charge is for all.

    Raises:
        Refusal: already_paid or amount_mismatch, if they have; payment_in_doubt, until
            the truth is known or `attempts.OUTCOME_DEADLINE` has passed.
    """
    paid, in_doubt = Decimal(0), Decimal(0)
    for other in others:
        if other.history.captures:
            paid += other.charged
            # The money is there. If the order is not, try once more to make it.
            transaction.on_commit(partial(complete_order_of, other.subject))
            continue
        if other.history.outcome == AmountMismatch.__name__:
            raise Refusal(
                CustomerMessage.AMOUNT_MISMATCH,
                f"{other.subject.title}, for the same goods, was charged another "
                "amount.",
            )
        sent_at = other.unfinished_since
        if not other.history.is_waiting and not sent_at:
            continue
        answer = _ask(client, other.reference)
        if answer and answer.status is TransactionStatus.SUCCESSFUL:
            paid += other.price.amount
            transaction.on_commit(partial(settle, other.subject, answer))
        elif _may_still_be_paid(other, answer, sent_at):
            in_doubt += other.price.amount
    if paid > max(room, Decimal(0)):
        raise Refusal(
            CustomerMessage.ALREADY_PAID,
            "Another payment for the same goods has paid for them.",
        )
    if in_doubt and paid + in_doubt > room:
        raise Refusal(
            CustomerMessage.PAYMENT_IN_DOUBT,
            "The outcome of another payment for the same goods is not known.",
        )


def _may_still_be_paid(
    other: Charge, answer: ProviderTransaction | None, sent_at: datetime | None
) -> bool:
    if answer and answer.status is TransactionStatus.FAILED:
        return False
    if answer and other.history.asked_for in STEPS_OF_THE_SHOP:
        # The customer left that step for another card. Nothing moves without it.
        return False
    was_told_to_use_another_card = (
        answer and other.history.outcome == UnknownAction.__name__
    )
    # A step notes no time: its charge's own counts.
    since = sent_at or other.history.waiting_since or other.modified_at
    if not was_told_to_use_another_card and not attempts.is_overdue(since):
        return True
    logger.error(
        "%s (DGS-Pay reference %s) was never decided, and the same goods are charged "
        "anew. Look it up in the merchant portal: if it was paid too, refund it there.",
        other.subject.title,
        other.reference or "unknown",
    )
    return False


def _ask(client: DgsPayClient, reference: str | None) -> ProviderTransaction | None:
    if reference is None:
        return None
    try:
        return client.transaction(reference)
    except ProviderError:
        return None
