"""The coming days with the hours in which the partner calls on each: a week, or a month."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from campaigns.drafts.campaign import schedule
from campaigns.submissions.models import CallingWindow, Submission, queries

WEEK, MONTH = 7, 30
# Of a day with more campaigns the first ones are shown, and the others counted.
SHOWN = 5
# The hours that a bar spans: no client is called outside them without a reason that is given.
EARLIEST, LATEST = 7 * 60, 22 * 60


@dataclass(frozen=True, slots=True)
class Calls:
    """One submission's hours on one day. `people` is how many it calls, if that is known yet.

    On a run-over day it is None: how many are left by then is not known.
    """

    day: date
    window: CallingWindow
    people: int | None
    is_runover: bool

    @property
    def bar(self) -> tuple[str, str] | None:
        """Return where its bar begins and how wide it is, in percent of the hours that a bar spans.

        Return None if all of its hours on the day are outside these.
        """
        begins, ends = (
            self._percent(at) for at in (self.window.starts_at, self.window.finishes_at)
        )
        return (f"{begins:.1f}%", f"{max(ends - begins, 1):.1f}%") if begins < ends else None

    def _percent(self, at: datetime) -> float:
        midnight = datetime.combine(self.day, time(), tzinfo=schedule.UK)
        minutes = (at - midnight).total_seconds() / 60
        return (min(max(minutes, EARLIEST), LATEST) - EARLIEST) * 100 / (LATEST - EARLIEST)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the UK's calendar, with all calls of it."""

    day: date
    calls: list[Calls]

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate()

    @property
    def shown(self) -> list[Calls]:
        return self.calls[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.calls) - len(self.shown)

    @property
    def people(self) -> int:
        return sum(each.people or 0 for each in self.calls)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Days in a row on which nobody is called."""

    first: date
    last: date

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last


def coming(submissions: QuerySet[Submission], number: int = WEEK) -> list[Day]:
    """Return today and the days after it, `number` in all, each with the submissions' calls on it."""
    days = [timezone.localdate() + timedelta(days=each) for each in range(number + 1)]
    midnights = [datetime.combine(day, time(), tzinfo=schedule.UK) for day in days]
    windows: Iterable[Any] = (
        CallingWindow.objects.of(queries.counted(submissions))
        .between(midnights[0], midnights[-1])
        .select_related("submission__client")
        .annotate(
            people=Sum("submission__parts__number_count"),
            is_runover=Exists(
                CallingWindow.objects.filter(
                    submission=OuterRef("submission"), starts_at__lt=OuterRef("starts_at")
                )
            ),
        )
    )
    found: dict[date, list[Calls]] = {day: [] for day in days[:-1]}
    for window in windows:
        for day in _days_of(window):
            if day in found:
                people = None if window.is_runover else window.people
                found[day].append(Calls(day, window, people, window.is_runover))
    return [Day(day, calls) for day, calls in found.items()]


def _days_of(window: CallingWindow) -> Iterator[date]:
    """Yield the days of the UK's calendar on which the window is open."""
    day = timezone.localdate(window.starts_at, schedule.UK)
    last = timezone.localdate(window.finishes_at - timedelta.resolution, schedule.UK)
    while day <= last:
        yield day
        day += timedelta(days=1)


def folded(days: list[Day]) -> list[Day | Quiet]:
    """Return the days with calls, and those without any folded into one entry for days in a row."""
    found: list[Day | Quiet] = []
    for day in days:
        last = found[-1] if found else None
        if day.calls:
            found.append(day)
        elif isinstance(last, Quiet):
            found[-1] = Quiet(last.first, day.day)
        else:
            found.append(Quiet(day.day, day.day))
    return found
