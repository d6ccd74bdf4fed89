"""Which parts can be read: those that the partner accepted, of accounts that are read back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from campaigns.enqueue import enqueue
from campaigns.results.models import PartReading
from campaigns.results.reading.timing import AFTERWARDS, WHILE_CALLING
from campaigns.submissions.models import CallingWindow, Delivery, Part

# By its name, since the module with the tasks imports this one.
READ = "campaigns.results.tasks.read"


def accepted() -> QuerySet[Delivery]:
    """Return the deliveries of campaigns that the partner has, with their IDs. Test calls are left out."""
    return Delivery.objects.filter(
        state=Delivery.State.ACCEPTED,
        is_contradicted=False,
        campaign_id__isnull=False,
        part__submission__is_test_call=False,
    )


def is_accepted() -> Q:
    """Return the condition for parts that the partner has."""
    return Q(Exists(accepted().filter(part=OuterRef("pk"))))


def begin_reading() -> None:
    """Make a reading for each part whose people are being called now and that has none."""
    now = timezone.now()
    begun = CallingWindow.objects.filter(
        submission=OuterRef("submission"),
        starts_at__lte=now - WHILE_CALLING,
        finishes_at__gt=now - AFTERWARDS,
    )
    found = Part.objects.filter(
        is_accepted(), Exists(begun), partner_account__reads_back=True, reading__isnull=True
    )
    make_readings(found, now)


def make_readings(parts: Iterable[Part], due_at: datetime | None) -> None:
    """Make a reading for each of the parts that has none."""
    rows = [PartReading(part=part, due_at=due_at) for part in parts]
    PartReading.objects.bulk_create(rows, ignore_conflicts=True)


def ring() -> None:
    """Enqueue a task for each reading that is due, unless a message for it may still be on its way."""
    for reading_id in list(PartReading.objects.to_ring().values_list("pk", flat=True)):
        PartReading.objects.filter(pk=reading_id).update(rung_at=timezone.now())
        enqueue(READ, reading_id)


def read_now(parts: Iterable[Part]) -> int | None:
    """Have the parts read as soon as a worker is free, because a person asks for it.

    Return how many are; 0 if all were asked for in the last minute. Return None if there is none to read.
    """
    parts = list(parts)
    make_readings(parts, None)
    readings = PartReading.objects.filter(part__in=parts, forgotten_at=None)
    if not readings.exists():
        return None
    with transaction.atomic():
        asked = readings.ask()
        for reading_id in readings.due().values_list("pk", flat=True) if asked else ():
            enqueue(READ, reading_id)
    return asked
