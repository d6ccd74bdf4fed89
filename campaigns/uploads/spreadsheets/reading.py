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
"""The last row that a person can choose as the row with the headings."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of one file."""

    bytes: int = 250_000_000
    rows: int = 2_000_000
    columns: int = 500
    cell_characters: int = 32_767
    """Characters of one cell in a CSV. Excel has the same limit."""
    unpacked_bytes: int = 600_000_000
    """Bytes of all parts of a workbook together."""
    ratio: int = 250
    """Unpacked bytes divided by packed bytes. Checked from 50 MB unpacked."""
    cells: int = 5_800_000
    """Cells of the rectangle that a workbook's sheet covers, plus shared texts. All are held in memory,
    about 70 bytes each, and a worker must stay under 512 MB. The memory of the cells' own texts is
    converted to cells of that size."""
    tall_cells: int = 8_400_000
    """The same limit for an XLSX sheet of about as many rows as the format allows: 700 MB."""
    tall_rows: int = 1_000_000
    """Rows from which `tall_cells` applies. Excel's limit is 1,048,576."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The way in which a file is to be read: guessed by `inspect` and corrected by a person."""

    kind: Kind
    header_row: int
    """The sheet's row with the headings, from 1; 0 if there are none. Rows below it are data."""
    columns: int
    """Number of columns. Shorter rows are filled up to it; a row with more filled cells has too many."""
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
    """The first data rows. A row that fills more cells than there are columns keeps them all."""
    rounded: tuple[tuple[int, int], ...] = ()
    """Cells of the sample, by row number and column, that `rows` would give in scientific notation."""
    sheets: tuple[Sheet, ...] = ()
    hidden_rows: int = 0
    hidden_columns: tuple[int, ...] = ()
    without_value: tuple[tuple[int, int], ...] = ()
    """Columns with formulas whose results are not stored, each with the number of such cells."""
    without_time: tuple[tuple[int, int], ...] = ()
    """Columns with dates or times that don't exist, each with the number of such cells."""
    unreadable: tuple[int, ...] = ()
    """Rows with characters that can't be read in the encoding; at most the first 1,000 of them."""
    encoding_name: str = ""
    """The name of the encoding for people, such as "Windows-1252"."""
    notices: tuple[Notice, ...] = ()
    repeated: tuple[int, ...] = ()
    """Columns whose heading got a number, because an earlier column has the same heading."""
    unnamed: tuple[int, ...] = ()
    """Columns without a heading, in a file that has headings."""


class RowSource(ABC):
    """The rows below the headings, in batches of about 500. Each iteration reads the file again."""

    short_rows: int = 0
    """Number of rows read so far with fewer cells than columns. In a workbook there are none."""

    @property
    @abstractmethod
    def progress(self) -> float:
        """Share of the file that has been read, 0 to 1."""

    @abstractmethod
    def __iter__(self) -> Iterator[Batch]:
        """Yield batches. Raises FileProblem."""
