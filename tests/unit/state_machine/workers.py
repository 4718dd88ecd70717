"""Workers that die at any statement, and what comes in between two of their locks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class WorkerKilled(BaseException):
    """SIGKILL: nothing that handles errors runs, and the database rolls back."""


class Workers:
    """Watches the one connection on which all requests of this process run."""

    def __init__(self) -> None:
        self._statements_to_live: int | None = None
        self._commits_to_wait = 0
        self._meanwhile: Callable[[], object] | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Let requests die, and others in, as they are told to in this block."""
        set_autocommit = connection.set_autocommit

        def end_of_transaction(autocommit: bool, *options: Any, **more: Any) -> None:
            set_autocommit(autocommit, *options, **more)
            if autocommit and not connection.in_atomic_block:
                self._let_in()

        connection.set_autocommit = end_of_transaction
        try:
            with connection.execute_wrapper(self._execute):
                yield
        finally:
            del connection.set_autocommit

    def kill_at(self, statement: int) -> None:
        """Kill the next request when it has made so many statements."""
        self._statements_to_live = statement

    def let_in(self, meanwhile: Callable[[], object], after_commits: int) -> None:
        """Run this once the next request has ended so many transactions.

        It holds no lock then, and others are free to come in.
        """
        self._meanwhile, self._commits_to_wait = meanwhile, after_commits

    def forget(self) -> None:
        self._statements_to_live = self._meanwhile = None

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """For questions of the machine's own, which no worker asks."""
        plans = self._statements_to_live, self._meanwhile
        self.forget()
        try:
            yield
        finally:
            self._statements_to_live, self._meanwhile = plans

    def _execute(
        self, execute: Callable[..., Any], sql: str, *arguments: Any
    ) -> object:
        if self._statements_to_live is not None and not sql.startswith("ROLLBACK"):
            if self._statements_to_live == 0:
                raise WorkerKilled
            self._statements_to_live -= 1
        return execute(sql, *arguments)

    def _let_in(self) -> None:
        if self._meanwhile is None:
            return
        self._commits_to_wait -= 1
        if self._commits_to_wait <= 0:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
