"""The Celery tasks of submissions. Each makes one call; one that carries an id loads its row first."""

from contextlib import suppress
from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import Error, connections

from campaigns.submissions import payload_files
from campaigns.submissions.delivering import deliver as delivering
from campaigns.submissions.delivering import journal, queueing
from campaigns.submissions.delivering.fence import DATABASE_FAILED
from campaigns.submissions.doubts import reminders
from campaigns.submissions.freezing import failures
from campaigns.submissions.freezing import freeze as freezing
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.models.endings import send_back
from campaigns.submissions.operating import expiry_letters

log = structlog.get_logger(__name__)

UNKNOWN_WHO_IS_LEFT = (
    "The portal can’t read on its disk what the partner already has of this campaign, so those people "
    "can’t be left out. Ask an administrator to restore the file, then resume sending. Don’t copy the "
    "campaign: that would call them again."
)
DISK_FAILED = (
    "The portal’s disk failed each time this was prepared. It may be full. Tell an administrator, and "
    "resume sending once it is fixed."
)


@worker_ready.connect
def settle_what_is_open(**_: Any) -> None:
    """Write to the database the outcomes that an earlier worker of this machine received.

    They are in the journal, but the database may not have them.
    """
    try:
        journal.apply()
    except Error:
        log.warning("the database is away; the sweeper settles what is open")
    finally:
        # A child process that is forked later must not inherit a connection.
        connections.close_all()


@shared_task(time_limit=settings.FREEZE_TASK_LIMIT)
def freeze(submission_id: int) -> None:
    submissions = Submission.objects.select_related("client__partner_account", "campaign")
    submission = submissions.get(pk=submission_id)
    try:
        if freezing.freeze(submission):
            queueing.queue_due(submission)
    except freezing.CantFreeze as problem:
        send_back(submission, problem.sentence)
    except payload_files.Damaged:
        submission.hold(UNKNOWN_WHO_IS_LEFT)
        log.error("an earlier payload is damaged", submission=submission_id)
    except DATABASE_FAILED:
        with suppress(*DATABASE_FAILED):
            failures.note(submission)
        if not failures.may_be_tried_again(submission):
            submission.hold("The portal’s database failed each time this was prepared.")
        # The sweeper enqueues the freeze again.
        log.warning("the database failed in a freeze", submission=submission_id)
    except OSError as problem:
        failures.note(submission)
        if not failures.may_be_tried_again(submission):
            submission.hold(DISK_FAILED)
        log.error("the disk failed in a freeze", submission=submission_id, errno=problem.errno)
    except Exception:
        # Retrying for ever would hide the fault. So the submission is held until a person has looked
        # and releases it.
        submission.hold("The portal could not prepare what will be sent. Tell an administrator.")
        raise


@shared_task(time_limit=settings.DELIVERY_TASK_LIMIT)
def deliver(delivery_id: int) -> None:
    delivery = Delivery.objects.select_related("part__submission").get(pk=delivery_id)
    delivering.deliver(delivery)
    if delivery.state == Delivery.State.ACCEPTED:
        # Queue the next part now. The sweeper would do it too, a little later.
        queueing.queue_due(Submission.with_test_calls.get(pk=delivery.part.submission_id))


@shared_task(expires=settings.SWEEP_EVERY, time_limit=settings.SWEEP_TASK_LIMIT)
def sweep() -> None:
    queueing.sweep()


@shared_task(expires=settings.SWEEP_EVERY, time_limit=settings.SWEEP_TASK_LIMIT)
def write_of_doubts() -> None:
    reminders.write()


@shared_task(expires=settings.SWEEP_EVERY, time_limit=settings.SWEEP_TASK_LIMIT)
def write_of_expiries() -> None:
    expiry_letters.write()


@shared_task(expires=settings.QUEUE_DUE_EVERY, time_limit=settings.SWEEP_TASK_LIMIT)
def queue_due() -> None:
    queueing.queue_all_due()
