"""What happens to a checkout (``saleor.checkout.actions``), without the webhooks."""

from typing import TYPE_CHECKING

from ..core.taxes import zero_money
from ..payment.models import TransactionItem
from .fetch import fetch_checkout_lines
from .models import Checkout
from .payment_utils import (
    update_checkout_payment_statuses,
    update_refundable_for_checkout,
)

if TYPE_CHECKING:
    from ..account.models import User
    from ..app.models import App
    from ..plugins.manager import PluginsManager


def update_last_transaction_modified_at_for_checkout(
    checkout: Checkout, transaction: TransactionItem
) -> None:
    last = checkout.last_transaction_modified_at
    if not last or last < transaction.modified_at:
        checkout.last_transaction_modified_at = transaction.modified_at
        checkout.save(update_fields=["last_transaction_modified_at"])


def transaction_amounts_for_checkout_updated_without_price_recalculation(
    transaction: TransactionItem,
    checkout: Checkout,
    manager: "PluginsManager",
    user: "User | None",
    app: "App | None",
) -> None:
    lines, _ = fetch_checkout_lines(checkout)
    left = checkout.total.gross - checkout.get_total_gift_cards_balance()
    update_checkout_payment_statuses(
        checkout=checkout,
        checkout_total_gross=max(left, zero_money(left.currency)),
        checkout_has_lines=bool(lines),
    )
    update_last_transaction_modified_at_for_checkout(checkout, transaction)
    update_refundable_for_checkout(checkout.pk)
