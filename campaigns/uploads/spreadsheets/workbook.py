"""The rows of XLSX, XLS and ODS files, read by python-calamine after harmful files are ruled out.

Row numbers are the sheet's own. Only blank rows after the last filled cell are left out. calamine keeps
a whole sheet in memory: about 100 bytes a cell.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import chain, islice, repeat
from pathlib import Path
from zipfile import ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from campaigns.uploads.spreadsheets.archive import open_archive
from campaigns.uploads.spreadsheets.cell_text import (
    WITHOUT_TEXT,
    Value,
    is_rounded,
    scientific,
    text_of,
    text_of_marked,
)
from campaigns.uploads.spreadsheets.delimited.lines import BATCH_ROWS, refuse_nul
from campaigns.uploads.spreadsheets.facts import Mark, SheetFacts, check_together
from campaigns.uploads.spreadsheets.ods import ods_facts
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import Batch, Kind, Limits, Reading, RowSource, Sheet
from campaigns.uploads.spreadsheets.xls import xls_facts
from campaigns.uploads.spreadsheets.xlsx import xlsx_facts
from campaigns.uploads.spreadsheets.xlsx.beginning import beginning_of
from campaigns.uploads.spreadsheets.xlsx.shared_texts import SharedTexts
from campaigns.uploads.spreadsheets.xlsx.styles import formats_of
from campaigns.uploads.spreadsheets.xlsx.usual_names import renamed, unusual_names


class WorkbookRows(RowSource):
    """The rows of one sheet below the headings. All its rows if `reading.header_row` is 0."""

    def __init__(
        self, path: Path, reading: Reading, limits: Limits, number_columns: tuple[int, ...] = ()
    ) -> None:
        """Store the arguments. The file is opened when the first batch is asked for."""
        self._number_columns = number_columns
        self._path = path
        self._reading = reading
        self._limits = limits
        self._progress = 0.0

    @property
    def progress(self) -> float:
        """Share of the rows returned so far, 0 to 1; 0 while the file is unpacked."""
        return self._progress

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches. Raises FileProblem."""
        with open_workbook(self._path, self._reading.kind, self._limits) as workbook:
            number = self._reading.header_row + 1
            rows = workbook.rows(self._reading.sheet, self._reading.columns, self._number_columns)
            total = rows.total
            if total >= number + self._limits.rows:
                raise FileProblem(ProblemCode.TOO_MANY_ROWS, limit=self._limits.rows)
            below = islice(rows, self._reading.header_row, None)
            while batch := list(enumerate(islice(below, BATCH_ROWS), number)):
                refuse_nul(cells for _, cells in batch)
                number += len(batch)
                self._progress = (number - 1) / total
                yield batch
        self._progress = 1.0


class _SheetRows:
    """All rows of a sheet from its first row to its last filled row, blank rows included."""

    def __init__(
        self, sheet: CalamineSheet, facts: SheetFacts, columns: int, number_columns: tuple[int, ...]
    ) -> None:
        self._sheet = sheet
        self._columns = columns
        self._number_columns = number_columns
        self.facts = facts
        self.total = max(sheet.end[0] + 1 if sheet.end else 0, facts.marked_rows)

    def rounded(self, rows: int) -> list[tuple[int, int]]:
        """Return the rounded cells among the first `rows` rows, by row number and column."""
        left = self._sheet.start[1] if self._sheet.start else 0
        values = enumerate(islice(self._sheet.iter_rows() if self._sheet.start else (), rows), 1)
        return [
            (number, column)
            for number, cells in values
            for column, value in enumerate(cells, left)
            if is_rounded(value)
        ]

    def __iter__(self) -> Iterator[list[str]]:
        left = [""] * (self._sheet.start[1] if self._sheet.start else 0)
        numbers = [n - len(left) for n in self._number_columns if n >= len(left)]
        rows = self._sheet.iter_rows() if self._sheet.start else iter(())
        for index, values in enumerate(islice(chain(rows, repeat([])), self.total)):
            cells = left + [v if isinstance(v, str) else text_of(v) for v in values]
            for number in numbers:
                if number < len(values) and is_rounded(values[number]):
                    cells[number + len(left)] = scientific(values[number])
            if marks := self.facts.marked(index):
                self._put(cells, marks, values, len(left))
            if len(cells) < self._columns:
                cells.extend([""] * (self._columns - len(cells)))
            yield cells

    def _put(
        self,
        cells: list[str],
        marks: Iterable[tuple[int, Mark | str]],
        values: Sequence[Value],
        left: int,
    ) -> None:
        """Correct the marked cells of a row whose values begin in column `left`."""
        for column, mark in marks:
            cells.extend([""] * (column + 1 - len(cells)))
            value = values[column - left] if left <= column < left + len(values) else ""
            cells[column] = text_of_marked(mark, value, cells[column])
            is_spoken = self._number_columns and column not in self._number_columns
            if is_spoken and cells[column] in WITHOUT_TEXT:
                # The marker must not be spoken. In a column of numbers it shows why the row is refused.
                cells[column] = ""


