"""What is done once the database transaction around it is committed."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import TypeVarTuple

from django.db import transaction

Arguments = TypeVarTuple("Arguments")


def after_commit(do: Callable[[*Arguments], object], *arguments: *Arguments) -> None:
    """Call a function then; what is rolled back has it never called.

    An error in it is logged. It undoes nothing, is shown to no customer, and lets what
    else waits for the commit be called, Saleor's own functions included.
    """
    # Django logs the function's name (django/db/backends/base/base.py), and a partial
    # has none of its own.
    named = update_wrapper(partial(do, *arguments), do)
    transaction.on_commit(named, robust=True)
