"""Cut a stream of entries into parts, none of which is larger than the client or the partner takes.

A part's name comes before its entries and says how many parts there are, which is known only at the end.
So the entries are kept in a temporary file until then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from campaigns.partner import wire

# Bytes read at once. Hashing and compressing smaller blocks takes longer.
BLOCK = 1 << 16


class EntryTooLong(Exception):
    """One person's entry alone is longer than a part may be."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The most that a part may hold.

    `numbers` is a count. `size` is the bytes of entries with their separators.
    """

    numbers: int
    size: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """The place of one part's entries in the file, from byte `start` to byte `end`, and their count."""

    start: int
    end: int
    count: int

    def blocks(self, file: IO[bytes]) -> Iterator[bytes]:
        """Yield the stretch's bytes. Only one stretch of a file can be read at a time."""
        file.seek(self.start)
        for at in range(self.start, self.end, BLOCK):
            yield file.read(min(BLOCK, self.end - at))


def cut(file: IO[bytes], batches: Iterable[list[bytes]], capacity: Capacity) -> list[Stretch]:
    """Write every entry to the file, in order, and return where the parts are, each as full as possible.

    Raises EntryTooLong. The same entries are always cut in the same places.
    """
    done: list[Stretch] = []
    start = end = count = 0
    for batch in batches:
        entries = batch
        while entries:
            lead = wire.SEPARATOR if count else b""
            left = Capacity(capacity.numbers - count, capacity.size - (end - start) - len(lead))
            fitting = _fitting(entries, left)
            if not (fitting or count):
                raise EntryTooLong
            if fitting:
                end += file.write(lead + wire.SEPARATOR.join(fitting))
                count += len(fitting)
            entries = entries[len(fitting) :]
            if entries:
                done.append(Stretch(start, end, count))
                start, count = end, 0
    if count:
        done.append(Stretch(start, end, count))
    return done


def _fitting(entries: list[bytes], capacity: Capacity) -> list[bytes]:
    """Return as many of the first entries as fit."""
    fitting = entries[: capacity.numbers]
    if sum(map(len, fitting)) + len(fitting) <= capacity.size:
        return fitting
    size = -len(wire.SEPARATOR)
    for position, entry in enumerate(fitting):
        size += len(wire.SEPARATOR) + len(entry)
        if size > capacity.size:
            return fitting[:position]
    return fitting
