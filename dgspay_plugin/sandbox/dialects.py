"""Ways in which the real API may speak where its published pages leave it open.

Each dialect changes one thing of what the sandbox says otherwise, but "processor",
which changes many at once as an API would that passes its processor's answers on.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .card_crypto import NonceFormat

Fields = dict[str, Any]
Speech = Callable[[Fields], Fields]

KIGALI = dt.timezone(dt.timedelta(hours=2))
STATUS_OF_ROW = {"success": "successful"}
WITHOUT_ZONE = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Dialect:
    """What is said differently, and in which words."""

    changes: str
    nonce_format: NonceFormat = "12"
    accepted_with: int = 201
    """The HTTP status of a new charge."""
    heeds_idempotency_keys: bool = True
    zone: dt.tzinfo = dt.UTC
    time_format: str = WITHOUT_ZONE
    counts_pages: bool = True
    under_data: bool = True
    """Whether the fields of one transaction stand under ``data``, or at the top."""
    in_list: bool = False
    """Whether one transaction is a list of one."""
    rewrites: tuple[Speech, ...] = ()
    """Of a transaction's fields, one after the other."""
    names_amount: bool = False
    """Whether answers to a charge name amount and currency, as its row does."""
    has_reason_in_details: bool = True
    """Whether the details of a transaction say why it failed, as an answer does."""
    webhook_event: str | None = None
    """The one event of all webhooks, whatever has happened."""
    envelope: Fields = field(default_factory=dict)
    """What stands beside ``status`` in every success."""

    def transaction(self, status: str, fields: Fields) -> Fields:
        """An answer about one transaction."""
        spoken = self.fields(fields)
        if not self.under_data:
            # The row's own would stand in the place of the answer's.
            if (of_row := spoken.pop("status", None)) is not None:
                spoken["transaction_status"] = STATUS_OF_ROW.get(of_row, of_row)
            return {**self.envelope, "status": status, **spoken}
        data = [spoken] if self.in_list else spoken
        return {**self.envelope, "status": status, "data": data}

    def fields(self, fields: Fields) -> Fields:
        for rewrite in self.rewrites:
            fields = rewrite(dict(fields))
        return fields

    def page(self, rows: list[Fields], pagination: Fields) -> Fields:
        if not self.counts_pages:
            pagination = {name: pagination[name] for name in ("page", "limit")}
        spoken = [self.fields(row) for row in rows]
        answer = {"status": "success", "data": spoken, "pagination": pagination}
        return {**self.envelope, **answer}

    def time(self, moment: dt.datetime) -> str:
        return f"{moment.astimezone(self.zone):{self.time_format}}"


def _action_nested(fields: Fields) -> Fields:
    action = {"type": fields.pop("next_action_type", None)}
    if "redirect_url" in fields:
        action["redirect_url"] = {"url": fields.pop("redirect_url")}
    return {**fields, "next_action": action if action["type"] else {}}


def _action_beside(fields: Fields) -> Fields:
    if "next_action_type" not in fields:
        return fields
    action = {"note": "Follow the instructions."}
    if "redirect_url" in fields:
        action["url"] = fields.pop("redirect_url")
    return {**fields, "next_action": action if fields["next_action_type"] else {}}


def _action_as_text(fields: Fields) -> Fields:
    if "next_action_type" in fields:
        fields["next_action"] = fields.pop("next_action_type")
    return fields


def _action_none(fields: Fields) -> Fields:
    if "next_action_type" in fields:
        fields["next_action_type"] = fields["next_action_type"] or "none"
    return fields


AUTH_TYPE_OF = {
    "requires_pin": "pin",
    "requires_otp": "otp",
    "requires_additional_fields": "avs",
    "redirect_url": "redirect",
}


def _action_as_auth_type(fields: Fields) -> Fields:
    named = fields.get("next_action_type")
    if named in AUTH_TYPE_OF:
        fields["next_action_type"] = AUTH_TYPE_OF[named]
    return fields


def _action_of_waiting(action: str) -> Speech:
    def rewrite(fields: Fields) -> Fields:
        is_pending = fields.get("transaction_status") == "pending"
        if is_pending and not fields.get("next_action_type"):
            fields["next_action_type"] = action
        return fields

    return rewrite


def _action_after_failure(fields: Fields) -> Fields:
    if fields.get("transaction_status") == "failed":
        fields["next_action_type"] = "payment_instruction"
    return fields


def _in_capitals(fields: Fields) -> Fields:
    spelled = ("transaction_status", "status", "next_action_type", "processor_response")
    return {
        name: value.upper() if name in spelled and value else value
        for name, value in fields.items()
    }


def _succeeded(fields: Fields) -> Fields:
    if fields.get("transaction_status") == "successful":
        fields["transaction_status"] = "succeeded"
    return fields


def _amount_as_text(fields: Fields) -> Fields:
    return {**fields, "amount": str(fields["amount"])} if "amount" in fields else fields


