"""Hand one part to the partner: claim, connect, fence, send, read the answer, store the outcome.

No network call is made inside a transaction, and no database connection is held during the upload.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import structlog
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections

from campaigns.partner import client
from campaigns.partner.client import Exchange, Phase
from campaigns.partner.connection import Limits
from campaigns.submissions import payload_files
from campaigns.submissions.answer_outcomes import PORTAL_FAILED, Verdict, judge
from campaigns.submissions.answer_outcomes import State as Outcome
from campaigns.submissions.delivering import (
    changes_since_freeze,
    journal,
    partner_headers,
    restore_detection,
    sending_notes,
    suppressed_since,
)
from campaigns.submissions.delivering.fence import DATABASE_FAILED, Fence
from campaigns.submissions.freezing import already_sent
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.models.delivery.guards import RETRY_AFTER
from campaigns.submissions.models.endings import expire, send_back

log = structlog.get_logger(__name__)

# Seconds between tries to write an outcome to a database that doesn't answer: ten minutes in all.
WRITE_PAUSES = (1, 2, 5, 10, 20, *[30] * 18)
_NEVER_CONNECTED = Exchange(Phase.CONNECTING, 0, 0)

# The longest pause, in seconds. A partner that asks for a longer one with Retry-After is tried again
# after this one.
LONGEST_PAUSE = 15 * 60


def deliver(delivery: Delivery) -> None:
    """Deliver it, unless another worker has claimed it or something forbids sending it now."""
    restore_detection.look(delivery.part)
    if not delivery.claim():
        return
    try:
        ready = _ready(delivery)
        if isinstance(ready, _Obstacle):
            delivery.give_up_claim(ready.reason)
            ready.consequence()
            return
    except DATABASE_FAILED:
        log.warning("the database failed before sending", delivery=delivery.pk)
        _write(delivery, PORTAL_FAILED, _NEVER_CONNECTED)
        return
    fence = Fence(delivery)
    _finish(delivery, _exchange(delivery, ready, fence), fence)


def _finish(delivery: Delivery, exchange: Exchange, fence: Fence) -> None:
    """Write down the outcome: in the journal first, then in the database."""
    account = delivery.partner_account
    verdict = judge(exchange, too_many_means_not_created=account.too_many_means_not_created)
    if fence.has_begun:
        journal.keep(delivery, verdict, exchange)
    log.info("delivered", delivery=delivery.pk, state=verdict.state, status=exchange.status)
    if fence.is_anothers:
        # The other worker is sending it too. From now on only that worker may write the row.
        log.error("the database gave a delivery twice", delivery=delivery.pk)
        restore_detection.hold()
        return
    if fence.has_begun and verdict.state is Outcome.NOT_SENT:
        sending_notes.take_back(delivery)
    if not _write(delivery, verdict, exchange) and delivery.state != verdict.state:
        log.error("outcome came after another decision", delivery=delivery.pk, state=verdict.state)
    if fence.has_begun:
        journal.settled(delivery)
    if exchange.status == 401:
        partner_headers.was_refused(delivery)
    if verdict.state is Outcome.NOT_SENT and exchange.status == 429:
        account.wait(_pause(exchange))


def _pause(exchange: Exchange) -> int:
    """Return for how many seconds nothing is sent to a partner that asked us to send more slowly."""
    return max(RETRY_AFTER[0], min(exchange.retry_after or 0, LONGEST_PAUSE))


@dataclass(frozen=True, slots=True)
class _Obstacle:
    """The reason why a claimed delivery must not be sent, and what to do about it.

    `consequence` is called after the claim has been given up, for example to hold the submission.
    """

    reason: str
    consequence: Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Ready:
    """The headers and the payload to send."""

    headers: Mapping[str, str]
    payload: BinaryIO


def _ready(delivery: Delivery) -> _Ready | _Obstacle:
    """Return what to send, or the reason why nothing may be sent."""
    if obstacle := _obstacle(delivery):
        return obstacle
    part = delivery.part
    payload = payload_files.open_whole(part.payload_file, part.payload_sha256, part.payload_bytes)
    if payload is None:
        return _holding(part.submission, payload_files.DAMAGED)
    try:
        headers = partner_headers.headers(delivery)
    except partner_headers.NotSignedIn as problem:
        return _Obstacle(problem.reason, partial(delivery.hold, problem.hold, problem.reason))
    # This check is the last one, so that it is as near to the fence as possible. A suppression that is
    # committed after it comes too late, like one that is committed during the upload: the partner
    # offers no way to recall a campaign.
    try:
        count = suppressed_since.suppressed_since(part)
    except payload_files.Damaged:
        return _holding(part.submission, payload_files.DAMAGED)
    if count:
        return _returning(part.submission, suppressed_since.sentence(part, count))
    return _Ready(headers, payload)


def _obstacle(delivery: Delivery) -> _Obstacle | None:
    part, submission = delivery.part, delivery.part.submission
    if submission.starts_too_soon:
        return _Obstacle("The start time is too close.", partial(expire, submission))
    if changed := changes_since_freeze.sentence(part):
        return _holding(submission, changed)
    if learnt := already_sent.learnt_since(submission):
        return _returning(submission, learnt)
    return None


def _holding(submission: Submission, reason: str) -> _Obstacle:
    return _Obstacle(reason, partial(submission.hold, reason))


def _returning(submission: Submission, reason: str) -> _Obstacle:
    return _Obstacle(reason, partial(_send_back_or_hold, submission, reason))


def _send_back_or_hold(submission: Submission, reason: str) -> None:
    """Return the submission to its author.

    If another part of it is at the partner already, hold it instead, so that a person decides.
    """
    if send_back(submission, reason):
        return
    submission.refresh_from_db()
    if submission.is_under_way:
        submission.hold(reason)


def _exchange(delivery: Delivery, ready: _Ready, fence: Fence) -> Exchange:
    with ready.payload as payload:
        return client.create_campaign(
            delivery.partner_account.api_url,
            ready.headers,
            payload,
            delivery.part.payload_bytes,
            fence=fence,
            limits=Limits(settings.PARTNER_CONNECT_TIMEOUT, settings.PARTNER_DEADLINE),
            on_campaign_id=partial(journal.note_campaign_id, delivery),
        )


def _write(delivery: Delivery, verdict: Verdict, exchange: Exchange) -> bool:
    """Write the outcome. Wait for a database that is away, since the answer comes only once.

    Return False if the delivery has been decided otherwise, or if the database does not have it. Trying
    again is safe, since `settle` changes the delivery only if its state still allows the outcome. Raises
    the database's exception after the last try.
    """
    for pause in (*WRITE_PAUSES, None):
        try:
            # If the database has lost the delivery meanwhile, all sending is held before the outcome is
            # written.
            restore_detection.look()
            return delivery.settle(verdict, exchange)
        except ObjectDoesNotExist:
            log.error("the database does not know a delivery", delivery=delivery.pk)
            return False
        except DATABASE_FAILED:
            log.warning("the database does not answer; the outcome waits", delivery=delivery.pk)
            connections.close_all()
            if pause is None:
                raise
            time.sleep(pause)
    return False
