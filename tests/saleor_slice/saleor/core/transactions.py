from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from .tracing import traced_atomic_transaction


@contextmanager
def transaction_with_commit_on_errors() -> Iterator[None]:
    """Commit what was written before an error, then raise it.

    Only an error of the database itself rolls back: a declined payment must stay
    recorded although checkoutComplete fails.
    """
    error = None
    with traced_atomic_transaction():
        try:
            yield
        except DatabaseError:
            raise
        except Exception as raised:
            error = raised
    if error:
        raise error
