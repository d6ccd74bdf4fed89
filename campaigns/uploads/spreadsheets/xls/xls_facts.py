"""Facts about the sheets of an XLS file (MS-XLS), from a walk over its records.

calamine reads all sheets of such a file when it opens the file.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from campaigns.uploads.spreadsheets.dates_and_times import Formats
from campaigns.uploads.spreadsheets.facts import TEXT_BYTES, SheetFacts
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import Limits
from campaigns.uploads.spreadsheets.xls import xls_numbers, xls_texts
from campaigns.uploads.spreadsheets.xls.ole import stream

STREAMS: Final = ("Workbook", "Book", "WORKBOOK", "BOOK")
"""The names by which calamine looks for the stream with the cells."""

_BOF, _EOF = 0x0809, 0x000A
_BOUND_SHEET, _FILE_PASS = 0x0085, 0x002F
_FORMULA, _ROW, _BOOL_ERROR, _MUL_RK = 0x0006, 0x0208, 0x0205, 0x00BD
_ONE_CELL: Final = frozenset((_FORMULA, 0x0203, 0x0204, _BOOL_ERROR, 0x00FD, 0x027E, 0x00D6))
_DIMENSIONS, _COLUMNS = 0x0200, 0x007D
_TEXTS, _CONTINUE, _TEXT_CELL = 0x00FC, 0x003C, 0x00FD
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_HIDDEN: Final = 0x20
_HIDDEN_COLUMNS: Final = 1

_LARGEST: Final = 50_000_000
"""Bytes. A sheet of this kind has at most 65,536 rows, with about 18 bytes a cell."""

_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def all_facts(path: Path, limits: Limits) -> list[SheetFacts]:
    """Return the facts of each sheet, in order. Raises FileProblem."""
    size = path.stat().st_size
    if size > _LARGEST:
        raise FileProblem(ProblemCode.TOO_LARGE, bytes=size, limit=_LARGEST)
    workbook = stream(path.read_bytes(), STREAMS)
    starts: list[int] = []
    texts: list[bytes] = []
    formats = xls_numbers.CellFormats()
    goes_on = False
    try:
        for kind, data in _records(workbook, 0):
            if kind == _FILE_PASS:
                raise FileProblem(ProblemCode.PASSWORD_PROTECTED)
            if kind == _BOUND_SHEET:
                starts.append(struct.unpack_from("<I", data)[0])
            formats.note(kind, data)
            if kind == _TEXTS and texts:
                raise FileProblem(ProblemCode.DAMAGED)
            goes_on = kind == _TEXTS or (goes_on and kind == _CONTINUE)
            if goes_on:
                texts.append(data)
        known = _Known(xls_texts.lengths(texts) if texts else [], formats.found(), limits)
        return _all_facts(workbook, starts, known)
    except (struct.error, IndexError):
        raise FileProblem(ProblemCode.DAMAGED) from None


@dataclass(frozen=True, slots=True)
class _Known:
    """Facts that apply to all sheets."""

    texts: list[int]
    """The length of each shared text, in bytes."""
    formats: Formats
    limits: Limits


def _all_facts(workbook: bytes, starts: list[int], known: _Known) -> list[SheetFacts]:
    sheets: list[SheetFacts] = []
    walked = 0
    for start in starts:
        facts, length = _facts(workbook, start, known)
        sheets.append(facts)
        walked += length
        # Sheets that share records would be read once for each sheet, which could take very long.
        if walked > len(workbook):
            raise FileProblem(ProblemCode.DAMAGED)
    return sheets


def _records(workbook: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and data of each record of a substream, up to its end (MS-XLS 2.1.4)."""
    depth = 0
    while at + 4 <= len(workbook):
        kind, length = struct.unpack_from("<HH", workbook, at)
        # A chart in a sheet is a substream within the sheet's own, so beginnings and ends are counted.
        depth += (kind == _BOF) - (kind == _EOF)
        yield kind, workbook[at + 4 : at + 4 + length]
        if kind == _EOF and depth <= 0:
            return
        at += 4 + length


def _facts(workbook: bytes, start: int, known: _Known) -> tuple[SheetFacts, int]:
    """Return a sheet's facts and the length of its records in bytes."""
    facts = SheetFacts()
    limits = known.limits
    length = 0
    for kind, data in _records(workbook, start):
        length += 4 + len(data)
        if kind in _ONE_CELL:
            row, column = struct.unpack_from("<HH", data)
            facts.reach(row + 1, column + 1, limits)
            if kind == _TEXT_CELL:
                # calamine copies a shared text for each cell that names it.
                named = struct.unpack_from("<I", data, 6)[0]
                text_length = known.texts[named] if named < len(known.texts) else 0
                facts.text_bytes += TEXT_BYTES + text_length
            error = _error(kind, data)
            if error is not None:
                facts.mark(row, column, _ERRORS.get(error, "#ERROR"))
        elif kind == _MUL_RK:
            row, last = *struct.unpack_from("<H", data), *struct.unpack_from("<H", data[-2:])
            facts.reach(row + 1, last + 1, limits)
        elif kind == _COLUMNS and struct.unpack_from("<H", data, 8)[0] & _HIDDEN_COLUMNS:
            facts.hide(*struct.unpack_from("<HH", data))
        elif kind == _ROW:
            facts.hidden_rows += bool(data[12] & _HIDDEN)
        elif kind == _DIMENSIONS:
            _check_dimensions(data)
        if known.formats.shows:
            _mark_moments(kind, data, known.formats, facts)
    return facts, length


def _mark_moments(kind: int, data: bytes, formats: Formats, facts: SheetFacts) -> None:
    for row, column, cell_format, serial in xls_numbers.numbers(kind, data):
        mark = formats.mark(cell_format, serial)
        if mark:
            facts.mark(row, column, mark)


def _check_dimensions(data: bytes) -> None:
    """Refuse a size that no sheet has, because calamine allocates memory for it (MS-XLS 2.4.90).

    Row numbers have 16 bits before Excel 97 and 32 bits since.
    """
    first, last, _, right = struct.unpack_from("<HHHH" if len(data) == 10 else "<IIHH", data)
    if not first <= last <= _MOST_ROWS or right > _MOST_COLUMNS:
        raise FileProblem(ProblemCode.DAMAGED)


def _error(kind: int, data: bytes) -> int | None:
    """Return the code of an error value, or None (MS-XLS 2.5.10 and 2.5.133)."""
    if kind == _BOOL_ERROR and data[7]:
        return data[6]
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None
