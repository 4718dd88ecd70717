"""How DGS-Pay may spell what it says, from its published pages.

Its pages leave open how most values are spelled, so that every spelling that they, or
those of the processor underneath (Flutterwave v4), have is understood, in whatever
letter case. `docs/dialects.md` lists what is tried.

Money is decided strictly: "successful" and the processor's "succeeded" are paid, and
nothing else is. What is not in a table here is in doubt, or a step that this plugin
does not have, and never paid.
"""

import re

from dgspay_plugin.payment.outcome import NextAction, TransactionStatus
from dgspay_plugin.payment.refusal import CustomerMessage

# ``transaction_status`` of a charge.
TRANSACTION_STATUS = {
    "successful": TransactionStatus.SUCCESSFUL,
    "succeeded": TransactionStatus.SUCCESSFUL,
    "pending": TransactionStatus.PENDING,
    "failed": TransactionStatus.FAILED,
}
# ``status`` of a row of /transactions, of one transaction's details or of a webhook's
# data. Beside them, at the top, "success" says that the request was accepted.
ROW_STATUS = {**TRANSACTION_STATUS, "success": TransactionStatus.SUCCESSFUL}

# ``next_action_type``, and ``type`` of a ``next_action``.
NO_ACTION = frozenset({"none"})
NEXT_ACTION = {
    # auth_type of /authorize.
    "pin": NextAction.PIN,
    "otp": NextAction.OTP,
    "avs": NextAction.AVS,
    # The processor's. Its requires_capture is not here: money may only be reserved.
    "requires_pin": NextAction.PIN,
    "requires_otp": NextAction.OTP,
    "requires_additional_fields": NextAction.AVS,
    "redirect_url": NextAction.REDIRECT,
    "payment_instruction": NextAction.WAIT,
    "requires_requery": NextAction.WAIT,
    # Nobody's, and not to be misunderstood.
    "redirect": NextAction.REDIRECT,
    "requires_redirect": NextAction.REDIRECT,
}

# ``processor_response``: the issuer scenarios of the sandbox, and other words for them.
DECLINE_REASON = {
    "insufficient_funds": CustomerMessage.INSUFFICIENT_FUNDS,
    "not_enough_funds": CustomerMessage.INSUFFICIENT_FUNDS,
    "insufficient_balance": CustomerMessage.INSUFFICIENT_FUNDS,
    "incorrect_pin": CustomerMessage.INCORRECT_PIN,
    "incorrect_otp": CustomerMessage.INCORRECT_OTP,
    "expired_card": CustomerMessage.EXPIRED_CARD,
    # Of a wallet's prompt. The charge says whether a card or a prompt has expired.
    "expired": CustomerMessage.EXPIRED_CARD,
    "invalid_cvv": CustomerMessage.INVALID_CVV,
    "do_not_honor": CustomerMessage.DO_NOT_HONOR,
    # The networks' own words for mobile money.
    "payer_not_found": CustomerMessage.WALLET_NOT_FOUND,
    "approval_rejected": CustomerMessage.APPROVAL_REJECTED,
    "payment_not_approved": CustomerMessage.APPROVAL_REJECTED,
    "could_not_perform_transaction": CustomerMessage.APPROVED_TOO_LATE,
    "payer_limit_reached": CustomerMessage.WALLET_LIMIT_REACHED,
}

# ``error_code``. Nothing was done for these.
REFUSED = frozenset({"90", "91"})
NOT_FOUND = "92"
# A code may stand in a success too.
OK = frozenset({"0", "00"})


def status_of(
    spelling: object, table: dict[str, TransactionStatus]
) -> TransactionStatus | None:
    """The status, or None for one that is not known: "successful?" is none."""
    return table.get(spelling.strip().lower()) if isinstance(spelling, str) else None


def folded(spelling: str) -> str:
    """A word of the other tables: "Insufficient Funds." is insufficient_funds."""
    return re.sub(r"[\W_]+", "_", spelling.lower()).strip("_")
