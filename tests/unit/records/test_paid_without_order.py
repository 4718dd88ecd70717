"""The owner is told once of a checkout that is paid and cannot become an order."""

import pytest
from django.core.exceptions import ValidationError
from saleor.payment.interface import PaymentData
from saleor.payment.models import Payment
from saleor.payment.utils import create_payment_information

from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.paid_without_order import PaidWithoutOrder
from dgspay_plugin.staff_actions import refuse_refund
from tests.unit.shop import Shop


@pytest.fixture
def payment(shop: Shop) -> Payment:
    return shop.new_payment(psp_reference="DGS-1", captured_amount=12000)


def refund_asked_for_by_saleor(payment: PaymentData, problem: str) -> None:
    """Saleor asks while it handles what went wrong with the order."""
    with pytest.raises(PaidWithoutOrder) as told:
        try:
            raise ValidationError(problem)
        except ValidationError:
            refuse_refund(payment)
    assert told.value.messages == [str(CustomerMessage.PAID_WITHOUT_ORDER)]


@pytest.mark.parametrize("order_id", ["None", None])
def test_owner_is_told_once_for_each_reason(
    cache: None,
    payment: Payment,
    order_id: str | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    information = create_payment_information(payment)
    information.order_id = order_id
    sold_out, no_address = "Albums are sold out", "No address."
    for problem in (sold_out, sold_out, no_address):
        refund_asked_for_by_saleor(information, problem)
    errors = [r for r in caplog.records if r.levelname == "ERROR"]
    told = [r.getMessage() for r in errors]
    assert len(told) == 2
    # Sentry groups by the text without its values.
    assert len({r.msg for r in errors}) == 1
    assert errors[0].msg != "%s"
    for text, problem in zip(
        told, ("Albums are sold out. Mend", "No address. Mend"), strict=True
    ):
        for fact in (f"Payment {payment.pk} ", "DGS-1", "12000 RWF", problem):
            assert fact in text
