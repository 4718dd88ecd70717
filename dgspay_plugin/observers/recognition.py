"""What is secret about a payment: by its name, its place or its look."""

import base64
import binascii
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dgspay_plugin.payment.card_data import (
    GCM_TAG_BYTES,
    RAW_CARD_FIELDS,
    STEPS,
    EncryptedCard,
    EncryptedPin,
    Otp,
)

# Names of much else, too: secret only beside other card data.
AMBIGUOUS_FIELDS = frozenset("number pan card exp expiry expiration".split())
SECRET_FIELDS = frozenset(
    [
        *EncryptedCard.model_fields,
        *EncryptedPin.model_fields,
        *Otp.model_fields,
        *(RAW_CARD_FIELDS - AMBIGUOUS_FIELDS),
        "otp",
        "mobile_money_phone",
        "payment_data",
        "api_key",
        "webhook_secret",
    ]
)
# What a step, or a mutation, says beside its secrets.
OPEN_FIELDS = frozenset("type authtype reference id gateway returnurl amount".split())
STEPS_WITH_SECRETS = frozenset(STEPS) - {"redirect", "wait"}
PAYMENT_MUTATION = re.compile(
    r"\b(?:checkoutComplete|checkoutPaymentCreate|transactionInitialize"
    r"|transactionProcess|paymentGatewayInitialize)\s*\("
)

# Shorter names are parts of other words.
SHORTEST_DISTINCT_NAME = 6
NAME = re.compile(r"[\w -]{3,50}")
NOT_PLAIN = re.compile(r"[^a-z0-9]+")

UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
GLOBAL_ID = re.compile(rb"[A-Za-z]+:[\w-]+")
# The rest of an escape, as in %252527cvv or \u0027cvv, is no beginning: it is read once
# the escape is taken off.
NO_ESCAPE = r"(?<!\\)(?<!%(?=[0-9A-Fa-f]{2}))"
SHORTEST_CARD_NUMBER = 12
CARD_NUMBER = re.compile(
    rf"(?<![\w+-])(?<!\d\.){NO_ESCAPE}[2-6]"
    rf"(?:[ -]?\d){{{SHORTEST_CARD_NUMBER - 1},18}}(?!\w|\.\d)"
)
BASE64 = re.compile(
    rf"(?<![\w+/=.-]){NO_ESCAPE}[A-Za-z0-9+/]{{22,47}}={{0,2}}(?![\w+/=.-])", re.ASCII
)
IDENTIFIER = re.compile(r"(?:[A-Z]*+[a-z]{2,}+)+[A-Z]*")
# Of a month, the shortest field, to a card number of 19 digits, the longest.
CIPHERTEXT_BYTES = range(2 + GCM_TAG_BYTES, 19 + GCM_TAG_BYTES + 1)


def plain(name: object) -> str:
    """A name without its spelling: card_nonce, cardNonce and Card-Nonce are one."""
    return NOT_PLAIN.sub("", str(name).lower())


def is_name_of_secret(value: object) -> bool:
    return (
        isinstance(value, str)
        and bool(NAME.fullmatch(value))
        and _is_secret(plain(value))
    )


@dataclass(frozen=True)
class Names:
    """The names in a mapping, read once for all mappings that have the same."""

    by_key: Mapping[Any, str]
    """Each key's plain name."""
    secret: frozenset[str]
    """The plain names that are secret whatever is beside them."""


def names_of(keys: Iterable[Any]) -> Names:
    by_key = {key: plain(key) for key in keys}
    return Names(by_key, frozenset(filter(_is_secret, by_key.values())))


def secret_keys(mapping: Mapping[Any, Any], names: Names) -> set[Any]:
    """The keys of all that is secret by its name, or by what is beside it.

    Args:
        names: those of the mapping's keys.
    """
    values = {name: mapping[key] for key, name in names.by_key.items()}
    secret = set(names.secret)
    if secret or any(map(_is_card_number, values.values())):
        secret |= AMBIGUOUS_FIELDS
    if str(values.get("type")).lower() in STEPS_WITH_SECRETS:
        secret |= values.keys() - OPEN_FIELDS
    if any(is_name_of_secret(values.get(name)) for name in ("name", "field", "key")):
        secret |= {name for name in values if name.endswith("value")}
    if "id" in values and isinstance(values.get("data"), Mapping | str):
        secret.add("data")  # of a gateway, or of a transaction
    return {key for key, name in names.by_key.items() if name in secret}


def is_payment_mutation(request: Mapping[Any, Any]) -> bool:
    query = request.get("query")
    return isinstance(query, str) and bool(PAYMENT_MUTATION.search(query))


def is_open(value: Any, name: str = "") -> bool:
    """Whether a value in a payment mutation is surely not secret."""
    if plain(name) in OPEN_FIELDS or value is None or isinstance(value, bool):
        return True
    return isinstance(value, str) and bool(
        UUID.fullmatch(value) or GLOBAL_ID.fullmatch(_bytes_of(value))
    )


def passes_luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812-1."""
    digits = [int(character) for character in reversed(number) if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_ciphertext(text: str) -> bool:
    """Whether this is base64 of such a ciphertext, and not a word or an id."""
    raw = _bytes_of(text)
    is_readable = raw.isascii() and raw.decode("ascii").isprintable()
    is_word = IDENTIFIER.fullmatch(text) or UUID.fullmatch(text)
    return len(raw) in CIPHERTEXT_BYTES and not is_readable and not is_word


def _is_secret(plain_name: str) -> bool:
    names, distinct = _secret_names()
    return plain_name in names or bool(distinct.search(plain_name))


@functools.cache
def _secret_names() -> tuple[frozenset[str], re.Pattern[str]]:
    names = frozenset(map(plain, SECRET_FIELDS))
    distinct = [name for name in names if len(name) >= SHORTEST_DISTINCT_NAME]
    return names, re.compile("|".join(sorted(distinct)))


def _is_card_number(value: object) -> bool:
    if not isinstance(value, str | int):
        return False
    text = str(value)
    # Shorter ones are the most, and every value of a trace is asked about.
    if len(text) < SHORTEST_CARD_NUMBER:
        return False
    found = CARD_NUMBER.search(text)
    return found is not None and passes_luhn(found[0])


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
