"""What the events of a transaction add up to.

As in ``saleor.payment.transaction_item_calculations``. Events of one kind of action
that share a PSP reference tell of one action: it was requested, then succeeded or
failed. Adjusted authorizations, chargebacks and reversed refunds are not here:
nothing reports them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from . import TransactionEventType
from .models import TransactionEvent, TransactionItem


@dataclass(frozen=True)
class _Action:
    """A kind of action, and the amounts of the transaction that it moves."""

    request: str
    success: str
    failure: str
    amount_field: str
    pending_field: str
    taken_from_field: str | None


_ACTIONS = [
    _Action(
        TransactionEventType.AUTHORIZATION_REQUEST,
        TransactionEventType.AUTHORIZATION_SUCCESS,
        TransactionEventType.AUTHORIZATION_FAILURE,
        amount_field="authorized_value",
        pending_field="authorize_pending_value",
        taken_from_field=None,
    ),
    _Action(
        TransactionEventType.CHARGE_REQUEST,
        TransactionEventType.CHARGE_SUCCESS,
        TransactionEventType.CHARGE_FAILURE,
        amount_field="charged_value",
        pending_field="charge_pending_value",
        taken_from_field="authorized_value",
    ),
    _Action(
        TransactionEventType.REFUND_REQUEST,
        TransactionEventType.REFUND_SUCCESS,
        TransactionEventType.REFUND_FAILURE,
        amount_field="refunded_value",
        pending_field="refund_pending_value",
        taken_from_field="charged_value",
    ),
    _Action(
        TransactionEventType.CANCEL_REQUEST,
        TransactionEventType.CANCEL_SUCCESS,
        TransactionEventType.CANCEL_FAILURE,
        amount_field="canceled_value",
        pending_field="cancel_pending_value",
        taken_from_field="authorized_value",
    ),
]


def recalculate_transaction_amounts(
    transaction: TransactionItem, save: bool = True
) -> None:
    """Set the transaction's amounts to what its events say."""
    calculate_transaction_amount_based_on_events(transaction)
    transaction.authorized_value = max(transaction.authorized_value, Decimal(0))
    transaction.authorize_pending_value = max(
        transaction.authorize_pending_value, Decimal(0)
    )
    if save:
        transaction.save(update_fields=[*_amount_fields(), "modified_at"])


def calculate_transaction_amount_based_on_events(transaction: TransactionItem) -> None:
    for field in _amount_fields():
        setattr(transaction, field, Decimal(0))
    events = list(
        transaction.events.filter(include_in_calculations=True).order_by("created_at")
    )
    for action in _ACTIONS:
        for same_action in _by_psp_reference(action, events):
            _apply(action, same_action, transaction)


def _amount_fields() -> list[str]:
    return [
        field
        for action in _ACTIONS
        for field in (action.amount_field, action.pending_field)
    ]


def _by_psp_reference(
    action: _Action, events: Iterable[TransactionEvent]
) -> Iterable[dict[str, TransactionEvent]]:
    """Return, for each action of a kind, the newest event of each type."""
    types = (action.request, action.success, action.failure)
    without_reference = []
    by_reference: dict[str, dict[str, TransactionEvent]] = defaultdict(dict)
    for event in events:
        if event.type not in types:
            continue
        if event.psp_reference:
            by_reference[event.psp_reference][event.type] = event
        elif event.type == action.success:
            without_reference.append({event.type: event})
    return [*without_reference, *by_reference.values()]


def _apply(
    action: _Action, events: dict[str, TransactionEvent], transaction: TransactionItem
) -> None:
    request, success, failure = (
        events.get(kind) for kind in (action.request, action.success, action.failure)
    )
    if request and not success and not failure:
        _move(transaction, request, action.pending_field, action.taken_from_field)
    # Whichever of the two is newer counts.
    if success and (not failure or success.created_at > failure.created_at):
        # An amount without a PSP reference was reported by hand, with what it was
        # taken from.
        taken_from = action.taken_from_field if success.psp_reference else None
        _move(transaction, success, action.amount_field, taken_from)


def _move(
    transaction: TransactionItem,
    event: TransactionEvent,
    to_field: str,
    from_field: str | None,
) -> None:
    setattr(transaction, to_field, getattr(transaction, to_field) + event.amount_value)
    if from_field:
        left = getattr(transaction, from_field) - event.amount_value
        setattr(transaction, from_field, left)
