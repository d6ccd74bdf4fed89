"""The sandbox's faulty behaviour, and the number of create requests that it still applies to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self, TypeVar

from campaigns.partner.sandbox.state.store import Store

MAX_TIMES = 1_000_000
MAX_SECONDS = 3_600


class DescribedMode(StrEnum):
    """A treatment of requests, with the sentence that the sandbox's page shows for it."""

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        mode = str.__new__(cls, value)
        mode._value_ = value
        mode.description = description
        return mode


AnyMode = TypeVar("AnyMode", bound=DescribedMode)


class Mode(DescribedMode):
    """The treatment of the next create requests. An invalid campaign is never created, whatever the mode."""

    NORMAL = "normal", "Answers as the documents say."
    REFUSE = "refuse", "Answers 400: the call flow is not active. Not created."
    REFUSE_FIELDS = "refuse_fields", "Answers 400 with words for several fields. Not created."
    UNAUTHORISED = "unauthorised", "Answers 401. Not created."
    TOO_MANY = "too_many", "Answers 429. Not created."
    SERVER_ERROR = "server_error", "Answers 500. Not created."
    UNAVAILABLE = "unavailable", "Answers 503. Not created."
    REDIRECT = "redirect", "Answers 307 to its own create address. Not created."
    SLOW = "slow", "Created, and answers as usual after 3 seconds."
    HANG = "hang", "Created, then never answers, for 15 minutes or until the client goes."
    CUT_BEFORE = "cut_before", "Resets the connection halfway through the body. Not created."
    CUT_AFTER = "cut_after", "Created, then closes the connection without an answer."
    NO_ID = "no_id", "Created; answers 201 with JSON that has no id."
    TEXT = "text", "Created; answers 201 with the text Campaign with campaign ID=123."
    BARE_ID = "bare_id", "Created; answers 200 with the id alone, a number."
    QUOTED_ID = "quoted_id", "Created; answers 200 with the id alone, in quotes."


_WAIT_SECONDS = {Mode.SLOW: 3.0, Mode.HANG: 15 * 60.0}


class BehaviourError(ValueError):
    """The behaviour asked for is invalid. The text says what to give instead."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The `mode` of the next `times` create requests. `seconds` sets the wait of slow and hang."""

    mode: Mode = Mode.NORMAL
    times: int = 0
    seconds: float | None = None

    @classmethod
    def read(cls, wanted: object) -> Self:
        """Return the behaviour in the API's JSON object. Raises BehaviourError."""
        if not isinstance(wanted, Mapping) or wanted.keys() - {"mode", "times", "seconds"}:
            message = 'Give an object like {"mode": "refuse", "times": 1}; "seconds" is optional.'
            raise BehaviourError(message)
        mode = read_mode(Mode, wanted.get("mode"))
        times, seconds = read_times(wanted.get("times", 1)), read_seconds(wanted.get("seconds"))
        return cls() if mode is Mode.NORMAL or not times else cls(mode, times, seconds)

    @property
    def wait_seconds(self) -> float:
        return _WAIT_SECONDS.get(self.mode, 0.0) if self.seconds is None else self.seconds

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Behaviours:
    """The current behaviour, stored in the ledger's file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self) -> Behaviour:
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT mode, times, seconds FROM behaviour WHERE times > 0"
            ).fetchone()
        return Behaviour(Mode[row[0]], row[1], row[2]) if row else Behaviour()

    def set(self, behaviour: Behaviour) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO behaviour (id, mode, times, seconds) VALUES (1, ?, ?, ?)",
                [behaviour.mode.name, behaviour.times, behaviour.seconds],
            )

    def take(self) -> Behaviour:
        """Return the behaviour for one create request and count it. No two requests get the same turn."""
        with self._store.transaction() as db:
            row = db.execute(
                "UPDATE behaviour SET times = times - 1 WHERE times > 0 RETURNING mode, seconds"
            ).fetchone()
        return Behaviour(Mode[row[0]], 1, row[1]) if row else Behaviour()


def read_mode(modes: type[AnyMode], value: object) -> AnyMode:
    """Return the mode of this name. Raises BehaviourError, with the names that there are."""
    if not isinstance(value, str) or value not in list(modes):
        message = f"mode must be one of: {', '.join(modes)}."
        raise BehaviourError(message)
    return next(mode for mode in modes if mode == value)


def read_times(value: object) -> int:
    """Return for how many requests a mode applies. Raises BehaviourError."""
    if type(value) is not int or not 0 <= value <= MAX_TIMES:
        message = f"times must be a whole number from 0 to {MAX_TIMES}."
        raise BehaviourError(message)
    return value


def read_seconds(value: object) -> float | None:
    """Return how long a mode waits, None if it is not said. Raises BehaviourError."""
    if value is None:
        return None
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    if not 0 <= number <= MAX_SECONDS:
        message = f"seconds must be a number from 0 to {MAX_SECONDS}."
        raise BehaviourError(message)
    return float(number)
