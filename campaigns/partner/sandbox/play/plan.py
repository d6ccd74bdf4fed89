"""A campaign as it is played: its calling windows, its call attempts, and what is left or sent when."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from campaigns.partner import wire
from campaigns.partner.wire import Occasion

# [guess] No time zone is documented. An hour that comes twice is the first one.
ZONE = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Windows:
    """The calling windows, in seconds since 1970: in order, apart from each other, each with its end."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]

    @classmethod
    def of(cls, windows: Iterable[tuple[float, float]]) -> Self:
        """Return the windows in order, with those joined that overlap or touch."""
        joined: list[tuple[float, float]] = []
        for start, end in sorted(windows):
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            elif end > start:
                joined.append((start, end))
        return cls(tuple(start for start, _ in joined), tuple(end for _, end in joined))

    def after(self, seconds: float) -> float | None:
        """Return the moment when they have been open for so many seconds, or None if they never are."""
        for start, end in zip(self.starts, self.ends, strict=True):
            if seconds < end - start:
                return start + seconds
            seconds -= end - start
        return None

    def open_at(self, moment: float, spread: float) -> float | None:
        """Return the moment, or if they are closed then, one in the next window; None after the last.

        `spread` is the seconds after the next window's opening, so that not all calls that were due come at
        its first second. It counts from the opening again where it is longer than the window.
        """
        position = bisect_right(self.starts, moment)
        if position and moment < self.ends[position - 1]:
            return moment
        if position == len(self.starts):
            return None
        start, end = self.starts[position], self.ends[position]
        return start + spread % (end - start)


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides the calls of a campaign. `waits` has the minutes after each call, one for each attempt."""

    windows: Windows
    waits: tuple[int, ...]
    answerphone: Occasion
    sms_on_busy: Occasion

    @classmethod
    def read(cls, campaign: Mapping[str, Any]) -> Self:
        """Return the plan of an accepted create request. Its phone numbers are not needed.

        [public] Without call attempts there is one. An interval is the wait after its attempt, as in the
        partner's table.
        """
        days = [(campaign[wire.START_DATE], campaign), *_runover(campaign)]
        waits = tuple(int(each[wire.INTERVAL]) for each in campaign.get(wire.ATTEMPTS) or ())
        return cls(
            Windows.of(_window(day, hours) for day, hours in days),
            waits or (0,),
            Occasion(campaign[wire.ANSWERPHONE]),
            Occasion(campaign[wire.SMS_ON_BUSY]),
        )

    def is_on(self, occasion: Occasion, attempt: int) -> bool:
        """Return whether call `attempt`, from 1, is the occasion's."""
        return (occasion is Occasion.FIRST_CALL and attempt == 1) or (
            occasion is Occasion.LAST_CALL and attempt == len(self.waits)
        )


def _runover(campaign: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(each[wire.RUNOVER_DATE], each) for each in campaign.get(wire.RUNOVER_DAYS) or ()]


def _window(day: str, hours: Mapping[str, Any]) -> tuple[float, float]:
    start, finish = (_moment(day, hours[name]) for name in (wire.START_TIME, wire.FINISH_TIME))
    return start, finish


def _moment(day: str, clock: str) -> float:
    wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZONE)
    return wall.timestamp()
