"""Rows of text -> where the headings are, and what the columns are called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from campaigns.contacts.spreadsheets.reading import Batch

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


@dataclass(frozen=True, slots=True)
class Headings:
    """A name for each column, none twice and none empty, and which of them are not the file's own."""

    names: tuple[str, ...]
    repeated: tuple[int, ...]
    """Columns whose heading an earlier one has: they got a number."""
    unnamed: tuple[int, ...]
    """Columns without a heading: they go by their letter."""


def distinct_headings(cells: Sequence[str], columns: int) -> Headings:
    """Name the columns by the row that holds the headings.

    A repeated heading gets a number ("Phone (2)"), an empty one its letter ("Column C"). Two that
    differ only by case or spaces count as the same.
    """
    names: list[str] = []
    taken: set[str] = set()
    repeated, unnamed = [], []
    for index in range(columns):
        heading = " ".join(cells[index].split()) if index < len(cells) else ""
        if not heading:
            unnamed.append(index)
            heading = f"Column {column_letters(index)}"
        if heading.casefold() in taken:
            repeated.append(index)
            heading = _numbered(heading, taken)
        taken.add(heading.casefold())
        names.append(heading)
    return Headings(tuple(names), tuple(repeated), tuple(unnamed))


def _numbered(heading: str, taken: set[str]) -> str:
    number = 2
    while f"{heading} ({number})".casefold() in taken:
        number += 1
    return f"{heading} ({number})"
