"""What DGS-Pay says of a transaction, and what that means for the payment.

An outcome's ``code`` is stored in Saleor's records, where it outlives the class's name.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from dgspay_plugin.payment.addresses import is_web_address
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.refusal import CustomerMessage


class TransactionStatus(StrEnum):
    """``transaction_status`` of DGS-Pay."""

    SUCCESSFUL = "successful"
    PENDING = "pending"
    FAILED = "failed"


class NextAction(StrEnum):
    """What the customer is asked for, under the names of DGS-Pay's ``auth_type``."""

    PIN = "pin"
    OTP = "otp"
    AVS = "avs"
    REDIRECT = "redirect"
    WAIT = "wait"
    APPROVE_ON_PHONE = "approve_on_phone"
    """Mobile money: the customer approves on the handset, and the page waits."""


CORRECTABLE_MISTAKES = {
    CustomerMessage.INCORRECT_PIN: NextAction.PIN,
    CustomerMessage.INCORRECT_OTP: NextAction.OTP,
}


@dataclass(frozen=True)
class ProviderTransaction:
    """One transaction as DGS-Pay describes it in an answer."""

    reference: str
    """``dgs_reference``; empty only where a charge failed without getting one."""
    status: TransactionStatus
    next_action: NextAction | None = None
    unknown_action: str | None = None
    """A next action that this plugin has no step for, as DGS-Pay spells it."""
    redirect_url: str | None = None
    """Where a redirect leads, unchecked."""
    reason: CustomerMessage | None = None
    """What ``processor_response`` says of a decline, or of a wrong PIN or OTP."""
    amount: Decimal | None = None
    """Major units; DGS-Pay names it in ``/transactions``, not in every answer."""
    currency: str | None = None


@dataclass(frozen=True)
class Paid:
    """The money moved, all of it and in the right currency."""

    code: ClassVar[str] = "Paid"
    reference: str
    charged: Money


@dataclass(frozen=True)
class AmountUnknown:
    """The money moved, and the answer does not say how much."""

    code: ClassVar[str] = "AmountUnknown"
    reference: str


@dataclass(frozen=True)
class AmountMismatch:
    """The money moved, but not what the payment is for."""

    code: ClassVar[str] = "AmountMismatch"
    reference: str
    charged: Money


@dataclass(frozen=True)
class ActionRequired:
    """The customer has to do something next."""

    code: ClassVar[str] = "ActionRequired"
    reference: str
    action: NextAction
    redirect_url: str | None = None
    mistake: CustomerMessage | None = None
    """What was wrong with the answer before this one."""


@dataclass(frozen=True)
class UnknownAction:
    """The customer has to do something that this plugin has no step for."""

    code: ClassVar[str] = "UnknownAction"
    reference: str
    next_action_type: str


@dataclass(frozen=True)
class Pending:
    """DGS-Pay has not decided yet."""

    code: ClassVar[str] = "Pending"
    reference: str


@dataclass(frozen=True)
class Declined:
    """No money moved, and none will for this charge."""

    code: ClassVar[str] = "Declined"
    reference: str
    reason: CustomerMessage


@dataclass(frozen=True)
class InDoubt:
    """A request was sent and its answer is not known: it has to be found out."""

    code: ClassVar[str] = "InDoubt"
    reference: str | None
    why: str
    """For the owner: what became of the answer. Holds no text of the provider's."""


Verdict = (
    Paid
    | AmountUnknown
    | AmountMismatch
    | ActionRequired
    | UnknownAction
    | Pending
    | Declined
)
Outcome = Verdict | InDoubt


def judge(transaction: ProviderTransaction, due: Money) -> Verdict:
    """Judge a transaction by the provider's rule.

    DGS-Pay, card payments: a payment is complete only when ``transaction_status``
    is "successful" and there is no ``next_action_type``. Amount and currency have
    to be those of the payment besides.
    """
    # A failed transaction is failed even if it still names a next action.
    has_failed = transaction.status is TransactionStatus.FAILED
    if not has_failed and (step := _next_step(transaction)):
        return step
    match transaction.status:
        case TransactionStatus.SUCCESSFUL:
            return _success(transaction, due)
        case TransactionStatus.PENDING:
            return Pending(transaction.reference)
        case TransactionStatus.FAILED:
            reason = transaction.reason or CustomerMessage.DECLINED
            return Declined(transaction.reference, reason)


def _next_step(
    transaction: ProviderTransaction,
) -> ActionRequired | UnknownAction | None:
    if transaction.unknown_action is not None:
        return UnknownAction(transaction.reference, transaction.unknown_action)
    action, reason = transaction.next_action, transaction.reason
    if action is None:
        return None
    if action is NextAction.REDIRECT and not is_web_address(transaction.redirect_url):
        return UnknownAction(transaction.reference, "a redirect without a web address")
    is_mistake = reason and CORRECTABLE_MISTAKES.get(reason) is action
    return ActionRequired(
        transaction.reference,
        action,
        redirect_url=transaction.redirect_url,
        mistake=reason if is_mistake else None,
    )


def _success(
    transaction: ProviderTransaction, due: Money
) -> Paid | AmountUnknown | AmountMismatch:
    if transaction.amount is None or transaction.currency is None:
        return AmountUnknown(transaction.reference)
    charged = Money(transaction.amount, transaction.currency)
    if charged != due:
        return AmountMismatch(transaction.reference, charged)
    return Paid(transaction.reference, charged)
