"""Dates and times as a workbook stores them: numbers of days, recognised by their cell formats.

calamine rounds them to milliseconds and returns the same value for some that differ. Their text then
depends on the cell's format, which calamine does not return.
"""

import datetime
import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final

from campaigns.uploads.spreadsheets.facts import Mark


class Shows(Enum):
    """The parts of a date or time that a number format shows."""

    DAY = "day"
    CLOCK = "clock"
    BOTH = "both"
    ELAPSED = "elapsed"
    """Hours, minutes or seconds that may exceed a day's, such as [h]:mm."""


_LONGEST_FORMAT: Final = 255
"""Characters, as in Excel."""
_LITERAL: Final = re.compile(r'"[^"]*"?|\\.|[_*].')
_ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_MINUTES: Final = re.compile(r"h[^a-z]*m+|m+[^a-z]*s", re.IGNORECASE)
_HALF_OF_DAY: Final = re.compile(r"am/pm|a/p", re.IGNORECASE)
_CLOCK: Final = re.compile(r"[hs]", re.IGNORECASE)
_DAY: Final = re.compile(r"[dmy]", re.IGNORECASE)

BUILT_IN: Final[Mapping[int, Shows]] = {
    **dict.fromkeys((14, 15, 16, 17), Shows.DAY),
    **dict.fromkeys((18, 19, 20, 21, 45, 47), Shows.CLOCK),
    22: Shows.BOTH,
    46: Shows.ELAPSED,
}
"""Formats that a file names by number only (ECMA-376 part 1, 18.8.30)."""

_LONGEST_DURATION: Final = 366
"""Days. A larger number is a date with a time, of which the cell shows only the time."""
_LEAP_DAY: Final = 60
"""The number of 29 February 1900, which Excel counts although it did not exist."""
_SECONDS_A_DAY: Final = 24 * 60 * 60
_AT_MIDNIGHT: Final = " 00:00:00"
_ISO_DURATION: Final = re.compile(r"PT(\d+)H(\d+)M(\d+(?:\.\d*)?)S")
_DAY_ZERO: Final = datetime.date(1899, 12, 30)
_FIRST_YEAR: Final = 1900
_DAY_ZERO_FROM_1904: Final = datetime.datetime(1904, 1, 1)  # noqa: DTZ001
_HALF_A_SECOND: Final = datetime.timedelta(milliseconds=500)

Moment = datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def shown_by(number_format: str) -> Shows | None:
    """Return what a format shows of a date or time, or None if it is for other numbers."""
    code = _LITERAL.sub("", number_format[:_LONGEST_FORMAT]).partition(";")[0]
    if _ELAPSED.search(code):
        return Shows.ELAPSED
    code = _HALF_OF_DAY.sub("h", _BRACKETS.sub("", code))
    if code.casefold() == "general":
        return None
    has_clock = _CLOCK.search(code) is not None
    has_day = _DAY.search(_MINUTES.sub("", code)) is not None
    if has_clock:
        return Shows.BOTH if has_day else Shows.CLOCK
    return Shows.DAY if has_day else None


@dataclass(frozen=True, slots=True)
class Formats:
    """The cell formats of a workbook that show dates or times, by their index."""

    shows: Mapping[int, Shows]
    from_1904: bool = False
    """Whether days are counted from 1904."""

    def mark(self, cell_format: int, serial: float) -> Mark:
        """Return what calamine does not say about a cell with this format and number."""
        shows = self.shows.get(cell_format)
        if shows is None or not math.isfinite(serial):
            return Mark.NONE
        if serial < 0:
            return Mark.NO_SUCH_TIME
        if shows is Shows.CLOCK and 1 <= serial <= _LONGEST_DURATION:
            return Mark.DURATION
        is_leap_day = int(serial) == _LEAP_DAY and not self.from_1904
        if shows in (Shows.DAY, Shows.BOTH) and (is_leap_day or not serial):
            return Mark.NO_SUCH_TIME
        if shows in (Shows.CLOCK, Shows.BOTH) and _is_midnight(serial):
            return Mark.MIDNIGHT
        return Mark.NONE


NO_FORMATS: Final = Formats({})


def text_of_moment(value: Moment) -> str:
    """Return ISO 8601 to the second, such as 2026-03-14 09:30:00. A duration is hours:minutes:seconds.

    A stored time is a fraction of a day, so it is hardly ever a whole second and is rounded. Midnight is
    left out, because most formats show none; for the others see `Mark.MIDNIGHT`.
    """
    if isinstance(value, datetime.datetime):
        if value.year < _FIRST_YEAR and value.date() == _DAY_ZERO:
            return text_of_moment(value.time())
        if value.microsecond:
            value = _to_the_second(value)
        return value.isoformat(" ").removesuffix(_AT_MIDNIGHT)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        # Rounding needs some date. Past midnight the clock begins again.
        day = datetime.datetime.combine(_DAY_ZERO, value)
        return _to_the_second(day).time().isoformat()
    return _hours(round(value.total_seconds()))


def _is_midnight(serial: float) -> bool:
    return serial >= 1 and abs(serial - round(serial)) * _SECONDS_A_DAY < 0.5


def _to_the_second(value: datetime.datetime) -> datetime.datetime:
    with suppress(OverflowError):  # the last half second of the year 9999 can't be rounded up
        value += _HALF_A_SECOND
    return value.replace(microsecond=0)


def _hours(seconds: int) -> str:
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{minutes // 60:02}:{minutes % 60:02}:{rest:02}"


def text_at_midnight(value: object, text: str) -> str:
    """Return the text of a cell whose format shows midnight too. `text` is the text of its date."""
    return f"{text}{_AT_MIDNIGHT}" if isinstance(value, datetime.date) else text


def text_of_duration(value: object, text: str) -> str:
    """Return hours:minutes:seconds for a duration that calamine returns as a date or as ISO 8601."""
    if isinstance(value, str):
        found = _ISO_DURATION.fullmatch(value)
        if found:
            hours, minutes, seconds = found.groups()
            return _hours(int(hours) * 3600 + int(minutes) * 60 + round(float(seconds)))
    if isinstance(value, datetime.date):
        return text_of_moment(_since_day_zero(value))
    return text


def _since_day_zero(value: datetime.date) -> datetime.timedelta:
    clock = value.time() if isinstance(value, datetime.datetime) else datetime.time()
    moment = datetime.datetime.combine(value, clock)
    if moment >= _DAY_ZERO_FROM_1904:
        return moment - _DAY_ZERO_FROM_1904
    since = moment - datetime.datetime.combine(_DAY_ZERO, datetime.time())
    # Excel counts a 29 February 1900, which did not exist. Dates before it are one day nearer to day zero.
    return since - datetime.timedelta(1) if since.days <= _LEAP_DAY else since
