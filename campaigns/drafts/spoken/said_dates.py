"""Read the dates that spreadsheets and people write, and say them: "1 December". Pure functions.

Whether "01/12/2026" is the first of December or the twelfth of January is never decided here: the caller
says so. A date that can't be, such as "Monday 1 December 2026", which is a Tuesday, is not read.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_MONTH: Final = {name[:length].lower(): n for n, name in enumerate(MONTHS, 1) for length in (3, 9)}
_MONTH["sept"] = 9
_WEEKDAY: Final = {
    name[:length].lower(): n for n, name in enumerate(WEEKDAYS) for length in (3, 9)
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}

# A weekday before the date, and a time after it. A time with an offset or "Z" is another one, perhaps on
# another day, where people are: it is not converted.
_BEFORE: Final = rf"(?:(?P<weekday>{'|'.join(_WEEKDAY)})\.?,? )?"
_AFTER: Final = (
    r"(?:(?:T|,? |,? at )(?P<time>\d\d?[:.]\d\d(?:[:.]\d\d(?:\.\d{1,9})?)?(?: ?[ap]\.?m\.?)?))?"
)
_MONTH_WORD: Final = rf"(?P<month>{'|'.join(_MONTH)})\.?"
_DAY: Final = r"(?P<day>\d\d?)"
_TH: Final = "(?:st|nd|rd|th)"


def _pattern(middle: str) -> re.Pattern[str]:
    return re.compile(_BEFORE + middle + _AFTER, re.ASCII | re.IGNORECASE)


_YEAR_FIRST: Final = _pattern(rf"(?P<year>\d{{4}})([-/.])(?P<month>\d\d?)\3{_DAY}")
_YEAR_LAST: Final = _pattern(r"(?P<a>\d\d?)([-/.])(?P<b>\d\d?)\3(?P<year>\d{4}|\d\d)")
_WORDS: Final = (
    _pattern(rf"{_DAY}{_TH}?(?: of)?[ /.-]{{0,2}}{_MONTH_WORD}(?:,? |[/-])(?P<year>\d{{4}}|\d\d)"),
    _pattern(rf"{_DAY}{_TH}?(?: of)?[ /.-]{{0,2}}{_MONTH_WORD}(?P<year>)"),
    _pattern(rf"{_MONTH_WORD}[ /-]{_DAY}{_TH}?(?:,? |[/-])(?P<year>\d{{4}})"),
    # Without a year only if it can be no year itself: "Dec 26" may be a month of 2026.
    _pattern(rf"{_MONTH_WORD} {_DAY}{_TH}(?P<year>)"),
)
# The years that people mean. Others mean "no date", or that the text is a reference.
_MEANT: Final = range(1901, 2099)
# A year of two digits below this is after 2000, as most programs read it.
_PIVOT: Final = 69
# A year that has a 29 February, for a date without a year.
_LEAP: Final = 2024


class Order(StrEnum):
    """Which of the two numbers of "01/12/2026" comes first."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Read:
    """A date that was read. `weekday` is None if neither it nor the year is known; `time` may be ""."""

    day: int
    month: int
    year: int | None
    weekday: int | None
    time: str = ""

    @property
    def has_time(self) -> bool:
        """Return whether it has a time other than midnight, which stands for none."""
        return bool(self.time.strip("0:."))

    @property
    def said(self) -> tuple[str, str | None]:
        return self.as_date, self.as_day_and_date

    @property
    def as_date(self) -> str:
        return f"{self.day} {MONTHS[self.month - 1]}"

    @property
    def as_day_and_date(self) -> str | None:
        return None if self.weekday is None else f"{WEEKDAYS[self.weekday]} {self.as_date}"


def read(text: str, order: Order) -> Read | None:
    """Return the date that a text is, or None. `order` tells where only numbers are written."""
    if found := _YEAR_FIRST.fullmatch(text):
        return _read(found, int(found["day"]), int(found["month"]))
    if found := _YEAR_LAST.fullmatch(text):
        first, second = int(found["a"]), int(found["b"])
        return _read(found, *((first, second) if order == Order.DAY else (second, first)))
    for pattern in _WORDS:
        if found := pattern.fullmatch(text):
            return _read(found, int(found["day"]), _MONTH[found["month"].lower()])
    return None


def _read(found: re.Match[str], day: int, month: int) -> Read | None:
    """Return the date, or None if there is no such day, or its weekday is another one."""
    year = _year(found["year"])
    weekday = _WEEKDAY[found["weekday"].lower()] if found["weekday"] else None
    if year is not None and year not in _MEANT:
        return None
    try:
        it = date(year or _LEAP, month, day)
    except ValueError:
        return None
    if year is not None and weekday not in {None, it.weekday()}:
        return None
    return Read(day, month, year, it.weekday() if year else weekday, found["time"] or "")


def _year(digits: str) -> int | None:
    if len(digits) == 2:
        return int(digits) + (2000 if int(digits) < _PIVOT else 1900)
    return int(digits) if digits else None
