"""What comes of one call: its outcome, stage, digits, length and price, drawn from a seed.

The shares are a [guess] at an ordinary day; the prices are made up.
"""

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from campaigns.partner.codes import Outcome, SmsStatus, Stage

Value = TypeVar("Value")

PRICE_A_MINUTE = 0.06
SMS_PRICE = 0.045


class Ended(NamedTuple):
    """How a call ended. `seconds` is how long it took, `price` in pounds, to a hundredth of a penny."""

    outcome: Outcome
    stage: Stage
    digits: str
    is_transfer: bool
    seconds: int
    price: float


class _Talk(NamedTuple):
    stage: Stage
    digits: str = ""
    seconds: tuple[int, int] = (10, 45)
    is_transfer: bool = False


class _Shares(Generic[Value]):
    """Values with their shares, from which one is drawn by a number from 0 to 1."""

    def __init__(self, shares: Sequence[tuple[float, Value]]) -> None:
        self._values = [value for _, value in shares]
        self._limits = list(accumulate(share for share, _ in shares))

    def at(self, part: float) -> Value:
        return self._values[bisect_right(self._limits, part * self._limits[-1])]


_OUTCOMES = _Shares(
    [
        (38, Outcome.ANSWERED),
        (24, Outcome.NO_ANSWER),
        (20, Outcome.ANSWERPHONE_NO_MESSAGE),
        (9, Outcome.BUSY),
        (3.5, Outcome.UNOBTAINABLE),
        (2, Outcome.NO_CONNECTION),
        (1.2, Outcome.INVALID),
        (0.8, Outcome.OVERFLOW),
        (0.5, Outcome.FAX),
        (0.5, Outcome.EXCLUDED),
        (0.5, Outcome.UNKNOWN),
    ]
)
_TALKS = _Shares(
    [
        (22, _Talk(Stage.CORRECT_CALLEE_HUNG_UP, "", (4, 30))),
        (16, _Talk(Stage.OPT_IN, "1", (20, 60))),
        (12, _Talk(Stage.CORRECT_CALLEE, "1", (20, 70))),
        (8, _Talk(Stage.ANSWERED, "", (3, 20))),
        (8, _Talk(Stage.WRONG_CALLEE, "2")),
        (8, _Talk(Stage.TRANSFER_ACCEPTED, "13", (60, 300), is_transfer=True)),
        (7, _Talk(Stage.OPT_OUT, "9", (15, 45))),
        (5, _Talk(Stage.WRONG_CALLEE_HUNG_UP, "2", (4, 20))),
        (5, _Talk(Stage.DECLINED, "3", (4, 15))),
        (4, _Talk(Stage.TRANSFER_REQUESTED, "13", (30, 90))),
        (3, _Talk(Stage.CALLBACK_REQUESTED, "14", (20, 60))),
        (2, _Talk(Stage.TRANSFERRED_TO_PAYMENT_LINE, "15", (90, 400), is_transfer=True)),
        (1, _Talk(Stage.DROPPED, "", (1, 5))),
    ]
)
# How long nobody answers.
_RINGING_SECONDS = {Outcome.NO_ANSWER: (20, 35), Outcome.FAX: (3, 9)}
_SMS = _Shares(
    [
        (86, SmsStatus.DELIVERED),
        (6, SmsStatus.UNDELIVERABLE),
        (4, SmsStatus.EXPIRED),
        (2, SmsStatus.REJECTED),
        (1, SmsStatus.INVALID_RECIPIENT),
        (1, SmsStatus.UNKNOWN),
    ]
)


class Draw:
    """The chances of one call: numbers from 0 to 1, the same for the same seed on every machine."""

    __slots__ = ("_digest",)

    def __init__(self, campaign_id: int, number: str, attempt: int) -> None:
        self._digest = blake2b(
            f"{campaign_id}/{number}/{attempt}".encode(), digest_size=32
        ).digest()

    def part(self, place: int) -> float:
        """Return one of four independent numbers, at least 0 and less than 1."""
        return int.from_bytes(self._digest[place * 6 : place * 6 + 6], "big") / 2**48


def of_call(draw: Draw, *, leaves_message: bool) -> Ended:
    """Return how a call ended. With `leaves_message` an answerphone gets the message."""
    outcome = _OUTCOMES.at(draw.part(0))
    if outcome is Outcome.ANSWERED:
        talk = _TALKS.at(draw.part(1))
        seconds = _between(talk.seconds, draw.part(2))
        return Ended(outcome, talk.stage, talk.digits, talk.is_transfer, seconds, _price(seconds))
    if outcome is Outcome.ANSWERPHONE_NO_MESSAGE:
        if leaves_message:
            seconds = _between((15, 40), draw.part(2))
            left = Outcome.ANSWERPHONE_MESSAGE
            return Ended(left, Stage.ANSWERPHONE_MESSAGE, "", False, seconds, _price(seconds))
        seconds = _between((3, 8), draw.part(2))
        return Ended(outcome, Stage.ANSWERPHONE_NO_MESSAGE, "", False, seconds, _price(seconds))
    stage = Stage.EXCLUDED if outcome is Outcome.EXCLUDED else Stage.NONE
    seconds = _between(_RINGING_SECONDS.get(outcome, (0, 3)), draw.part(2))
    return Ended(outcome, stage, "", False, seconds, 0.0)


def of_sms(draw: Draw) -> tuple[SmsStatus, float]:
    """Return what becomes of an SMS, and the seconds after which that is known."""
    return _SMS.at(draw.part(1)), 2 + draw.part(3) * 118


def _between(limits: tuple[int, int], part: float) -> int:
    low, high = limits
    return low + int(part * (high - low + 1))


def _price(seconds: int) -> float:
    return round(seconds / 60 * PRICE_A_MINUTE, 4)
