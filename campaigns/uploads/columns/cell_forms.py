"""Sentences that say how a file's cells arrive, where Excel may show them differently."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from campaigns.uploads.spreadsheets import Inspection, Kind

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_TIME: Final = re.compile(r"(?:\d{4}-\d\d-\d\d )?\d+:\d\d:\d\d(?:\.\d+)?")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")

AS_WRITTEN = "Values are used exactly as they appear in the file, including dates and percentages."
DATES = "Dates are used in the form {}, even if the spreadsheet shows them differently."
TIMES = "Times are used in the form {}, even if the spreadsheet shows them differently."
NUMBERS = (
    "Numbers are used as they are stored, without their format: 25% as 0.25, £1,234.50 as 1234.5, 00123 "
    "as 123."
)
OTHERWISE = "To use them as the spreadsheet shows them, save the sheet as CSV and upload that."


def sentences(found: Inspection, number_columns: Collection[int | None]) -> list[str]:
    """Return sentences on how cells like those of the sample arrive.

    The columns of telephone numbers are left out: their cells are checked one by one.
    """
    if found.reading.kind == Kind.CSV:
        return [AS_WRITTEN]
    cells = list(_cells(found, number_columns))
    date = next(filter(_DATE.fullmatch, cells), "")
    time = next(filter(_TIME.fullmatch, cells), "")
    said = [DATES.format(date)] if date else []
    if time:
        said.append(TIMES.format(time))
    if any(map(_NUMBER.fullmatch, cells)):
        said.append(NUMBERS)
    return [*said, OTHERWISE] if said else []


def _cells(found: Inspection, but: Collection[int | None]) -> Iterator[str]:
    for _, cells in found.sample:
        yield from (cell for column, cell in enumerate(cells) if column not in but)
