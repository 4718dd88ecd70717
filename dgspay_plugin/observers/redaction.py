"""Take a payment's secrets out of what is about to leave the process.

An observer sees the same secret many times and in many shapes: as a field of the
request, as JSON inside JSON, as the repr of a local variable, in a URL, in the text
of a GraphQL document. It is recognised

- by its name, in structures and in text of any quoting;
- by its place: in ``paymentData``, in the ``data`` of a gateway, in the variables and
  literals of a GraphQL payment mutation;
- by its look: a card number, or base64 of a ciphertext of such a length;
- by its value, once it was recognised elsewhere in the same report.
"""

import base64
import binascii
import functools
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from dgspay_plugin.payment.card_data import (
    GCM_TAG_BYTES,
    RAW_CARD_FIELDS,
    STEPS,
    EncryptedCard,
    EncryptedPin,
    Otp,
)

# As Sentry itself writes it.
MASK = "[Filtered]"

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
STEP_TYPES = frozenset(STEPS) - {"redirect", "wait"} | {"mobile_money"}

PAYMENT_MUTATION = re.compile(
    r"\b(?:checkoutComplete|checkoutPaymentCreate|transactionInitialize"
    r"|transactionProcess|paymentGatewayInitialize)\s*\("
)
GRAPHQL_LITERAL = re.compile(r'"""[\s\S]*?(?:"""|\Z)|"(?:\\.|[^"\\])*(?:"|\Z)')
UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
GLOBAL_ID = re.compile(rb"[A-Za-z]+:[\w-]+")
FORM = re.compile(r"[\w.%+\[\]-]+=\S*")

