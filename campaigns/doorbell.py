"""Ring a worker for a task, and never make a page wait for the broker.

The row is the truth: what is not heard is rung for again by a sweep, so no ring is worth waiting for.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

# A broker that answers does so in milliseconds. One that doesn't is let alone for a while, so that
# it costs each process one wait and not one for each ring.
WAIT_SECONDS = 1.0
REST_SECONDS = 10.0
THREADS = 4


def ring(task: Any, pk: int) -> None:
    """Ring for the Celery task with this id once the transaction under way is committed.

    Takes a second at most, raises nothing, and is lost when the broker doesn't answer in time.
    """
    transaction.on_commit(partial(_bell.ring, task, pk), robust=True)


class _Bell:
    """Rings in threads, since a frozen broker can't be told to answer within a time."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="doorbell")
        self._rest_until = 0.0

    def ring(self, task: Any, pk: int) -> None:
        if time.monotonic() < self._rest_until:
            return
        ringing = self._threads.submit(task.delay, pk)
        try:
            ringing.result(WAIT_SECONDS)
        except (TimeoutError, OperationalError, OSError) as problem:
            ringing.cancel()
            self._rest_until = time.monotonic() + REST_SECONDS
            log.warning("the broker does not answer", task=task.name, error=type(problem).__name__)


_bell = _Bell()


def _bring_own() -> None:
    """Give a forked child a bell of its own: threads stay behind in its parent."""
    global _bell  # noqa: PLW0603
    _bell = _Bell()


os.register_at_fork(after_in_child=_bring_own)