def _without_amount(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if name != "amount"}


def _reserved(fields: Fields) -> Fields:
    if fields.get("transaction_status") == "successful":
        fields |= {
            "transaction_status": "pending",
            "next_action_type": "requires_capture",
        }
    elif fields.get("status") == "success":
        fields["status"] = "pending"
    return fields


def _voided(fields: Fields) -> Fields:
    for name in ("transaction_status", "status"):
        if fields.get(name) == "failed":
            fields[name] = "voided"
    return fields


DECLINED_IN_WORDS = {
    "insufficient_funds": "NOT_ENOUGH_FUNDS",
    "do_not_honor": "Do not honor.",
    "expired_card": "Expired card",
    "invalid_cvv": "Invalid CVV.",
    "incorrect_pin": "Incorrect PIN.",
    "incorrect_otp": "Incorrect OTP.",
}


def _declined_in_words(fields: Fields) -> Fields:
    said = fields.get("processor_response")
    if said in DECLINED_IN_WORDS:
        fields["processor_response"] = DECLINED_IN_WORDS[said]
    return fields


PUBLISHED = Dialect("Nothing: what the published pages say.")
DIALECTS = {
    "published": PUBLISHED,
    "nonce-24": Dialect("A nonce is 24 hex characters.", nonce_format="24"),
    "flat": Dialect("A transaction's fields stand at the top.", under_data=False),
    "list-of-one": Dialect("One transaction is a list of one.", in_list=True),
    "nested-action": Dialect(
        "next_action is an object with a type, and {} where there is none.",
        rewrites=(_action_nested,),
    ),
    "action-beside": Dialect(
        "next_action_type stands beside a next_action without a type.",
        rewrites=(_action_beside,),
    ),
    "action-as-text": Dialect(
        "next_action is the type alone.", rewrites=(_action_as_text,)
    ),
    "action-none": Dialect(
        'next_action_type is "none" where there is none.', rewrites=(_action_none,)
    ),
    "action-as-auth-type": Dialect(
        "next_action_type is pin, otp, avs or redirect.",
        rewrites=(_action_as_auth_type,),
    ),
    "wait-by-instruction": Dialect(
        "A charge that is pending says payment_instruction.",
        rewrites=(_action_of_waiting("payment_instruction"),),
    ),
    "wait-by-requery": Dialect(
        "A charge that is pending says requires_requery.",
        rewrites=(_action_of_waiting("requires_requery"),),
    ),
    "action-after-failure": Dialect(
        "A charge that has failed still says payment_instruction.",
        rewrites=(_action_after_failure,),
    ),
    "capitals": Dialect("Words are in CAPITALS.", rewrites=(_in_capitals,)),
    "succeeded": Dialect(
        'transaction_status is "succeeded" where it is paid.', rewrites=(_succeeded,)
    ),
    "declined-in-words": Dialect(
        "processor_response is in words: NOT_ENOUGH_FUNDS, Do not honor.",
        rewrites=(_declined_in_words,),
    ),
    "reason-in-answers": Dialect(
        "Only an answer to a charge or a step says why it failed.",
        has_reason_in_details=False,
    ),
    "amount-as-text": Dialect("An amount is a text.", rewrites=(_amount_as_text,)),
    "amount-in-answers": Dialect(
        "Answers to a charge name amount and currency.", names_amount=True
    ),
    "ok-code": Dialect('error_code "00" in successes.', envelope={"error_code": "00"}),
    "status-200": Dialect("A new charge is answered with 200.", accepted_with=200),
    "keys-ignored": Dialect(
        "Idempotency keys are ignored.", heeds_idempotency_keys=False
    ),
    "kigali-time": Dialect("created_at is Kigali's, without a zone.", zone=KIGALI),
    "time-with-zone": Dialect(
        "created_at has a zone.", time_format="%Y-%m-%dT%H:%M:%S%z"
    ),
    "pages-not-counted": Dialect("pagination has no totals.", counts_pages=False),
    "one-event": Dialect(
        "The event of every webhook is charge.update.", webhook_event="charge.update"
    ),
    "processor": Dialect(
        "Many at once: nested-action, capitals, succeeded, amount-as-text, "
        "amount-in-answers, status-200, kigali-time, pages-not-counted, one-event.",
        accepted_with=200,
        zone=KIGALI,
        counts_pages=False,
        names_amount=True,
        webhook_event="charge.update",
        rewrites=(_succeeded, _in_capitals, _action_nested, _amount_as_text),
    ),
    # Not to be understood, and nothing may be lost.
    "no-amount": Dialect("No answer names an amount.", rewrites=(_without_amount,)),
    "reserved": Dialect(
        "A charge that is paid says pending and requires_capture.",
        rewrites=(_reserved,),
    ),
    "voided": Dialect(
        "A charge that has failed is called voided.", rewrites=(_voided,)
    ),
}
