"""Tasks of the tests: one that says that it was run, and two that never end."""

import signal
import threading

import structlog
from celery import shared_task

log = structlog.get_logger(__name__)


@shared_task(name="tests.portal.processes.tasks.told")
def told() -> None:
    log.info("it was run")


@shared_task(name="tests.portal.processes.tasks.hang", time_limit=2)
def hang() -> None:
    """Wait for ever, in no Python code and deaf to every polite signal."""
    log.info("it hangs")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
