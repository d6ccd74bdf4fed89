"""The windows in which the partner calls for a submission, made from its draft."""

from collections.abc import Iterator

from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent
from campaigns.submissions.models import CallingWindow, Submission


def windows_of(submission: Submission, content: DraftContent) -> Iterator[CallingWindow]:
    """Yield the windows of the draft's hours, unsaved. Raises ValueError if some hours are incomplete."""
    zone = content.client.zone
    for hours in (content.hours, *content.runover):
        if hours.day is None or hours.finish is None:
            message = "the hours are incomplete"
            raise ValueError(message)
        finish = schedule.moment(hours.day, hours.finish, zone)
        start = schedule.starts_at(hours, zone)
        yield CallingWindow(submission=submission, starts_at=start, finishes_at=finish)
