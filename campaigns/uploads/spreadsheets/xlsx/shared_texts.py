"""The lengths of the texts that the cells of an XLSX file share, and what they take when copied.

calamine copies a shared text for each cell that names it. So a small file may hold one long text and a
million cells that name it. Their size in memory is calculated before calamine reads them.
"""

import re
import zipfile
from array import array
from collections.abc import Iterable, Iterator
from typing import Final

from campaigns.uploads.spreadsheets.archive import blocks

_BEGINS: Final = re.compile(rb"<(?:\w{1,20}:)?si(?=[\s/>])")
_LONGEST_TAG: Final = 32
_ATTRIBUTES: Final = rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?'
_SHARED: Final = re.compile(rb'%b t="s"><v>([0-9]{1,8})</v>' % _ATTRIBUTES)
_UNSHARED: Final = re.compile(rb'%b(?: t="(?:n|b|e|d|str|inlineStr)")?/?>' % _ATTRIBUTES)


class SharedTexts:
    """The length of each text in bytes of XML, which is never less than the length of its content."""

    def __init__(self) -> None:
        self._lengths = array("I")
        self._length = 0

    def add(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[None]:
        """Add the texts of a part, and yield after each of its blocks."""
        rest, begun = b"", False
        for block in blocks(archive, info):
            *ended, last = _BEGINS.split(rest + block)
            for piece in ended:
                self._end(len(piece), begun)
                begun = True
            # A tag may be cut in two at the end of a block, so the last bytes wait for the next one.
            rest = last[-_LONGEST_TAG:]
            self._length += len(last) - len(rest)
            yield
        self._end(len(rest), begun)

    def _end(self, length: int, begun: bool) -> None:
        if begun:
            self._lengths.append(self._length + length)
        self._length = 0

    def __len__(self) -> int:
        return len(self._lengths)

    @property
    def longest(self) -> int:
        return max(self._lengths, default=0)

    def length(self, index: str) -> int:
        """Return the length of the text that a cell names, or 0 if there is no such text."""
        named = int(index) if index.isascii() and index.isdecimal() else len(self)
        return self._lengths[named] if named < len(self) else 0

    def used(self, cells: Iterable[bytes], most: int) -> int:
        """Return the total length of the texts that a sheet's cells name, counted once for each cell.

        `cells` are the blocks of whole cells of a plainly written sheet. A cell that is not understood counts
        as one with the longest text. The count ends early when it exceeds `most`.
        """
        known, longest, total = len(self._lengths), self.longest, 0
        length = self._lengths.__getitem__
        for block in cells:
            named = list(map(int, _SHARED.findall(block)))
            total += sum(map(length, filter(known.__gt__, named)))
            others = block.count(b"<c ") - len(named) - len(_UNSHARED.findall(block))
            total += max(0, others) * longest
            if total > most:
                break
        return total
