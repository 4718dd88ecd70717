"""The customer as DGS-Pay wants to know them, from Saleor's addresses."""

import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Protocol

import phonenumbers

from dgspay_plugin.payment.refusal import CustomerMessage, Refusal

MAX_NAME_LENGTH = 100


class PostalAddress(Protocol):
    """The part of Saleor's AddressData (saleor/payment/interface.py) used here."""

    first_name: str
    last_name: str
    company_name: str
    country: str
    phone: str


@dataclass(frozen=True)
class Customer:
    """The customer fields of ``POST /charges``, under DGS-Pay's names."""

    customer_email: str
    customer_first_name: str
    customer_last_name: str
    customer_phone: str
    """National number: digits alone, without the country code."""
    customer_phone_country_code: str
    """Digits alone, without a plus."""

    def fields(self) -> dict[str, str]:
        return asdict(self)


def read_customer(
    email: str | None,
    *addresses: PostalAddress | None,
    wallet_number: phonenumbers.PhoneNumber | None = None,
) -> Customer:
    """Read the customer from the first address that has what is needed.

    Names are sent in the customer's own script (JSON is UTF-8). Somebody known by
    a single name, or only by a company's, is sent with it as first and last name.

    Args:
        wallet_number: the customer's phone where no address has one.

    Raises:
        Refusal: email_needed, name_needed or phone_needed; DGS-Pay lists them as
            fields of a charge, and a made-up value would reach the customer's bank.
    """
    known = [address for address in addresses if address is not None]
    if not email:
        raise Refusal(CustomerMessage.EMAIL_NEEDED, "the checkout has no email address")
    first_name, last_name = _names(known)
    phone = _phone(known) or wallet_number
    if phone is None:
        raise Refusal(
            CustomerMessage.PHONE_NEEDED,
            "no address of the checkout has a phone number",
        )
    return Customer(
        customer_email=email,
        customer_first_name=first_name,
        customer_last_name=last_name,
        # Italian numbers keep leading zeros that are part of the number.
        customer_phone=phonenumbers.national_significant_number(phone),
        customer_phone_country_code=str(phone.country_code),
    )


def _names(addresses: list[PostalAddress]) -> tuple[str, str]:
    for address in addresses:
        first, last = _clean(address.first_name), _clean(address.last_name)
        if first or last:
            return first or last, last or first
    for address in addresses:
        if company := _clean(address.company_name):
            return company, company
    raise Refusal(CustomerMessage.NAME_NEEDED, "no address of the checkout has a name")


def _clean(name: str | None) -> str:
    """One line in composed form (NFC) without control characters, cut to length."""
    printable = "".join(
        " " if unicodedata.category(character).startswith(("C", "Z")) else character
        for character in unicodedata.normalize("NFC", name or "")
    )
    return re.sub(r" +", " ", printable).strip()[:MAX_NAME_LENGTH]


def _phone(addresses: list[PostalAddress]) -> phonenumbers.PhoneNumber | None:
    for address in addresses:
        try:
            number = phonenumbers.parse(str(address.phone or ""), address.country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return number
    return None
