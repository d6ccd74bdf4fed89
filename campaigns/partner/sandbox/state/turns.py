"""Faults on request for what is not creating: a mode for the next so many turns of a kind."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Generic, NamedTuple

from campaigns.partner.sandbox.state.behaviour import (
    AnyMode,
    BehaviourError,
    DescribedMode,
    read_mode,
    read_seconds,
    read_times,
)
from campaigns.partner.sandbox.state.store import Store


class ReadingMode(DescribedMode):
    """The treatment of the next reading requests."""

    NORMAL = "normal", "Answers as the documents say."
    SLOW = "slow", "Answers as usual after 3 seconds."
    TOO_MANY = "too_many", "Answers 429 with Retry-After: 1."
    SERVER_ERROR = "server_error", "Answers 500."
    HALF_PAGE = "half_page", "Closes the connection after half of the answer."
    WRONG_JSON = "wrong_json", "Answers 200 with half of the JSON."
    VANISHED = "vanished", "Answers 404, as if the campaign had never been."
    SHIFTED = "shifted", "Gives the phone numbers in reverse order."


class WebhookMode(DescribedMode):
    """The treatment of the next webhooks."""

    NORMAL = "normal", "Sends each once, in order."
    LATE = "late", "Sends it after 5 seconds."
    DOUBLED = "doubled", "Sends it twice."
    OUT_OF_ORDER = "out_of_order", "Sends it after the one that follows it."
    LOST = "lost", "Never sends it."


@dataclass(frozen=True, slots=True)
class Setting(Generic[AnyMode]):
    """The `mode` of the next `times` turns. `seconds` sets the wait of a mode that waits."""

    mode: AnyMode
    times: int = 0
    seconds: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Turn(NamedTuple, Generic[AnyMode]):
    """The treatment of one request or webhook."""

    mode: AnyMode
    wait_seconds: float


class Turns(Generic[AnyMode]):
    """The setting of one kind, stored in the ledger's file. `waits` has the seconds of modes that wait."""

    def __init__(
        self, store: Store, kind: str, modes: type[AnyMode], waits: Mapping[AnyMode, float]
    ) -> None:
        self._store = store
        self._kind = kind
        self._waits = waits
        self.modes = modes
        self._normal = read_mode(modes, "normal")

    def read(self, wanted: object) -> Setting[AnyMode]:
        """Return the setting in the API's JSON object. Raises BehaviourError."""
        if not isinstance(wanted, Mapping) or wanted.keys() - {"mode", "times", "seconds"}:
            message = 'Give an object like {"mode": "normal", "times": 1}; "seconds" is optional.'
            raise BehaviourError(message)
        mode = read_mode(self.modes, wanted.get("mode"))
        times, seconds = read_times(wanted.get("times", 1)), read_seconds(wanted.get("seconds"))
        is_normal = mode is self._normal or not times
        return Setting(self._normal) if is_normal else Setting(mode, times, seconds)

    def current(self) -> Setting[AnyMode]:
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT mode, times, seconds FROM turns WHERE kind = ? AND times > 0", [self._kind]
            ).fetchone()
        return Setting(read_mode(self.modes, row[0]), *row[1:]) if row else Setting(self._normal)

    def set(self, setting: Setting[AnyMode]) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO turns (kind, mode, times, seconds) VALUES (?, ?, ?, ?)",
                [self._kind, setting.mode.value, setting.times, setting.seconds],
            )

    def take(self) -> Turn[AnyMode]:
        """Return the treatment of one request or webhook, and count it."""
        with self._store.transaction() as db:
            row = db.execute(
                "UPDATE turns SET times = times - 1 WHERE kind = ? AND times > 0 "
                "RETURNING mode, seconds",
                [self._kind],
            ).fetchone()
        mode = read_mode(self.modes, row[0]) if row else self._normal
        seconds = row[1] if row else None
        return Turn(mode, self._waits.get(mode, 0.0) if seconds is None else seconds)


def reading_turns(store: Store) -> Turns[ReadingMode]:
    return Turns(store, "reading", ReadingMode, {ReadingMode.SLOW: 3.0})


def webhook_turns(store: Store) -> Turns[WebhookMode]:
    return Turns(store, "webhook", WebhookMode, {WebhookMode.LATE: 5.0})
