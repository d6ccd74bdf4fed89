"""The bulk worker's tasks for results. A task carries one id, that of a reading."""

from celery import shared_task
from django.conf import settings

from campaigns.enqueue import enqueue
from campaigns.results.models import PartReading
from campaigns.results.reading import due_parts, read_part


@shared_task
def read(reading_id: int) -> None:
    """Read one part, or a share of it: then enqueue the rest, so that other work is not kept waiting."""
    reading = PartReading.objects.select_related("part").filter(pk=reading_id).first()
    if reading and read_part.read(reading):
        enqueue(read, reading_id)


@shared_task(expires=settings.SWEEP_EVERY, time_limit=settings.SWEEP_TASK_LIMIT)
def sweep() -> None:
    """Begin to read what is being called now, and enqueue what is due."""
    due_parts.begin_reading()
    due_parts.ring()
