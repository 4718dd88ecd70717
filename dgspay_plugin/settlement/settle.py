"""Bring Saleor in line with what DGS-Pay says of a charge, whoever found it out.

A webhook, dgspay_reconcile and a later press of Pay all end here. It may be called
any number of times with the same truth, and at the same time as checkoutComplete.
"""

import logging

from dgspay_plugin.payment.outcome import AmountUnknown, ProviderTransaction, Verdict
from dgspay_plugin.settlement.captures import complete_checkout_of, settle_payment
from dgspay_plugin.settlement.subject import Subject
from dgspay_plugin.settlement.transaction_events import (
    count_towards_total,
    settle_transaction,
)

logger = logging.getLogger(__name__)


def settle(subject: Subject, told: ProviderTransaction) -> Verdict:
    """Write down what became of a charge, and see that its order is paid."""
    if subject.kind == "payment":
        verdict = settle_payment(subject.pk, told)
    else:
        verdict = settle_transaction(subject.pk, told)
    if isinstance(verdict, AmountUnknown):
        logger.error(
            "DGS-Pay calls %s of %s successful and names no amount: look it up in the "
            "merchant portal.",
            verdict.reference,
            subject.title,
        )
    return verdict


def complete_order_of(subject: Subject) -> None:
    """Try once more to make the order of a charge that is paid, and see it as paid.

    With transactions Saleor does that itself, where the channel is set so and the
    checkout is known to be paid.
    """
    if subject.kind == "payment":
        complete_checkout_of(subject.pk)
    else:
        count_towards_total(subject.pk)
