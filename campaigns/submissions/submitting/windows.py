"""The windows in which the partner calls for a submission, as its draft has them."""

from collections.abc import Iterator

from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent
from campaigns.submissions.models import CallingWindow, Submission


def windows_of(submission: Submission, content: DraftContent) -> Iterator[CallingWindow]:
    """Yield, unsaved, the windows of complete hours. Raises ValueError where some are incomplete."""
    zone = content.client.zone
    for hours in (content.hours, *content.runover):
        if hours.day is None or hours.finish is None:
            message = "the hours are incomplete"
            raise ValueError(message)
        finish = schedule.moment(hours.day, hours.finish, zone)
        start = schedule.starts_at(hours, zone)
        yield CallingWindow(submission=submission, starts_at=start, finishes_at=finish)
