"""The clients that the sandbox knows, with the call flows and CLIs that each may use."""

import sqlite3
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, Self

import orjson

from campaigns.partner.sandbox.state.store import Store


class ClientsError(ValueError):
    """The clients given can't be read. The text says what to give instead."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """The call flow ids and CLI ids of one client."""

    callflows: Set[int]
    clis: Set[int]

    @classmethod
    def read(cls, client_id: str, wanted: object) -> Self:
        """Return the lookups in `{"callflows": [101], "clis": [201]}`. Raises ClientsError."""
        if not isinstance(wanted, Mapping) or wanted.keys() != {"callflows", "clis"}:
            message = (
                f'{client_id} needs an object like {{"callflows": [101, 102], "clis": [201]}}.'
            )
            raise ClientsError(message)
        return cls(_ids(client_id, wanted, "callflows"), _ids(client_id, wanted, "clis"))

    def as_json(self) -> dict[str, list[int]]:
        return {"callflows": sorted(self.callflows), "clis": sorted(self.clis)}


class Clients:
    """The known clients, stored in the ledger's file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> dict[str, Lookups]:
        with self._store.transaction() as db:
            rows = db.execute("SELECT client_id, lookups FROM client ORDER BY client_id").fetchall()
        return {client_id: _stored(client_id, lookups) for client_id, lookups in rows}

    def of(self, client_id: str) -> Lookups | None:
        """Return the client's lookups, or None for a client that the sandbox doesn't know."""
        return self.all().get(client_id)

    def replace(self, clients: Mapping[str, Lookups]) -> None:
        """Set the clients named. Others stay as they are."""
        with self._store.transaction() as db:
            for client_id, lookups in clients.items():
                _replace(db, client_id, lookups)


def read(wanted: object) -> dict[str, Lookups]:
    """Return the clients in the API's JSON object, client ids to lookups. Raises ClientsError."""
    if not isinstance(wanted, Mapping) or not all(wanted):
        message = 'Give an object like {"DEMO-NORTH": {"callflows": [101, 102], "clis": [201]}}.'
        raise ClientsError(message)
    return {client_id: Lookups.read(client_id, lookups) for client_id, lookups in wanted.items()}


def _ids(client_id: str, wanted: Mapping[str, Any], key: str) -> frozenset[int]:
    values = wanted[key]
    if not isinstance(values, list) or any(type(value) is not int for value in values):
        message = f'"{key}" of {client_id} must be a list of whole numbers.'
        raise ClientsError(message)
    return frozenset(values)


def _stored(client_id: str, lookups: str) -> Lookups:
    return Lookups.read(client_id, orjson.loads(lookups))


def _replace(db: sqlite3.Connection, client_id: str, lookups: Lookups) -> None:
    db.execute(
        "INSERT OR REPLACE INTO client (client_id, lookups) VALUES (?, ?)",
        [client_id, orjson.dumps(lookups.as_json()).decode()],
    )
