"""Inside the store: ``dgspay_reconcile`` over many waiting payments."""

import io
import logging
import resource
import time
from datetime import timedelta
from typing import Any

import graphene
from django.core.management import call_command
from django.utils import timezone
from saleor.checkout.models import Checkout
from saleor.payment import TransactionKind
from saleor.payment.models import Payment, Transaction


def measure(waiting_payment: str, payments: int) -> dict[str, Any]:
    """Time a run, and how much memory it takes on top of Saleor's own.

    Args:
        waiting_payment: GraphQL id of a payment that waits for its outcome.
        payments: how many like it to add, each with a checkout of its own.
    """
    logging.disable(logging.INFO)
    _add_payments(waiting_payment, payments)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    output = io.StringIO()
    started, worked = time.perf_counter(), time.process_time()
    call_command("dgspay_reconcile", stdout=output)
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    return {
        "seconds": seconds,
        "processor": processor,
        # Linux counts kilobytes.
        "megabytes": grown / 1024,
        "output": output.getvalue(),
    }


def _add_payments(waiting_payment: str, number: int) -> None:
    _, primary_key = graphene.Node.from_global_id(waiting_payment)
    payment = Payment.objects.get(pk=primary_key)
    record = payment.transactions.get()
    channel = payment.checkout.channel
    checkouts = Checkout.objects.bulk_create(
        [Checkout(channel=channel, currency=payment.currency) for _ in range(number)],
        batch_size=1000,
    )
    payments = Payment.objects.bulk_create(
        [
            Payment(
                gateway=payment.gateway,
                total=payment.total,
                currency=payment.currency,
                checkout=checkout,
                to_confirm=True,
            )
            for checkout in checkouts
        ],
        batch_size=1000,
    )
    # An hour ago, as what a customer who has gone leaves behind.
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    Transaction.objects.bulk_create(
        [
            Transaction(
                payment=payment,
                kind=TransactionKind.ACTION_TO_CONFIRM,
                is_success=True,
                action_required=True,
                token=f"{record.token}{number}",
                amount=payment.total,
                currency=payment.currency,
                gateway_response={
                    **record.gateway_response,
                    "dgs_reference": f"{record.token}{number}",
                    "waiting_since": since,
                },
            )
            for number, payment in enumerate(payments)
        ],
        batch_size=1000,
    )
