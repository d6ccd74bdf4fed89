"""Today and the next six days, with the windows in which the partner calls on each."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from campaigns.drafts.campaign import schedule
from campaigns.submissions.models import CallingWindow, Submission, queries

DAYS = 7


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the UK's calendar, with the windows that are open on it."""

    day: date
    windows: list[CallingWindow]

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate()


def week(submissions: QuerySet[Submission]) -> list[Day]:
    """Return today and the next six days, each with the submissions' windows on it."""
    days = [timezone.localdate() + timedelta(days=number) for number in range(DAYS + 1)]
    midnights = [datetime.combine(day, time(), tzinfo=schedule.UK) for day in days]
    found = list(
        CallingWindow.objects.of(queries.counted(submissions))
        .between(midnights[0], midnights[-1])
        .select_related("submission__client")
    )
    return [
        Day(day, [one for one in found if one.starts_at < to and one.finishes_at > since])
        for day, since, to in zip(days, midnights, midnights[1:], strict=False)
    ]
