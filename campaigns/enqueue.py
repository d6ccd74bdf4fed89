"""Enqueue Celery tasks, and never make a page wait for the broker.

The database row says what is still to do: a sweep enqueues lost tasks again. So no message is worth
waiting for.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog
from celery import Task, current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

# Seconds to wait for the broker. A broker that works answers within milliseconds.
WAIT_SECONDS = 1.0
# Seconds without further messages after a failure, so that a frozen broker costs each process one
# wait and not one for each message.
REST_SECONDS = 10.0
THREADS = 4


def enqueue(task: "Task[..., None] | str", pk: int) -> None:
    """Enqueue a Celery task, given as an object or by name, once the current transaction is committed.

    `pk` is the task's only argument. Takes a second at most and raises nothing. The message is lost if
    the broker does not answer in time.
    """
    name = task if isinstance(task, str) else task.name
    transaction.on_commit(partial(_sender.send, name, pk), robust=True)


class _Sender:
    """Send messages from threads, since a call to a frozen broker can't be given a time limit."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="enqueue")
        self._rest_until = 0.0

    def send(self, name: str, pk: int) -> None:
        if time.monotonic() < self._rest_until:
            return
        sending = self._threads.submit(current_app.send_task, name, [pk])
        try:
            sending.result(WAIT_SECONDS)
        except (TimeoutError, OperationalError, OSError) as problem:
            sending.cancel()
            self._rest_until = time.monotonic() + REST_SECONDS
            log.warning("the broker does not answer", task=name, error=type(problem).__name__)


_sender = _Sender()


def _bring_own() -> None:
    """Give a forked child process its own sender: threads exist only in the parent process."""
    global _sender  # noqa: PLW0603
    _sender = _Sender()


os.register_at_fork(after_in_child=_bring_own)
