"""What the dashboard's order page says of a charge, besides its amounts.

Of a card it says no more than that it is one: docs/security.md says why.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from saleor.payment.interface import PaymentMethodInfo
from saleor.payment.models import TransactionItem
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.configuration import REFERENCE, values_of
from dgspay_plugin.payment.mobile_money import Wallet


def name_of(wallet: Wallet | None) -> str:
    """What was paid with, like "DGS-Pay card".

    Args:
        wallet: the mobile money account; None of a card.
    """
    return f"DGS-Pay {wallet['network'] if wallet else 'card'}"


def message_of_success(wallet: Wallet | None) -> str:
    return f"Paid with {name_of(wallet)}."


def payment_method_info(wallet: Wallet | None) -> PaymentMethodInfo:
    """The same for a Payment (saleor/payment/utils.py, update_payment)."""
    if wallet is None:
        return PaymentMethodInfo(type="card", name=name_of(wallet))
    return PaymentMethodInfo(
        type="mobile_money",
        name=name_of(wallet),
        brand=wallet["network"],
        last_4=wallet["phone_last_digits"],
    )


def payment_method_details(wallet: Wallet | None) -> dict[str, str]:
    """The same for a TransactionItem, from Saleor 3.22; 3.21 ignores it.

    Saleor refuses the whole answer of a session for one wrong value here
    (saleor/webhook/response_schemas/transaction.py), so nothing is in it that a
    customer has typed: of a wallet these are a known network and digits.
    """
    if wallet is None:
        return {"type": "CARD", "name": name_of(wallet)}
    digits = wallet["phone_last_digits"]
    return {"type": "OTHER", "name": f"{name_of(wallet)}, number ending in {digits}"}


def describe(
    item: TransactionItem,
    wallet: Wallet | None,
    reference: str | None,
    portal_url: str | None,
) -> None:
    """Name a TransactionItem and link it; whoever has it locked saves it.

    Args:
        reference: ``dgs_reference``, where it is known.
        portal_url: the configuration's field of that name.
    """
    item.name = name_of(wallet)
    if portal_url and reference:
        link = portal_url.replace(REFERENCE, quote(reference, safe=""))
        # Saleor's column has an end, and PostgreSQL refuses what is longer.
        longest = TransactionItem._meta.get_field("external_url").max_length
        item.external_url = link if len(link) <= longest else item.external_url


def fields_for(item: TransactionItem) -> Mapping[str, Any]:
    """The configuration's fields of an item's channel, where nobody has read them yet.

    Empty where there is neither an order nor a checkout, or no configuration.
    """
    source = item.order or item.checkout
    row: Any = source and (
        PluginConfiguration.objects.filter(
            identifier=item.app_identifier, channel=source.channel
        ).first()
    )
    return values_of(row.configuration) if row else {}
