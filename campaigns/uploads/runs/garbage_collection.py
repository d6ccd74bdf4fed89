"""Fewer runs of Python's cyclic garbage collector, while rows are held and released by the thousand."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# More than the rows of three transactions, so that holding them does not start a collection.
CONTAINERS = 200_000


@contextmanager
def searched_rarely() -> Iterator[None]:
    """Collect garbage once for every 200,000 new containers inside the context, and as before afterwards.

    Each row is a list and tuples, none of them in a cycle. Searching them again and again takes up to a
    fifth of an import's processor time (docs/performance.md).
    """
    before = gc.get_threshold()
    gc.set_threshold(CONTAINERS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
