"""Tasks for the tests: one that logs that it was run, and one that never ends."""

import signal
import threading

import structlog
from celery import shared_task

log = structlog.get_logger(__name__)


@shared_task(name="tests.portal.processes.tasks.log_run")
def log_run() -> None:
    log.info("it was run")


@shared_task(name="tests.portal.processes.tasks.hang", time_limit=2)
def hang() -> None:
    """Block for ever, outside Python code and with every polite signal blocked."""
    log.info("it hangs")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
