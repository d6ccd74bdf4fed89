"""The three tiers of problems with a file: in the file itself, in its columns, or in a cell."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from campaigns.uploads.spreadsheets import ProblemCode

COLUMNS_UNKNOWN = "columns_unknown"
"""The code of a ColumnProblem."""


class Tier(StrEnum):
    """The part of a file in which a problem lies that prevents the import."""

    FILE = "file"
    COLUMNS = "columns"
    CELLS = "cells"

    @property
    def heading(self) -> str:
        return _HEADINGS[self]


_HEADINGS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.FILE: "The file could not be read",
        Tier.COLUMNS: "The columns of the file could not be used",
        Tier.CELLS: "A cell of the file could not be read",
    }
)
_TIERS: Mapping[str, Tier] = MappingProxyType(
    {
        COLUMNS_UNKNOWN: Tier.COLUMNS,
        ProblemCode.TOO_MANY_COLUMNS: Tier.COLUMNS,
        ProblemCode.CELL_TOO_LONG: Tier.CELLS,
        ProblemCode.UNCLOSED_QUOTE: Tier.CELLS,
        ProblemCode.SWALLOWED_ROWS: Tier.CELLS,
        ProblemCode.SEVERAL_NUMBERS: Tier.CELLS,
    }
)
_WHATEVER_IS_CHOSEN = frozenset(
    (
        ProblemCode.TOO_LARGE,
        ProblemCode.NOT_A_SPREADSHEET,
        ProblemCode.PASSWORD_PROTECTED,
        ProblemCode.MACROS,
        ProblemCode.ZIP_BOMB,
        ProblemCode.UNUSUAL,
        ProblemCode.DAMAGED,
    )
)


def of(code: str) -> Tier:
    """Return the tier of a problem, by its code."""
    return _TIERS.get(code, Tier.FILE)


def may_be_read_otherwise(code: str) -> bool:
    """Return whether another sheet, encoding, delimiter, heading row or column could help."""
    return code not in _WHATEVER_IS_CHOSEN


class ColumnProblem(Exception):
    """It is not clear which column holds the numbers. `sentence` says so, and what to do."""

    code = COLUMNS_UNKNOWN

    def __init__(self, sentence: str) -> None:
        super().__init__("column problem")
        self.sentence = sentence
