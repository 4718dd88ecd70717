"""The addresses under which DGS-Pay and the customer find their payment again."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core.signing import BadSignature, Signer
from saleor.core.utils import build_absolute_uri

from dgspay_plugin.payment.addresses import is_web_address
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal
from dgspay_plugin.records.charge_id import ChargeId

# Signed with Saleor's SECRET_KEY: nobody else can name a charge to the webhook.
SIGNER = Signer(salt="dgspay_plugin.callback")
# A merchant portal may strip the last slash.
PATH = re.compile(r"/webhook(?:/(?:(?P<signed_charge_id>[^/]+)/?)?)?")


def webhook_url(plugin_id: str, channel_slug: str) -> str:
    """The webhook of a channel (routes of saleor/urls.py)."""
    url: str = build_absolute_uri(
        f"/plugins/channel/{channel_slug}/{plugin_id}/webhook/"
    )
    return url


def callback_url(plugin_id: str, channel_slug: str, charge_id: ChargeId) -> str:
    """The webhook of one charge.

    It finds the charge even if the answer with its ``dgs_reference`` was lost.
    """
    return f"{webhook_url(plugin_id, channel_slug)}{SIGNER.sign(str(charge_id))}/"


def read_callback_path(path: str) -> ChargeId | None:
    """What a webhook is about, from the part of its path behind the plugin's id.

    None for the webhook of the channel.

    Raises:
        LookupError: no such path, or a charge that this store did not sign.
    """
    match = PATH.fullmatch(path)
    if not match:
        raise LookupError("not a webhook's path")
    signed_charge_id = match["signed_charge_id"]
    if signed_charge_id is None:
        return None
    try:
        return ChargeId.parse(SIGNER.unsign(signed_charge_id))
    except (BadSignature, ValueError):
        raise LookupError("not a payment of this store") from None


def return_url(page: object, **ids: str) -> str:
    """Where the customer comes back from the bank.

    It says what to go on with (GraphQL ids of the checkout or order, and of the
    payment or transaction), and proves nothing: the status is asked.

    Args:
        page: the storefront's. Saleor looks at its host alone.

    Raises:
        Refusal: return_url_not_allowed.
    """
    if not is_web_address(page):
        raise Refusal(
            CustomerMessage.RETURN_URL_NOT_ALLOWED,
            "The storefront's return URL is no http or https address.",
        )
    address = urlsplit(page)
    query = [*parse_qsl(address.query, keep_blank_values=True), *ids.items()]
    return urlunsplit(address._replace(query=urlencode(query)))
