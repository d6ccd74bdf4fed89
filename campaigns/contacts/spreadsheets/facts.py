"""What python-calamine does not tell of a sheet, and what must be known before it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from campaigns.contacts.numbers import FORMULA_MARKER
from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.contacts.spreadsheets.reading import LAST_HEADER_ROW, Limits

BYTES_A_CELL: Final = 70
"""Of memory; texts take more."""
TEXT_BYTES: Final = 32
"""Of memory, for a text however short."""
CELL_BYTES: Final = 60
"""Of an XLSX file, for a cell's tags and its number, at most in nearly all files."""
_MOST_TEXTS: Final = 100
"""Excel knows some ten errors."""
_OTHER_ERROR: Final = "#ERROR"


@dataclass(slots=True)
class SheetFacts:
    """How far a sheet reaches, and what is special in it; rows and columns count from 0."""

    rows: int = 0
    columns: int = 0
    hidden_rows: int = 0
    written: int = 0
    """Cells of an XLSX file, one that is written twice counting twice."""
    unpacked_bytes: int = 0
    """How long an XLSX file's sheet is."""
    text_bytes: int = 0
    """What the texts of its cells take in memory beside their cells, roughly."""
    shared_bytes: int = 0
    """The same of the texts that an XLSX file's cells share, where the sheet was parsed."""
    marks: dict[int, bytearray] = field(default_factory=dict)
    """Column -> for each row, 0 or which of `texts` stands in a cell that calamine gives as empty: an
    error value (#N/A), or a formula without a stored result. One byte a cell: all may be such."""
    texts: list[str] = field(default_factory=lambda: [""])

    def reach(self, rows: int, columns: int, limits: Limits) -> None:
        """Note a cell; raises FileProblem if the sheet is larger than calamine may be given.

        It keeps the whole rectangle up to the farthest cell in memory, however empty, and what texts
        take beside; a process that runs out of memory there is aborted.
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
        # What texts take only grows, and what is left for them shrinks: so this is certain before the
        # end of the sheet, which may be seconds away.
        if self.own_text_bytes > (limits.cells - cells) * BYTES_A_CELL:
            raise FileProblem(ProblemCode.TOO_MUCH_TEXT)

    @property
    def own_text_bytes(self) -> int:
        """What texts in the cells take in memory: a sheet is text beyond its cells' tags and numbers."""
        cells = min(self.written, self.rows * self.columns)
        return self.text_bytes + max(0, self.unpacked_bytes - cells * CELL_BYTES)

    def mark(self, row: int, column: int, text: str = FORMULA_MARKER) -> None:
        """Note the text of a cell that calamine would give as empty. It must have been reached."""
        if row >= self.rows or column >= self.columns:
            raise FileProblem(ProblemCode.DAMAGED)
        if text not in self.texts:
            if len(self.texts) >= _MOST_TEXTS:
                text = _OTHER_ERROR
            self.texts.append(text)
        marks = self.marks.setdefault(column, bytearray())
        marks.extend(bytes(max(0, row + 1 - len(marks))))
        marks[row] = self.texts.index(text)

    def marked(self, row: int) -> list[tuple[int, str]]:
        """Return the columns of a row that hold such texts, and the texts."""
        columns = ((column, marks) for column, marks in self.marks.items() if row < len(marks))
        return [(column, self.texts[marks[row]]) for column, marks in columns if marks[row]]

    @property
    def marked_rows(self) -> int:
        """Rows down to the last that holds such a text."""
        return max(map(len, self.marks.values()), default=0)


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
