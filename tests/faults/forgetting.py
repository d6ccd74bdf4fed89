"""Set the database in use back to how it was before, as a restored backup or a failover does."""

import sqlite3
from contextlib import closing, suppress
from typing import Protocol

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from tests.faults import databases
from tests.faults.tally import TALLY


class Snapshot(Protocol):
    def restore(self) -> None:
        """Set everything back: rows, and the numbers that are given next."""


def snapshot() -> Snapshot:
    """Remember the whole database as it is now. It can be restored once."""
    vendor = connection.vendor
    connections.close_all()
    return _OfSqlite() if vendor == "sqlite" else _OfPostgresql()


class _OfSqlite:
    def __init__(self) -> None:
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(self._database()) as now:
            now.backup(self._kept)

    def restore(self) -> None:
        connections.close_all()
        with closing(self._database()) as now:
            self._kept.backup(now)
        self._kept.close()
        _restored()

    @staticmethod
    def _database() -> sqlite3.Connection:
        return sqlite3.connect(connection.settings_dict["NAME"])


class _OfPostgresql:
    """A copy beside it, which takes its place: so the sequences are set back too."""

    _COPY = "snapshot"

    def __init__(self) -> None:
        with suppress(psycopg.Error):
            self._do(f"DROP DATABASE {self._COPY}")
        self._do(f"CREATE DATABASE {self._COPY} TEMPLATE postgres")

    def restore(self) -> None:
        connections.close_all()
        self._do("DROP DATABASE postgres WITH (FORCE)")
        self._do(f"ALTER DATABASE {self._COPY} RENAME TO postgres")
        _restored()

    @staticmethod
    def _do(statement: str) -> None:
        beside = databases.url().removesuffix("postgres") + "template1"
        with psycopg.connect(beside, autocommit=True) as server:
            server.execute(statement)


def _restored() -> None:
    TALLY.faults += 1
    ContentType.objects.clear_cache()
