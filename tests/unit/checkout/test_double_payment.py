"""A checkout is not charged anew while an earlier payment of it may have paid."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from saleor.checkout.models import Checkout
from saleor.order.models import Order
from saleor.payment import ChargeStatus
from saleor.payment.models import Payment

from dgspay_plugin.checkout.payments import begin_attempt
from dgspay_plugin.records import attempts
from dgspay_plugin.records.settle import note_reference
from tests.unit.browser import card_data, pin_data
from tests.unit.dgspay import ASKS_FOR_PIN, NO_ANSWER, PAID, PENDING, Provider
from tests.unit.later import pass_deadline
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop, charge_id_of, code_of

pytestmark = pytest.mark.usefixtures("no_pauses")


@pytest.fixture
def earlier(shop: Shop, provider: Provider) -> Payment:
    """A payment whose answer was lost, and that the customer has given up."""
    provider.tells("POST charges", NO_ANSWER)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    provider.tells("POST charges", {**PAID, "dgs_reference": "DGS-2"})
    provider.calls.clear()
    return payment


def pay_again(shop: Shop, earlier: Payment) -> str | None:
    """The error code of a new payment of the same checkout."""
    payment = shop.new_payment(earlier.checkout)
    return code_of(shop.press(payment, card_data()))


def test_doubt_holds_a_new_charge_back(
    shop: Shop, provider: Provider, earlier: Payment
) -> None:
    for _ in range(2):
        assert pay_again(shop, earlier) == "payment_in_doubt"
    assert provider.called == []


def test_doubt_is_over_at_the_deadline_and_the_owner_is_told(
    shop: Shop,
    provider: Provider,
    earlier: Payment,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    pass_deadline(monkeypatch)
    assert pay_again(shop, earlier) is None
    [told] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert f"Payment {earlier.pk} " in told.getMessage()
    assert "merchant portal" in told.getMessage()


def test_doubt_about_a_forgotten_step_is_over_at_the_deadline_too(
    shop: Shop, provider: Provider
) -> None:
    """DGS-Pay cannot be asked whether the PIN has come by another way."""
    provider.tells("POST charges", ASKS_FOR_PIN)
    earlier = shop.new_payment()
    shop.press(earlier, card_data())
    provider.tells("POST charges", {**PAID, "dgs_reference": "DGS-2"})
    provider.tells("GET transactions/DGS-1", NO_ANSWER)
    assert pay_again(shop, earlier) == "payment_in_doubt"
    Payment.objects.update(
        modified_at=timezone.now() - attempts.OUTCOME_DEADLINE - timedelta(seconds=1)
    )
    assert pay_again(shop, earlier) is None


def test_mark_of_a_killed_worker_holds_a_new_charge_back(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    earlier = shop.new_payment()
    begin_attempt(earlier.checkout, GATEWAY)
    assert pay_again(shop, earlier) == "payment_in_doubt"
    assert provider.called == []


def test_earlier_payment_that_has_paid_makes_the_order(
    shop: Shop, provider: Provider, earlier: Payment
) -> None:
    provider.tells("GET transactions/DGS-1", PAID)
    note_reference(charge_id_of(earlier), "DGS-1")
    assert pay_again(shop, earlier) == "already_paid"
    assert provider.called == ["GET transactions/DGS-1"]
    earlier.refresh_from_db()
    assert earlier.charge_status == ChargeStatus.FULLY_CHARGED
    assert earlier.is_active
    assert Order.objects.get().payments.filter(pk=earlier.pk).exists()


def test_earlier_payment_that_was_declined_holds_nothing_back(
    shop: Shop, provider: Provider, earlier: Payment
) -> None:
    provider.tells(
        "GET transactions/DGS-1",
        {"dgs_reference": "DGS-1", "transaction_status": "failed"},
    )
    note_reference(charge_id_of(earlier), "DGS-1")
    assert pay_again(shop, earlier) is None


def test_earlier_payment_that_is_still_pending_holds_back(
    shop: Shop, provider: Provider, earlier: Payment
) -> None:
    provider.tells("GET transactions/DGS-1", PENDING)
    note_reference(charge_id_of(earlier), "DGS-1")
    assert pay_again(shop, earlier) == "payment_in_doubt"


def test_provider_that_cannot_be_asked_holds_back(
    shop: Shop, provider: Provider, earlier: Payment
) -> None:
    provider.tells("GET transactions/DGS-1", NO_ANSWER)
    note_reference(charge_id_of(earlier), "DGS-1")
    assert pay_again(shop, earlier) == "payment_in_doubt"


def test_step_that_the_customer_left_holds_nothing_back(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", ASKS_FOR_PIN)
    provider.tells("GET transactions/DGS-1", ASKS_FOR_PIN)
    earlier = shop.new_payment()
    shop.press(earlier, card_data())
    provider.tells("POST charges", {**PAID, "dgs_reference": "DGS-2"})
    assert pay_again(shop, earlier) is None


def test_step_that_the_customer_left_and_that_paid_after_all(
    shop: Shop, provider: Provider
) -> None:
    """The bank's page let it through while the customer typed another card."""
    provider.tells("POST charges", ASKS_FOR_PIN)
    provider.tells("GET transactions/DGS-1", PAID)
    earlier = shop.new_payment()
    shop.press(earlier, card_data())
    assert pay_again(shop, earlier) == "already_paid"
    assert provider.called.count("POST charges") == 1


