from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def allow_writer() -> Iterator[None]:
    """Mark code that may write.

    Saleor warns of writes outside such a block, because its reads may go to a
    replica. The stand-in has one database, and nothing to warn of.
    """
    yield
