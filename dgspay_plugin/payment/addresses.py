"""What is an address that a customer may be sent to."""

import unicodedata
from typing import TypeGuard
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https"})


def is_web_address(value: object) -> TypeGuard[str]:
    """Whether this is an absolute http or https URL that reads the same everywhere.

    A browser drops control characters, takes a backslash for a slash and shows what
    stands before an @ as if it were the host (WHATWG URL Standard, 4.4): an address
    with one of them is refused.
    """
    if not isinstance(value, str) or "\\" in value:
        return False
    # Control characters and white space of any script.
    if any(unicodedata.category(character)[0] in "CZ" for character in value):
        return False
    try:
        address = urlsplit(value)
        # A port that is no number raises only when it is asked for.
        has_host = bool(address.hostname) and address.port != 0
    except ValueError:
        return False
    return address.scheme in SCHEMES and has_host and "@" not in address.netloc
