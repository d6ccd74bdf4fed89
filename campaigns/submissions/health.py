"""What shows that submissions are not being worked on, for /healthz and for every page's banner.

It is read from the database alone, since with a dead broker no task could raise the alarm.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from campaigns.submissions.models import Delivery, Dispatch, Heartbeat, Submission

# Queues' workers and the sweeper, by what stands still without them.
SENDS = {
    "deliveries": "the worker that sends them was last heard of at",
    "sweeps": "the worker that starts them when they are due was last heard of at",
    Heartbeat.SWEEPER: "what is due was last looked for at",
}
PREPARES = {"bulk": "the worker that does it was last heard of at"}
# How late a delivery may be rung for before it is called stuck.
PATIENCE_SECONDS = 120


def somebody_is_silent() -> str:
    """Say which worker, or whether the sweeper, has not been heard of for too long."""
    silences = Heartbeat.silent([*SENDS, *PREPARES])
    return " ".join(
        "The sweeper has not run for some minutes: beat, the broker or the worker of sweeps is dead."
        if silence.name == Heartbeat.SWEEPER
        else f"The worker of {silence.name} is dead, or has no broker."
        for silence in silences
    )


def banner(_request: HttpRequest) -> str:
    """Tell everybody in plain words what is not done at the moment."""
    not_sent, not_prepared = Heartbeat.silent(SENDS), Heartbeat.silent(PREPARES)
    if not (not_sent or not_prepared):
        return ""
    context = {
        "not_sent": [(SENDS[silence.name], silence.since) for silence in not_sent],
        "not_prepared": [(PREPARES[silence.name], silence.since) for silence in not_prepared],
    }
    return render_to_string("submissions/silent_banner.html", context)


def something_is_stuck() -> str:
    """Say so when a delivery stands longer than the sweeper lets it, or a freeze is long overdue."""
    now = timezone.now()
    dead = now - timedelta(seconds=settings.DELIVERY_DEAD_AFTER + 2 * settings.SWEEP_EVERY)
    sending = [Delivery.State.CLAIMED, Delivery.State.SENDING]
    if Delivery.objects.filter(state__in=sending, claimed_at__lt=dead).exists():
        return "A delivery has been under way for too long."
    if Dispatch.is_held():
        return ""
    waiting = now - timedelta(seconds=2 * settings.SWEEP_EVERY + PATIENCE_SECONDS)
    queued = Delivery.objects.filter(
        state=Delivery.State.QUEUED,
        queued_at__lt=waiting,
        part__submission__state__in=[Submission.State.SCHEDULED, Submission.State.SENDING],
        part__submission__held_reason="",
        partner_account__held_reason="",
    )
    return "A delivery waits for a worker." if queued.exists() else ""
