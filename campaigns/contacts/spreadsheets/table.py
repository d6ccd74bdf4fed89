"""Rows of text -> where the headings are, and what the columns are called."""

import re
from collections.abc import Sequence
from statistics import median
from typing import Final

from campaigns.contacts.spreadsheets.reading import Batch, Notice

_LONGEST_SEARCH: Final = 20
"""Rows in which the headings are looked for."""

_LIKE_A_NUMBER: Final = re.compile(r"\+?[\d\s().,/-]*(?:\d[\s().,/-]*){6,}(?:E\+\d+)?")


def is_blank(cells: Sequence[str]) -> bool:
    """Tell whether nothing is written in a row."""
    return not "".join(cells).strip()


def guess_header_row(rows: Batch) -> int:
    """Return the number of the row that holds the headings, or 0 if the first rows are data.

    The headings are in the first row that is filled about as far as the rows below usually are; a
    title above has fewer cells. Where such a row holds a telephone number, there are no headings.
    """
    filled = {number: _filled(cells) for number, cells in rows if not is_blank(cells)}
    if not filled:
        return 0
    usual = median(map(len, filled.values()))
    needed = 1 if usual < 2 else max(2, usual / 2)
    for number, cells in list(filled.items())[:_LONGEST_SEARCH]:
        if len(cells) >= needed:
            return 0 if any(map(_LIKE_A_NUMBER.fullmatch, cells)) else number
    return next(iter(filled))


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells if cell.strip()]


def column_letters(index: int) -> str:
    """Return what a spreadsheet calls the column with this index from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def distinct_headings(cells: Sequence[str], columns: int) -> tuple[tuple[str, ...], set[Notice]]:
    """Return a name for each column, none twice and none empty, and what had to be done about them.

    A repeated heading gets a number ("Phone (2)"), an empty one its letter ("Column C"). Two that
    differ only by case or spaces count as the same.
    """
    headings: list[str] = []
    taken: set[str] = set()
    notices: set[Notice] = set()
    for index in range(columns):
        heading = " ".join(cells[index].split()) if index < len(cells) else ""
        if not heading:
            notices.add(Notice.EMPTY_HEADINGS)
            heading = f"Column {column_letters(index)}"
        if heading.casefold() in taken:
            notices.add(Notice.REPEATED_HEADINGS)
            heading = _numbered(heading, taken)
        taken.add(heading.casefold())
        headings.append(heading)
    return tuple(headings), notices


def _numbered(heading: str, taken: set[str]) -> str:
    number = 2
    while f"{heading} ({number})".casefold() in taken:
        number += 1
    return f"{heading} ({number})"
