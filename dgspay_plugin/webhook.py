"""DGS-Pay's webhook: verify, understand, settle."""

import hmac
import logging
import time

from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    UnreadablePostError,
)
from pydantic import SecretStr
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.callback_urls import read_callback_path
from dgspay_plugin.configuration import Configuration
from dgspay_plugin.dashboard_problems import mend
from dgspay_plugin.metrics import OTHER, WEBHOOK_DURATION, WEBHOOKS, count, measure
from dgspay_plugin.owner.set_up import (
    tell_of_late_reconciliation,
    tell_of_refused_webhooks,
)
from dgspay_plugin.payment.outcome import ProviderTransaction
from dgspay_plugin.problems import Case
from dgspay_plugin.provider.errors import (
    NotFound,
    NotSent,
    OutcomeUnknown,
    ProviderError,
)
from dgspay_plugin.provider.messages import WebhookEvent, read_webhook
from dgspay_plugin.reconciliation_schedule import every
from dgspay_plugin.reconciliation_state import is_late
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import Charge, charge_of
from dgspay_plugin.records.ledger import record_of, record_with
from dgspay_plugin.records.settle import note_reference, settle

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
# A digest that no body has, with which dgspay_check sees a forged webhook refused.
NO_SIGNATURE = "0" * 64
# So many within an hour are no accident: the secrets differ, or somebody is trying.
REFUSED_TO_TELL = 5
REFUSED_COUNTED_FOR_SECONDS = 3600
LATE_TOLD_EVERY_SECONDS = 3600
# What the metrics call an answer, by its HTTP status.
RESULTS = {
    200: "accepted",
    400: "unreadable",
    401: "invalid_signature",
    404: "unknown_payment",
    405: "wrong_method",
    413: "too_large",
    503: "try_again",
}


def handle_webhook(
    request: HttpRequest,
    path: str,
    gateway: str,
    channel_slug: str,
    configuration: Configuration,
) -> HttpResponse:
    """Answer one webhook. A 5xx asks DGS-Pay to deliver it again.

    Nothing of the body is parsed, and no database asked, before the signature
    (``X-DGS-Signature``, hex HMAC-SHA256 of the raw body) is verified.

    Args:
        path: what follows the plugin's id in the URL.
        gateway: this plugin's id, as Saleor keeps it on payments and transactions.
    """
    began_at = time.monotonic()
    answer = _handle(request, path, gateway, channel_slug, configuration)
    result = RESULTS.get(answer.status_code, OTHER)
    count(WEBHOOKS, result=result)
    measure(WEBHOOK_DURATION, time.monotonic() - began_at, result=result)
    return answer


def _handle(
    request: HttpRequest,
    path: str,
    gateway: str,
    channel_slug: str,
    configuration: Configuration,
) -> HttpResponse:
    try:
        charge_id = read_callback_path(path)
    except LookupError as problem:
        return _answer(404, str(problem))
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        body = _body(request)
    except RequestDataTooBig:
        return _answer(413, "too large")
    except (UnreadablePostError, ValueError):
        return _answer(400, "the body did not arrive")
    signature = request.headers.get("X-DGS-Signature", "").strip().lower()
    expected = signature_of(body, configuration.webhook_secret)
    # As bytes, because compare_digest takes no text beyond ASCII.
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        logger.warning("A webhook without a valid signature was refused.")
        if signature != NO_SIGNATURE:
            _count_refused(channel_slug)
        return _answer(401, "invalid signature")
    try:
        event = read_webhook(body)
    except ValueError as problem:
        return _answer(400, str(problem))
    try:
        return _settle(event, charge_id, gateway, channel_slug, configuration)
    except Exception:
        # DGS-Pay delivers again, and the customer's next poll asks anyway.
        logger.exception("Webhook %s could not be settled.", event.event)
        return _answer(503, "try again later")


