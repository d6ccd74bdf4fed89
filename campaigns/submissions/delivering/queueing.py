"""Queue what is due, enqueue its tasks, and clear up after workers that died.

The rows are the truth, and a task only makes a worker look at them. So the sweeper enqueues again
whatever was lost. Two sweepers at once do no harm, since every change is conditional.
"""

from dataclasses import asdict
from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from campaigns.submissions import enqueue
from campaigns.submissions.delivering import journal, restore_detection
from campaigns.submissions.models import (
    Delivery,
    Dispatch,
    Heartbeat,
    Machine,
    Part,
    Submission,
    states,
)
from campaigns.submissions.models.delivery.guards import RETRY_AFTER
from campaigns.submissions.models.endings import expire

log = structlog.get_logger(__name__)

DIED_WHILE_SENDING = "The worker stopped while it was sending. We don’t know how much was sent."


def go_on(submission: Submission) -> None:
    """Enqueue the next step of a submission whose hold was released."""
    if submission.state == Submission.State.PREPARING:
        enqueue.freeze(submission.pk)
    else:
        queue_due(submission)


def queue_due(submission: Submission) -> None:
    """Queue the submission's next part, if one is due. Parts go one after another.

    A part that was refused or is in doubt stops the parts after it: what is wrong with one is most often
    wrong with all.
    """
    if not (submission.may_send and submission.is_due):
        return
    parts = submission.parts.all()
    for part, state in zip(parts, parts.delivery_states(), strict=True):
        if state == Delivery.State.ACCEPTED:
            continue
        if state in {None, Delivery.State.NOT_SENT, Delivery.State.RELEASED}:
            _queue(submission, part)
        return


def _queue(submission: Submission, part: Part) -> None:
    unsent = part.deliveries.filter(state=Delivery.State.NOT_SENT).order_by("-pk")
    if submission.released_at:
        unsent = unsent.filter(finished_at__gt=submission.released_at)
    tries = unsent.count()
    if tries > len(RETRY_AFTER):
        submission.hold(f"Tried {tries} times. Last problem: {unsent[0].reason}")
        return
    finished = unsent[0].finished_at if tries else None
    is_early = finished and timezone.now() < finished + timedelta(seconds=RETRY_AFTER[tries - 1])
    if not is_early and (delivery := Delivery.queue(part)):
        enqueue.delivery(delivery.pk)


def sweep() -> None:
    """Clear up after workers that died, enqueue lost tasks again, and do what is due."""
    Dispatch.notice_setting()
    Machine.report([asdict(entry) for entry in restore_detection.look()])
    journal.apply(older_than=settings.SWEEP_EVERY)
    _give_up_dead_claims()
    _enqueue_again()
    queue_all_due()
    Heartbeat.beat(Heartbeat.SWEEPER)


def queue_all_due() -> None:
    """Queue every part whose time has come, and expire submissions that can't be sent in time any more."""
    restore_detection.look_at_events(Dispatch.current().released_at)
    waiting = Submission.with_test_calls.filter(
        state__in=[*states.UNSENT, Submission.State.SENDING]
    )
    for submission in waiting.select_related("client__partner_account"):
        if submission.can_no_longer_be_sent:
            expire(submission)
        else:
            queue_due(submission)


def _give_up_dead_claims() -> None:
    dead = timezone.now() - timedelta(seconds=settings.DELIVERY_DEAD_AFTER)
    for delivery in Delivery.objects.filter(
        state=Delivery.State.CLAIMED, claimed_at__lt=dead
    ).select_related("part__submission"):
        if restore_detection.is_remembered(delivery):
            # A journal or a note says that sending began: the worker died in the fence, or the database
            # has lost that the fence was passed.
            delivery.doubt(DIED_WHILE_SENDING, remembered_as=delivery.pk)
        elif delivery.give_up_claim("The worker stopped before it connected."):
            log.warning("a claimed delivery had died", delivery=delivery.pk)
    for delivery in Delivery.objects.filter(state=Delivery.State.SENDING, sending_at__lt=dead):
        if delivery.doubt(DIED_WHILE_SENDING):
            log.error("a sending delivery had died", delivery=delivery.pk)


def _enqueue_again() -> None:
    late = timezone.now() - timedelta(seconds=settings.SWEEP_EVERY)
    for pk in Submission.objects.filter(
        state=Submission.State.PREPARING, state_at__lt=late, held_reason=""
    ).values_list("pk", flat=True):
        enqueue.freeze(pk)
    if Dispatch.is_held():
        return
    for pk in Delivery.objects.filter(
        Q(partner_account__wait_until=None) | Q(partner_account__wait_until__lte=timezone.now()),
        state=Delivery.State.QUEUED,
        queued_at__lt=late,
        part__submission__held_reason="",
        partner_account__held_reason="",
    ).values_list("pk", flat=True):
        enqueue.delivery(pk)
