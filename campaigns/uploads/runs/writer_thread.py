"""A thread that writes to the database while its caller reads on."""

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from django.db import connection

# Python lets a busy thread go on for 5 ms before another one gets its turn; after each of its
# statements the writing thread would wait that long, and the database with it.
SECONDS_TO_A_TURN = 0.0005


class OneBehind:
    """Runs calls in their order in a thread with a database connection of its own, one at a time.

    The caller is at most one call ahead, so no more than two calls' arguments are in memory, and a
    call that raises is followed by no other. Leaving the context waits until nothing runs any more.
    """

    def __init__(self, prepare: Callable[[], None] = lambda: None) -> None:
        """`prepare` is the thread's first call, for settings of its connection."""
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
        """Run a call once the one before has ended. Raises what that one raised."""
        self.wait()
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="behind")
            sys.setswitchinterval(SECONDS_TO_A_TURN)
            self._executor.submit(self._prepare).result()
        self._running = self._executor.submit(function, *arguments)

    @property
    def is_idle(self) -> bool:
        """Tell whether the next call would begin at once."""
        return self._running is None or self._running.done()

    def wait(self) -> None:
        """Wait until nothing runs any more. Raises what the last call raised."""
        running, self._running = self._running, None
        if running:
            running.result()
