"""Failures of the disk or the database in a freeze, which is then tried again for a while."""

from datetime import timedelta

from django.utils import timezone

from campaigns.submissions.models import Submission
from campaigns.submissions.models.delivery.guards import RETRY_AFTER


def note(submission: Submission) -> None:
    """Store the time of the first failure to prepare it. Later failures don't change that time."""
    now = timezone.now()
    failing = Submission.objects.filter(pk=submission.pk, state=Submission.State.PREPARING)
    if failing.filter(failing_since=None).update(failing_since=now):
        submission.failing_since = now


def may_be_tried_again(submission: Submission) -> bool:
    """Return whether a failed freeze is retried automatically: for as long as a delivery would be."""
    since = submission.failing_since
    return since is None or timezone.now() < since + timedelta(seconds=sum(RETRY_AFTER))
