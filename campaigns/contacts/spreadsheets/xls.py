"""Facts of the sheets of an XLS file (MS-XLS): its records are walked, not understood.

calamine reads all sheets of such a file when it opens it.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from campaigns.contacts.spreadsheets import xls_texts
from campaigns.contacts.spreadsheets.facts import TEXT_BYTES, SheetFacts
from campaigns.contacts.spreadsheets.ole import stream
from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.contacts.spreadsheets.reading import Limits

_BOF, _EOF = 0x0809, 0x000A
_BOUND_SHEET, _FILE_PASS = 0x0085, 0x002F
_FORMULA, _ROW, _BOOL_ERROR, _MUL_RK = 0x0006, 0x0208, 0x0205, 0x00BD
_ONE_CELL: Final = frozenset((_FORMULA, 0x0203, 0x0204, _BOOL_ERROR, 0x00FD, 0x027E, 0x00D6))
_DIMENSIONS = 0x0200
_TEXTS, _CONTINUE, _TEXT_CELL = 0x00FC, 0x003C, 0x00FD
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_HIDDEN: Final = 0x20

_LARGEST: Final = 50_000_000
"""Bytes. A sheet of this kind has 65,536 rows at most, some 18 bytes a cell."""

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
    """Return the facts of each sheet, in order; raises FileProblem."""
    size = path.stat().st_size
    if size > _LARGEST:
        raise FileProblem(ProblemCode.TOO_LARGE, bytes=size, limit=_LARGEST)
    workbook = stream(path.read_bytes(), ("Workbook", "Book"))
    starts: list[int] = []
    texts: list[bytes] = []
    goes_on = False
    try:
        for kind, data in _records(workbook, 0):
            if kind == _FILE_PASS:
                raise FileProblem(ProblemCode.PASSWORD_PROTECTED)
            if kind == _BOUND_SHEET:
                starts.append(struct.unpack_from("<I", data)[0])
            if kind == _TEXTS and texts:
                raise FileProblem(ProblemCode.DAMAGED)
            goes_on = kind == _TEXTS or (goes_on and kind == _CONTINUE)
            if goes_on:
                texts.append(data)
        return _all_facts(workbook, starts, xls_texts.lengths(texts) if texts else [], limits)
    except (struct.error, IndexError):
        raise FileProblem(ProblemCode.DAMAGED) from None


def _all_facts(
    workbook: bytes, starts: list[int], texts: list[int], limits: Limits
) -> list[SheetFacts]:
    sheets: list[SheetFacts] = []
    walked = 0
    for start in starts:
        facts, length = _facts(workbook, start, texts, limits)
        sheets.append(facts)
        walked += length
        # Sheets that share records would be read again for each of them.
        if walked > len(workbook):
            raise FileProblem(ProblemCode.DAMAGED)
    return sheets


def _records(workbook: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a substream: its kind and data, up to its end (MS-XLS 2.1.4)."""
    depth = 0
    while at + 4 <= len(workbook):
        kind, length = struct.unpack_from("<HH", workbook, at)
        # Charts in a sheet are substreams within it.
        depth += (kind == _BOF) - (kind == _EOF)
        yield kind, workbook[at + 4 : at + 4 + length]
        if kind == _EOF and depth <= 0:
            return
        at += 4 + length


def _facts(workbook: bytes, start: int, texts: list[int], limits: Limits) -> tuple[SheetFacts, int]:
    """Return a sheet's facts and how many bytes of records it has."""
    facts = SheetFacts()
    length = 0
    for kind, data in _records(workbook, start):
        length += 4 + len(data)
        if kind in _ONE_CELL:
            row, column = struct.unpack_from("<HH", data)
            facts.reach(row + 1, column + 1, limits)
            error = _error(kind, data)
            if kind == _TEXT_CELL:
                # calamine copies the text for each of them.
                named = struct.unpack_from("<I", data, 6)[0]
                facts.text_bytes += TEXT_BYTES + (texts[named] if named < len(texts) else 0)
            if error is not None:
                facts.mark(row, column, _ERRORS.get(error, "#ERROR"))
        elif kind == _MUL_RK:
            row, last = *struct.unpack_from("<H", data), *struct.unpack_from("<H", data[-2:])
            facts.reach(row + 1, last + 1, limits)
        elif kind == _ROW:
            facts.hidden_rows += bool(data[12] & _HIDDEN)
        elif kind == _DIMENSIONS:
            _check_dimensions(data)
    return facts, length


def _check_dimensions(data: bytes) -> None:
    """Refuse a size that no sheet has: calamine sets memory aside by it (MS-XLS 2.4.90).

    Rows have 16 bits before Excel 97 and 32 bits since.
    """
    first, last, _, right = struct.unpack_from("<HHHH" if len(data) == 10 else "<IIHH", data)
    if not first <= last <= _MOST_ROWS or right > _MOST_COLUMNS:
        raise FileProblem(ProblemCode.DAMAGED)


def _error(kind: int, data: bytes) -> int | None:
    """Return the code of an error value (MS-XLS 2.5.10 and 2.5.133)."""
    if kind == _BOOL_ERROR and data[7]:
        return data[6]
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None
