"""Take a payment's secrets out of what is about to leave the process.

An observer sees the same secret many times and in many shapes: as a field of the
request, as JSON inside JSON, as the repr of a local variable, in a URL, in the text
of a GraphQL document. `recognition` knows one by its name, its place or its look; here
it is looked for in all of them, and once known, everywhere else in the same report.
"""

import functools
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from dgspay_plugin.observers.recognition import (
    BASE64,
    CARD_NUMBER,
    OPEN_FIELDS,
    PAYMENT_MUTATION,
    is_ciphertext,
    is_name_of_secret,
    is_open,
    is_payment_mutation,
    names_of,
    passes_luhn,
    plain,
    secret_keys,
)
from dgspay_plugin.payment.card_data import STEPS

# As Sentry itself writes it.
MASK = "[Filtered]"

# What is shorter stands in a report by chance, what is longer is no single secret.
SHORTEST_SECRET = 3
LONGEST_SECRET = 200
# A payment has a dozen; more are sent to keep the server busy.
MOST_SECRETS = 100
# Shorter ones are found only as a whole word, or a whole number.
SHORTEST_DISTINCT_VALUE = 12
SHORTEST_DISTINCT_NUMBER = 6

# Without any of these a text holds no value beside a name, and no number or ciphertext.
HINT = re.compile(r"""[:=,"'%&\\\d+/]|[A-Za-z]{22}""")
FORM = re.compile(r"[\w.%+\[\]-]+=\S*")
GRAPHQL_LITERAL = re.compile(r'"""[\s\S]*?(?:"""|\Z)|"(?:\\.|[^"\\])*(?:"|\Z)')
TOKEN = re.compile(r"[^\W_]+")
WORD = re.compile(r"[a-z][\w-]*", re.IGNORECASE | re.ASCII)
GAP = r"[\s+]*"
QUOTE = r"""\\*["']"""
BARE = r"""[^\s"'<>&,;(){}\[\]]"""
# What follows a name, both escaped any number of times.
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
WHITESPACE = {"n": "\n", "r": "\r", "t": "\t"}
MOST_ENCODINGS = 10


def redacted(value: Any) -> Any:
    """The same structure without the secrets of payments in it.

    Mappings, sequences, text and bytes are read; other objects stay as they are. A
    part that cannot be read is masked as a whole. Nothing is raised.
    """
    known: set[str] = set()
    clean = _Redaction(known).apply(value)
    # What was recognised in one place is now known, and found in all others.
    return _Redaction(known).apply(value) if known else clean


