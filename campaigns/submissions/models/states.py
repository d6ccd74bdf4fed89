"""The states of deliveries and submissions, and how the parts' states decide the submission's."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.db import models

T = TypeVar("T")


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "Queued"
    CLAIMED = "claimed", "Connecting"
    SENDING = "sending", "Sending"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Refused"
    NEEDS_CHECKING = "needs_checking", "Needs checking"
    NOT_SENT = "not_sent", "Not sent"
    RELEASED = "released", "Was not created"


class State(models.TextChoices):
    PREPARING = "preparing", "Preparing"
    AWAITING_APPROVAL = "awaiting_approval", "Awaiting approval"
    SCHEDULED = "scheduled", "Scheduled to send"
    SENDING = "sending", "Sending"
    SUBMITTED = "submitted", "Submitted"
    PARTLY_SUBMITTED = "partly_submitted", "Partly submitted"
    REFUSED = "refused", "Refused"
    NEEDS_CHECKING = "needs_checking", "Needs checking"
    UNDONE = "undone", "Undone"
    RETURNED = "returned", "Returned"
    EXPIRED = "expired", "Expired"


CAME_TO_NOTHING = (DeliveryState.NOT_SENT, DeliveryState.RELEASED)
MAY_BE_AT_THE_PARTNERS = (
    DeliveryState.ACCEPTED,
    DeliveryState.SENDING,
    DeliveryState.NEEDS_CHECKING,
)

UNDER_WAY = (State.PREPARING, State.SCHEDULED, State.SENDING)
# Nothing of the submission has been sent yet, so it can be undone or returned.
UNSENT = (State.PREPARING, State.AWAITING_APPROVAL, State.SCHEDULED)
OPEN = (*UNDER_WAY, State.AWAITING_APPROVAL, State.NEEDS_CHECKING)
# The states that the deliveries alone decide: those that `read_off` returns.
READ_OFF = (
    State.SCHEDULED,
    State.SENDING,
    State.SUBMITTED,
    State.PARTLY_SUBMITTED,
    State.REFUSED,
    State.NEEDS_CHECKING,
)
# The submission has ended, and the partner does not have all of it. Its draft may be corrected and
# submitted again. That new submission leaves out what the partner already has.
TO_MEND = (
    State.PARTLY_SUBMITTED,
    State.REFUSED,
    State.UNDONE,
    State.RETURNED,
    State.EXPIRED,
)


def effective(
    deliveries: Sequence[T], state_of: Callable[[T], Any] = attrgetter("state")
) -> T | None:
    """Return a part's effective delivery; None if it has none. The deliveries come oldest first.

    That is the one that may have been, or may still be, sent; or else the newest of those that were not.
    """
    counting = [each for each in deliveries if state_of(each) not in CAME_TO_NOTHING] or deliveries
    return counting[-1] if counting else None


def read_off(parts: Sequence[str | None]) -> State:
    """Return the state of a submission by the states of its parts. A part in doubt outranks all others.

    `parts` has the state of each part's effective delivery, or None for a part without one. While one
    part is at the partner and another waits for its turn, the submission counts as being sent.
    """
    states = set(parts)
    if DeliveryState.NEEDS_CHECKING in states:
        return State.NEEDS_CHECKING
    if {DeliveryState.CLAIMED, DeliveryState.SENDING} & states:
        return State.SENDING
    if DeliveryState.REFUSED in states:
        return State.PARTLY_SUBMITTED if DeliveryState.ACCEPTED in states else State.REFUSED
    if states == {DeliveryState.ACCEPTED}:
        return State.SUBMITTED
    return State.SENDING if DeliveryState.ACCEPTED in states else State.SCHEDULED


def ended(state: State, parts: Sequence[str | None]) -> State:
    """Return the new state of a submission that had ended as `state`, by what the partner has of it.

    Parts that the partner does not have are not sent automatically any more. So the submission never
    becomes scheduled or sending again.
    """
    if DeliveryState.NEEDS_CHECKING in parts or DeliveryState.ACCEPTED not in parts:
        return state
    return State.SUBMITTED if set(parts) == {DeliveryState.ACCEPTED} else State.PARTLY_SUBMITTED