class Workbook:
    """An open file, with the facts about its sheets."""

    def __init__(self, file: CalamineWorkbook, facts: Callable[[str], SheetFacts]) -> None:
        """Make the workbook. `facts` raises FileProblem for a sheet that calamine must not read."""
        self._file = file
        self._facts = facts

    def sheets(self) -> tuple[Sheet, ...]:
        """Return the sheets that hold cells."""
        return tuple(
            Sheet(sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            for sheet in self._file.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        )

    def rows(self, name: str, columns: int, number_columns: tuple[int, ...] = ()) -> _SheetRows:
        """Load a sheet after checking that it is harmless. Raises FileProblem.

        Rows shorter than `columns` are filled up. In `number_columns`, rounded numbers come in scientific
        notation.
        """
        if name not in {sheet.name for sheet in self.sheets()}:
            raise FileProblem(ProblemCode.NO_SUCH_SHEET)
        facts = self._facts(name)
        return _SheetRows(self._file.get_sheet_by_name(name), facts, columns, number_columns)


@contextmanager
def open_workbook(
    path: Path, kind: Kind, limits: Limits, *, beginning: bool = False
) -> Iterator[Workbook]:
    """Open a workbook whose content was checked. Raises FileProblem, also later inside the context.

    With `beginning`, long sheets end early, but their facts are still those of the whole sheet.
    """
    with _calamine_problems(), _named_by_kind(path, kind) as named:
        if kind == Kind.XLS:
            with _opened(named, xls_facts.all_facts(named, limits), limits) as workbook:
                yield workbook
            return
        with open_archive(named, limits) as archive:
            if kind == Kind.ODS:
                with _opened(named, ods_facts.all_facts(archive, limits), limits) as workbook:
                    yield workbook
                return
            unusual = unusual_names(archive)
            if unusual:
                with (
                    renamed(archive, unusual) as copy,
                    open_workbook(copy, kind, limits, beginning=beginning) as workbook,
                ):
                    yield workbook
                return
            texts = xlsx_facts.shared_texts(archive, limits)
            read = beginning_of(archive) if beginning else nullcontext(named)
            with read as readable, CalamineWorkbook.from_path(readable) as file:
                yield Workbook(file, _xlsx_facts(archive, limits, texts))


@contextmanager
def _named_by_kind(path: Path, kind: Kind) -> Iterator[Path]:
    """Yield a path whose suffix fits the kind. calamine relies on the suffix, and people may choose any."""
    if path.suffix.lower() == f".{kind}":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder, f"workbook.{kind}")
        named.symlink_to(path.absolute())
        yield named


def _xlsx_facts(
    archive: ZipFile, limits: Limits, texts: SharedTexts
) -> Callable[[str], SheetFacts]:
    parts, formats = xlsx_facts.sheet_parts(archive), formats_of(archive)

    def facts(sheet: str) -> SheetFacts:
        if sheet not in parts:
            raise FileProblem(ProblemCode.DAMAGED)
        return xlsx_facts.facts(archive, parts[sheet], limits, texts, formats)

    return facts


@contextmanager
def _opened(path: Path, facts: list[SheetFacts], limits: Limits) -> Iterator[Workbook]:
    check_together(facts, limits)
    with CalamineWorkbook.from_path(path) as file:
        names = file.sheet_names
        if len(names) != len(facts):
            raise FileProblem(ProblemCode.DAMAGED)
        by_name = dict(zip(names, facts, strict=True))
        yield Workbook(file, lambda sheet: by_name.get(sheet, SheetFacts()))


@contextmanager
def _calamine_problems() -> Iterator[None]:
    """Turn every exception of calamine into a FileProblem, without its text, which may quote a cell."""
    try:
        yield
    except PasswordError:
        raise FileProblem(ProblemCode.PASSWORD_PROTECTED) from None
    except (CalamineError, OverflowError, ValueError):
        # OverflowError: a value that Python can't hold, such as a duration of millions of years.
        raise FileProblem(ProblemCode.DAMAGED) from None
    except BaseException as problem:
        # A panic in Rust arrives as PanicException, a BaseException that can't be imported.
        if type(problem).__name__ == "PanicException":
            raise FileProblem(ProblemCode.DAMAGED) from None
        raise
