"""The hours of a test call: as soon as the partner can take it, and within the client's calling hours."""

from datetime import UTC, datetime, time, timedelta

from campaigns.clients.models import Client
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import Hours

# How long the partner may take to ring once it may call. It rings one phone once.
OPEN_FOR = timedelta(minutes=15)
# The first tries to reach the partner may fail. Each is repeated after a while, and without this time the
# test call would expire before.
FOR_RETRIES = timedelta(minutes=2)
ONE_MINUTE = timedelta(minutes=1)


def soonest(client: Client, now: datetime) -> Hours | None:
    """Return the first hours, on the client's clock, in which the partner can make a test call.

    They begin on a whole minute, once there was time to reach the partner. Return None if they would begin
    outside the client's calling hours, or can't be written on the partner's clock.
    """
    start = _next_minute(now + time_to_reach(client))
    there = start.astimezone(client.zone)
    day = there.date()
    opens, closes = (
        schedule.moment(day, clock, client.zone).astimezone(UTC)
        for clock in (client.calling_from, client.calling_until)
    )
    # The partner's hours end on the day on which they begin.
    last = schedule.moment(start.astimezone(schedule.UK).date(), schedule.LAST_MINUTE, schedule.UK)
    finish = min(start + OPEN_FOR, closes, last.astimezone(UTC))
    if start < opens or finish - start < ONE_MINUTE:
        return None
    hours = Hours(day, _clock(there), _clock(finish.astimezone(client.zone)))
    return hours if _means(hours, start, client) else None


def time_to_reach(client: Client) -> timedelta:
    """Return how long it takes until a test call can ring: the client's lead time, and time for retries."""
    return client.hand_over_time + FOR_RETRIES


def _next_minute(at: datetime) -> datetime:
    return (
        (at + ONE_MINUTE - timedelta(microseconds=1))
        .astimezone(UTC)
        .replace(second=0, microsecond=0)
    )


def _clock(at: datetime) -> time:
    return at.time().replace(fold=0)


def _means(hours: Hours, start: datetime, client: Client) -> bool:
    """Return whether the hours begin at `start`: in the night when clocks go back, they may not."""
    try:
        schedule.on_uk_clock(hours, client.zone)
    except schedule.NotOnUkClock:
        return False
    return schedule.starts_at(hours, client.zone).astimezone(UTC) == start
