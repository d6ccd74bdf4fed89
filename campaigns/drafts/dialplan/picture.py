"""The positions of everything in a plan's picture: days as rows, hours from left to right.

Horizontal positions are in percent of the picture's width, so that the letters keep their size on any
screen. Vertical positions are in pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from campaigns.drafts.dialplan import wording
from campaigns.drafts.dialplan.plan import Attempt, Plan, Window
from campaigns.shortening import shortened

AXIS = 26
LABEL = 24
LANE = 28
GAP = 14
# Labels of hours that fit beside each other on a telephone.
MOST_TICKS = 6
LONGEST_REMARK = 26


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A calling window."""

    x: str
    width: str
    is_used: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One attempt on one day.

    `tracks` are the spans in which it calls. `first` and `last` are the places of its first and last
    number, None if these are called on another day.
    """

    number: int
    y: int
    tracks: list[tuple[str, str]]
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One day. `remark` says what is unusual about it, or is ""."""

    label: str
    remark: str
    y: int
    label_y: int
    height: int
    bars: list[Bar]
    lanes: list[Lane]


@dataclass(frozen=True, slots=True)
class Picture:
    height: int
    ticks: list[Tick]
    rows: list[Row]
    axis: int = AXIS


class Hours:
    """The hours across the picture: whole hours from the earliest start to the latest finish."""

    def __init__(self, windows: tuple[Window, ...]) -> None:
        self.begin = min(window.hours.start.hour for window in windows)
        finish = max(window.hours.finish for window in windows)
        self.end = finish.hour + (1 if finish.minute or finish.second else 0)

    def x(self, at: datetime | time) -> str:
        hour = at.hour + at.minute / 60 + at.second / 3600
        # On the night when the clocks skip one o'clock, a window until 01:00 ends at 02:00.
        return self._percent(min(hour, self.end) - self.begin)

    def width(self, start: time, finish: time) -> str:
        minutes = (finish.hour - start.hour) * 60 + finish.minute - start.minute
        return self._percent(minutes / 60)

    def ticks(self) -> list[Tick]:
        span = self.end - self.begin
        step = next(step for step in (1, 2, 3, 4, 6) if span // step < MOST_TICKS)
        hours = range(self.begin, self.end + 1, step)
        return [Tick(self._percent(hour - self.begin), f"{hour:02}:00") for hour in hours]

    def _percent(self, hours: float) -> str:
        return f"{hours / (self.end - self.begin) * 100:.2f}%"


def drawn(plan: Plan) -> Picture | None:
    """Return the picture of a plan, or None if the plan has no window."""
    if not plan.windows:
        return None
    hours, rows, y = Hours(plan.windows), [], AXIS
    for day in sorted({window.hours.day for window in plan.windows}):
        row = _row(plan, day, hours, y)
        rows.append(row)
        y = row.y + row.height + GAP
    return Picture(y, hours.ticks(), rows)


def _row(plan: Plan, day: date, hours: Hours, y: int) -> Row:
    windows = [window for window in plan.windows if window.hours.day == day]
    bars = [
        Bar(
            hours.x(window.hours.start),
            hours.width(window.hours.start, window.hours.finish),
            bool(plan.attempts_in(window)),
        )
        for window in windows
    ]
    top = y + LABEL
    lanes = list(_lanes(plan, day, hours, top))
    height = LANE * max(1, len(lanes))
    return Row(wording.day(day), _remark(windows), top, top - 7, height, bars, lanes)


def _lanes(plan: Plan, day: date, hours: Hours, top: int) -> Iterator[Lane]:
    y = top + LANE // 2
    for attempt in plan.attempts:
        lane = _lane(plan, attempt, day, hours, y)
        if lane.tracks:
            yield lane
            y += LANE


def _lane(plan: Plan, attempt: Attempt, day: date, hours: Hours, y: int) -> Lane:
    def on_the_day(at: datetime | None) -> str | None:
        there = at and at.astimezone(plan.zone)
        return hours.x(there) if there and there.date() == day else None

    stretches = [
        (begin.astimezone(plan.zone), end.astimezone(plan.zone)) for begin, end in attempt.stretches
    ]
    tracks = [(hours.x(begin), hours.x(end)) for begin, end in stretches if begin.date() == day]
    first, last = on_the_day(attempt.first.at), on_the_day(attempt.last.at)
    return Lane(attempt.number, y, tracks, first, last)


def _remark(windows: list[Window]) -> str:
    holiday = next((window.holiday for window in windows if window.holiday), "")
    clocks = any(window.clock_jump or window.is_unsure for window in windows)
    remark = ", ".join(filter(None, [holiday, "clocks change" if clocks else ""]))
    return shortened(remark, LONGEST_REMARK)
