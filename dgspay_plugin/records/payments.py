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

from dgspay_plugin.after_commit import after_commit
from dgspay_plugin.goods import goods_of
from dgspay_plugin.owner.charges import (
    amount_mismatch,
    tell_of_deleted_checkout,
    tell_of_second_capture,
)
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    Declined,
    Paid,
    ProviderTransaction,
    Verdict,
    judge,
)
from dgspay_plugin.records.charges import charge_id_of, charge_of, reply_for_webhook
from dgspay_plugin.records.gateway_responses import gateway_response
from dgspay_plugin.records.history import History
from dgspay_plugin.records.measurement import count_outcome
from dgspay_plugin.records.other_charges import other_charges, tell_if_overcharged
from dgspay_plugin.records.paid_without_order import (
    note_owner_told,
    reason_of,
    tell_owner_once,
)
from dgspay_plugin.records.replies import Reply, reply_for

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
                _leave_out_if_another_has_paid(payment)
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
    except (ValidationError, PaymentError) as error:
        reason = reason_of(error)
        tell_owner_once(payment_id, checkout.pk, reason)
        note_owner_told(payment_id, checkout.pk, reason)
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


def note_reference(payment_id: int, reference: str) -> None:
    """Store the ``dgs_reference`` of a charge whose answer did not arrive."""
    with _locked(payment_id) as payment:
        charge = charge_of(payment)
        if charge.waits_for(reference):
            _store(payment, reply_for_webhook(charge, reference))


def _record_capture(payment: Payment, paid: Paid) -> None:
    captures = History.of(payment.transactions.all()).captures
    if any(capture.reference == paid.reference for capture in captures):
        return
    is_second = bool(captures or (payment.order and not payment.is_active))
    _record(payment, paid)
    if is_second:
        tell_of_second_capture(charge_id_of(payment), paid.reference, paid.charged)
    else:
        after_commit(_tell_owner_of_capture, payment.pk, paid)
    order = payment.order
    if order:
        manager = get_plugins_manager(allow_replica=False)
        order_info = fetch_order_info(order)
        order_charged(order_info, None, None, paid.charged.amount, payment, manager)


def _tell_owner_of_capture(payment_id: int, paid: Paid) -> None:
    payment = Payment.objects.get(pk=payment_id)
    source = payment.order or payment.checkout
    if source is None:
        tell_of_deleted_checkout(charge_id_of(payment), paid.reference, paid.charged)
        return
    tell_if_overcharged(
        charge_id_of(payment),
        paid.reference,
        paid.charged,
        goods_of(source).total,
        other_charges(source, payment),
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
        _leave_out_of_the_order(newer)


def _leave_out_if_another_has_paid(payment: Payment) -> None:
    """The same for one that could still be paid when the order was made."""
    payment.refresh_from_db()
    if payment.order is None or payment.captured_amount:
        return
    if payment.order.payments.filter(captured_amount__gt=0).exists():
        _leave_out_of_the_order(payment)


def _leave_out_of_the_order(payment: Payment) -> None:
    charge = charge_of(payment)
    if not charge.history.is_waiting and charge.unfinished_since is None:
        payment.order = None
        payment.save(update_fields=["order"])


def _record_mismatch(payment: Payment, mismatch: AmountMismatch) -> None:
    if History.of(payment.transactions.all()).outcome == AmountMismatch.code:
        return
    _record(payment, mismatch)
    price = Money(payment.total, payment.currency)
    amount_mismatch(charge_id_of(payment), mismatch, price).tell()


def _record_decline(payment: Payment, declined: Declined) -> None:
    history = History.of(payment.transactions.all())
    if history.captures or not _is_latest_charge(history, declined.reference):
        return
    if payment.charge_status == ChargeStatus.PENDING:
        _record(payment, declined, kind=TransactionKind.CANCEL)
        if payment.order:
            manager = get_plugins_manager(allow_replica=False)
            order_voided(payment.order, None, None, payment, manager)
    elif history.is_waiting:
        _record(payment, declined)


def _is_latest_charge(history: History, reference: str) -> bool:
    """Whether a decline is about the charge that the payment waits for.

    An earlier charge of the same payment was declined before this one was sent.
    """
    if history.reference is None:
        return not history.knows(reference)
    return history.reference == reference


def _record(
    payment: Payment,
    verdict: Paid | AmountMismatch | Declined,
    kind: str | None = None,
) -> None:
    history = History.of(payment.transactions.all())
    due = Money(payment.total, payment.currency)
    reply = reply_for(verdict, due, history, history.wallet)
    _store(payment, reply, kind)
    count_outcome(charge_id_of(payment), reply, found="later")


def _store(payment: Payment, reply: Reply, kind: str | None = None) -> None:
    """Store an answer as Saleor does at a press.

    Args:
        kind: of the transaction, where the answer's own does not fit.
    """
    information = create_payment_information(payment)
    response = gateway_response(reply, information)
    if kind:
        response.kind, response.is_success = kind, True
    update_payment(payment, response)
    stored = create_transaction(
        payment,
        kind=response.kind,
        payment_information=information,
        action_required=response.action_required,
        gateway_response=response,
    )
    gateway_postprocess(stored, payment)
