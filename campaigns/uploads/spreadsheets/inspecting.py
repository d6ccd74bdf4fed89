"""A guess at how a file is to be read, for a person to confirm."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from statistics import median_low
from typing import Final

from campaigns.uploads.spreadsheets.cell_text import WITHOUT_TEXT
from campaigns.uploads.spreadsheets.delimited.encodings import (
    ENCODINGS,
    checked_encoding,
    guess_encoding,
)
from campaigns.uploads.spreadsheets.delimited.lines import (
    DelimitedRows,
    guess_delimiter,
    refuse_nul,
)
from campaigns.uploads.spreadsheets.facts import Mark, SheetFacts
from campaigns.uploads.spreadsheets.header_row import guess_header_row
from campaigns.uploads.spreadsheets.kinds import kind_of
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import (
    LAST_HEADER_ROW,
    Batch,
    Inspection,
    Kind,
    Limits,
    Notice,
    Reading,
    Row,
    Sheet,
)
from campaigns.uploads.spreadsheets.table import Headings, distinct_headings, is_blank
from campaigns.uploads.spreadsheets.workbook import open_workbook

_SAMPLE_ROWS: Final = 20
_LOOKED_AT: Final = 500
"""Number of first rows from which the columns are guessed."""
_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
_MOST_UNREADABLE: Final = 1_000
_HEADINGS_WITHIN: Final = 50
"""Number of first rows from which the row of headings is guessed."""


def inspect(
    path: Path,
    limits: Limits,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> Inspection:
    """Return what a file looks like, read as guessed except for what a person has corrected.

    Raises FileProblem. A text file is decoded once from end to end. Of a workbook, the whole chosen sheet is
    scanned, but only its first rows are read as cells.
    """
    size = path.stat().st_size
    if size > limits.bytes:
        raise FileProblem(ProblemCode.TOO_LARGE, bytes=size, limit=limits.bytes)
    if not size:
        raise FileProblem(ProblemCode.EMPTY)
    kind = kind_of(path)
    if kind == Kind.CSV:
        return _inspect_text(path, limits, delimiter, encoding, header_row)
    return _inspect_workbook(path, limits, kind, sheet, header_row)


def _inspect_text(
    path: Path, limits: Limits, delimiter: str | None, encoding: str | None, header_row: int | None
) -> Inspection:
    encoding, is_whole = (
        checked_encoding(path, encoding, limits) if encoding else guess_encoding(path, limits)
    )
    delimiter = delimiter or guess_delimiter(path, encoding, limits)
    reading = Reading(Kind.CSV, header_row=0, columns=0, delimiter=delimiter, encoding=encoding)
    with closing(iter(DelimitedRows(path, reading, limits))) as batches:
        first = list(islice(chain.from_iterable(batches), _rows_needed(header_row)))
    found = _inspection(reading, first, header_row, encoding_name=ENCODINGS[encoding])
    if is_whole:
        return found
    unreadable = _unreadable_rows(path, reading, limits)
    told = (*found.notices, *([Notice.UNREADABLE] if unreadable else []))
    return replace(found, unreadable=unreadable, notices=tuple(sorted(told)))


def _unreadable_rows(path: Path, reading: Reading, limits: Limits) -> tuple[int, ...]:
    """Return the rows with characters that can't be read, at most the first 1,000."""
    every = chain.from_iterable(DelimitedRows(path, reading, limits))
    found = (number for number, cells in every if _UNREADABLE in "".join(cells))
    return tuple(islice(found, _MOST_UNREADABLE))


def _inspect_workbook(
    path: Path, limits: Limits, kind: Kind, sheet: str | None, header_row: int | None
) -> Inspection:
    with open_workbook(path, kind, limits, beginning=True) as workbook:
        sheets = workbook.sheets()
        visible = [sheet.name for sheet in sheets if not sheet.hidden]
        hidden = [sheet.name for sheet in sheets if sheet.hidden]
        for name in [sheet] if sheet else visible + hidden:
            rows = workbook.rows(name, columns=0)
            first = list(enumerate(islice(rows, _rows_needed(header_row)), 1))
            if not all(is_blank(cells) for _, cells in first):
                break
        else:
            raise FileProblem(ProblemCode.EMPTY)
    # A workbook may hold NUL as an escape sequence of its own, and no database stores NUL.
    refuse_nul([[sheet.name for sheet in sheets], *(cells for _, cells in first)])
    return _inspection(
        Reading(kind, header_row=0, columns=0, sheet=name),
        first,
        header_row,
        rounded=rows.rounded(len(first)),
        sheets=sheets,
        facts=rows.facts,
    )


