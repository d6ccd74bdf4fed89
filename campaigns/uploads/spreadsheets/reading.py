"""The types that this package takes and returns."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self

Row = tuple[int, list[str]]
"""The sheet's own row number, from 1, and the row's cells."""

Batch = list[Row]


class Kind(StrEnum):
    """The format of a file, recognised by its content."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


class Notice(StrEnum):
    """Codes of what a person should know before the file is imported."""

    REPEATED_HEADINGS = "repeated_headings"
    EMPTY_HEADINGS = "empty_headings"
    NO_HEADINGS = "no_headings"
    ROWS_ABOVE = "rows_above"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    NO_VALUE = "no_value"
    UNREADABLE = "unreadable"
    NO_SUCH_TIME = "no_such_time"
    OTHER_SHEETS = "other_sheets"


LAST_HEADER_ROW: Final = 1000
"""A correction of the row with the headings can't go further down."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of one file."""

    bytes: int = 250_000_000
    rows: int = 2_000_000
    columns: int = 500
    cell_characters: int = 32_767
    """Of one cell in a CSV; Excel has the same limit."""
    unpacked_bytes: int = 600_000_000
    """Of all parts of a workbook together."""
    ratio: int = 250
    """Unpacked bytes to packed ones, looked at from 50 MB unpacked."""
    cells: int = 5_800_000
    """Of the rectangle a workbook's sheet covers and its shared texts together: all are held in memory,
    some 70 bytes each, and a worker is to stay under 512 MB. What the cells' texts take is counted in
    cells of that size."""
    tall_cells: int = 8_400_000
    """The same for an XLSX file that is about as long as the format allows: 700 MB."""
    tall_rows: int = 1_000_000
    """From here on a sheet is that long; Excel's limit is 1,048,576."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The way in which a file is to be read: guessed by `inspect` and corrected by a person."""

    kind: Kind
    header_row: int
    """The sheet's row with the headings, from 1; 0 if there are none. Rows below it are data."""
    columns: int
    """Shorter rows are filled up to this many cells; a row that fills more has too many."""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""

    def to_json(self) -> dict[str, str | int]:
        """Return plain values that `from_json` takes back."""
        return {**asdict(self), "kind": self.kind.value}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Undo `to_json`."""
        return cls(**{**values, "kind": Kind(values["kind"])})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook that holds cells."""

    name: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """The guessed reading of a file and its first rows, for a person to confirm."""

    reading: Reading
    headings: tuple[str, ...]
    """As long as `reading.columns`, distinct, none empty."""
    above: Batch
    """Rows above the headings."""
    sample: Batch
    """The first data rows. One that fills more cells than there are columns has them all."""
    rounded: tuple[tuple[int, int], ...] = ()
    """Cells of the sample, by row number and column, that `rows` would give in scientific notation."""
    sheets: tuple[Sheet, ...] = ()
    hidden_rows: int = 0
    hidden_columns: tuple[int, ...] = ()
    without_value: tuple[tuple[int, int], ...] = ()
    """Columns with formulas whose results the file does not hold, and how many of them."""
    without_time: tuple[tuple[int, int], ...] = ()
    """Columns with dates or times that don't exist, and how many of them."""
    unreadable: tuple[int, ...] = ()
    """Rows with characters that can't be read in the encoding; the first of them if there are many."""
    encoding_name: str = ""
    """For people: "Windows-1252"."""
    notices: tuple[Notice, ...] = ()
    repeated: tuple[int, ...] = ()
    """Columns that got a number, since an earlier one has their heading."""
    unnamed: tuple[int, ...] = ()
    """Columns that have no heading of their own, of a file that has headings."""


class RowSource(ABC):
    """The rows below the headings, in batches of about 500. Each iteration reads the file again."""

    short_rows: int = 0
    """How many rows read so far had fewer cells than there are columns; a workbook's have none."""

    @property
    @abstractmethod
    def progress(self) -> float:
        """Share of the file that has been read, 0 to 1."""

    @abstractmethod
    def __iter__(self) -> Iterator[Batch]:
        """Yield batches. Raises FileProblem."""
