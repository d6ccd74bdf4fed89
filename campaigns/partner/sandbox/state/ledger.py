"""The ledger: one row for each create request, whole or broken off, and the campaigns created.

Its rows never contain a phone number or a recipient's name. `campaigns` keeps those in a table of its own.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from campaigns.partner.sandbox.state import campaigns
from campaigns.partner.sandbox.state.store import Store

KEYS = (
    "received_at",
    "client_id",
    "name",
    "complete",
    "body_bytes",
    "body_sha256",
    "numbers",
    "answer_status",
    "campaign_id",
)


class NameTakenError(Exception):
    """The client already has a campaign of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request as it came. `name` and `numbers` (a count) are None if the body couldn't be read."""

    client_id: str | None
    name: str | None
    numbers: int | None
    complete: bool
    body_bytes: int
    body_sha256: str


class Ledger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, arrival: Arrival, status: int | None) -> None:
        """Write the row of a request that created nothing. `status` is None if no answer is sent."""
        with self._store.transaction() as db:
            _insert(db, arrival, status, None)

    def create(
        self, arrival: Arrival, status: int | None, played: Mapping[str, Any] | None = None
    ) -> int:
        """Create the campaign, write the request's row, and return the campaign's id.

        `played` is the request's valid body, if the campaign is to be played.

        Raises NameTakenError, having written nothing. [public] Names are unique for each client. [guess] They
        are compared letter by letter.
        """
        with self._store.transaction() as db:
            campaign_id = _create(db, arrival)
            _insert(db, arrival, status, campaign_id)
            if played is not None:
                campaigns.insert(db, campaign_id, played)
        return campaign_id

    def rows(self, last: int | None = None) -> list[dict[str, Any]]:
        """Return the rows, newest last, as objects with exactly `KEYS`. `last` limits their number."""
        limit = -1 if last is None else last
        with self._store.transaction() as db:
            found = db.execute(_SELECT, [limit])
            rows = [dict(zip(KEYS, row, strict=True)) for row in reversed(found.fetchall())]
        return [row | {"complete": bool(row["complete"])} for row in rows]

    def count(self) -> int:
        with self._store.transaction() as db:
            (count,) = db.execute("SELECT count(*) FROM request").fetchone()
        return int(count)


_COLUMNS = ", ".join(KEYS)
_SELECT = f"SELECT {_COLUMNS} FROM request ORDER BY id DESC LIMIT ?"  # noqa: S608
_INSERT = f"INSERT INTO request ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


def _create(db: sqlite3.Connection, arrival: Arrival) -> int:
    try:
        (campaign_id,) = db.execute(
            "INSERT INTO campaign (client_id, name) VALUES (?, ?) RETURNING id",
            [arrival.client_id, arrival.name],
        ).fetchone()
    except sqlite3.IntegrityError:
        raise NameTakenError from None
    return int(campaign_id)


def _insert(
    db: sqlite3.Connection, arrival: Arrival, status: int | None, campaign_id: int | None
) -> None:
    db.execute(
        _INSERT,
        [
            # Read inside the transaction, so that rows and times have the same order.
            datetime.now(UTC).isoformat(timespec="milliseconds"),
            arrival.client_id,
            arrival.name,
            arrival.complete,
            arrival.body_bytes,
            arrival.body_sha256,
            arrival.numbers,
            status,
            campaign_id,
        ],
    )
