"""Python's search for garbage in cycles, put off while rows by the thousand are held and let go."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# More than the rows of three transactions, so that holding them alone starts no search.
CONTAINERS = 200_000


@contextmanager
def searched_rarely() -> Iterator[None]:
    """Let the process search once for 200,000 new containers inside, and as before afterwards.

    Each row is a list and tuples, none of them in a cycle; looking through them again and again
    costs up to a fifth of an import's processor time (docs/performance.md).
    """
    before = gc.get_threshold()
    gc.set_threshold(CONTAINERS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
