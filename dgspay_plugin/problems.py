"""What no program can mend, and a person has to look at."""

from dataclasses import dataclass
from enum import StrEnum


class Case(StrEnum):
    """What kind of problem it is. The values are stored: do not change them."""

    ANSWER_LOST = "answer_lost"
    CONFIGURATION = "configuration"
    LIST_UNREADABLE = "list_unreadable"
    MISMATCH = "amount_mismatch"
    NOT_CAPTURED_THERE = "not_captured_there"
    NOT_WRITTEN = "not_written"
    OTHER_AMOUNT_THERE = "other_amount_there"
    OVERCHARGED = "overcharged"
    PAID_IN_PART = "paid_in_part"
    PAID_WITHOUT_ORDER = "paid_without_order"
    SPOILED = "spoiled_record"
    UNKNOWN_ACTION = "unknown_action"
    UNKNOWN_AMOUNT = "unknown_amount"
    UNKNOWN_HERE = "unknown_here"
    UNKNOWN_THERE = "unknown_there"
    UNREADABLE_THERE = "unreadable_there"


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
