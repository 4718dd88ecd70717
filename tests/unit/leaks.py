"""Find what must not leave the server in everything that an error can show."""

import logging
import traceback
from collections.abc import Iterable


def shown_by(error: BaseException) -> str:
    """All that an error and those it came from say, also where a log would hide it."""
    texts = ["".join(traceback.format_exception(error))]
    pending, seen = [error], set()
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        texts += [str(current), repr(current), repr(current.args)]
        pending += [
            linked for linked in (current.__cause__, current.__context__) if linked
        ]
    return "\n".join(texts)


def logged(records: Iterable[logging.LogRecord]) -> str:
    formatter = logging.Formatter("%(name)s %(message)s")
    return "\n".join(map(formatter.format, records))


def found_in(text: str, secrets: Iterable[str]) -> list[str]:
    return [secret for secret in secrets if secret in text]
