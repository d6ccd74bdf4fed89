"""Facts of the sheets of an XLS file (MS-XLS): its records are walked, not understood.

calamine reads all sheets of such a file when it opens it.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from campaigns.contacts.spreadsheets.facts import SheetFacts
from campaigns.contacts.spreadsheets.ole import stream
from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.contacts.spreadsheets.reading import Limits

_BOF, _EOF = 0x0809, 0x000A
_BOUND_SHEET, _FILE_PASS = 0x0085, 0x002F
_FORMULA, _ROW, _BOOL_ERROR, _MUL_RK = 0x0006, 0x0208, 0x0205, 0x00BD
_ONE_CELL: Final = frozenset((_FORMULA, 0x0203, 0x0204, _BOOL_ERROR, 0x00FD, 0x027E, 0x00D6))
_HIDDEN: Final = 0x20

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
    workbook = stream(path.read_bytes(), ("Workbook", "Book"))
    starts = []
    try:
        for kind, data in _records(workbook, 0):
            if kind == _FILE_PASS:
                raise FileProblem(ProblemCode.PASSWORD_PROTECTED)
            if kind == _BOUND_SHEET:
                starts.append(struct.unpack_from("<I", data)[0])
        return [_facts(workbook, start, limits) for start in starts]
    except (struct.error, IndexError):
        raise FileProblem(ProblemCode.DAMAGED) from None


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


def _facts(workbook: bytes, start: int, limits: Limits) -> SheetFacts:
    facts = SheetFacts()
    for kind, data in _records(workbook, start):
        if kind in _ONE_CELL:
            row, column = struct.unpack_from("<HH", data)
            facts.reach(row + 1, column + 1, limits)
            error = _error(kind, data)
            if error is not None:
                facts.mark(row, column, _ERRORS.get(error, "#ERROR"))
        elif kind == _MUL_RK:
            row, last = *struct.unpack_from("<H", data), *struct.unpack_from("<H", data[-2:])
            facts.reach(row + 1, last + 1, limits)
        elif kind == _ROW:
            facts.hidden_rows += bool(data[12] & _HIDDEN)
    return facts


def _error(kind: int, data: bytes) -> int | None:
    """Return the code of an error value (MS-XLS 2.5.10 and 2.5.133)."""
    if kind == _BOOL_ERROR and data[7]:
        return data[6]
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None
