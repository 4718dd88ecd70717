"""Search long texts for thousands of secrets in seconds."""

import re
from collections.abc import Iterable

# A ciphertext, a nonce or a card number has at least so many characters.
GRAM = 12
TOKEN = re.compile(r"[\w+/=-]{12,}", re.ASCII)


def found_in(text: str, secrets: Iterable[str]) -> set[str]:
    """The secrets that stand anywhere in a text.

    Long ones are looked up by their first characters, once for each token.
    """
    long = {secret for secret in secrets if TOKEN.fullmatch(secret)}
    by_start: dict[str, set[str]] = {}
    for secret in long:
        by_start.setdefault(secret[:GRAM], set()).add(secret)
    found = {secret for secret in set(secrets) - long if secret in text}
    for token in {match[0] for match in TOKEN.finditer(text)}:
        for at in range(len(token) - GRAM + 1):
            for secret in by_start.get(token[at : at + GRAM], ()):
                if token.startswith(secret, at):
                    found.add(secret)
    return found
