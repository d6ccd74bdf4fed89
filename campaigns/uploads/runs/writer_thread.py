"""A thread that writes to the database while its caller goes on reading."""

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from django.db import connection

# Seconds until a busy thread gives way to another. With Python's 5 ms the writing thread would wait so
# long after each of its statements, and the database with it.
SECONDS_TO_A_TURN = 0.0005


class OneBehind:
    """A thread with a database connection of its own that runs calls one at a time, in order.

    The caller is at most one call ahead, so memory holds the arguments of two calls at most. If a call
    raises, no other call follows. Leaving the context waits until nothing is running.
    """

    def __init__(self, prepare: Callable[[], None] = lambda: None) -> None:
        """Make the thread's first call `prepare`, which may change settings of the connection."""
        self._prepare = prepare
        self._executor: ThreadPoolExecutor | None = None
        self._running: Future[None] | None = None
        self._seconds_before = sys.getswitchinterval()

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
            sys.setswitchinterval(self._seconds_before)

    def call(self, function: Callable[..., None], *arguments: Any) -> None:
        """Run a call once the previous call has ended. Raises what the previous call raised."""
        self.wait()
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="behind")
            sys.setswitchinterval(SECONDS_TO_A_TURN)
            self._executor.submit(self._prepare).result()
        self._running = self._executor.submit(function, *arguments)

    @property
    def is_idle(self) -> bool:
        """Return whether the next call would begin at once."""
        return self._running is None or self._running.done()

    def wait(self) -> None:
        """Wait until nothing is running. Raises what the last call raised."""
        running, self._running = self._running, None
        if running:
            running.result()
