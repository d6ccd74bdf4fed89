"""The heartbeat of each queue, sent from within its tasks, in whatever process runs them.

A heartbeat from anywhere else would go on although no task is run any more.
"""

import signal
import threading
from typing import Any

import structlog
from celery import Task, shared_task
from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.db import Error, connections

log = structlog.get_logger(__name__)


@shared_task(bind=True, name="portal.heartbeat")
def heartbeat(self: Task[[], None]) -> None:
    """Record a heartbeat for the queue that this task came through. Celery beat enqueues it in each queue."""
    beat(_queue(self))


class Pulse(threading.Thread):
    """A thread that records heartbeats while a task is under way, since no other task may get through."""

    def __init__(self, queue: str) -> None:
        super().__init__(name="pulse", daemon=True)
        self._queue = queue
        self._is_over = threading.Event()

    def run(self) -> None:
        while not self._is_over.wait(settings.SWEEP_EVERY):
            beat(self._queue)

    def stop(self) -> None:
        self._is_over.set()


_pulse: Pulse | None = None


@task_prerun.connect
def begin(task: Task[..., Any], **_: Any) -> None:
    """Start a pulse for the task, and end this process if the task exceeds its time limit.

    A prefork pool enforces the limit in its child processes in the same way. A worker without children can
    only end as a whole, and is started again.
    """
    global _pulse  # noqa: PLW0603
    if task.request.is_eager:
        return
    _pulse = Pulse(_queue(task))
    _pulse.start()
    # SIG_DFL and not a Python handler, so that the signal ends a process that is stuck in C code too.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, task.time_limit or settings.CELERY_TASK_TIME_LIMIT)


@task_postrun.connect
def end(task: Task[..., Any], **_: Any) -> None:
    if task.request.is_eager:
        return
    signal.setitimer(signal.ITIMER_REAL, 0)
    if _pulse:
        _pulse.stop()


def beat(queue: str) -> None:
    """Record the heartbeat. If the database is away there is none, which is right."""
    from campaigns.submissions.models import Heartbeat as Row

    try:
        Row.beat(queue)
    except Error:
        log.warning("the heartbeat could not be written", queue=queue)
    finally:
        if threading.current_thread() is not threading.main_thread():
            connections.close_all()


def _queue(task: Task[..., Any]) -> str:
    return str((task.request.delivery_info or {}).get("routing_key", ""))
