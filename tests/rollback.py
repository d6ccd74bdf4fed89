"""Undo what one step of a test does, so that the next step meets the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def forgotten() -> Iterator[None]:
    """Undo what is done inside, in a test that is itself undone at its end."""
    undone = transaction.atomic()
    # Allows durable transactions inside, as Django does in every test.
    undone._from_testcase = True  # type: ignore[attr-defined]
    with undone:
        yield
        transaction.set_rollback(True)
