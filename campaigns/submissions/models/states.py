"""The states of a delivery and of a submission, and what its parts together say of a submission."""

from collections.abc import Sequence

from django.db import models


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


UNDER_WAY = (State.PREPARING, State.SCHEDULED, State.SENDING)
# Nothing of it has been sent yet: it can be undone or returned.
UNSENT = (State.PREPARING, State.AWAITING_APPROVAL, State.SCHEDULED)
OPEN = (*UNDER_WAY, State.AWAITING_APPROVAL, State.NEEDS_CHECKING)
# The states that only the deliveries decide.
READ_OFF = (
    State.SCHEDULED,
    State.SENDING,
    State.SUBMITTED,
    State.PARTLY_SUBMITTED,
    State.REFUSED,
    State.NEEDS_CHECKING,
)
# Over, with some or all of it not at the partner's: the draft may be mended and submitted anew,
# and what the partner has of it is left out then.
TO_MEND = (
    State.PARTLY_SUBMITTED,
    State.REFUSED,
    State.UNDONE,
    State.RETURNED,
    State.EXPIRED,
)


def read_off(parts: Sequence[str | None]) -> State:
    """Return the first of the states that holds; a doubt hides behind nothing.

    `parts` has the state of each part's newest delivery, or None where there is none yet. A part
    that waits for its turn while another is at the partner's already counts as being sent.
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
    """Return the state of a submission that had ended as `state`, by what the partner has of it.

    Whatever it has not is not sent by itself, so it is neither scheduled nor being sent again.
    """
    if DeliveryState.NEEDS_CHECKING in parts or DeliveryState.ACCEPTED not in parts:
        return state
    return State.SUBMITTED if set(parts) == {DeliveryState.ACCEPTED} else State.PARTLY_SUBMITTED
