"""Work on many things, a batch at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the things in lists of `size`, the last one shorter. Python 3.11 has no `batched`."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
