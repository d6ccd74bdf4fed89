"""The OLE container that an XLS file is (MS-CFB): enough of it to read one stream.

It is stricter than calamine, which never stops on a chain that goes in circles.
"""

import struct
from collections.abc import Sequence
from typing import Final

from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode

_NO_SECTOR: Final = 0xFFFFFFFA
"""Numbers from here on are not sectors but marks, such as the end of a chain or a free sector."""
_MOST_RESERVED: Final = 1 << 26
_ENTRY: Final = 128
_ROOT: Final = "Root Entry"


def stream(content: bytes, names: Sequence[str]) -> bytes:
    """Return the first stream with one of these names. Raises FileProblem (DAMAGED)."""
    try:
        container = _Container(content)
        for name in names:
            if name in container.entries:
                return container.read(*container.entries[name])
    except (struct.error, IndexError, ValueError):
        pass
    raise FileProblem(ProblemCode.DAMAGED)


class _Container:
    """The sectors, the table that chains them, and the directory. Offsets are as in MS-CFB 2.2 to 2.6."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        self._check_counts()
        (directory,) = struct.unpack_from("<I", content, 48)
        self._cutoff, mini_table = struct.unpack_from("<II", content, 56)
        self._table = _numbers(b"".join(map(self._sector, self._table_sectors())))
        self._mini_table = _numbers(self._chained(mini_table))
        self._mini_content = b""
        self.entries = dict(map(_entry, _pieces(self._chained(directory), _ENTRY)))
        self._mini_content = self._chained(self.entries[_ROOT][0]) if _ROOT in self.entries else b""

    def _check_counts(self) -> None:
        """Refuse counts for which calamine would allocate too much memory and abort the process."""
        (tables,) = struct.unpack_from("<I", self._content, 44)
        (reserved,) = struct.unpack_from(
            "<I", self._content, 62
        )  # the offset at which calamine reads
        if tables > len(self._content) // self._size or reserved > _MOST_RESERVED:
            raise ValueError

    def read(self, start: int, size: int) -> bytes:
        """Return a stream. Short streams are kept together in the root's stream."""
        if size >= self._cutoff:
            return self._chained(start)[:size]
        pieces = []
        for sector in _chain(self._mini_table, start):
            pieces.append(self._mini_content[sector * self._mini_size :][: self._mini_size])
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _chained(self, start: int) -> bytes:
        return b"".join(map(self._sector, _chain(self._table, start)))

    def _table_sectors(self) -> list[int]:
        """Return the sectors of the table: 109 are in the header, the others in a chain of their own."""
        sectors = list(struct.unpack_from("<109I", self._content, 76))
        (more,) = struct.unpack_from("<I", self._content, 68)
        seen = set()
        while more < _NO_SECTOR:
            if more in seen:
                raise ValueError
            seen.add(more)
            *listed, more = _numbers(self._sector(more))
            sectors += listed
        return [sector for sector in sectors if sector < _NO_SECTOR]


def _chain(table: Sequence[int], start: int) -> list[int]:
    """Return the sectors of a chain. Raises ValueError if it is longer than the table, that is, circular."""
    sectors = []
    while start < _NO_SECTOR:
        sectors.append(start)
        if len(sectors) > len(table):
            raise ValueError
        start = table[start]
    return sectors


def _entry(entry: bytes) -> tuple[str, tuple[int, int]]:
    (length,) = struct.unpack_from("<H", entry, 64)
    name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "backslashreplace")
    start, size = struct.unpack_from("<II", entry, 116)
    return name, (start, size)


def _pieces(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content) - size + 1, size)]


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])
