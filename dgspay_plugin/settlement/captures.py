"""What DGS-Pay says of a charge, as transactions of Saleor's Payment, and its order."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from saleor.checkout.complete_checkout import complete_checkout
from saleor.checkout.fetch import fetch_checkout_info, fetch_checkout_lines
from saleor.checkout.models import Checkout
from saleor.order.actions import order_charged, order_voided
from saleor.order.fetch import fetch_order_info
from saleor.payment import ChargeStatus, PaymentError, TransactionKind
from saleor.payment.models import Payment
from saleor.payment.utils import (
    create_payment_information,
    create_transaction,
    gateway_postprocess,
    update_payment,
)
from saleor.plugins.manager import get_plugins_manager

from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    Declined,
    Paid,
    ProviderTransaction,
    Verdict,
    judge,
)
from dgspay_plugin.settlement import attempts
from dgspay_plugin.settlement.answers import answer_for
from dgspay_plugin.settlement.charges import charge_of
from dgspay_plugin.settlement.gateway_responses import gateway_response
from dgspay_plugin.settlement.history import History
from dgspay_plugin.settlement.refunds import (
    PaidWithoutOrder,
    tell_owner_of_paid_without_order,
)
from dgspay_plugin.settlement.subject import Subject

logger = logging.getLogger(__name__)


def settle_payment(payment_id: int, told: ProviderTransaction) -> Verdict:
    """Write down what became of a charge, and make the order if it is paid.

    Args:
        payment_id: a payment of this gateway.
        told: what DGS-Pay says of a charge for it.
    """
    with _locked(payment_id) as payment:
        verdict = judge(told, Money(payment.total, payment.currency))
        match verdict:
            case Paid():
                _record_capture(payment, verdict)
            case AmountMismatch():
                _record_mismatch(payment, verdict)
            case Declined():
                _record_decline(payment, verdict)
    if isinstance(verdict, Paid):
        complete_checkout_of(payment_id)
    return verdict


def complete_checkout_of(payment_id: int) -> None:
    """Turn the checkout of a captured payment into its order, if it is still one."""
    with _locked(payment_id) as payment:
        checkout = payment.checkout
        if checkout is None:
            _leave_newer_payments_out_of_the_order(payment_id)
            return
        if not payment.is_active:
            _take_the_place_of_newer_payments(payment)
    manager = get_plugins_manager(allow_replica=False)
    try:
        lines, unavailable_variants = fetch_checkout_lines(checkout)
        if unavailable_variants:
            raise ValidationError("A product is no longer for sale in this channel.")
        order, *_ = complete_checkout(
            manager=manager,
            checkout_info=fetch_checkout_info(checkout, lines, manager),
            lines=lines,
            payment_data={},
            store_source=False,
            user=checkout.user,
            app=None,
        )
        if order is None:
            raise ValidationError("Saleor asked for another step.")
    except PaidWithoutOrder:
        return
    except (ValidationError, PaymentError) as error:
        tell_owner_of_paid_without_order(
            payment_id, payment.psp_reference, checkout.pk, error
        )
        return
    _leave_newer_payments_out_of_the_order(payment_id)


@contextmanager
def _locked(payment_id: int) -> Iterator[Payment]:
    """The payment, locked in the order of checkoutComplete: checkout, then payment."""
    with transaction.atomic():
        checkout_id = Payment.objects.values_list("checkout_id", flat=True).get(
            pk=payment_id
        )
        if checkout_id:
            Checkout.objects.select_for_update().filter(pk=checkout_id).first()
        yield Payment.objects.select_for_update().get(pk=payment_id)


def _record_capture(payment: Payment, paid: Paid) -> None:
    captures = History.of(payment.transactions.all()).captures
    if any(capture.reference == paid.reference for capture in captures):
        return
    was_active = payment.is_active
    _record(payment, paid)
    order = payment.order
    if captures or (order and not was_active):
        logger.error(
            "Payment %s was paid twice, the second time as %s (%s). Refund it in the "
            "DGS-Pay merchant portal.",
            payment.pk,
            paid.reference,
            paid.charged,
        )
    if order:
        manager = get_plugins_manager(allow_replica=False)
        order_info = fetch_order_info(order)
        order_charged(order_info, None, None, paid.charged.amount, payment, manager)
    elif payment.checkout is None:
        logger.error(
            "Payment %s (DGS-Pay reference %s, %s) is captured, and Saleor has deleted "
            "its checkout. Make an order for it, or refund it in the DGS-Pay merchant "
            "portal.",
            payment.pk,
            paid.reference,
            paid.charged,
        )


def _take_the_place_of_newer_payments(payment: Payment) -> None:
    """Let the checkout be completed with the payment that has the money."""
    logger.warning(
        "Payment %s had been replaced by a newer one, and has the money. It takes its "
        "place back.",
        payment.pk,
    )
    payment.checkout.payments.filter(is_active=True, captured_amount=0).exclude(
        pk=payment.pk
    ).update(is_active=False)
    payment.is_active = True
    payment.save(update_fields=["is_active"])


def _leave_newer_payments_out_of_the_order(payment_id: int) -> None:
    """Let Saleor show the order as paid, which it does by the newest payment alone.

    Only once there is an order: a payment of an open checkout may be pressed any
    moment. One that may still be paid stays with the order.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.order is None:
        return
    newer_payments = payment.order.payments.filter(
        gateway=payment.gateway,
        pk__gt=payment.pk,
        is_active=False,
        charge_status=ChargeStatus.NOT_CHARGED,
    )
    for newer in newer_payments.prefetch_related("transactions"):
        charge = charge_of(newer)
        if not charge.history.is_waiting and charge.unfinished_since is None:
            newer.order = None
            newer.save(update_fields=["order"])


def _record_mismatch(payment: Payment, mismatch: AmountMismatch) -> None:
    if History.of(payment.transactions.all()).outcome == AmountMismatch.__name__:
        return
    _record(payment, mismatch)
    logger.error(
        "DGS-Pay charged %s as %s for payment %s, which is for %s %s. The order is "
        "not paid: settle the difference with the customer, or refund the charge in "
        "the merchant portal.",
        mismatch.charged,
        mismatch.reference,
        payment.pk,
        payment.total,
        payment.currency,
    )


def _record_decline(payment: Payment, declined: Declined) -> None:
    history = History.of(payment.transactions.all())
    if history.captures or not _is_latest_charge(payment, history, declined.reference):
        return
    if payment.charge_status == ChargeStatus.PENDING:
        _record(payment, declined, kind=TransactionKind.CANCEL)
        if payment.order:
            manager = get_plugins_manager(allow_replica=False)
            order_voided(payment.order, None, None, payment, manager)
    elif history.is_waiting:
        _record(payment, declined)


def _is_latest_charge(payment: Payment, history: History, reference: str) -> bool:
    """Whether a decline is about the charge that the payment waits for.

    An earlier charge of the same payment was declined before this one was sent.
    """
    latest = attempts.current_reference(Subject("payment", payment.pk), history)
    if latest is None:
        return not history.knows(reference)
    return latest == reference


def _record(
    payment: Payment,
    verdict: Paid | AmountMismatch | Declined,
    kind: str | None = None,
) -> None:
    history = History.of(payment.transactions.all())
    information = create_payment_information(payment)
    due = Money(payment.total, payment.currency)
    response = gateway_response(answer_for(verdict, due, history), information)
    if kind:
        response.kind, response.is_success = kind, True
    update_payment(payment, response)
    stored = create_transaction(
        payment,
        kind=response.kind,
        payment_information=information,
        gateway_response=response,
    )
    gateway_postprocess(stored, payment)
