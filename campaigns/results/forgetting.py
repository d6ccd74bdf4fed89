"""Forget the people whom a submission called, and keep what came of it as counts."""

from django.db import transaction
from django.utils import timezone

from campaigns.results import counts
from campaigns.results.models import CalledPerson, PartReading
from campaigns.submissions.models import Submission


def forget(submission: Submission) -> None:
    """Delete every person, call and SMS of a submission's results, and read none of it again.

    The counts stay. A worker that reads it at this moment writes nothing more.
    """
    for part in submission.parts.all():
        with transaction.atomic():
            PartReading.objects.get_or_create(part=part)
            reading = PartReading.objects.select_for_update().get(part=part)
            if reading.forgotten_at is not None:
                continue
            reading.kept_counts = counts.of_parts([part.pk]).as_json()
            reading.forgotten_at = timezone.now()
            reading.due_at, reading.token, reading.claimed_until = None, "", None
            reading.save()
            CalledPerson.delete_of(part)
