"""All calls to one number over a campaign's life, and what of it has happened by an instant."""

from typing import NamedTuple

from campaigns.partner.codes import Outcome, SmsStatus
from campaigns.partner.sandbox.play import outcomes
from campaigns.partner.sandbox.play.outcomes import SMS_PRICE, Draw, Ended
from campaigns.partner.sandbox.play.plan import Plan

# As in the portal's dial plan: 30 lines, 40 seconds a call.
SECONDS_BETWEEN_CALLS = 40 / 30
# Whoever was reached is not called again. Nor is a number that can't be called.
REACHED = Outcome.ANSWERED
LAST = frozenset({Outcome.ANSWERED, Outcome.EXCLUDED, Outcome.INVALID})


class PlayedCall(NamedTuple):
    """One call. Moments are in seconds since 1970."""

    start: float
    attempt: int
    ended: Ended

    @property
    def end(self) -> float:
        return self.start + self.ended.seconds


class PlayedSms(NamedTuple):
    """One SMS: sent at a moment, and later known to have become `status`. Seconds since 1970."""

    sent_at: float
    known_at: float
    status: SmsStatus

    def status_at(self, now: float) -> SmsStatus:
        return self.status if now >= self.known_at else SmsStatus.SENT

    @property
    def price(self) -> float:
        return SMS_PRICE


class Life(NamedTuple):
    """The calls to a number and the SMS sent to it, in order."""

    calls: tuple[PlayedCall, ...]
    smss: tuple[PlayedSms, ...]

    def until(self, now: float) -> "Life":
        """Return what has happened: a call counts when it has ended, an SMS when it was sent."""
        return Life(
            tuple(call for call in self.calls if call.end <= now),
            tuple(sms for sms in self.smss if sms.sent_at <= now),
        )


def whole(plan: Plan, campaign_id: int, position: int, number: str) -> Life:
    """Return the calls to the number at `position` in the campaign, from 0, from the first to the last.

    Everybody's first call comes in order of position, at an even pace while the windows are open. Each
    further call is due when the interval since the beginning of the one before is over.
    """
    calls: list[PlayedCall] = []
    smss: list[PlayedSms] = []
    start = plan.windows.after(position * SECONDS_BETWEEN_CALLS)
    for attempt, wait in enumerate(plan.waits, start=1):
        if start is None:
            break
        draw = Draw(campaign_id, number, attempt)
        leaves_message = plan.is_on(plan.answerphone, attempt)
        ended = outcomes.of_call(draw, leaves_message=leaves_message)
        call = PlayedCall(start, attempt, ended)
        calls.append(call)
        if ended.outcome is Outcome.BUSY and plan.is_on(plan.sms_on_busy, attempt):
            status, later = outcomes.of_sms(draw)
            smss.append(PlayedSms(call.end, call.end + later, status))
        if ended.outcome in LAST:
            break
        due = max(start + wait * 60, call.end + 1)
        start = plan.windows.open_at(due, spread=position * SECONDS_BETWEEN_CALLS)
    return Life(tuple(calls), tuple(smss))
