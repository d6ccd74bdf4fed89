"""What python-calamine does not tell of a sheet, and what must be known before it is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from campaigns.contacts.numbers import FORMULA_MARKER
from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.contacts.spreadsheets.reading import Limits


@dataclass(slots=True)
class SheetFacts:
    """How far a sheet reaches, and what is special in it; rows and columns count from 0."""

    rows: int = 0
    columns: int = 0
    hidden_rows: int = 0
    marks: dict[int, dict[int, str]] = field(default_factory=dict)
    """Row -> column -> the text of a cell that calamine gives as empty: an error value (#N/A), or
    a formula without a stored result."""

    def reach(self, rows: int, columns: int, limits: Limits) -> None:
        """Note a cell; raises FileProblem if the sheet is larger than calamine may be given.

        It keeps the whole rectangle up to the farthest cell in memory, however empty, and a process
        that runs out of memory there is aborted.
        """
        self.rows = max(self.rows, rows)
        self.columns = max(self.columns, columns)
        if self.columns > limits.columns:
            raise FileProblem(ProblemCode.TOO_MANY_COLUMNS, limit=limits.columns)
        cells = self.rows * self.columns
        if cells > limits.cells:
            raise FileProblem(ProblemCode.TOO_MANY_CELLS, cells=cells, limit=limits.cells)

    def mark(self, row: int, column: int, text: str = FORMULA_MARKER) -> None:
        """Note the text of a cell that calamine would give as empty."""
        self.marks.setdefault(row, {})[column] = text


def check_together(sheets: Iterable[SheetFacts], limits: Limits) -> None:
    """Raise FileProblem if sheets that calamine reads all at once are too large together."""
    cells = sum(sheet.rows * sheet.columns for sheet in sheets)
    if cells > limits.cells:
        raise FileProblem(ProblemCode.TOO_MANY_CELLS, cells=cells, limit=limits.cells)


def column_index(letters: str) -> int:
    """Return the index from 0 of the column "A", "B", ... "AA"."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