def _rows_needed(header_row: int | None) -> int:
    return max(_LOOKED_AT, min(header_row or 0, LAST_HEADER_ROW) + _SAMPLE_ROWS)


def _inspection(
    reading: Reading,
    first: Batch,
    header_row: int | None,
    *,
    rounded: Iterable[tuple[int, int]] = (),
    sheets: tuple[Sheet, ...] = (),
    facts: SheetFacts | None = None,
    encoding_name: str = "",
) -> Inspection:
    """Return the inspection that the first rows give. Raises FileProblem (EMPTY)."""
    if all(is_blank(cells) for _, cells in first):
        raise FileProblem(ProblemCode.EMPTY)
    if header_row is None:
        header_row = guess_header_row(first[:_HEADINGS_WITHIN])
    header_row = min(header_row, LAST_HEADER_ROW, len(first))
    names = [_as_heading(cell) for cell in first[header_row - 1][1]] if header_row else []
    columns = _columns(reading.kind, names, first[header_row:]) or max(map(_width, first))
    headings = distinct_headings(names, columns)
    in_sample = range(header_row + 1, header_row + 1 + _SAMPLE_ROWS)
    shown = [(row[0], _evened(row, columns)) for row in first]
    found = Inspection(
        reading=replace(reading, header_row=header_row, columns=columns),
        headings=headings.names,
        above=shown[: max(0, header_row - 1)],
        sample=shown[header_row : header_row + _SAMPLE_ROWS],
        rounded=tuple(cell for cell in rounded if cell[0] in in_sample),
        sheets=sheets,
        encoding_name=encoding_name,
        notices=_notices(headings, header_row, first, sheets),
        repeated=headings.repeated,
        unnamed=headings.unnamed if header_row else (),
    )
    return _with_facts(found, facts) if facts else found


def _as_heading(cell: str) -> str:
    """Return a cell as a heading: "" if the cell has no value."""
    return "" if cell in WITHOUT_TEXT else cell


def _with_facts(found: Inspection, facts: SheetFacts) -> Inspection:
    """Return the inspection with the facts of the whole sheet, not only of its first rows."""
    above = found.reading.header_row
    found = replace(
        found,
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_among(found.reading.columns),
        without_value=facts.count(Mark.NO_VALUE, above),
        without_time=facts.count(Mark.NO_SUCH_TIME, above),
    )
    known = {
        Notice.HIDDEN_ROWS: found.hidden_rows,
        Notice.HIDDEN_COLUMNS: found.hidden_columns,
        Notice.NO_VALUE: found.without_value,
        Notice.NO_SUCH_TIME: found.without_time,
    }
    told = {notice for notice, has in known.items() if has}
    return replace(found, notices=tuple(sorted({*found.notices, *told})))


def _columns(kind: Kind, names: Sequence[str], below: Batch) -> int:
    """Return the number of columns that the row of headings gives, or 0 if it gives none.

    Columns to the right of the last heading count if most rows fill them. In a text file the row of
    headings must have cells for them too. Otherwise the longer rows contain a delimiter that does not
    separate cells.
    """
    named = _width((0, list(names)))
    widths = [width for width in map(_width, below) if width]
    if not named or not widths:
        return named
    usual = median_low(widths)
    return max(named, min(usual, len(names)) if kind == Kind.CSV else usual)


def _evened(row: Row, columns: int) -> list[str]:
    """Return a row's cells, filled up to the number of columns, or all of them if the row has more."""
    return (row[1] + [""] * columns)[: max(columns, _width(row), 1)]


def _notices(
    headings: Headings, header_row: int, first: Batch, sheets: Sequence[Sheet]
) -> tuple[Notice, ...]:
    """Return the notices that a person should see."""
    found = {
        Notice.NO_HEADINGS: not header_row,
        Notice.EMPTY_HEADINGS: bool(header_row and headings.unnamed),
        Notice.REPEATED_HEADINGS: bool(headings.repeated),
        Notice.ROWS_ABOVE: any(not is_blank(cells) for _, cells in first[: max(0, header_row - 1)]),
        Notice.OTHER_SHEETS: len(sheets) > 1,
    }
    return tuple(sorted(notice for notice, is_found in found.items() if is_found))


def _width(row: Row) -> int:
    """Return the number of a row's cells up to the last filled one."""
    return max((index for index, cell in enumerate(row[1], 1) if cell.strip()), default=0)
