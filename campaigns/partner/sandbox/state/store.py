"""The ledger's file: one SQLite database with requests, campaigns, behaviour, clients, clock and sign-in."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS campaign (
    id INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (client_id, name)
);
CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY,
    received_at TEXT NOT NULL,
    client_id TEXT,
    name TEXT,
    complete INTEGER NOT NULL,
    body_bytes INTEGER NOT NULL,
    body_sha256 TEXT NOT NULL,
    numbers INTEGER,
    answer_status INTEGER,
    campaign_id INTEGER UNIQUE REFERENCES campaign (id)
);
CREATE TABLE IF NOT EXISTS played (
    campaign_id INTEGER PRIMARY KEY REFERENCES campaign (id),
    people INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign_id INTEGER NOT NULL REFERENCES campaign (id),
    position INTEGER NOT NULL,
    number TEXT NOT NULL,
    name TEXT,
    parameters TEXT,
    UNIQUE (campaign_id, position)
);
CREATE TABLE IF NOT EXISTS clock (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    real REAL NOT NULL,
    shown REAL NOT NULL,
    speed REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS turns (
    kind TEXT PRIMARY KEY,
    mode TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times >= 0),
    seconds REAL
);
CREATE TABLE IF NOT EXISTS webhook (
    client_id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    sent_until REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS client (
    client_id TEXT PRIMARY KEY,
    lookups TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS sign_in (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    wanted TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS token_request (
    id INTEGER PRIMARY KEY,
    received_at REAL NOT NULL,
    answer_status INTEGER,
    token_sha256 TEXT UNIQUE,
    expires_at REAL
);
"""


class Store:
    """One connection with one transaction at a time. When a transaction ends, its writes are on disk.

    Raises sqlite3.Error or OSError if the file can't be opened or created.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        # Autocommit, so that transactions begin only in `transaction`.
        self._connection = sqlite3.connect(
            path, timeout=30, isolation_level=None, check_same_thread=False
        )
        # FULL syncs each commit to the disk: a row survives kill -9 and a power cut alike. What is deleted
        # is overwritten, because it is phone numbers.
        self._connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;" + _SCHEMA
        )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit at the end of the block, or undo all of it if the block raises."""
        with self._lock:
            # IMMEDIATE takes the write lock at once, because a second process may write to the same file.
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                yield self._connection

    def empty_journal(self) -> None:
        """Move everything from the journal beside the file into the file, and cut the journal to nothing."""
        with self._lock:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