class _Redaction:
    def __init__(self, known: set[str]) -> None:
        """
        Args:
            known: the secrets so far; what is recognised is added.
        """
        self._known = known
        # A report repeats itself: names, and statements of SQL. It is remembered for
        # as long as the report is read, because some of it is secret.
        self._is_name_of_secret = functools.cache(is_name_of_secret)
        self._names_of = functools.cache(names_of)
        self._clean_texts: dict[str, str] = {}

    def apply(self, value: Any) -> Any:
        try:
            return self._apply(value)
        except Exception:  # what cannot be read is not sent, and stops nothing else
            return MASK

    def _apply(self, value: Any) -> Any:
        if isinstance(value, str):
            if value not in self._clean_texts:
                self._clean_texts[value] = self._text(value)
            return self._clean_texts[value]
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, bytes | bytearray):
            text = value.decode(errors="surrogateescape")
            return self._text(text).encode(errors="surrogateescape")
        for kind in (list, tuple, set, frozenset):
            if isinstance(value, kind):
                return kind(self._items(value))
        if isinstance(value, int) and len(str(value)) >= SHORTEST_DISTINCT_NUMBER:
            return value if self._text(str(value)) == str(value) else MASK
        return value

    def _mapping(self, mapping: Mapping[Any, Any]) -> dict[Any, Any]:
        secret = secret_keys(mapping, self._names_of(tuple(mapping)))
        clean = {
            self.apply(key): self._masked(value) if key in secret else self.apply(value)
            for key, value in mapping.items()
        }
        if is_payment_mutation(mapping) and "variables" in mapping:
            clean["variables"] = self._variables(mapping["variables"])
        return clean

    def _items(self, values: Iterable[Any]) -> Iterator[Any]:
        previous: Any = None
        for value in values:
            # ("card_nonce", "..."): an item of a mapping.
            is_secret = isinstance(previous, str) and self._is_name_of_secret(previous)
            yield self._masked(value) if is_secret else self.apply(value)
            previous = value

    def _variables(self, value: Any, name: str = "") -> Any:
        """The variables of a payment mutation: their names are the storefront's."""
        if isinstance(value, Mapping):
            return {key: self._variables(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._variables(item, name) for item in value]
        return self.apply(value) if is_open(value, name) else self._masked(value)

    def _masked(self, value: Any) -> Any:
        self._learn(value)
        return value if value in (None, "", True, False) else MASK

    def _text(self, text: str, encodings: int = 0) -> str:
        if not self._known and not HINT.search(text):
            return text
        if encodings > MOST_ENCODINGS:
            return MASK
        content = _content(text)
        if content is not None and (clean := self.apply(content)) != content:
            is_form = isinstance(content, dict) and not text.lstrip().startswith("{")
            return urlencode(clean) if is_form else json.dumps(clean)
        text = self._without_secrets(text)
        decoded = _decoded(text)
        if decoded != text:
            plainer = self._text(decoded, encodings + 1)
            return text if plainer == decoded else plainer
        return text

    def _without_secrets(self, text: str) -> str:
        text = self._without_named(text)
        if PAYMENT_MUTATION.search(text):
            text = GRAPHQL_LITERAL.sub(self._without_literal, text)
        text = CARD_NUMBER.sub(lambda found: _masked_if(passes_luhn, found[0]), text)
        text = BASE64.sub(lambda found: _masked_if(is_ciphertext, found[0]), text)
        return self._without_known(text)

    def _without_named(self, text: str) -> str:
        """Mask each value that a text has after the name of a secret."""
        # Most texts name none, and a statement of SQL repeats its words.
        if not any(map(self._is_name_of_secret, set(WORD.findall(text)))):
            return text
        parts: list[str] = []
        done = 0
        for word in WORD.finditer(text):
            if word.start() < done or not self._is_name_of_secret(word[0]):
                continue
            if found := VALUE.match(text, word.end()):
                start, end = found.span("bare" if found["bare"] else "quoted")
                self._learn(text[start:end])
                parts += text[done:start], MASK
                done = end
        return "".join([*parts, text[done:]])

    def _without_literal(self, found: re.Match[str]) -> str:
        literal = found[0].strip('"')
        if is_open(literal):
            return found[0]
        self._learn(_decoded(literal))
        return f'"{MASK}"'

    def _without_known(self, text: str) -> str:
        if not any(secret in text for secret in self._known):
            return text
        # No pattern is made of them: the module re would keep it.
        for secret in sorted(self._known, key=len, reverse=True):
            if len(secret) >= SHORTEST_DISTINCT_VALUE or not secret.isalnum():
                text = text.replace(secret, MASK)
        is_known = self._known.__contains__
        return TOKEN.sub(lambda found: _masked_if(is_known, found[0]), text)

    def _learn(self, value: Any) -> None:
        """Know the values in something secret from now on."""
        if isinstance(value, Mapping):
            for name, item in value.items():
                if plain(name) not in OPEN_FIELDS:
                    self._learn(item)
        elif isinstance(value, list | tuple):
            for item in value:
                self._learn(item)
        elif isinstance(value, bytes):
            self._learn(value.decode(errors="surrogateescape"))
        elif isinstance(value, str | int) and not isinstance(value, bool):
            text = str(value)
            content = _content(text)
            if content is not None:
                self._learn(content)
            elif (
                SHORTEST_SECRET <= len(text) <= LONGEST_SECRET
                and text != MASK
                and text not in STEPS
                and len(self._known) < MOST_SECRETS
            ):
                self._known.add(text)


def _masked_if(is_secret: Callable[[str], bool], text: str) -> str:
    return MASK if is_secret(text) else text


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
