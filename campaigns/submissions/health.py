"""What shows that submissions are not being worked on, so that /healthz can say it."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from campaigns.submissions.models import Delivery, Heartbeat, Submission

# How late anything may be before it is called wrong.
PATIENCE_SECONDS = 120


def the_sweeper_is_late() -> str:
    """Say so when the sweeper has run before and has not for some time: then nothing is cleared up."""
    late = timezone.now() - timedelta(seconds=3 * settings.SWEEP_EVERY + PATIENCE_SECONDS)
    if Heartbeat.objects.filter(name=Heartbeat.SWEEPER, at__lt=late).exists():
        return "The sweeper has not run for some minutes: a worker or beat is dead."
    return ""


def something_is_stuck() -> str:
    """Say so when a delivery stands longer than the sweeper lets it, or a freeze is long overdue."""
    now = timezone.now()
    dead = now - timedelta(seconds=settings.DELIVERY_DEAD_AFTER + 2 * settings.SWEEP_EVERY)
    sending = [Delivery.State.CLAIMED, Delivery.State.SENDING]
    if Delivery.objects.filter(state__in=sending, claimed_at__lt=dead).exists():
        return "A delivery has been under way for too long."
    waiting = now - timedelta(seconds=2 * settings.SWEEP_EVERY + PATIENCE_SECONDS)
    queued = Delivery.objects.filter(
        state=Delivery.State.QUEUED,
        queued_at__lt=waiting,
        part__submission__state__in=[Submission.State.SCHEDULED, Submission.State.SENDING],
        part__submission__held_reason="",
        partner_account__held_reason="",
    )
    return "A delivery waits for a worker." if queued.exists() else ""
