"""The sandbox's clock, by which campaigns are played. It can be set, sped up and stopped."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from campaigns.partner.sandbox.play.plan import ZONE
from campaigns.partner.sandbox.state.store import Store

MAX_SPEED = 100_000


class ClockError(ValueError):
    """The clock asked for is invalid. The text says what to give instead."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A clock that showed `shown` when the machine's showed `real`. Both are seconds since 1970."""

    real: float = 0.0
    shown: float = 0.0
    speed: float = 1.0

    @classmethod
    def read(cls, wanted: object, *, real: float) -> Self:
        """Return the setting in the API's JSON object. Raises ClockError."""
        if not isinstance(wanted, Mapping) or wanted.keys() - {"now", "speed"}:
            message = 'Give an object like {"now": "2026-10-01T09:00:00Z", "speed": 60}.'
            raise ClockError(message)
        now = wanted.get("now") or None
        return cls(real, real if now is None else _moment(now), _speed(wanted.get("speed", 1)))

    def at(self, real: float) -> float:
        return self.shown + (real - self.real) * self.speed


class Clock:
    """The clock, stored in the ledger's file. Without a setting it is the machine's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> float:
        """Return what it shows, in seconds since 1970."""
        return self.setting().at(time.time())

    def setting(self) -> Setting:
        with self._store.transaction() as db:
            row = db.execute("SELECT real, shown, speed FROM clock").fetchone()
        return Setting(*row) if row else Setting()

    def set(self, setting: Setting) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO clock (id, real, shown, speed) VALUES (1, ?, ?, ?)",
                [setting.real, setting.shown, setting.speed],
            )

    def as_json(self) -> dict[str, Any]:
        setting = self.setting()
        shown = datetime.fromtimestamp(setting.at(time.time()), UTC)
        return {"now": shown.isoformat(timespec="milliseconds"), "speed": setting.speed}


def _moment(value: object) -> float:
    try:
        found = datetime.fromisoformat(value if isinstance(value, str) else "")
        # Without a zone it is UK wall clock, as in all that the partner writes.
        moment = (found if found.tzinfo else found.replace(tzinfo=ZONE)).timestamp()
    except (ValueError, OverflowError):
        moment = -1
    if not 0 <= moment < datetime(2100, 1, 1, tzinfo=UTC).timestamp():
        message = "now must be a time like 2026-10-01T09:00:00Z before the year 2100, or null."
        raise ClockError(message)
    return moment


def _speed(value: object) -> float:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    if not 0 <= number <= MAX_SPEED:
        message = f"speed must be a number from 0, which stops the clock, to {MAX_SPEED}."
        raise ClockError(message)
    return float(number)
