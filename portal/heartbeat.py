"""Each worker says that it lives, as a row for each of its queues."""

from typing import Any

import structlog
from celery import bootsteps
from django.conf import settings
from django.db import Error, connections

log = structlog.get_logger(__name__)


class Heartbeat(bootsteps.StartStopStep):
    """Beats in the worker's main process, while that has a broker that it takes tasks from.

    So a worker that is stopped, or waits for its broker, falls silent, and one whose children are
    all in the middle of an upload doesn't.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._timer: Any = None

    def start(self, consumer: Any) -> None:
        queues = [*consumer.app.amqp.queues.consume_from]
        beat(queues)
        self._timer = consumer.timer.call_repeatedly(settings.SWEEP_EVERY, beat, (queues,))

    def stop(self, consumer: Any) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    shutdown = stop


def beat(queues: list[str]) -> None:
    """Write the rows; with the database away there is no beat, which is as it should be."""
    from campaigns.submissions.models import Heartbeat as Row

    try:
        Row.beat(*queues)
    except Error:
        log.warning("the heartbeat could not be written", queues=queues)
    finally:
        # A child that is forked later must not inherit a connection.
        connections.close_all()
