"""Refuse a charge that would take more than there is to pay, all charges together.

Saleor lets a storefront start as many payments of a checkout as it likes, whatever
became of the money of the first.
"""

from dgspay_plugin.after_commit import after_commit
from dgspay_plugin.owner.charges import tell_of_undecided_charge
from dgspay_plugin.payment.money import Money
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
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charges import Charge
from dgspay_plugin.records.other_charges import OtherCharges
from dgspay_plugin.records.settle import complete_order_of, settle

# Answered through this shop alone, and then only after the check below. The bank's
# page may let a charge through at any moment: it may be open in another tab.
STEPS_OF_THE_SHOP = frozenset({NextAction.PIN, NextAction.OTP, NextAction.AVS})


def refuse_double_payment(
    price: Money, total: Money, others: OtherCharges, client: DgsPayClient
) -> None:
    """Refuse a charge that could make the customer pay more than the total.

    What was taken, what may still be taken, and this charge together have to stay
    within the current total.

    Args:
        price: what is to be charged now.
        total: what the checkout or order costs now.

    Raises:
        Refusal: nothing_to_pay, more_than_due, already_paid or amount_mismatch; or
            payment_in_doubt, until the truth is known or `attempts.OUTCOME_DEADLINE`
            has passed.
    """
    if total.amount <= 0:
        raise Refusal(CustomerMessage.NOTHING_TO_PAY, "The total is 0.")
    paid, in_doubt = others.taken_elsewhere, others.in_doubt
    for other in others.charges:
        if other.history.captures:
            paid += other.charged
            # The money is there. If the order is not, try once more to make it.
            after_commit(complete_order_of, other.charge_id)
            continue
        if other.history.outcome == AmountMismatch.code:
            raise Refusal(
                CustomerMessage.AMOUNT_MISMATCH,
                f"{other.charge_id.title}, for the same goods, was charged another "
                "amount.",
            )
        if not _is_undecided(other):
            continue
        response = _ask(client, other.reference)
        if response and response.status is TransactionStatus.SUCCESSFUL:
            paid += other.price.amount
            after_commit(settle, other.charge_id, response)
        elif _may_still_be_paid(other, response):
            in_doubt += other.price.amount
    if paid >= total.amount:
        raise Refusal(
            CustomerMessage.ALREADY_PAID,
            "Other payments for the same goods have paid for them.",
        )
    if paid + price.amount > total.amount:
        raise Refusal(
            CustomerMessage.MORE_THAN_DUE,
            f"{price} is more than is left to pay: the total is {total}, and "
            f"{Money(paid, total.currency)} was paid.",
        )
    if paid + in_doubt + price.amount > total.amount:
        raise Refusal(
            CustomerMessage.PAYMENT_IN_DOUBT,
            "The outcome of another payment for the same goods is not known.",
        )


def holds_back_another(charge: Charge) -> bool:
    """Whether another charge for the same goods has to wait for this one.

    DGS-Pay, which may know better by now, is not asked.
    """
    return _is_undecided(charge) and _may_be_paid_by_now(charge)


def _is_undecided(charge: Charge) -> bool:
    return charge.history.is_waiting or charge.unfinished_since is not None


def _may_be_paid_by_now(charge: Charge) -> bool:
    if charge.history.asked_for in STEPS_OF_THE_SHOP:
        # The customer left that step for another card, unless its answer is on its way.
        return attempts.step_is_on_its_way(charge.unfinished_since)
    if charge.history.outcome == UnknownAction.code:
        # The customer was told to use another card.
        return False
    return not _is_overdue(charge)


def _is_overdue(charge: Charge) -> bool:
    # A step notes no time: its charge's own counts.
    since = (
        charge.unfinished_since or charge.history.waiting_since or charge.modified_at
    )
    return attempts.is_overdue(since)


def _may_still_be_paid(other: Charge, response: ProviderTransaction | None) -> bool:
    if response is None:
        may_be_paid = not _is_overdue(other)
    elif response.status is TransactionStatus.FAILED:
        return False
    elif other.history.asked_for in STEPS_OF_THE_SHOP:
        return _may_be_paid_by_now(other)
    else:
        may_be_paid = _may_be_paid_by_now(other)
    if not may_be_paid:
        tell_of_undecided_charge(other.charge_id, other.reference)
    return may_be_paid


def _ask(client: DgsPayClient, reference: str | None) -> ProviderTransaction | None:
    if reference is None:
        return None
    try:
        return client.transaction(reference)
    except ProviderError:
        return None
