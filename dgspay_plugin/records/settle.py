"""Bring Saleor in line with what DGS-Pay says of a charge, whoever found it out.

A webhook, dgspay_reconcile and a later press of Pay all end here. It may be called
any number of times with the same truth, and at the same time as checkoutComplete.
"""

from dgspay_plugin.owner import tell_of_unknown_amount
from dgspay_plugin.payment.outcome import AmountUnknown, ProviderTransaction, Verdict
from dgspay_plugin.records import payments, transactions
from dgspay_plugin.records.charge_id import Subject
from dgspay_plugin.records.payments import complete_checkout_of, settle_payment
from dgspay_plugin.records.transactions import (
    count_towards_total,
    settle_transaction,
)


def settle(subject: Subject, told: ProviderTransaction) -> Verdict:
    """Write down what became of a charge, and see that its order is paid."""
    if subject.kind == "payment":
        verdict = settle_payment(subject.pk, told)
    else:
        verdict = settle_transaction(subject.pk, told)
    if isinstance(verdict, AmountUnknown):
        tell_of_unknown_amount(subject, verdict)
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


def note_reference(subject: Subject, reference: str) -> None:
    """Store the ``dgs_reference`` of a charge whose answer did not arrive.

    Whoever waits for that charge can then ask DGS-Pay about it.
    """
    if subject.kind == "payment":
        payments.note_reference(subject.pk, reference)
    else:
        transactions.note_reference(subject.pk, reference)
