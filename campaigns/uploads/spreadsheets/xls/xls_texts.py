"""The lengths of the texts that the cells of an XLS file share (MS-XLS 2.4.265)."""

import struct
from typing import Final

_RICH, _PHONETIC, _WIDE = 8, 4, 1
_WIDEST: Final = 3
"""Most bytes in UTF-8 of a two-byte character. A single-byte character counts as one."""


def lengths(records: list[bytes]) -> list[int]:
    """Return the approximate length of each text in bytes.

    `records` are the SST record and those that continue it. Raises struct.error or IndexError if the
    records make no sense.
    """
    (most,) = struct.unpack_from("<I", records[0], 4)
    reader = _Reader(records)
    found: list[int] = []
    while len(found) < most and reader.has_more():
        found.append(reader.text())
    return found


class _Reader:
    """A reader of texts across records. A text that goes on in the next record has a new width there."""

    def __init__(self, records: list[bytes]) -> None:
        self._records = records
        self._record = 0
        # The first 8 bytes are the counts of texts.
        self._at = 8

    def has_more(self) -> bool:
        while self._at >= len(self._records[self._record]):
            if self._record + 1 == len(self._records):
                return False
            self._record, self._at = self._record + 1, 0
        return True

    def text(self) -> int:
        """Read past one text and return its length."""
        count, flags = self._unpack("<HB")
        runs = self._unpack("<H")[0] if flags & _RICH else 0
        phonetic = self._unpack("<I")[0] if flags & _PHONETIC else 0
        length = self._characters(count, is_wide=bool(flags & _WIDE))
        self._skip(runs * 4 + phonetic)
        return length

    def _unpack(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._records[self._record], self._at)
        self._at += struct.calcsize(layout)
        return values

    def _characters(self, count: int, *, is_wide: bool) -> int:
        length = 0
        while True:
            width = 2 if is_wide else 1
            here = min(count, (len(self._records[self._record]) - self._at) // width)
            self._at += here * width
            length += here * (_WIDEST if is_wide else 1)
            count -= here
            if not count:
                return length
            self._record, self._at = self._record + 1, 1
            is_wide = bool(self._records[self._record][0] & _WIDE)

    def _skip(self, count: int) -> None:
        while count > (left := len(self._records[self._record]) - self._at):
            count -= left
            self._record, self._at = self._record + 1, 0
            self._records[self._record]
        self._at += count
