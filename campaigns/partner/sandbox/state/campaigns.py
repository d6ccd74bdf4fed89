"""The accepted campaigns as they are played: all of each create request, with its phone numbers.

The numbers are in a table of their own, `person`, and nowhere else. `forget_people` empties it.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from campaigns.partner import wire
from campaigns.partner.sandbox.play.plan import Plan
from campaigns.partner.sandbox.play.progress import Progress
from campaigns.partner.sandbox.state.store import Store

# Campaigns whose progress is kept in memory.
MOST_KEPT = 64
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted campaign. `body` is its create request without the phone numbers."""

    id: int
    client_id: str
    people: int
    body: Mapping[str, Any]

    @property
    def plan(self) -> Plan:
        return Plan.read(self.body)


class Person(NamedTuple):
    """One entry of `phoneNumbers`. `position` counts from 0."""

    id: int
    position: int
    number: str
    name: str | None
    parameters: str | None


class Campaigns:
    """The accepted campaigns, stored in the ledger's file."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._progress: dict[int, Progress] = {}

    def of(self, client_id: str) -> list[Accepted]:
        """Return a client's campaigns, oldest first."""
        return self._select("WHERE campaign.client_id = ? ORDER BY campaign.id", client_id)

    def one(self, client_id: str, campaign_id: int) -> Accepted | None:
        """Return a campaign of this client, or None."""
        found = self._select("WHERE client_id = ? AND campaign.id = ?", client_id, campaign_id)
        return found[0] if found else None

    def newest(self, most: int) -> list[Accepted]:
        """Return the last campaigns of all clients, newest first."""
        return self._select("ORDER BY campaign.id DESC LIMIT ?", most)

    def people(
        self, campaign: Accepted, offset: int, count: int, *, is_reversed: bool = False
    ) -> list[Person]:
        """Return `count` people from `offset` on, in the order of the request or in reverse."""
        first = campaign.people - offset - count if is_reversed else offset
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT id, position, number, name, parameters FROM person "
                "WHERE campaign_id = ? AND position >= ? AND position < ? ORDER BY position",
                [campaign.id, first, first + count],
            ).fetchall()
        people = [Person(*row) for row in rows]
        return people[::-1] if is_reversed else people

    def progress(self, campaign: Accepted) -> Progress:
        """Return how far the campaign comes when. It is calculated once."""
        known = self._progress.get(campaign.id)
        if known is None:
            known = Progress.of(campaign.plan, campaign.id, self.numbers(campaign.id))
            while len(self._progress) >= MOST_KEPT:
                self._progress.pop(next(iter(self._progress)), None)
            self._progress[campaign.id] = known
        return known

    def forget_people(self) -> int:
        """Delete every phone number and name, also from the file's free pages. Return how many."""
        with self._store.transaction() as db:
            count = db.execute("DELETE FROM person").rowcount
        self._store.empty_journal()
        self._progress.clear()
        return count

    def numbers(self, campaign_id: int) -> Iterator[str]:
        """Yield the campaign's phone numbers in order."""
        position = -1
        while True:
            with self._store.transaction() as db:
                rows = db.execute(
                    "SELECT position, number FROM person WHERE campaign_id = ? AND position > ? "
                    "ORDER BY position LIMIT ?",
                    [campaign_id, position, BATCH],
                ).fetchall()
            if not rows:
                return
            position = rows[-1][0]
            yield from (number for _, number in rows)

    def _select(self, rest: str, *values: object) -> list[Accepted]:
        with self._store.transaction() as db:
            rows = db.execute(f"{_SELECT} {rest}", values).fetchall()
        return [
            Accepted(identifier, client, people, orjson.loads(body))
            for identifier, client, people, body in rows
        ]


_SELECT = (
    "SELECT campaign.id, client_id, people, body "
    "FROM campaign JOIN played ON played.campaign_id = campaign.id"
)


def insert(db: sqlite3.Connection, campaign_id: int, campaign: Mapping[str, Any]) -> None:
    """Write what is needed to play a campaign, inside the transaction that creates it."""
    people = campaign[wire.PHONE_NUMBERS]
    body = {name: value for name, value in campaign.items() if name != wire.PHONE_NUMBERS}
    db.execute(
        "INSERT INTO played (campaign_id, people, body) VALUES (?, ?, ?)",
        [campaign_id, len(people), orjson.dumps(body).decode()],
    )
    db.executemany(
        "INSERT INTO person (campaign_id, position, number, name, parameters) VALUES (?, ?, ?, ?, ?)",
        (_person(campaign_id, *each) for each in enumerate(people)),
    )


def _person(campaign_id: int, position: int, entry: Mapping[str, Any]) -> tuple[object, ...]:
    parameters = entry.get(wire.PARAMETERS)
    return (
        campaign_id,
        position,
        entry[wire.NUMBER],
        entry.get(wire.RECIPIENT_NAME),
        orjson.dumps(parameters).decode() if parameters else None,
    )
