"""The sandbox's faulty behaviour for reading requests. It leaves create requests alone."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from campaigns.partner.sandbox.state.behaviour import (
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


@dataclass(frozen=True, slots=True)
class ReadingBehaviour:
    """The `mode` of the next `times` reading requests. `seconds` sets the wait of slow."""

    mode: ReadingMode = ReadingMode.NORMAL
    times: int = 0
    seconds: float | None = None

    @classmethod
    def read(cls, wanted: object) -> Self:
        """Return the behaviour in the API's JSON object. Raises BehaviourError."""
        if not isinstance(wanted, Mapping) or wanted.keys() - {"mode", "times", "seconds"}:
            message = (
                'Give an object like {"mode": "half_page", "times": 1}; "seconds" is optional.'
            )
            raise BehaviourError(message)
        mode = read_mode(ReadingMode, wanted.get("mode"))
        times, seconds = read_times(wanted.get("times", 1)), read_seconds(wanted.get("seconds"))
        return cls() if mode is ReadingMode.NORMAL or not times else cls(mode, times, seconds)

    @property
    def wait_seconds(self) -> float:
        usual = 3.0 if self.mode is ReadingMode.SLOW else 0.0
        return usual if self.seconds is None else self.seconds

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class ReadingBehaviours:
    """The current behaviour, stored in the ledger's file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self) -> ReadingBehaviour:
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT mode, times, seconds FROM reading_behaviour WHERE times > 0"
            ).fetchone()
        return ReadingBehaviour(ReadingMode[row[0]], *row[1:]) if row else ReadingBehaviour()

    def set(self, behaviour: ReadingBehaviour) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO reading_behaviour (id, mode, times, seconds) "
                "VALUES (1, ?, ?, ?)",
                [behaviour.mode.name, behaviour.times, behaviour.seconds],
            )

    def take(self) -> ReadingBehaviour:
        """Return the behaviour for one reading request and count it."""
        with self._store.transaction() as db:
            row = db.execute(
                "UPDATE reading_behaviour SET times = times - 1 WHERE times > 0 "
                "RETURNING mode, seconds"
            ).fetchone()
        return ReadingBehaviour(ReadingMode[row[0]], 1, row[1]) if row else ReadingBehaviour()
