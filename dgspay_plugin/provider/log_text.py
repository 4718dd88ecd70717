"""What a log may repeat of the provider's own words."""

import re

# What may be a nonce or a ciphertext, a card number, or a PIN or an OTP: a provider
# quotes back what it does not accept. DGS-Pay's names of fields are words.
QUOTED_SECRET = re.compile(
    r"(?![A-Z]?[a-z_]*(?![\w+/=]))[\w+/=]{12,}|\d(?:[\W_]{0,3}\d){11,}|\d{4,}"
)


def redact_for_log(text: object) -> str:
    """A provider's text that is safe to log: short, one line, no long numbers."""
    words = QUOTED_SECRET.sub("[removed]", str(text or "no message"))
    return re.sub(r"[^\w .,:;'()/\[\]_-]", " ", words)[:200]