NOT_PLAIN = re.compile(r"[^a-z0-9]+")
NAME = re.compile(r"[\w -]{3,50}")
WORD = re.compile(r"[a-z][\w-]*", re.IGNORECASE | re.ASCII)
GAP = r"[\s+]*"
QUOTE = r"""\\*["']"""
BARE = r"""[^\s"'<>&,;(){}\[\]]"""
# What follows a name, escaped any number of times.
VALUE = re.compile(
    rf"""
    (?:{QUOTE})?\]?{GAP}
    (?:,{GAP}{QUOTE}\w*value{QUOTE}{GAP})?  # {{"name": ..., "value": ...}}
    (?:
      (?:[:=,]|=>){GAP}
      (?>[bu]?(?P<quote>{QUOTE})(?P<quoted>.*?)(?:(?<!\\)(?P=quote)|\Z))
      (?!{GAP}:)  # or it is a name too: {{"type": "otp", "auth_otp": ...}}
    |
      # Words after a colon are a sentence's: the name of a field and what is wrong.
      (?::{GAP}(?={BARE}*\d)|=)(?P<bare>(?!\$){BARE}+)
    )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([\s\S]))")
MOST_ENCODINGS = 10
WHITESPACE = {"n": "\n", "r": "\r", "t": "\t"}

CARD_NUMBER = re.compile(r"(?<![\w+-])(?<!\d\.)[2-6](?:[ -]?\d){11,18}(?!\w|\.\d)")
# Of a month, the shortest, to a card number of 19 digits, the longest.
CIPHERTEXT_BYTES = range(2 + GCM_TAG_BYTES, 19 + GCM_TAG_BYTES + 1)
BASE64 = re.compile(r"(?<![\w+/=.-])[A-Za-z0-9+/]{22,47}={0,2}(?![\w+/=.-])", re.ASCII)

# Shorter names are parts of other words, and shorter values of other values.
SHORTEST_DISTINCT_NAME = 6
SHORTEST_SECRET = 3
LONGEST_SECRET = 200
SHORTEST_DISTINCT_VALUE = 12
SHORTEST_SECRET_NUMBER = 6


def redacted(value: Any) -> Any:
    """The same structure without the secrets of payments in it.

    Mappings, sequences, text and bytes are read; other objects stay as they are. A
    part that cannot be read is masked as a whole. Nothing is raised.
    """
    redaction = _Redaction()
    clean = redaction.apply(value)
    # What was recognised in one place is now known, and found in all others.
    return redaction.apply(value) if redaction.known else clean


class _Redaction:
    def __init__(self) -> None:
        self.known: frozenset[str] = frozenset()

    def apply(self, value: Any) -> Any:
        try:
            return self._apply(value)
        except Exception:  # what cannot be read must not be sent, nor stop the rest
            return MASK

    def _apply(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bytes | bytearray):
            text = value.decode(errors="surrogateescape")
            return self._text(text).encode(errors="surrogateescape")
        for kind in (list, tuple, set, frozenset):
            if isinstance(value, kind):
                return kind(self._items(value))
        if isinstance(value, int) and abs(value) >= 10**SHORTEST_SECRET_NUMBER:
            return value if self._text(str(value)) == str(value) else MASK
        return value

    def _mapping(self, mapping: Mapping[Any, Any]) -> dict[Any, Any]:
        hidden = _hidden_keys(mapping)
        variables = _payment_variables(mapping)
        return {
            self.apply(key): self._masked(value)
            if key in hidden
            else self._variables(value)
            if key in variables
            else self.apply(value)
            for key, value in mapping.items()
        }

    def _items(self, values: Iterable[Any]) -> Iterator[Any]:
        previous: Any = None
        for value in values:
            # ("card_nonce", "..."): an item of a mapping.
            yield self._masked(value) if _is_name(previous) else self.apply(value)
            previous = value

    def _variables(self, value: Any, name: str = "") -> Any:
        """The variables of a payment mutation: their names are the storefront's."""
        if isinstance(value, Mapping):
            return {key: self._variables(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._variables(item, name) for item in value]
        return self.apply(value) if _is_open(name, value) else self._masked(value)

    def _masked(self, value: Any) -> Any:
        self._learn(value)
        return value if value in (None, "", True, False) else MASK

    def _text(self, text: str, encodings: int = 0) -> str:
        if encodings > MOST_ENCODINGS:
            return MASK
        content = _content(text)
        if content is not None and (clean := self.apply(content)) != content:
            is_form = isinstance(content, dict) and not text.lstrip().startswith("{")
            return urlencode(clean) if is_form else json.dumps(clean)
        text = self._without_secrets(text)
        decoded = _decoded(text)
        if decoded != text and (clean := self._text(decoded, encodings + 1)) != decoded:
            return clean
        return text

    def _without_secrets(self, text: str) -> str:
        text = self._without_named(text)
        if PAYMENT_MUTATION.search(text):
            text = GRAPHQL_LITERAL.sub(self._without_literal, text)
        text = CARD_NUMBER.sub(_without_card_number, text)
        text = BASE64.sub(_without_ciphertext, text)
        return _pattern_of(self.known).sub(MASK, text) if self.known else text

    def _without_named(self, text: str) -> str:
        """Mask each value that a text has after the name of a secret."""
        parts: list[str] = []
        done = 0
        for word in WORD.finditer(text):
            if word.start() < done or not _is_name(word[0]):
                continue
            if found := VALUE.match(text, word.end()):
                start, end = found.span("bare" if found["bare"] else "quoted")
                self._learn(text[start:end])
                parts += text[done:start], MASK
                done = end
        return "".join([*parts, text[done:]])

    def _without_literal(self, found: re.Match[str]) -> str:
        text = found[0].strip('"')
        if _is_open("", text):
            return found[0]
        self._learn(_decoded(text))
        return f'"{MASK}"'

    def _learn(self, value: Any) -> None:
        if isinstance(value, Mapping):
            for name, item in value.items():
                if _plain(name) not in OPEN_FIELDS:
                    self._learn(item)
        elif isinstance(value, list | tuple):
            for item in value:
                self._learn(item)
        elif isinstance(value, bytes):
            self._learn(value.decode(errors="surrogateescape"))
        elif isinstance(value, str | int) and not isinstance(value, bool):
            content = _content(str(value))
            if content is not None:
                self._learn(content)
            else:
                self._learn_text(str(value))

    def _learn_text(self, text: str) -> None:
        if (
            SHORTEST_SECRET <= len(text) <= LONGEST_SECRET
            and text != MASK
            and text not in STEPS
        ):
            self.known |= {text}


def _hidden_keys(mapping: Mapping[Any, Any]) -> set[Any]:
    """The keys of all that is secret by its name, or by what is beside it."""
    names = {key: _plain(key) for key in mapping}
    hidden = {key for key, name in names.items() if _is_secret(name)}
    values = {name: mapping[key] for key, name in names.items()}
    if hidden or any(map(_is_card_number, values.values())):
        hidden |= {key for key, name in names.items() if name in AMBIGUOUS_FIELDS}
    if _is_one_of(values.get("type"), STEP_TYPES):
        hidden |= {key for key, name in names.items() if name not in OPEN_FIELDS}
    if any(_is_name(values.get(name)) for name in ("name", "field", "key")):
        hidden |= {key for key, name in names.items() if name.endswith("value")}
    if "id" in values and isinstance(values.get("data"), Mapping | str):
        hidden |= {key for key, name in names.items() if name == "data"}
    return hidden


def _payment_variables(mapping: Mapping[Any, Any]) -> set[Any]:
    """The key of the variables, if this is a request with a payment mutation."""
    query = mapping.get("query")
    text = query if isinstance(query, str) else ""
    return {"variables"} if PAYMENT_MUTATION.search(text) else set()


def _is_open(name: str, value: Any) -> bool:
    """Whether a value of a payment mutation says nothing secret."""
    if _plain(name) in OPEN_FIELDS or value is None or isinstance(value, bool):
        return True
    return isinstance(value, str) and bool(
        UUID.fullmatch(value) or GLOBAL_ID.fullmatch(_bytes_of(value))
    )


def _plain(name: object) -> str:
    """A name without its spelling: card_nonce, cardNonce and Card-Nonce are one."""
    return NOT_PLAIN.sub("", str(name).lower())


@functools.cache
def _secret_names() -> tuple[frozenset[str], re.Pattern[str]]:
    names = frozenset(map(_plain, SECRET_FIELDS))
    distinct = [name for name in names if len(name) >= SHORTEST_DISTINCT_NAME]
    return names, re.compile("|".join(sorted(distinct)))


def _is_secret(plain_name: str) -> bool:
    names, distinct = _secret_names()
    return plain_name in names or bool(distinct.search(plain_name))


def _is_name(value: object) -> bool:
    return (
        isinstance(value, str)
        and bool(NAME.fullmatch(value))
        and _is_secret(_plain(value))
    )


def _is_one_of(value: object, choices: Iterable[str]) -> bool:
    return isinstance(value, str) and value.lower() in choices


def _content(text: str) -> Any:
    """The structure that a text is as a whole, or None."""
    start = text.lstrip()[:1]
    if start and start in '{["':
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None
    if FORM.fullmatch(text):
        return dict(parse_qsl(text, keep_blank_values=True))
    return None


def _decoded(text: str) -> str:
    """A text with one layer of what URLs, HTML and JSON make of it taken off."""
    if "%" in text:
        text = unquote(text)
    if "&" in text:
        text = html.unescape(text)
    return ESCAPED.sub(_character, text) if "\\" in text else text


def _character(escaped: re.Match[str]) -> str:
    code, character = escaped.groups()
    return chr(int(code, 16)) if code else WHITESPACE.get(character, character)


def _is_card_number(value: object) -> bool:
    return isinstance(value, str | int) and bool(
        (found := CARD_NUMBER.search(str(value))) and _passes_luhn(found[0])
    )


def _without_card_number(found: re.Match[str]) -> str:
    return MASK if _passes_luhn(found[0]) else found[0]


def _passes_luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812-1."""
    digits = [int(character) for character in reversed(number) if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _without_ciphertext(found: re.Match[str]) -> str:
    raw = _bytes_of(found[0])
    is_readable = raw.isascii() and raw.decode("ascii").isprintable()
    is_word = found[0].isalpha() or UUID.fullmatch(found[0])
    is_ciphertext = len(raw) in CIPHERTEXT_BYTES and not is_readable and not is_word
    return MASK if is_ciphertext else found[0]


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


@functools.lru_cache(maxsize=1)
def _pattern_of(secrets: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(secrets, key=len, reverse=True)
    return re.compile("|".join(map(_pattern, longest_first)))


def _pattern(secret: str) -> str:
    pattern = re.escape(secret)
    if len(secret) >= SHORTEST_DISTINCT_VALUE:
        return pattern
    return rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