def _settle(
    event: WebhookEvent,
    charge_id: ChargeId | None,
    gateway: str,
    channel_slug: str,
    configuration: Configuration,
) -> HttpResponse:
    if event.reference is None:
        logger.info("Webhook %s names no transaction and was ignored.", event.event)
        return _answer(200, "received")
    charge = _find_charge(event.reference, charge_id, gateway, channel_slug)
    if charge is None:
        logger.warning(
            "Webhook %s is about %s, which no payment of channel %s knows.",
            event.event,
            event.reference,
            channel_slug,
        )
        return _answer(404, "unknown payment")
    try:
        told = _ask(event, event.reference, configuration)
    except NotFound as error:
        logger.error(
            "Webhook %s about %s is signed, but the API denies it: %s",
            event.event,
            event.reference,
            error,
        )
        return _answer(404, "unknown payment")
    except ProviderError as error:
        _note_reference(charge, event.reference)
        logger.warning("Webhook %s has to come again: %s", event.event, error)
        return _answer(503, "try again later")
    _note_reference(charge, event.reference)
    settle(charge.charge_id, told)
    mend(Case.WEBHOOK_REFUSED, channel_slug)
    _tell_if_reconciliation_is_late(gateway)
    return _answer(200, "received")


def _count_refused(channel_slug: str) -> None:
    """Tell the owner of the one that is too many, once an hour. Anybody can send it."""
    key = f"dgspay:refused_webhooks:{channel_slug}"
    try:
        cache.add(key, 0, REFUSED_COUNTED_FOR_SECONDS)
        refused = cache.incr(key)
        if refused == REFUSED_TO_TELL:
            tell_of_refused_webhooks(channel_slug, refused)
    except Exception:
        # It is refused whether or not the cache and the database are there.
        logger.exception("Refused webhooks could not be counted.")


def _tell_if_reconciliation_is_late(gateway: str) -> None:
    """Who should tell it is what does not run, so a webhook does."""
    if is_late(gateway, every()) and cache.add(
        "dgspay:late_told", True, LATE_TOLD_EVERY_SECONDS
    ):
        tell_of_late_reconciliation()


def _note_reference(charge: Charge, reference: str) -> None:
    """Store how a charge is called whose answer was lost, or is on its way."""
    if charge.waits_for(reference):
        note_reference(charge.charge_id, reference)


def _ask(
    event: WebhookEvent, reference: str, configuration: Configuration
) -> ProviderTransaction:
    """The transaction as the API tells it.

    Where the API cannot be asked, the signed event itself counts if it says all.
    """
    try:
        return configuration.client().transaction(reference)
    except (NotSent, OutcomeUnknown):
        told = event.transaction
        if told is None or told.amount is None or told.currency is None:
            raise
        return told


def _find_charge(
    reference: str, charge_id: ChargeId | None, gateway: str, channel_slug: str
) -> Charge | None:
    """The charge that a webhook is about, if it is one of this channel.

    Args:
        reference: ``dgs_reference``, which the store may not have been told yet.
        charge_id: what the webhook's own address is signed for, if it is.
    """
    found = record_with(gateway, reference)
    if charge_id is not None:
        signed_for = record_of(gateway, charge_id)
        if found is not None and found != signed_for:
            return None
        found = signed_for
    # What is of a checkout that Saleor has deleted is in no channel any more.
    if found is None or _channel_slug(found) not in (channel_slug, None):
        return None
    return charge_of(found)


def _channel_slug(record: Payment | TransactionItem) -> str | None:
    source = record.checkout or record.order
    slug: str | None = source and source.channel.slug
    return slug


def _body(request: HttpRequest) -> bytes:
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY_BYTES:
        raise RequestDataTooBig
    body: bytes = request.body
    if len(body) > MAX_BODY_BYTES:
        raise RequestDataTooBig
    return body


def signature_of(body: bytes, secret: SecretStr) -> str:
    """What ``X-DGS-Signature`` says of a body: hex HMAC-SHA256 of its raw bytes."""
    return hmac.new(secret.get_secret_value().encode(), body, "sha256").hexdigest()


def _answer(status: int, text: str) -> JsonResponse:
    return JsonResponse({"status": text}, status=status)
