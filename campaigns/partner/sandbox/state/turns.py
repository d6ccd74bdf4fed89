"""Faults on request: a mode for the next so many create requests, reading requests or webhooks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from campaigns.partner.sandbox.state.behaviour import (
    DescribedMode,
    Mode,
    ReadingMode,
    WebhookMode,
)
from campaigns.partner.sandbox.state.store import Store

MAX_TIMES = 1_000_000
MAX_SECONDS = 3_600
# Seconds that the modes of create requests wait.
CREATE_WAITS = {Mode.SLOW: 3.0, Mode.HANG: 15 * 60.0}

AnyMode = TypeVar("AnyMode", bound=DescribedMode)


class BehaviourError(ValueError):
    """The behaviour asked for is invalid. The text says what to give instead."""


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
        self._normal = _mode_of(modes, "normal")

    def read(self, wanted: object) -> Setting[AnyMode]:
        """Return the setting in the API's JSON object. Raises BehaviourError."""
        if not isinstance(wanted, Mapping) or wanted.keys() - {"mode", "times", "seconds"}:
            example = next(mode for mode in self.modes if mode is not self._normal)
            message = (
                f'Give an object like {{"mode": "{example}", "times": 1}}; "seconds" is optional.'
            )
            raise BehaviourError(message)
        mode = _mode_of(self.modes, wanted.get("mode"))
        times, seconds = _times_of(wanted.get("times", 1)), _seconds_of(wanted.get("seconds"))
        is_normal = mode is self._normal or not times
        return Setting(self._normal) if is_normal else Setting(mode, times, seconds)

    def current(self) -> Setting[AnyMode]:
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT mode, times, seconds FROM turns WHERE kind = ? AND times > 0", [self._kind]
            ).fetchone()
        return Setting(_mode_of(self.modes, row[0]), *row[1:]) if row else Setting(self._normal)

    def set(self, setting: Setting[AnyMode]) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO turns (kind, mode, times, seconds) VALUES (?, ?, ?, ?)",
                [self._kind, setting.mode.value, setting.times, setting.seconds],
            )

    def take(self) -> Turn[AnyMode]:
        """Return the treatment of one request or webhook, and count it. No two get the same turn."""
        with self._store.transaction() as db:
            row = db.execute(
                "UPDATE turns SET times = times - 1 WHERE kind = ? AND times > 0 "
                "RETURNING mode, seconds",
                [self._kind],
            ).fetchone()
        mode = _mode_of(self.modes, row[0]) if row else self._normal
        seconds = row[1] if row else None
        return Turn(mode, self._waits.get(mode, 0.0) if seconds is None else seconds)


def create_turns(store: Store) -> Turns[Mode]:
    return Turns(store, "create", Mode, CREATE_WAITS)


def reading_turns(store: Store) -> Turns[ReadingMode]:
    return Turns(store, "reading", ReadingMode, {ReadingMode.SLOW: 3.0})


def webhook_turns(store: Store) -> Turns[WebhookMode]:
    return Turns(store, "webhook", WebhookMode, {WebhookMode.LATE: 5.0})


def _mode_of(modes: type[AnyMode], value: object) -> AnyMode:
    """Return the mode of this name. Raises BehaviourError, with the names that there are."""
    if not isinstance(value, str) or value not in list(modes):
        message = f"mode must be one of: {', '.join(modes)}."
        raise BehaviourError(message)
    return next(mode for mode in modes if mode == value)


def _times_of(value: object) -> int:
    """Return for how many requests a mode applies. Raises BehaviourError."""
    if type(value) is not int or not 0 <= value <= MAX_TIMES:
        message = f"times must be a whole number from 0 to {MAX_TIMES}."
        raise BehaviourError(message)
    return value


def _seconds_of(value: object) -> float | None:
    """Return how long a mode waits, None if it is not said. Raises BehaviourError."""
    if value is None:
        return None
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    if not 0 <= number <= MAX_SECONDS:
        message = f"seconds must be a number from 0 to {MAX_SECONDS}."
        raise BehaviourError(message)
    return float(number)
