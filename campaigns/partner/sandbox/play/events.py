"""What of a campaign is told by webhook, and when: the end of each call, and each change of an SMS."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

from campaigns.partner.codes import SmsStatus
from campaigns.partner.sandbox.play.lives import Life, PlayedCall, PlayedSms, whole
from campaigns.partner.sandbox.play.plan import Plan


class CallEvent(NamedTuple):
    """The end of a call. Moments are in seconds since 1970."""

    moment: float
    call: PlayedCall


class SmsEvent(NamedTuple):
    """A change of a person's SMS, the first of which has the `place` 0."""

    moment: float
    place: int
    sms: PlayedSms
    status: SmsStatus


def events(life: Life) -> list[CallEvent | SmsEvent]:
    """Return everything that is told of one number, in no order."""
    found: list[CallEvent | SmsEvent] = [CallEvent(call.end, call) for call in life.calls]
    for place, sms in enumerate(life.smss):
        found.append(SmsEvent(sms.sent_at, place, sms, SmsStatus.SENT))
        found.append(SmsEvent(sms.known_at, place, sms, sms.status))
    return found


@dataclass(frozen=True, slots=True)
class Timeline:
    """The moments of all events of a campaign in order, and whose each is: 16 bytes an event."""

    moments: "array[float]"
    positions: "array[int]"

    @classmethod
    def of(cls, plan: Plan, campaign_id: int, numbers: Iterable[str]) -> Self:
        found = sorted(
            (event.moment, position)
            for position, number in enumerate(numbers)
            for event in events(whole(plan, campaign_id, position, number))
        )
        moments = array("d", (moment for moment, _ in found))
        return cls(moments, array("q", (position for _, position in found)))

    def between(self, after: float, until: float) -> set[int]:
        """Return the positions of those with an event after one moment and not after the other."""
        first, last = bisect_right(self.moments, after), bisect_right(self.moments, until)
        return set(self.positions[first:last])

    def at_most(self, after: float, until: float, most: int) -> float:
        """Return `until`, or an earlier moment if more than `most` events come before it."""
        first = bisect_right(self.moments, after)
        return min(until, self.moments[first + most]) if first + most < len(self.moments) else until
