"""Facts of the sheets of an ODS file (OpenDocument 1.3, part 3, chapter 9): repeats and errors.

The content of all sheets is one part, which calamine reads whole when it opens the file.
"""

import zipfile
from typing import Final

from campaigns.contacts.spreadsheets.archive import part
from campaigns.contacts.spreadsheets.facts import BYTES_A_CELL, TEXT_BYTES, SheetFacts
from campaigns.contacts.spreadsheets.markup import limited, local, parse
from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.contacts.spreadsheets.reading import Limits

_CELLS: Final = ("table-cell", "covered-table-cell")


def all_facts(archive: zipfile.ZipFile, limits: Limits) -> list[SheetFacts]:
    """Return the facts of each sheet, in order; raises FileProblem."""
    try:
        content = part(archive, "content.xml")
    except KeyError:
        raise FileProblem(ProblemCode.DAMAGED) from None
    collector = _Parser(limits)
    parse(limited(archive, content), collector.start, collector.end, collector.text)
    return collector.sheets


class _Parser:
    """Follows rows and cells, each of which may stand for many."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: list[SheetFacts] = []
        self._limits = limits
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._collapsed = self._filled = False
        self._error: list[str] | None = None
        self._text_bytes = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "table":
            self.sheets.append(SheetFacts())
            self._row = 0
        elif name == "table-row":
            self._rows = int(attributes.get("table:number-rows-repeated", "1"))
            self._collapsed = attributes.get("table:visibility", "visible") != "visible"
            self._column, self._filled = 0, False
        elif name in _CELLS:
            self._start_cell(attributes)
        elif name == "p" and self.sheets:
            self._reach()
        elif name == "s":
            self._text_bytes += int(attributes.get("text:c", "1"))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._columns = int(attributes.get("table:number-columns-repeated", "1"))
        self._error = None
        self._text_bytes = 0
        if "office:value-type" in attributes:
            self._reach()
            self._text_bytes = len(attributes.get("office:string-value", "").encode())
            if attributes.get("calcext:value-type") == "error":
                self._error = []
        elif "table:formula" in attributes:
            self._reach()
            self._mark()

    def text(self, text: str) -> None:
        self._text_bytes += len(text.encode())
        if self._error is not None and len(self._error) < 10:
            self._error.append(text)

    def end(self, name: str) -> None:
        name = local(name)
        if name in _CELLS:
            if self._error is not None:
                self._mark("".join(self._error))
            self._error = None
            self._note_text()
            self._column += self._columns
        elif name == "table-row":
            if self._collapsed and self._filled:
                self.sheets[-1].hidden_rows += self._rows
            self._row += self._rows

    def _note_text(self) -> None:
        """Count the text of a cell that ends, as often as it stands for."""
        if not self._text_bytes or not self.sheets:
            return
        facts = self.sheets[-1]
        facts.text_bytes += (TEXT_BYTES + self._text_bytes) * self._rows * self._columns
        if facts.text_bytes > self._limits.cells * BYTES_A_CELL:
            raise FileProblem(ProblemCode.TOO_MUCH_TEXT)
        self._text_bytes = 0

    def _reach(self) -> None:
        self._filled = True
        self.sheets[-1].reach(self._row + self._rows, self._column + self._columns, self._limits)

    def _mark(self, *text: str) -> None:
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + self._columns):
                self.sheets[-1].mark(row, column, *text)
