"""Bring Saleor in line with what DGS-Pay says of a charge, whoever found it out.

A webhook, dgspay_reconcile and a later press of Pay all end here. It may be called
any number of times with the same truth, and at the same time as checkoutComplete.
"""

from dgspay_plugin.owner.charges import unknown_amount
from dgspay_plugin.payment.outcome import AmountUnknown, ProviderTransaction, Verdict
from dgspay_plugin.records import payments, transactions
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.payments import complete_checkout_of, settle_payment
from dgspay_plugin.records.transactions import count_towards_total, settle_transaction


def settle(charge_id: ChargeId, told: ProviderTransaction) -> Verdict:
    """Write down what became of a charge, and see that its order is paid."""
    if charge_id.kind == "payment":
        verdict = settle_payment(charge_id.pk, told)
    else:
        verdict = settle_transaction(charge_id.pk, told)
    if isinstance(verdict, AmountUnknown):
        unknown_amount(charge_id, verdict).tell()
    return verdict


def complete_order_of(charge_id: ChargeId) -> None:
    """Try once more to make the order of a charge that is paid, and see it as paid.

    With transactions Saleor does that itself, where the channel is set so and the
    checkout is known to be paid.
    """
    if charge_id.kind == "payment":
        complete_checkout_of(charge_id.pk)
    else:
        count_towards_total(charge_id.pk)


def note_reference(charge_id: ChargeId, reference: str) -> None:
    """Store the ``dgs_reference`` of a charge whose answer did not arrive.

    Whoever waits for that charge can then ask DGS-Pay about it.
    """
    if charge_id.kind == "payment":
        payments.note_reference(charge_id.pk, reference)
    else:
        transactions.note_reference(charge_id.pk, reference)
