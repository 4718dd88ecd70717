"""What no program can mend, and a person has to look at."""

from dataclasses import dataclass
from enum import StrEnum


class Case(StrEnum):
    """What kind of problem it is. The values are stored: do not change them."""

    ANSWER_LOST = "answer_lost"
    CHECKOUT_DELETED = "checkout_deleted"
    CONFIGURATION = "configuration"
    CREDENTIALS_REFUSED = "credentials_refused"
    LIST_UNREADABLE = "list_unreadable"
    MISMATCH = "amount_mismatch"
    NOT_CAPTURED_THERE = "not_captured_there"
    NOT_WRITTEN = "not_written"
    ORDER_PAID_IN_PART = "order_paid_in_part"
    OTHER_AMOUNT_THERE = "other_amount_there"
    OVERCHARGED = "overcharged"
    PAID_IN_PART = "paid_in_part"
    PAID_WITHOUT_ORDER = "paid_without_order"
    RECONCILIATION_LATE = "reconciliation_late"
    REFUND_TO_SEND = "refund_to_send"
    SECOND_ATTEMPT = "second_attempt"
    SECOND_CAPTURE = "second_capture"
    SPOILED = "spoiled_record"
    UNDECIDED = "undecided_charge"
    UNKNOWN_ACTION = "unknown_action"
    UNKNOWN_AMOUNT = "unknown_amount"
    UNKNOWN_HERE = "unknown_here"
    UNKNOWN_THERE = "unknown_there"
    UNREADABLE_THERE = "unreadable_there"
    WEBHOOK_REFUSED = "webhook_refused"

    @classmethod
    def found_by_reconciliation(cls) -> "frozenset[Case]":
        """Those that a complete reconciliation finds as long as they stand.

        The others happen in front of a customer or in the merchant portal, where
        nothing tells that they are mended: staff dismiss them.
        """
        return frozenset(cls) - {
            cls.CHECKOUT_DELETED,
            cls.SECOND_ATTEMPT,
            cls.SECOND_CAPTURE,
            cls.UNDECIDED,
            cls.WEBHOOK_REFUSED,
        }

    @classmethod
    def found_at_any_age(cls) -> "frozenset[Case]":
        """Those that a reconciliation finds however far it looks back."""
        return frozenset(
            {
                cls.CONFIGURATION,
                cls.CREDENTIALS_REFUSED,
                cls.LIST_UNREADABLE,
                cls.PAID_IN_PART,
                cls.PAID_WITHOUT_ORDER,
                cls.RECONCILIATION_LATE,
                cls.REFUND_TO_SEND,
            }
        )


@dataclass(frozen=True)
class Problem:
    """One problem."""

    case: Case
    subject: str
    """What it is about, like "Payment 12"."""
    sentence: str
    """What happened and what to do, without card data."""

    @property
    def key(self) -> str:
        """The same for the same problem whenever it is found."""
        return f"{self.case}:{self.subject}"
