"""Dates that nobody can mean and times that no clock shows, in texts that hold nothing else.

The code here has no side effects.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

_TIME: Final = r"(?:[ T]\d\d?:\d\d(?::\d\d(?:\.\d{1,9})?)?Z?)?"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})([-/.])(\d\d?)\2(\d\d?){_TIME}", re.ASCII)
# No day or month of two digits begins with a digit above 3: "45/67/2026" is a reference.
_YEAR_LAST: Final = re.compile(rf"([0-3]?\d)([-/.])([0-3]?\d)\2(\d{{4}}){_TIME}", re.ASCII)
# A spreadsheet shows midnight at the end of a day as "24:00:00". A text without seconds does not count:
# "30:00" may be half an hour.
_TIME_OF_NO_CLOCK: Final = re.compile(r"(?!24:00:00)(?:2[4-9]|[3-9]\d|\d{3,4}):\d\d:\d\d", re.ASCII)

# The years that databases and spreadsheets can hold. A text with another year is a reference, not a date.
_YEARS: Final = frozenset((0, 1, *range(1753, 2263), 9999))
# The years that people mean. Nobody who can be called was born earlier, and no bill or visit is later:
# "2099-12-31" means "no end".
_MEANT: Final = range(1901, 2099)


def is_impossible(text: str) -> bool:
    """Return whether a text is a date that does not exist or is far away, or a time past midnight."""
    if _TIME_OF_NO_CLOCK.fullmatch(text):
        return True
    readings = list(_readings(text))
    if not readings or readings[0][0] not in _YEARS:
        return False
    return not any(year in _MEANT and _exists(year, month, day) for year, month, day in readings)


def _readings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield the possible meanings as year, month and day. "12/13/2026" is an American date."""
    if found := _YEAR_FIRST.fullmatch(text):
        yield int(found[1]), int(found[3]), int(found[4])
    elif found := _YEAR_LAST.fullmatch(text):
        yield int(found[4]), int(found[3]), int(found[1])
        yield int(found[4]), int(found[1]), int(found[3])


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
