"""The ways in which a submission ends with something unsent: undone, sent back, stopped or expired.

Each opens its draft again, to be corrected and submitted once more.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from campaigns.shortening import shortened
from campaigns.submissions.models import states
from campaigns.submissions.models.delivery.guards import Delivery
from campaigns.submissions.models.delivery.row import LONGEST_REASON
from campaigns.submissions.models.dispatch_switch import Dispatch
from campaigns.submissions.models.states import State
from campaigns.submissions.models.submission import Submission
from campaigns.submissions.models.submission_row import LONGEST_DECISION

TOO_LATE = "The start time was too close."


def undo(submission: Submission, actor: User) -> bool:
    """Undo the submission before any of it is sent. Return False if it is too late."""
    event = "Undid it." if submission.is_test_call else "Undid the submission."
    return give_up(submission, states.UNSENT, State.UNDONE, event, actor)


def send_back(submission: Submission, reason: str) -> bool:
    """Return it to its author unsent, for a reason that the portal found without a person.

    Return False, having changed nothing, if some of it may have been sent or it is already over.
    """
    event = f"Returned unsent: {reason}"
    return give_up(submission, states.UNSENT, State.RETURNED, event, decision=reason)


def stop(submission: Submission, actor: User, seen: str) -> bool:
    """Give up the unsent parts of a held submission, so that its draft can be corrected.

    `seen` is the hold key that the page showed. Return False if the submission is no longer held with
    that key, or while a delivery of it is in flight.
    """
    with transaction.atomic():
        if not submission.is_held_as(seen):
            return False
        reason = shortened(submission.held_reason, LONGEST_DECISION)
        event = f"Cancelled the rest: {reason}"
        allowed = [State.SCHEDULED, State.SENDING]
        return _give_up_the_rest(submission, allowed, State.RETURNED, event, actor, decision=reason)


def expire(submission: Submission) -> bool:
    """Give up the unsent parts because the start is too near, so that nothing is sent late.

    Its authors and the approvers are e-mailed.

    Return False, having changed nothing, while a part is being sent or in doubt, or when the submission
    is already over. Also return False while the database may have lost that the submission was sent: the
    e-mail would wrongly say that nobody is called, and ask the author to submit it again.
    """
    if Dispatch.may_have_forgotten():
        return False
    what = "The rest expired" if submission.accepted_numbers() else "Expired"
    event = f"{what} unsent: the start time was too close."
    allowed = [*states.UNSENT, State.SENDING]
    return _give_up_the_rest(
        submission, allowed, State.EXPIRED, event, expired_at=timezone.now(), decision=TOO_LATE
    )


def give_up(
    submission: Submission,
    allowed: Sequence[State],
    state: State,
    event: str,
    actor: User | None = None,
    **values: Any,
) -> bool:
    """End the submission as `state` with nothing more sent, and reopen its draft.

    Return False, having changed nothing, if its state is not one of `allowed`. A claim of a delivery
    locks the submission and checks its state, so it happens either wholly before this change or wholly
    after it.
    """
    with transaction.atomic():
        if not submission.move(allowed, state, held_reason="", **values):
            return False
        queued = Delivery.objects.filter(part__submission=submission, state=Delivery.State.QUEUED)
        queued.update(
            state=Delivery.State.NOT_SENT,
            finished_at=timezone.now(),
            reason=shortened(event, LONGEST_REASON),
        )
        submission.record_event(event, actor)
        submission.reopen_draft()
    return True


def _give_up_the_rest(
    submission: Submission,
    allowed: Sequence[State],
    state: State,
    event: str,
    actor: User | None = None,
    **values: Any,
) -> bool:
    """End the submission without sending its unsent parts.

    Return False while a delivery of it is in flight. If the partner has accepted a part, the state
    becomes PARTLY_SUBMITTED instead of `state`, whatever the reason for the end.
    """
    with transaction.atomic():
        Submission.with_test_calls.select_for_update().get(pk=submission.pk)
        in_flight = Delivery.objects.filter(
            part__submission=submission, state__in=Delivery.IN_FLIGHT
        ).exists()
        if submission.accepted_numbers():
            state = State.PARTLY_SUBMITTED
        return not in_flight and give_up(submission, allowed, state, event, actor, **values)
