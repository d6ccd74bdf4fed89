"""Another person approves exactly what will be sent, or returns it to its author."""

from django.contrib.auth.models import User
from django.db import transaction

from campaigns.submissions.models import Submission
from campaigns.submissions.models.endings import give_up

State = Submission.State


class OwnWork(Exception):
    """A person may not decide about a submission that they submitted or whose draft they edited."""


class TooLate(Exception):
    """The campaign would start before it could be sent."""


class NotWhatWasSeen(Exception):
    """The bytes to be approved are not those that the approver was shown."""


def approve(submission: Submission, actor: User, seen: str) -> bool:
    """Approve exactly the bytes whose `payload_sha256` the approver has seen.

    Return False if it no longer awaits approval. Raises OwnWork for an author, NotWhatWasSeen if the hash
    differs, and TooLate if it could not be sent before its start.
    """
    if submission.is_author(actor):
        raise OwnWork
    with transaction.atomic():
        locked = Submission.objects.select_for_update(of=["self"]).select_related("client")
        if locked.get(pk=submission.pk).can_no_longer_be_sent:
            raise TooLate
        if seen != submission.payload_sha256:
            raise NotWhatWasSeen
        values = {"decided_by": actor, "due_at": submission.due_from_now}
        if not submission.move([State.AWAITING_APPROVAL], State.SCHEDULED, **values):
            return False
        submission.record_event("Approved it.", actor)
    return True


def return_to_author(submission: Submission, actor: User, reason: str) -> bool:
    """Return it to its author for corrections.

    Return False if it no longer awaits approval. Raises OwnWork for an author.
    """
    if submission.is_author(actor):
        raise OwnWork
    return give_up(
        submission,
        [State.AWAITING_APPROVAL],
        State.RETURNED,
        f"Returned it: {reason}",
        actor,
        decided_by=actor,
        decision=reason,
    )
