"""A guess at the row of a file that holds the headings."""

import re
from collections.abc import Sequence
from statistics import median
from typing import Final

from campaigns.uploads import headings
from campaigns.uploads.spreadsheets.reading import Batch
from campaigns.uploads.spreadsheets.table import is_blank

_LONGEST_SEARCH: Final = 20
"""Number of rows in which the headings are looked for."""
_MOST_NUMBERS_ABOVE: Final = 2
"""Number of rows with a telephone number that may be titles above the headings. More are people."""
_ENOUGH: Final = 0.5
"""The least share of a column's cells that must be of one kind for the column to have that kind."""

_LIKE_A_NUMBER: Final = re.compile(r"\+?[\d\s().,/-]*(?:\d[\s().,/-]*){6,}(?:E\+\d+)?")
_HOLDS_A_NUMBER: Final = re.compile(r"\d(?:[\s().-]{0,2}\d){8}")
_DATE: Final = re.compile(
    r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])|(?:19|20)\d{2} ?[/-] ?(?:19|20)?\d{2}"
)
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
_KINDS: Final = {
    "date": _DATE,
    "e-mail": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "postcode": re.compile(r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}", re.IGNORECASE),
    "amount": re.compile(r"[-+]?[£€$]? ?\d[\d,]*\.\d{1,2}|[-+]?[£€$] ?\d[\d,]*"),
    "number": re.compile(r"[-+]?\d{1,8}"),
}
_NOTHING: Final = re.compile(
    r"[-?x0]{1,4}|n[/.]?a\.?|none|null|nil|nan|tb[ac]|unknown|withheld|missing|ex[ -]directory"
    r"|no (?:number|phone)|not (?:known|given)",
    re.IGNORECASE,
)
"""Texts that people write if they have no number."""

_Cells = Sequence[str]


def guess_header_row(rows: Batch) -> int:
    """Return the number of the row that holds the headings, or 0 if the first rows are data.

    A row with usual headings (Phone, Name) holds them. Otherwise the headings are the first row that has
    about as many filled cells as the rows below, unless it looks like these rows. A title above the headings
    has fewer cells.
    """
    filled = [
        (number, [cell.strip() for cell in cells]) for number, cells in rows if not is_blank(cells)
    ]
    if not filled:
        return 0
    usual = median(len(list(filter(None, cells))) for _, cells in filled)
    needed = 1 if usual < 2 else max(2, usual / 2)
    numbers_above = 0
    first: int | None = None
    for at, (number, cells) in enumerate(filled[:_LONGEST_SEARCH]):
        others = [row for _, row in filled[at + 1 :]]
        has_number = any(map(_is_number, cells))
        if len(list(filter(None, cells))) >= needed:
            if not has_number and _names_columns(cells, others):
                return number if numbers_above <= _MOST_NUMBERS_ABOVE else 0
            if first is None:
                first = 0 if has_number or _is_like(cells, others) else number
        numbers_above += has_number
    return filled[0][0] if first is None else first


def _is_number(cell: str) -> bool:
    """Return whether a cell is a telephone number, even with a word beside it. A date is none."""
    if _DATE.fullmatch(cell):
        return False
    return _LIKE_A_NUMBER.fullmatch(cell) is not None or _HOLDS_A_NUMBER.search(cell) is not None


def _names_columns(cells: _Cells, below: Sequence[_Cells]) -> bool:
    """Return whether a cell is a usual heading for numbers or names and is not a value of its column."""
    return any(
        headings.names_a_column(cell) and cell not in _column(below, index, but=cells)
        for index, cell in enumerate(cells)
    )


def _is_like(cells: _Cells, below: Sequence[_Cells]) -> bool:
    """Return whether a row that has no usual heading looks like the rows below it."""
    for index, cell in enumerate(cells):
        column = _column(below, index, but=cells)
        if not column:
            continue
        of_numbers = sum(map(_is_number, column)) >= len(column) * _ENOUGH
        if of_numbers and (_NOTHING.fullmatch(cell) or sum(map(str.isdigit, cell)) > 4):
            return True
        if cell in column:
            return True
        kind = _kind(cell)
        if kind and sum(_kind(other) == kind for other in column) >= len(column) * _ENOUGH:
            return True
    return False


def _column(rows: Sequence[_Cells], index: int, but: _Cells) -> list[str]:
    """Return a column's filled cells, leaving out rows that repeat the headings."""
    return [row[index] for row in rows if index < len(row) and row[index] and row != but]


def _kind(cell: str) -> str:
    """Return the kind of a value, by how it is written.

    Return "" for words, and for a year, which may be a heading.
    """
    if _YEAR.fullmatch(cell):
        return ""
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(cell)), "")
