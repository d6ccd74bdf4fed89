"""The first rows of a file, as the table in which a person chooses columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Self

from campaigns.uploads.columns.foreseen import Foreseen
from campaigns.uploads.numbers.checker import FORMULA_MARKER
from campaigns.uploads.spreadsheets import NO_TIME, Inspection

ROWS = 10
ROWS_ABOVE = 3
COLUMNS = 40
NO_HEADING = "(no heading)"

_WORDS: Mapping[str, str] = {FORMULA_MARKER: "(no value)", NO_TIME: "(no such time)"}


def shown(cell: str) -> str:
    """Return what a person sees of a cell. A cell without a value shows why it has none."""
    return _WORDS.get(cell, cell)


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    role: str
    """"Number", "Second number", "Name", or "" for any other."""
    index: int | None = None
    """Its place in the file, by which it is chosen; None for cells beyond the headings."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    number: int
    cells: Sequence[str]
    refusal: str
    """Why the import would refuse it, "" if it would not."""
    judged_column: int | None
    """The column with its number or the reason against it; None if no column of numbers is known."""


@dataclass(frozen=True, slots=True)
class Preview:
    columns: Sequence[Column]
    number_column: int | None
    """The column with the numbers, in which refusals are shown; None if no such column is known."""
    heading_row: int
    """The sheet's row with the headings, 0 for none."""
    above: Sequence[tuple[int, str]]
    """The last rows above the headings: row number and text."""
    rows: Sequence[ShownRow]
    more_columns: int
    second_column: int | None = None

    @classmethod
    def of(
        cls,
        found: Inspection,
        columns: tuple[int | None, int | None, int | None],
        foreseen: Foreseen,
    ) -> Self:
        """Make the table. `columns` are those of `Columns`, of which none may be chosen yet."""
        number, name, second = columns
        roles = {name: "Name", second: "Second number", number: "Number"}
        called = [
            Column(heading, roles.get(index, ""), index)
            for index, heading in enumerate(found.headings)
        ]
        rows = found.sample[:ROWS]
        # Extra columns are added so that a row with more cells than headings shows all its cells.
        beyond = max((len(cells) for _, cells in rows), default=0) - len(called)
        headed = [*called, *[Column(NO_HEADING, "")] * beyond][:COLUMNS]
        return cls(
            headed,
            number,
            found.reading.header_row,
            [(row, " ".join(filter(None, cells))) for row, cells in found.above[-ROWS_ABOVE:]],
            [
                ShownRow(
                    row,
                    _padded(map(shown, cells[:COLUMNS]), len(headed)),
                    foreseen.refusals.get(row, ""),
                    second if row in foreseen.from_second else number,
                )
                for row, cells in rows
            ],
            max(0, len(called) - COLUMNS),
            second,
        )

    @property
    def refused(self) -> int:
        """Return how many of the rows shown would be refused."""
        return sum(bool(row.refusal) for row in self.rows)

    @property
    def second_numbers(self) -> int:
        """Return how many of the rows shown would become contacts by their second column of numbers."""
        if self.second_column is None:
            return 0
        return sum(not row.refusal and row.judged_column == self.second_column for row in self.rows)


def _padded(cells: Iterable[str], width: int) -> list[str]:
    return list(islice(chain(cells, repeat("")), width))
