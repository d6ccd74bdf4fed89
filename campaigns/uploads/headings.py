"""A guess at the columns with numbers and names, from their headings and content."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from campaigns.uploads.numbers.checker import NumberChecker, Reason

_NUMBER_HEADING: Final = re.compile(
    r"(?:customer|client|contact|recipient|patient|tenant|member|home|work|office|business|day|"
    r"daytime|evening|main|primary|preferred|alternative|other|uk)?"
    r"(?:(?:phone|telephone|tel|mobile|mob|mobilephone|mobiletelephone|cell|cellphone|landline)"
    r"(?:number|no|num)?s?|numbers?|msisdn|ddi)(?:primary|main|home|work|mobile|day|evening)?[0-9]?"
)
_NAME_HEADINGS: Final = (
    re.compile(r"(?:full|customer|client|contact|recipient|patient|tenant|member)?name"),
    re.compile(r"first|(?:first|given|christian|fore)names?"),
    re.compile(r"customer|client|contact|recipient|patient|tenant|member"),
    re.compile(r"last|(?:last|family|sur)name"),
)
"""The most useful heading first: a full name says more than a first or last name alone."""

_ENOUGH: Final = 0.5
"""The least share of a column's filled cells that must be numbers, or names, for a guess by content."""

_CHECKER: Final = NumberChecker(allow_fictional=True)
_LIKE_NUMBERS: Final = frozenset(
    (Reason.SHORTENED, Reason.FOREIGN, Reason.EXTENSION, Reason.SEVERAL_NUMBERS)
)
_LIKE_A_NAME: Final = re.compile(
    "[^\\W\\d_]+(?:[ .'\N{RIGHT SINGLE QUOTATION MARK}-]+[^\\W\\d_]+)*\\.?"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """Columns as indexes from 0."""

    number: int | None
    """None if no column looks like numbers."""
    name: int | None
    candidates: tuple[int, ...]
    """Every column that may hold the numbers. If there are several, a person decides."""


def key(heading: str) -> str:
    """Return a heading for comparison: without case, spaces, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(filter(str.isalnum, plain))


def names_a_column(heading: str) -> bool:
    """Return whether this is a usual heading of a column with numbers or names."""
    name = key(heading)
    return any(pattern.fullmatch(name) for pattern in (_NUMBER_HEADING, *_NAME_HEADINGS))


def names_numbers(heading: str) -> bool:
    """Return whether this is a usual heading of a column with numbers."""
    return _NUMBER_HEADING.fullmatch(key(heading)) is not None


def remembered_by(headings: Iterable[str]) -> str:
    """Return one key for a set of headings, in whatever order, under which a mapping is remembered."""
    return "\n".join(sorted(map(key, headings)))


def guess(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> Guess:
    """Guess the columns from the headings and the first rows.

    A column with a heading for numbers is a candidate if it holds any number or is still empty. If there is
    no such column, every column is a candidate of which at least half the filled cells are numbers. The
    heading counts first because references often look like telephone numbers.
    """
    columns = [_column(sample, index) for index in range(len(headings))]
    keys = [key(heading) for heading in headings]
    shares = [_share(cells, _is_number) for cells in columns]
    called = [index for index, name in enumerate(keys) if _NUMBER_HEADING.fullmatch(name)]
    candidates = (
        [index for index in called if shares[index] or not columns[index]]
        or [index for index, share in enumerate(shares) if share >= _ENOUGH]
        or called
    )
    # The sort is stable: of two columns that are alike, the first one wins.
    candidates.sort(key=lambda index: not shares[index])
    return Guess(
        number=candidates[0] if candidates else None,
        name=_name(keys, columns, taken=candidates),
        candidates=tuple(candidates),
    )


def _name(keys: Sequence[str], columns: Sequence[list[str]], taken: Sequence[int]) -> int | None:
    free = [index for index in range(len(keys)) if index not in taken]
    for pattern in _NAME_HEADINGS:
        called = [index for index in free if pattern.fullmatch(keys[index])]
        if called:
            return called[0]
    # Content alone decides only for cells of two or more words: a single word may be anything.
    return next((index for index in free if _share(columns[index], _is_name) >= _ENOUGH), None)


def _column(sample: Sequence[Sequence[str]], index: int) -> list[str]:
    cells = (row[index].strip() for row in sample if index < len(row))
    return [cell for cell in cells if cell]


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _is_number(cell: str) -> bool:
    verdict = _CHECKER.check(cell)
    return not isinstance(verdict, Reason) or verdict in _LIKE_NUMBERS


def _is_name(cell: str) -> bool:
    return " " in cell and _LIKE_A_NAME.fullmatch(cell) is not None
