"""Facts about the sheets of an ODS file (OpenDocument 1.3, part 3, chapter 9): repeated cells and errors.

The content of all sheets is one part, which calamine reads whole when it opens the file.
"""

import re
import zipfile
from typing import Final

from campaigns.uploads.spreadsheets.archive import part
from campaigns.uploads.spreadsheets.facts import BYTES_A_CELL, TEXT_BYTES, Mark, SheetFacts
from campaigns.uploads.spreadsheets.markup import limited, local, parse
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import Limits

_CELLS: Final = ("table-cell", "covered-table-cell")
_HOURS_A_DAY: Final = 24
_DURATION: Final = re.compile(r"PT([0-9]{1,9})H")
_DAY_ZERO: Final = "1899-12-30"


def all_facts(archive: zipfile.ZipFile, limits: Limits) -> list[SheetFacts]:
    """Return the facts of each sheet, in order. Raises FileProblem."""
    try:
        content = part(archive, "content.xml")
    except KeyError:
        raise FileProblem(ProblemCode.DAMAGED) from None
    collector = _Parser(limits)
    parse(limited(archive, content), collector.start, collector.end, collector.text)
    return collector.sheets


class _Parser:
    """A parser that follows rows and cells. One element may stand for many repeated rows or cells."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: list[SheetFacts] = []
        self._limits = limits
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._row_style = ""
        self._collapsed = self._filled = False
        self._error: list[str] | None = None
        self._text_bytes = 0
        self._styles = Styles()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        self._styles.start(name, attributes)
        if name == "table":
            self.sheets.append(SheetFacts())
            self._row = self._column = 0
        elif name == "table-column":
            self._start_column(attributes)
        elif name == "table-row":
            self._rows = int(attributes.get("table:number-rows-repeated", "1"))
            self._collapsed = attributes.get("table:visibility", "visible") != "visible"
            self._row_style = attributes.get("table:default-cell-style-name", "")
            self._column, self._filled = 0, False
        elif name in _CELLS:
            self._start_cell(attributes)
        elif name == "p" and self.sheets:
            self._reach()
        elif name == "s":
            self._text_bytes += int(attributes.get("text:c", "1"))

    def _start_column(self, attributes: dict[str, str]) -> None:
        """Note a column, or several equal ones, before the rows begin."""
        repeated = int(attributes.get("table:number-columns-repeated", "1"))
        if attributes.get("table:visibility", "visible") != "visible" and self.sheets:
            self.sheets[-1].hide(self._column, self._column + repeated - 1)
        self._column += repeated
        self._styles.start_column(self._column, attributes)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._columns = int(attributes.get("table:number-columns-repeated", "1"))
        self._error = None
        self._text_bytes = 0
        if "office:value-type" in attributes:
            self._reach()
            self._text_bytes = len(attributes.get("office:string-value", "").encode())
            if attributes.get("calcext:value-type") == "error":
                self._error = []
            mark = self._mark_of_moment(attributes)
            if mark:
                self._mark(mark)
        elif "table:formula" in attributes:
            self._reach()
            self._mark()

    def _mark_of_moment(self, attributes: dict[str, str]) -> Mark:
        """Return what calamine does not say about a cell with a date or time."""
        if "office:time-value" in attributes:
            found = _DURATION.match(attributes["office:time-value"])
            if not found:
                return Mark.NO_SUCH_TIME
            return Mark.DURATION if int(found[1]) >= _HOURS_A_DAY else Mark.NONE
        if "office:date-value" not in attributes:
            return Mark.NONE
        day, _, clock = attributes["office:date-value"].partition("T")
        if day == _DAY_ZERO and not clock.strip("0:."):
            return Mark.NO_SUCH_TIME
        style = attributes.get("table:style-name") or self._row_style
        if not clock.strip("0:.") and (clock or self._styles.show_a_clock(style, self._column)):
            return Mark.MIDNIGHT
        return Mark.NONE

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
        """Count the text of a cell that ends, once for each cell that the element stands for."""
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

    def _mark(self, what: Mark | str = Mark.NO_VALUE) -> None:
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + self._columns):
                self.sheets[-1].mark(row, column, what)


class Styles:
    """The cell styles that show a clock (OpenDocument 1.3, part 3, chapters 16 and 19)."""

    def __init__(self) -> None:
        self._clocks: set[str] = set()
        """Names of formats that show hours or minutes."""
        self._format = ""
        self._showing: set[str] = set()
        """Names of styles with such a format, or with a parent that has one."""
        self._of_columns: list[tuple[int, str]] = []
        """(end, style): cells of columns before `end` have this style unless they name another."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("date-style", "time-style"):
            self._format = attributes.get("style:name", "")
        elif name in ("hours", "minutes"):
            self._clocks.add(self._format)
        elif name == "style":
            shows = attributes.get("style:data-style-name") in self._clocks
            if shows or attributes.get("style:parent-style-name") in self._showing:
                self._showing.add(attributes.get("style:name", ""))
        elif name == "table":
            self._of_columns = []

    def start_column(self, end: int, attributes: dict[str, str]) -> None:
        self._of_columns.append((end, attributes.get("table:default-cell-style-name", "")))

    def show_a_clock(self, style: str, column: int) -> bool:
        """Return whether a cell shows a clock by its own style or its row's, else by its column's."""
        of_column = next((found for end, found in self._of_columns if column < end), "")
        return (style or of_column) in self._showing
