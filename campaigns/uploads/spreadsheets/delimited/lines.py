"""CSV and similar formats: text in lines, cells between delimiters (RFC 4180 and common deviations).

Row numbers count records, as a spreadsheet does: a cell with line breaks is one row, a blank line is a
row, and a first line `sep=;` is not a row.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from campaigns.uploads.spreadsheets.delimited.encodings import DELIMITERS, open_text
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import Batch, Limits, Reading, RowSource

BATCH_ROWS: Final = 500
_SAMPLE_RECORDS: Final = 50
_SAMPLE_CHARACTERS: Final = 1 << 17
_END: Final = "\0end"
"""The end mark, a line added after the last. It becomes a record of its own, unless a quotation mark
that is never closed swallows it. No file can contain it, because NUL bytes are refused."""

_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""The byte-order mark."""
_UTF_16: Final = ("utf-16-le", "utf-16-be")

_NUMBER_ALONE: Final = re.compile(r"[\s\"']*+\+?(?:[\s().\-/]*+\d){9,15}[\s\"']*+")
"""A cell with nothing but 9 to 15 digits, as a telephone number has; a date has fewer. The possessive
quantifiers prevent backtracking, which would take seconds for a long cell of blanks."""

_DELIMITER: Final = re.compile(r'[^\w\s"]|\t')
_SEPARATOR_LINE: Final = re.compile(r'"?sep=([^\w\s"]|\t)"?[\r\n]+', re.IGNORECASE)
"""Excel's own convention. The line is not a row."""


def guess_delimiter(path: Path, encoding: str, limits: Limits) -> str:
    """Return the delimiter: the one that a first line `sep=;` states, else the one that fits best."""
    with open_text(path, encoding, limits) as (text, _):
        sample = text.read(_SAMPLE_CHARACTERS)
    stated = _SEPARATOR_LINE.match(sample)
    if stated:
        return stated[1]
    if len(sample) == _SAMPLE_CHARACTERS:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    return max(DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """Return how evenly a delimiter cuts the first records, and into how many cells."""
    lines = io.StringIO(sample, newline="")
    try:
        records = list(islice(csv.reader(lines, delimiter=delimiter), _SAMPLE_RECORDS))
    except csv.Error:
        return 0.0, 0
    widths = Counter(len(record) for record in records if any(record))
    filled = widths.total()
    widths.pop(1, None)
    if not widths:
        return 0.0, 0
    width, occurrences = widths.most_common(1)[0]
    return occurrences / filled, width


class DelimitedRows(RowSource):
    """The rows of a text file below the headings. All its rows if `reading.header_row` is 0."""

    def __init__(self, path: Path, reading: Reading, limits: Limits) -> None:
        """Store the arguments. The file is opened when the first batch is asked for."""
        self._path = path
        self._reading = reading
        self._limits = limits
        self._progress = 0.0

    @property
    def progress(self) -> float:
        """Share of the bytes read so far, 0 to 1."""
        return self._progress

    def __iter__(self) -> Generator[Batch, None, None]:
        """Yield batches. Raises FileProblem at the first thing that can't be read."""
        size = max(1, self._path.stat().st_size)
        self.short_rows = 0
        number = self._reading.header_row + 1
        encoding, delimiter = self._reading.encoding, self._reading.delimiter
        with open_text(self._path, encoding, self._limits, delimiter) as (text, watched):
            for records in _records(text, self._reading, self._limits):
                self._progress = watched.bytes_read / size
                self._even_out(records)
                yield list(enumerate(records, number))
                number += len(records)
        self._progress = 1.0

    def _even_out(self, records: list[list[str]]) -> None:
        """Fill up and count short rows. Raises FileProblem for too many columns and for NUL characters."""
        widths = list(map(len, records))
        if max(widths) > self._limits.columns:
            raise FileProblem(ProblemCode.TOO_MANY_COLUMNS, limit=self._limits.columns)
        columns = self._reading.columns
        if min(widths) < columns:
            for record in records:
                if len(record) < columns:
                    self.short_rows += any(map(str.strip, record))
                    record.extend([""] * (columns - len(record)))
        if self._reading.encoding.startswith("utf-16"):
            refuse_nul(records)


def refuse_nul(records: Iterable[list[str]]) -> None:
    """Raise FileProblem (NUL_BYTES) if a cell holds a NUL character, which no database takes."""
    if "\0" in "".join(chain.from_iterable(records)):
        raise FileProblem(ProblemCode.NUL_BYTES)


def _records(text: io.TextIOWrapper, reading: Reading, limits: Limits) -> Iterator[list[list[str]]]:
    """Yield the records below the headings in blocks. Raises FileProblem."""
    if not _DELIMITER.fullmatch(reading.delimiter):
        raise FileProblem(ProblemCode.NO_SUCH_DELIMITER)
    csv.field_size_limit(
        limits.cell_characters
    )  # global to the process, but the same for every file
    reader = csv.reader(_lines(text, reading), delimiter=reading.delimiter)
    row = 0
    records: list[list[str]] = []
    last = reading.header_row + limits.rows
    ended = False
    try:
        while not ended:
            above = min(BATCH_ROWS, reading.header_row - row)
            records = []
            # `list(...)` would lose the records read before an error, whose count gives the row number.
            lines = reader.line_num
            records.extend(islice(reader, above if above > 0 else BATCH_ROWS))
            has_long_cells = reader.line_num - lines > len(records)
            row += len(records)
            ended = _ends(records, row)
            if has_long_cells:
                _refuse_swallowed(records, row - len(records) - ended, reading.delimiter)
            if row - ended > last:
                raise FileProblem(ProblemCode.TOO_MANY_ROWS, limit=limits.rows)
            if records and above <= 0:
                yield records
    except csv.Error:
        at, limit = row + len(records) + 1, limits.cell_characters
        raise FileProblem(ProblemCode.CELL_TOO_LONG, row=at, limit=limit) from None


def _refuse_swallowed(records: Iterable[list[str]], row: int, delimiter: str) -> None:
    """Raise FileProblem (SWALLOWED_ROWS) if a cell of several lines holds what looks like a row.

    If one quotation mark is missing and another one is too many further down, all rows between them become
    one cell. The people in these rows would be lost without notice.
    """
    for number, record in enumerate(records, row + 1):
        lines = (line.split(delimiter) for cell in record for line in cell.splitlines()[1:])
        rows = (cells for cells in lines if len(cells) > 1 or len(record) == 1)
        if any(map(_NUMBER_ALONE.fullmatch, chain.from_iterable(rows))):
            raise FileProblem(ProblemCode.SWALLOWED_ROWS, row=number)


def _lines(text: io.TextIOWrapper, reading: Reading) -> Iterator[str]:
    """Return the lines without `sep=`, followed by the end mark."""
    first = text.readline().replace(_MARK, "")
    is_row = first and not _SEPARATOR_LINE.fullmatch(first)
    # Joined files have marks further down. In other encodings `Watched` has already dropped them.
    others = (line.replace(_MARK, "") for line in text) if reading.encoding in _UTF_16 else text
    return chain([first] if is_row else [], others, [_END])


def _ends(records: list[list[str]], row: int) -> bool:
    """Remove the end mark from the last record and return whether it was there."""
    last = records[-1] if records else []
    if not last or not last[-1].endswith(_END):
        return False
    if last != [_END]:
        raise FileProblem(ProblemCode.UNCLOSED_QUOTE, row=row)
    del records[-1]
    return True
