"""Lay out a campaign's attempts over its windows. The package's docstring lists what is assumed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import Hours
from campaigns.drafts.dialplan.opentime import NO_TIME, OpenTime, Stretch
from campaigns.drafts.dialplan.rounds import Pace, Round

# Near the calendar's ends time zones can't be calculated. Such a year is only half typed.
FIRST_YEAR, LAST_YEAR = 1900, 9000


@dataclass(frozen=True, slots=True)
class DayHours:
    """A day's complete calling hours in the client's zone. The finish is after the start."""

    day: date
    start: time
    finish: time

    @classmethod
    def of(cls, hours: Hours) -> "DayHours | None":
        """Return a form's hours if they can be laid out, else None.

        They can't be if a part is missing, if they end before they start, or if the year is out of range.
        """
        day, start, finish = hours.day, hours.start, hours.finish
        if day is None or start is None or finish is None or start >= finish:
            return None
        return cls(day, start, finish) if FIRST_YEAR <= day.year <= LAST_YEAR else None


@dataclass(frozen=True, slots=True)
class Window:
    """The calling hours of one day: as they were given, and in UTC."""

    hours: DayHours
    opens: datetime
    closes: datetime
    # The bank holiday's name; empty on other days.
    holiday: str
    # Whether the clock shows its start or its finish twice, or never.
    is_unsure: bool

    @property
    def length(self) -> timedelta:
        return self.closes - self.opens

    @property
    def clock_jump(self) -> timedelta:
        """Return how much longer the window lasts than its times say. Negative in spring."""
        day, start, finish = self.hours.day, self.hours.start, self.hours.finish
        return self.length - (datetime.combine(day, finish) - datetime.combine(day, start))


@dataclass(frozen=True, slots=True)
class Call:
    """One number's call in one attempt, in UTC.

    `due` is when its interval is over, or None if the call before it never happens. `at` is when the call
    can be made, or None if it will not happen.
    """

    due: datetime | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One round over all numbers. `stretches` are the periods in which its calls begin."""

    number: int
    first: Call
    last: Call
    called: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign's windows, in the order of time, and its attempts.

    `unused` are hours that begin before the campaign itself, or that the clocks skip. `unplaced` is the
    first attempt for which the wait before it is not known.
    """

    zone: ZoneInfo
    pace: Pace
    windows: tuple[Window, ...]
    unused: tuple[DayHours, ...]
    attempts: tuple[Attempt, ...]
    unplaced: int | None

    @property
    def open_time(self) -> OpenTime:
        return OpenTime((window.opens, window.closes) for window in self.windows)

    def attempts_in(self, window: Window) -> list[int]:
        """Return the numbers of the attempts that make calls in the window."""
        return [
            attempt.number
            for attempt in self.attempts
            if any(
                begin < window.closes and end >= window.opens for begin, end in attempt.stretches
            )
        ]


def laid_out(
    hours: DayHours,
    runover: Sequence[DayHours],
    intervals: Sequence[int | None],
    pace: Pace,
    *,
    zone: ZoneInfo,
    holidays: Mapping[date, str],
) -> Plan:
    """Return the plan of a campaign. Intervals are in minutes. Without any, there is one call."""
    starts = schedule.moment(hours.day, hours.start, zone).astimezone(UTC)
    windows, unused = [], []
    for day in (hours, *runover):
        window = _window(day, zone, holidays)
        if window and window.opens >= starts:
            windows.append(window)
        else:
            unused.append(day)
    windows.sort(key=lambda window: (window.opens, window.closes))
    time = OpenTime((window.opens, window.closes) for window in windows)
    attempts = _attempts(time, pace, intervals)
    unplaced = len(attempts) + 1 if len(attempts) < len(intervals) else None
    return Plan(zone, pace, tuple(windows), tuple(unused), tuple(attempts), unplaced)


def _window(hours: DayHours, zone: ZoneInfo, holidays: Mapping[date, str]) -> Window | None:
    """Return the window for these hours, or None if the clocks skip all of them."""
    shown = [schedule.moment(hours.day, clock, zone) for clock in (hours.start, hours.finish)]
    opens, closes = (moment.astimezone(UTC) for moment in shown)
    if opens >= closes:
        return None
    is_unsure = any(moment.utcoffset() != moment.replace(fold=1).utcoffset() for moment in shown)
    holiday = holidays.get(hours.day, "")
    return Window(hours, opens, closes, holiday, is_unsure)


def _attempts(time: OpenTime, pace: Pace, intervals: Sequence[int | None]) -> list[Attempt]:
    """Return the attempts before the first one for which the wait is missing."""
    current: Round | None = Round.first(time, pace)
    begins = time.at(NO_TIME)
    attempts = [_attempt(1, current, begins, begins)]
    for number, minutes in enumerate(intervals[:-1], start=2):
        if minutes is None:
            break
        wait = timedelta(minutes=minutes)
        before, current = attempts[-1], current.next(wait) if current else None
        first = before.first.at + wait if before.first.at else None
        last = before.last.at + wait if before.last.at else None
        attempts.append(_attempt(number, current, first, last))
    return attempts


def _attempt(
    number: int, found: Round | None, first_due: datetime | None, last_due: datetime | None
) -> Attempt:
    first = found.at(NO_TIME) if found else None
    if found is None or first is None:
        return Attempt(number, Call(first_due, None), Call(last_due, None), 0, ())
    return Attempt(
        number,
        Call(first_due, first),
        Call(last_due, found.last),
        found.called(),
        tuple(found.stretches()),
    )
