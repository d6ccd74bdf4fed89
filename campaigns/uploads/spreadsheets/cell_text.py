"""The text of a workbook's cell, from the value that the file stores and the mark that its format gives."""

import datetime
import math
from decimal import Decimal
from typing import Final

from campaigns.uploads.numbers.checker import FORMULA_MARKER
from campaigns.uploads.spreadsheets import dates_and_times
from campaigns.uploads.spreadsheets.facts import Mark

Value = (
    int
    | float
    | str
    | bool
    | datetime.time
    | datetime.date
    | datetime.datetime
    | datetime.timedelta
)

_EXACT: Final = 2**53
"""Up to here a float holds every whole number exactly (IEEE 754)."""

_SIGNIFICANT: Final = ".15g"
"""As many digits as spreadsheets show. Further digits are rounding errors of floats (1.1 * 3)."""
_NO_NUMBER: Final = "#NUM!"
NO_TIME: Final = "#####"
"""The text that Excel shows for a negative time."""

WITHOUT_TEXT: Final = (FORMULA_MARKER, NO_TIME)
"""The texts of cells without a value: a formula without its result, a time that does not exist."""

_FEWEST_DIGITS: Final = 10**9
_ROUNDED: Final = 10**5


def text_of_marked(mark: Mark | str, value: Value, text: str) -> str:
    """Return the text of a marked cell. `text` is what its value alone would give."""
    match mark:
        case Mark.NO_VALUE:
            return FORMULA_MARKER
        case Mark.NO_SUCH_TIME:
            return text if isinstance(value, int | float) else NO_TIME
        case Mark.MIDNIGHT:
            return dates_and_times.text_at_midnight(value, text)
        case Mark.DURATION:
            return dates_and_times.text_of_duration(value, text)
        case Mark.NONE:
            return text
        case error:
            return error


def text_of(value: Value) -> str:
    """Return a cell's value as text.

    A number is returned as the file stores it, however Excel shows it: 447722123456 although Excel shows
    4.47722E+11 (but see `is_rounded`). Whole numbers up to 2**53 are exact; any other number has 15
    significant digits. Dates and times are written by `dates_and_times.text_of_moment`.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        return format(value, _SIGNIFICANT) if math.isfinite(value) else _NO_NUMBER
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return dates_and_times.text_of_moment(value)
    return str(value)


def is_rounded(value: Value) -> bool:
    """Return whether a telephone number stored as a number has lost its last digits.

    Excel saves a column of 447722123456 to CSV as 4.47722E+11. When Excel opens that CSV, it keeps
    447722000000, which is somebody else's number. A real number with five zeros at its end is rare (1 in
    100,000) and can be written as text. UK numbers have 10 digits without their 0.
    """
    return (
        isinstance(value, float | int)
        and not isinstance(value, bool)
        and abs(value) >= _FEWEST_DIGITS
        and value % _ROUNDED == 0
    )


def scientific(value: Value) -> str:
    """Return a number in scientific notation: 447722000000 as "4.47722E+11"."""
    return f"{Decimal(str(value)).normalize():E}"
