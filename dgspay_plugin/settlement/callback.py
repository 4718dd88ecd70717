"""The addresses under which DGS-Pay and the customer find their payment again."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core.signing import BadSignature, Signer
from saleor.core.utils import build_absolute_uri

# Signed with Saleor's SECRET_KEY: nobody else can name a payment to the webhook.
SIGNER = Signer(salt="dgspay_plugin.callback")
PATH = re.compile(r"/webhook/(?:(?P<signed_payment_id>[^/]+)/?)?")


def webhook_url(plugin_id: str, channel_slug: str) -> str:
    """The webhook of a channel (routes of saleor/urls.py)."""
    url: str = build_absolute_uri(
        f"/plugins/channel/{channel_slug}/{plugin_id}/webhook/"
    )
    return url


def callback_url(plugin_id: str, channel_slug: str, payment_id: int) -> str:
    """The webhook of one payment.

    It finds the payment even if the answer with its ``dgs_reference`` was lost.
    """
    return f"{webhook_url(plugin_id, channel_slug)}{SIGNER.sign(payment_id)}/"


def read_callback_path(path: str) -> int | None:
    """The payment id in the part of a webhook's path behind the plugin's id.

    None for the webhook of the channel.

    Raises:
        LookupError: no such path, or a payment id that this store did not sign.
    """
    match = PATH.fullmatch(path)
    if not match:
        raise LookupError("not a webhook's path")
    signed_payment_id = match["signed_payment_id"]
    if signed_payment_id is None:
        return None
    try:
        return int(SIGNER.unsign(signed_payment_id))
    except BadSignature:
        raise LookupError("not a payment id of this store") from None


def return_url(page: str, checkout_id: str, payment_id: str) -> str:
    """Where the customer comes back from the bank.

    It says which checkout and payment (GraphQL ids) to go on with, and proves
    nothing: the status is asked.
    """
    address = urlsplit(page)
    query = [
        *parse_qsl(address.query, keep_blank_values=True),
        ("checkout", checkout_id),
        ("payment", payment_id),
    ]
    return urlunsplit(address._replace(query=urlencode(query)))
