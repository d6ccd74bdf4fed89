"""When the partner calls for a submission: its windows, kept since the draft may be mended later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from campaigns.drafts import schedule
from campaigns.drafts.content import DraftContent

if TYPE_CHECKING:
    from campaigns.submissions.models import Submission
    from campaigns.submissions.queries import SubmissionQuerySet

DAYS = 7


class CallingWindowQuerySet(models.QuerySet["CallingWindow"]):
    def of(self, submissions: "SubmissionQuerySet") -> "CallingWindowQuerySet":
        """Return those of the submissions by which somebody is, or may still be, called."""
        return self.filter(submission__in=submissions.standing().order_by())

    def between(self, first: datetime, last: datetime) -> "CallingWindowQuerySet":
        return self.filter(starts_at__lt=last, finishes_at__gt=first)


class CallingWindow(models.Model):
    """One day's hours in which the partner calls a submission's people."""

    submission = models.ForeignKey("Submission", on_delete=models.CASCADE, related_name="windows")
    starts_at = models.DateTimeField()
    finishes_at = models.DateTimeField(db_index=True)

    objects = CallingWindowQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.starts_at <= timezone.now() < self.finishes_at


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the UK's calendar, with the windows that are open on it."""

    day: date
    windows: list[CallingWindow]

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate()


def windows_of(submission: "Submission", content: DraftContent) -> Iterator[CallingWindow]:
    """Yield, unsaved, the windows of complete hours. Raises ValueError where some are incomplete."""
    zone = content.client.zone
    for hours in (content.hours, *content.runover):
        if hours.day is None or hours.finish is None:
            message = "the hours are incomplete"
            raise ValueError(message)
        finish = schedule.moment(hours.day, hours.finish, zone)
        start = schedule.starts_at(hours, zone)
        yield CallingWindow(submission=submission, starts_at=start, finishes_at=finish)


def week(submissions: "SubmissionQuerySet") -> list[Day]:
    """Return today and the six days after it, with what of the submissions calls on each."""
    days = [timezone.localdate() + timedelta(days=number) for number in range(DAYS + 1)]
    midnights = [datetime.combine(day, time(), tzinfo=schedule.UK) for day in days]
    found = list(
        CallingWindow.objects.of(submissions)
        .between(midnights[0], midnights[-1])
        .select_related("submission__client")
    )
    return [
        Day(day, [one for one in found if one.starts_at < to and one.finishes_at > since])
        for day, since, to in zip(days, midnights, midnights[1:], strict=False)
    ]
