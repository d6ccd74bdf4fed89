"""A full disk, simulated by limits of the system and of SQLite."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection


@contextmanager
def room_for(most_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes: a write that would is cut short."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def only_room_for(most_bytes: int, monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    """Let the disk be full for one method only, since the database has a disk of its own."""
    real: Callable[..., Any] = getattr(owner, name)

    def cramped(*arguments: Any, **named: Any) -> Any:
        with room_for(most_bytes):
            return real(*arguments, **named)

    monkeypatch.setattr(owner, name, cramped)


@contextmanager
def database_full() -> Iterator[None]:
    """Leave SQLite no room for another page, whatever other tests have freed."""
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite can be told how large it may grow.")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filler (filling BLOB)")
        cursor.execute(
            "INSERT INTO filler SELECT zeroblob(max(0, freelist_count - 4) * page_size) "
            "FROM pragma_freelist_count, pragma_page_size"
        )
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=1073741823")
            cursor.execute("DROP TABLE filler")
