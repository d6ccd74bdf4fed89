"""Numbers in the records of an XLS file (MS-XLS), and the formats of cells that show dates or times."""

import struct
from collections.abc import Iterator
from typing import Final

from campaigns.uploads.spreadsheets.dates_and_times import BUILT_IN, Formats, Shows, shown_by

_FORMULA, _NUMBER, _RK, _MUL_RK = 0x0006, 0x0203, 0x027E, 0x00BD
_FORMAT, _CELL_FORMAT, _DATE_MODE, _BOF = 0x041E, 0x00E0, 0x0022, 0x0809
_NO_NUMBER: Final = b"\xff\xff"
_EXCEL_97: Final = 0x0600
_WIDE: Final = 1
_CELLS_BEGIN: Final = 4
_RK_CELL: Final = 6
"""Bytes of one cell in a record of several cells: its format and its number."""


class CellFormats:
    """The cell formats, collected from the records that come before the sheets."""

    def __init__(self) -> None:
        self._codes: dict[int, Shows | None] = dict(BUILT_IN)
        self._cells: list[int] = []
        self._from_1904 = False
        self._is_excel_97 = True

    def note(self, kind: int, data: bytes) -> None:
        """Note what one record says about formats (MS-XLS 2.4.21, 2.4.126, 2.4.353 and 2.4.77)."""
        if kind == _BOF:
            self._is_excel_97 = struct.unpack_from("<H", data)[0] == _EXCEL_97
        elif kind == _FORMAT:
            self._codes[struct.unpack_from("<H", data)[0]] = shown_by(self._text(data))
        elif kind == _CELL_FORMAT:
            self._cells.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _DATE_MODE:
            self._from_1904 = bool(struct.unpack_from("<H", data)[0])

    def _text(self, data: bytes) -> str:
        if not self._is_excel_97:
            return data[3:].decode("latin-1")
        return data[5:].decode("utf-16-le" if data[4] & _WIDE else "latin-1", "replace")

    def found(self) -> Formats:
        shows = ((index, self._codes.get(code)) for index, code in enumerate(self._cells))
        return Formats({index: found for index, found in shows if found}, self._from_1904)


def numbers(kind: int, data: bytes) -> Iterator[tuple[int, int, int, float]]:
    """Yield row, column, cell format and number of each numeric cell in a record."""
    if kind in (_NUMBER, _FORMULA):
        row, column, cell_format = struct.unpack_from("<HHH", data)
        if kind == _NUMBER or data[12:14] != _NO_NUMBER:
            yield row, column, cell_format, struct.unpack_from("<d", data, 6)[0]
    elif kind == _RK:
        row, column, cell_format, number = struct.unpack_from("<HHHI", data)
        yield row, column, cell_format, _of_rk(number)
    elif kind == _MUL_RK:
        row, first = struct.unpack_from("<HH", data)
        cells = range(_CELLS_BEGIN, len(data) - _RK_CELL, _RK_CELL)
        for column, at in enumerate(cells, first):
            cell_format, number = struct.unpack_from("<HI", data, at)
            yield row, column, cell_format, _of_rk(number)


def _of_rk(number: int) -> float:
    """Return a number that is stored in 30 bits (MS-XLS 2.5.217)."""
    is_hundredths, is_whole = number & 1, number & 2
    if is_whole:
        signed = number - (1 << 32) if number >= 1 << 31 else number
        value = float(signed >> 2)
    else:
        value = struct.unpack("<d", struct.pack("<II", 0, number & ~3))[0]
    return value / 100 if is_hundredths else value
