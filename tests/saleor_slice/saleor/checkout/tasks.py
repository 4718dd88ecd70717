"""What Saleor's scheduler does to checkouts (``saleor.checkout.tasks``)."""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from ..channel.models import Channel
from ..plugins.manager import get_plugins_manager
from . import CheckoutAuthorizeStatus
from .complete_checkout import complete_checkout
from .fetch import fetch_checkout_info, fetch_checkout_lines
from .models import Checkout

logger = logging.getLogger(__name__)


def trigger_automatic_checkout_completion_task() -> None:
    """Complete the paid checkouts of the channels that are set so.

    Saleor does so every minute. The stand-in has no scheduler: whoever wants it done
    calls this, which in Saleor can be done too.
    """
    for channel in Channel.objects.filter(
        automatically_complete_fully_paid_checkouts=True
    ):
        delay = timedelta(minutes=channel.automatic_completion_delay or 0)
        checkouts = Checkout.objects.filter(
            channel=channel,
            authorize_status=CheckoutAuthorizeStatus.FULL,
            email__isnull=False,
            billing_address__isnull=False,
            total_gross_amount__gt=0,
            last_change__lt=timezone.now() - delay,
        )
        if cut_off_date := channel.automatic_completion_cut_off_date:
            checkouts = checkouts.filter(created_at__gte=cut_off_date)
        for checkout in checkouts:
            _complete(checkout)


def _complete(checkout: Checkout) -> None:
    Checkout.objects.filter(pk=checkout.pk).update(
        last_automatic_completion_attempt=timezone.now()
    )
    manager = get_plugins_manager(allow_replica=False)
    lines, unavailable_variant_pks = fetch_checkout_lines(checkout)
    if unavailable_variant_pks or not lines:
        logger.info("Checkout %s has lines that cannot be sold.", checkout.pk)
        return
    if checkout.is_shipping_required() and not checkout.assigned_delivery_id:
        logger.info("Checkout %s has no delivery method.", checkout.pk)
        return
    try:
        complete_checkout(
            manager=manager,
            checkout_info=fetch_checkout_info(checkout, lines, manager),
            lines=lines,
            payment_data={},
            store_source=False,
            user=None,
            app=None,
            is_automatic_completion=True,
        )
    except ValidationError as error:
        logger.warning("Checkout %s was not completed: %s", checkout.pk, error)
