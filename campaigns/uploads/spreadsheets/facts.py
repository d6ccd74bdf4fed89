"""Facts about a sheet that python-calamine does not return, or that must be known before it is called."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import LAST_HEADER_ROW, Limits

BYTES_A_CELL: Final = 70
"""Bytes of memory that a cell takes, without its text."""
TEXT_BYTES: Final = 32
"""Bytes of memory that any text takes, besides its own length."""
CELL_BYTES: Final = 60
"""Bytes of a cell's tags and number in an XLSX file. Nearly all files have fewer."""
_MOST_TEXTS: Final = 200
"""Different error texts kept for a sheet. Excel has about ten."""
_MOST_HIDDEN: Final = 16_384
_OTHER_ERROR: Final = "#ERROR"


class Mark(IntEnum):
    """A fact about a cell that calamine does not return. Higher values stand for error texts in the facts."""

    NONE = 0
    NO_VALUE = 1
    """A formula without a stored result."""
    NO_SUCH_TIME = 2
    """A date or time below zero, or on a day that no calendar has."""
    MIDNIGHT = 3
    """A date whose format shows a time too."""
    DURATION = 4
    """A number of hours, which calamine returns as a date of the year 1900 or as ISO 8601."""


@dataclass(slots=True)
class SheetFacts:
    """The size of a sheet and what is special in it. Rows and columns count from 0."""

    rows: int = 0
    columns: int = 0
    hidden_rows: int = 0
    written: int = 0
    """Number of cells in an XLSX file. A cell that is written twice counts twice."""
    unpacked_bytes: int = 0
    """Length of the sheet in an XLSX file."""
    text_bytes: int = 0
    """Approximate memory of the cells' texts, besides the cells themselves."""
    shared_bytes: int = 0
    """The same for the shared texts that an XLSX file's cells name. Only known if the sheet was parsed."""
    marks: dict[int, bytearray] = field(default_factory=dict)
    """Column -> one byte for each row: a `Mark`, or `len(Mark)` plus an index in `errors`. One byte is
    enough, and memory counts because all cells may be marked."""
    rows_with_marks: bytearray = field(default_factory=bytearray)
    """One byte for each row: 1 if a cell of the row is marked, else 0."""
    errors: list[str] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last column of each run of hidden columns."""

    def reach(self, rows: int, columns: int, limits: Limits) -> None:
        """Note how far a cell reaches. Raises FileProblem if the sheet is too large for calamine.

        calamine holds the whole rectangle up to the farthest cell in memory, even if it is empty, and the
        texts besides. A process that runs out of memory there is aborted.
        """
        self.rows = max(self.rows, rows)
        self.columns = max(self.columns, columns)
        if self.columns > limits.columns:
            raise FileProblem(ProblemCode.TOO_MANY_COLUMNS, limit=limits.columns)
        if self.rows > limits.rows + LAST_HEADER_ROW:
            raise FileProblem(ProblemCode.TOO_MANY_ROWS, limit=limits.rows)
        cells = self.rows * self.columns
        if cells > limits.cells:
            raise FileProblem(ProblemCode.TOO_MANY_CELLS, cells=cells, limit=limits.cells)
        # The texts only grow and the space left for them only shrinks. So the refusal is certain before
        # the end of the sheet, which may be seconds away.
        if self.own_text_bytes > (limits.cells - cells) * BYTES_A_CELL:
            raise FileProblem(ProblemCode.TOO_MUCH_TEXT)

    @property
    def own_text_bytes(self) -> int:
        """Bytes that the cells' texts take in memory.

        In an XLSX file every byte beyond the cells' tags and numbers counts as text.
        """
        cells = min(self.written, self.rows * self.columns)
        return self.text_bytes + max(0, self.unpacked_bytes - cells * CELL_BYTES)

    def hide(self, first: int, last: int) -> None:
        """Note that these columns are hidden, whether or not they hold anything."""
        if len(self.hidden_columns) < _MOST_HIDDEN:
            self.hidden_columns.append((first, last))

    def hidden_among(self, columns: int) -> tuple[int, ...]:
        """Return the hidden ones among the first `columns` columns."""
        hidden = {
            column
            for first, last in self.hidden_columns
            for column in range(max(0, first), min(last + 1, columns))
        }
        return tuple(sorted(hidden))

    def mark(self, row: int, column: int, what: Mark | str = Mark.NO_VALUE) -> None:
        """Note a mark, or an error's text, for a cell. Raises FileProblem if the cell was not reached."""
        if row >= self.rows or column >= self.columns:
            raise FileProblem(ProblemCode.DAMAGED)
        marks = self.marks.setdefault(column, bytearray())
        marks.extend(bytes(max(0, row + 1 - len(marks))))
        self.rows_with_marks.extend(bytes(max(0, row + 1 - len(self.rows_with_marks))))
        self.rows_with_marks[row] = 1
        marks[row] = what if isinstance(what, Mark) else self._of_error(what)

    def _of_error(self, text: str) -> int:
        if text not in self.errors and len(self.errors) >= _MOST_TEXTS:
            text = _OTHER_ERROR
        if text not in self.errors:
            self.errors.append(text)
        return len(Mark) + self.errors.index(text)

    def marked(self, row: int) -> list[tuple[int, Mark | str]]:
        """Return the marked cells of a row: their columns, each with its mark or the error's text."""
        if row >= len(self.rows_with_marks) or not self.rows_with_marks[row]:
            return []
        columns = ((column, marks) for column, marks in self.marks.items() if row < len(marks))
        return [(column, self._meaning(marks[row])) for column, marks in columns if marks[row]]

    def _meaning(self, mark: int) -> Mark | str:
        return Mark(mark) if mark < len(Mark) else self.errors[mark - len(Mark)]

    @property
    def marked_rows(self) -> int:
        """Number of rows down to the last one with a marked cell."""
        return len(self.rows_with_marks)

    def count(self, mark: Mark, below: int) -> tuple[tuple[int, int], ...]:
        """Return (column, cells) for each column that has cells with this mark in or below row `below`."""
        counts = (
            (column, marks[below:].count(mark)) for column, marks in sorted(self.marks.items())
        )
        return tuple(found for found in counts if found[1])


def check_together(sheets: Sequence[SheetFacts], limits: Limits) -> None:
    """Raise FileProblem if sheets that calamine reads all at once are too large together."""
    cells = sum(sheet.rows * sheet.columns for sheet in sheets)
    if cells > limits.cells:
        raise FileProblem(ProblemCode.TOO_MANY_CELLS, cells=cells, limit=limits.cells)
    if sum(sheet.text_bytes for sheet in sheets) > (limits.cells - cells) * BYTES_A_CELL:
        raise FileProblem(ProblemCode.TOO_MUCH_TEXT)


def column_index(letters: str) -> int:
    """Return the index from 0 of the column "A", "B", ... "AA"."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
