"""A thread that writes to the database while its caller reads on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from django.db import connection


class OneBehind:
    """Runs calls in their order in a thread with a database connection of its own, one at a time.

    The caller is at most one call ahead, so no more than two calls' arguments are in memory, and a
    call that raises is followed by no other. Leaving the context waits until nothing runs any more.
    """

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._running: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._executor:
            self._executor.submit(connection.close)
            self._executor.shutdown()

    def call(self, function: Callable[..., None], *arguments: Any) -> None:
        """Run a call once the one before has ended. Raises what that one raised."""
        self.wait()
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="behind")
        self._running = self._executor.submit(function, *arguments)

    def wait(self) -> None:
        """Wait until nothing runs any more. Raises what the last call raised."""
        running, self._running = self._running, None
        if running:
            running.result()