def test_declined_payment_holds_nothing_back(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", {"transaction_status": "failed"})
    earlier = shop.new_payment()
    shop.press(earlier, card_data())
    provider.tells("POST charges", PAID)
    assert pay_again(shop, earlier) is None


def test_mismatch_holds_back_for_good(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", {**PAID, "amount": 120})
    earlier = shop.new_payment()
    shop.press(earlier, card_data())
    assert pay_again(shop, earlier) == "amount_mismatch"


def test_captured_payment_makes_its_order_instead(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    earlier = shop.new_payment()
    shop.press(earlier, card_data())
    assert not Order.objects.exists()
    assert pay_again(shop, earlier) == "already_paid"
    assert Order.objects.get().payments.filter(pk=earlier.pk).exists()


def test_payments_of_others_hold_nothing_back(
    shop: Shop, provider: Provider, earlier: Payment
) -> None:
    assert code_of(shop.press(shop.new_payment(), card_data())) is None
    foreign = shop.new_payment(gateway="another.gateway")
    assert pay_again(shop, foreign) is None


def test_record_that_cannot_be_read_holds_back_until_the_deadline(
    shop: Shop, provider: Provider, earlier: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    earlier.transactions.update(gateway_response="?")
    assert pay_again(shop, earlier) == "payment_in_doubt"
    assert provider.called == []
    assert f"What is stored of Payment {earlier.pk} cannot be read" in caplog.text
    Payment.objects.update(
        modified_at=timezone.now() - attempts.OUTCOME_DEADLINE - timedelta(seconds=1)
    )
    assert pay_again(shop, earlier) is None


def test_press_on_a_record_that_cannot_be_read_sends_nothing(
    shop: Shop, provider: Provider, earlier: Payment
) -> None:
    earlier.transactions.update(gateway_response={"outcome": 7})
    assert code_of(shop.press(earlier, card_data())) == "payment_in_doubt"
    assert provider.called == []


def test_what_another_gateway_has_taken_counts(shop: Shop, provider: Provider) -> None:
    foreign = shop.new_payment(gateway="another.gateway", captured_amount=12000)
    assert pay_again(shop, foreign) == "already_paid"
    assert provider.called == []


def test_total_that_was_lowered_after_the_payment_was_made(
    shop: Shop, provider: Provider
) -> None:
    payment = shop.new_payment(total=Decimal(24000))
    assert code_of(shop.press(payment, card_data())) == "more_than_due"
    assert provider.called == []


def test_total_that_was_lowered_before_the_pin(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", ASKS_FOR_PIN)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    provider.calls.clear()
    Checkout.objects.update(total_gross_amount=10000)
    assert code_of(shop.press(payment, pin_data())) == "more_than_due"
    assert provider.called == []
