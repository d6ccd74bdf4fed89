"""Put tasks into their queues, and never make a page wait for the broker.

The row is the truth: a sweep enqueues again what was lost, so no message is worth waiting for.
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

# A broker that answers does so in milliseconds. One that doesn't is let alone for a while, so that
# it costs each process one wait and not one for each message.
WAIT_SECONDS = 1.0
REST_SECONDS = 10.0
THREADS = 4


def enqueue(task: "Task[..., None] | str", pk: int) -> None:
    """Enqueue a Celery task, or the one of that name, once the transaction under way is committed.

    Takes a second at most and raises nothing. The message is lost if the broker does not answer in time.
    """
    name = task if isinstance(task, str) else task.name
    transaction.on_commit(partial(_sender.send, name, pk), robust=True)


class _Sender:
    """Sends in threads, since a frozen broker can't be told to answer within a time."""

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
    """Give a forked child a sender of its own: threads stay behind in its parent."""
    global _sender  # noqa: PLW0603
    _sender = _Sender()


os.register_at_fork(after_in_child=_bring_own)
