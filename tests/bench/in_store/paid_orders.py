"""Inside the store: which of some payments have paid for an order."""

from collections import Counter
from typing import Any

from saleor.payment import ChargeStatus, TransactionKind
from saleor.payment.models import Payment


def measure(references: list[str]) -> dict[str, Any]:
    """How many, by gateway."""
    paid = Payment.objects.filter(
        transactions__token__in=references,
        transactions__kind=TransactionKind.CAPTURE,
        charge_status=ChargeStatus.FULLY_CHARGED,
        order__isnull=False,
    )
    return dict(Counter(paid.values_list("gateway", flat=True)))
