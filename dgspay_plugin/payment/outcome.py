"""What DGS-Pay says of a transaction, and what that means for the payment."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

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


# DGS-Pay does not document the spellings; these are its auth_type values and those
# of the processor underneath (Flutterwave v4).
NEXT_ACTION_SPELLINGS = {
    "pin": NextAction.PIN,
    "requires_pin": NextAction.PIN,
    "otp": NextAction.OTP,
    "requires_otp": NextAction.OTP,
    "avs": NextAction.AVS,
    "requires_additional_fields": NextAction.AVS,
    "redirect": NextAction.REDIRECT,
    "redirect_url": NextAction.REDIRECT,
    "requires_redirect": NextAction.REDIRECT,
    "payment_instruction": NextAction.WAIT,
}

# ``processor_response`` as the sandbox's issuer scenarios spell it.
DECLINE_REASONS = {
    "insufficient_funds": CustomerMessage.INSUFFICIENT_FUNDS,
    "incorrect_pin": CustomerMessage.INCORRECT_PIN,
    "incorrect_otp": CustomerMessage.INCORRECT_OTP,
    "expired_card": CustomerMessage.EXPIRED_CARD,
    "invalid_cvv": CustomerMessage.INVALID_CVV,
    "do_not_honor": CustomerMessage.DO_NOT_HONOR,
}
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
    next_action_type: str | None = None
    redirect_url: str | None = None
    processor_response: str | None = None
    amount: Decimal | None = None
    """Major units; DGS-Pay names it in ``/transactions``, not in every answer."""
    currency: str | None = None


@dataclass(frozen=True)
class Paid:
    """The money moved, all of it and in the right currency."""

    reference: str
    charged: Money


@dataclass(frozen=True)
class AmountUnknown:
    """The money moved, and the answer does not say how much."""

    reference: str


@dataclass(frozen=True)
class AmountMismatch:
    """The money moved, but not what the payment is for."""

    reference: str
    charged: Money


@dataclass(frozen=True)
class ActionRequired:
    """The customer has to do something next."""

    reference: str
    action: NextAction
    redirect_url: str | None = None
    mistake: CustomerMessage | None = None
    """What was wrong with the answer before this one."""


@dataclass(frozen=True)
class UnknownAction:
    """The customer has to do something that this plugin has no step for."""

    reference: str
    next_action_type: str


@dataclass(frozen=True)
class Pending:
    """DGS-Pay has not decided yet."""

    reference: str


@dataclass(frozen=True)
class Declined:
    """No money moved, and none will for this charge."""

    reference: str
    reason: CustomerMessage


@dataclass(frozen=True)
class InDoubt:
    """A request was sent and its answer is not known: it has to be found out."""

    reference: str | None
    why: str
    """For the owner's log."""


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
    if transaction.next_action_type:
        return _next_action(transaction)
    match transaction.status:
        case TransactionStatus.SUCCESSFUL:
            return _success(transaction, due)
        case TransactionStatus.PENDING:
            return Pending(transaction.reference)
        case TransactionStatus.FAILED:
            return Declined(transaction.reference, decline_reason(transaction))


def decline_reason(transaction: ProviderTransaction) -> CustomerMessage:
    """The sentence for the customer that fits ``processor_response``."""
    spelling = (transaction.processor_response or "").strip().lower().replace(" ", "_")
    return DECLINE_REASONS.get(spelling, CustomerMessage.DECLINED)


def _next_action(
    transaction: ProviderTransaction,
) -> ActionRequired | UnknownAction:
    named = transaction.next_action_type or ""
    action = NEXT_ACTION_SPELLINGS.get(named.strip().lower())
    if action is None:
        return UnknownAction(transaction.reference, named)
    if action is NextAction.REDIRECT and not is_web_address(transaction.redirect_url):
        return UnknownAction(transaction.reference, f"{named} without a web address")
    reason = decline_reason(transaction)
    return ActionRequired(
        transaction.reference,
        action,
        redirect_url=transaction.redirect_url,
        mistake=reason if CORRECTABLE_MISTAKES.get(reason) is action else None,
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
