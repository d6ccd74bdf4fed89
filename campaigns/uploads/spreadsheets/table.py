"""The names of the columns, made from rows of text."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.uploads.numbers.characters import plain_characters


def is_blank(cells: Sequence[str]) -> bool:
    """Return whether a row holds nothing, or nothing visible."""
    text = "".join(cells).strip()
    return not text or (not text.isascii() and not plain_characters(text).strip())


def is_too_long(cells: list[str], columns: int) -> bool:
    """Return whether a row fills more cells than there are columns, so that some are in a wrong column."""
    return len(cells) > columns and bool("".join(cells[columns:]).strip())


def column_letters(index: int) -> str:
    """Return the letters by which a spreadsheet names the column with this index from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def column_name(index: int) -> str:
    """Return the name of a column that has no heading: the letters of its position."""
    return f"Column {column_letters(index)}"


@dataclass(frozen=True, slots=True)
class Headings:
    """A name for each column, distinct and not empty, and the columns whose name is not the file's own."""

    names: tuple[str, ...]
    repeated: tuple[int, ...]
    """Columns whose heading got a number, because an earlier column has the same heading."""
    unnamed: tuple[int, ...]
    """Columns without a heading, which are named by their letter."""


def distinct_headings(cells: Sequence[str], columns: int) -> Headings:
    """Name the columns by the row that holds the headings.

    A repeated heading gets a number ("Phone (2)"). A column without a heading is named by its letter
    ("Column C"). Headings that differ only by case or spaces count as the same.
    """
    names: list[str] = []
    taken: set[str] = set()
    repeated, unnamed = [], []
    for index in range(columns):
        heading = " ".join(cells[index].split()) if index < len(cells) else ""
        if not heading:
            unnamed.append(index)
            heading = column_name(index)
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
