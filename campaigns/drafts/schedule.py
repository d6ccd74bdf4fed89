"""A draft's hours on the clock: when they are, and what the partner's clock shows then.

The partner documents no time zone; UK wall clock is our reading (a guess, see docs/partner.md).
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from campaigns.drafts.content import Hours, SendAt

UK = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class UkHours:
    """One calling window on the UK's wall clock, all of it known."""

    day: date
    start: time
    finish: time


class HoursCrossMidnight(Exception):
    """On the partner's clock the window would end on another day than it begins."""


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant. Of an hour that comes twice in autumn, the first; see `exists`."""
    return datetime.combine(day, clock, tzinfo=zone)


def exists(day: date, clock: time, zone: ZoneInfo) -> bool:
    """Say whether the clock ever shows this time: an hour in spring is skipped."""
    there = moment(day, clock, zone)
    back = there.astimezone(ZoneInfo("UTC")).astimezone(zone)
    return back.replace(tzinfo=None) == there.replace(tzinfo=None)


def starts_at(hours: Hours, zone: ZoneInfo) -> datetime:
    """Return the instant at which complete hours begin."""
    if hours.day is None or hours.start is None:
        message = "the hours are incomplete"
        raise ValueError(message)
    return moment(hours.day, hours.start, zone)


def sends_at(send_at: SendAt, zone: ZoneInfo) -> datetime | None:
    """Return the instant chosen for handing it to the partner; None where none was chosen."""
    if send_at.day is None or send_at.clock is None:
        return None
    return moment(send_at.day, send_at.clock, zone)


def named(instant: datetime, zone: ZoneInfo) -> str:
    """Write an instant on a client's clock, and on the UK's where that is another."""
    there = f"{instant.astimezone(zone):%a %-d %b %Y, %H:%M}"
    if zone == UK:
        return f"{there} UK time"
    return f"{there} {zone.key} time ({instant.astimezone(UK):%a %-d %b, %H:%M} UK time)"


def on_uk_clock(hours: Hours, zone: ZoneInfo) -> UkHours:
    """Return complete hours as the partner is told them. Raises HoursCrossMidnight."""
    if hours.day is None or hours.start is None or hours.finish is None:
        message = "the hours are incomplete"
        raise ValueError(message)
    start = moment(hours.day, hours.start, zone).astimezone(UK)
    finish = moment(hours.day, hours.finish, zone).astimezone(UK)
    if start.date() != finish.date():
        raise HoursCrossMidnight
    return UkHours(start.date(), start.time(), finish.time())
