"""Convert a draft's hours to instants, and to the times on the partner's clock.

The partner documents no time zone. The portal sends UK wall clock, which is a guess (see
docs/partner.md).
"""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.drafts.campaign.content import Hours, SendAt

UK = ZoneInfo("Europe/London")
LAST_MINUTE = time(23, 59)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class UkHours:
    """One complete calling window on the UK's wall clock."""

    day: date
    start: time
    finish: time


class NotOnUkClock(Exception):
    """The partner's clock can't show the window. `sentence` says why, and which hours are possible."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class HoursCrossMidnight(NotOnUkClock):
    """On the partner's clock the window would end on another day than it begins."""


class HoursRunBackwards(NotOnUkClock):
    """The partner's clock goes back during the window, which would end before it begins."""


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant. If an hour comes twice in autumn, the first is meant. See also `exists`."""
    return datetime.combine(day, clock, tzinfo=zone)


def exists(day: date, clock: time, zone: ZoneInfo) -> bool:
    """Return whether the clock ever shows this time. In spring an hour is skipped."""
    there = moment(day, clock, zone)
    back = there.astimezone(ZoneInfo("UTC")).astimezone(zone)
    return back.replace(tzinfo=None) == there.replace(tzinfo=None)


def starts_at(hours: Hours, zone: ZoneInfo) -> datetime:
    """Return the instant at which the hours begin. Raises ValueError if they are incomplete."""
    if hours.day is None or hours.start is None:
        message = "the hours are incomplete"
        raise ValueError(message)
    return moment(hours.day, hours.start, zone)


def sends_at(send_at: SendAt, zone: ZoneInfo) -> datetime | None:
    """Return the instant chosen for sending it to the partner, or None if none was chosen."""
    if send_at.day is None or send_at.clock is None:
        return None
    return moment(send_at.day, send_at.clock, zone)


def named(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as text, on a client's clock and, if that is another, on the UK's."""
    there = f"{instant.astimezone(zone):%a %-d %b %Y, %H:%M}"
    if zone == UK:
        return f"{there} UK time"
    return f"{there} {zone.key} time ({instant.astimezone(UK):%a %-d %b, %H:%M} UK time)"


def on_uk_clock(hours: Hours, zone: ZoneInfo) -> UkHours:
    """Return the hours on the partner's clock. Raises NotOnUkClock, and ValueError if incomplete."""
    if hours.day is None or hours.start is None or hours.finish is None:
        message = "the hours are incomplete"
        raise ValueError(message)
    start = moment(hours.day, hours.start, zone).astimezone(UK)
    finish = moment(hours.day, hours.finish, zone).astimezone(UK)
    day = start.date()
    if day != finish.date():
        latest, next_day = _there(day, LAST_MINUTE, zone), _there(day + ONE_DAY, time(0), zone)
        sentence = (
            "This ends at or after midnight UK time, which the partner does not allow. "
            f"Finish by {latest}, or start at {next_day} or later ({_place(zone)})."
        )
        raise HoursCrossMidnight(sentence)
    if finish.time() <= start.time():
        before, after = _there(day, time(1), zone), _there(day, time(2), zone)
        sentence = (
            "The clocks go back in the UK during these hours, so in UK time they end before they "
            f"start. Finish by {before}, or start at {after} or later ({_place(zone)})."
        )
        raise HoursRunBackwards(sentence)
    return UkHours(start.date(), start.time(), finish.time())


def doubt_on_uk_clock(hours: Hours, zone: ZoneInfo) -> str:
    """Return a sentence if the UK's clock shows the start or the finish twice, else "".

    Hours in the UK's own zone are never in doubt.
    """
    if zone == UK or hours.day is None or not MINYEAR < hours.day.year < MAXYEAR:
        return ""
    for clock in (hours.start, hours.finish):
        there = clock and moment(hours.day, clock, zone).astimezone(UK).replace(fold=0)
        if there and there.utcoffset() != there.replace(fold=1).utcoffset():
            return (
                f"The clocks go back in the UK that night, so {there:%H:%M} happens twice. The partner "
                "may use either time."
            )
    return ""


def _there(day: date, clock: time, zone: ZoneInfo) -> str:
    """Return a time of the UK's clock as text on another zone's clock."""
    return f"{moment(day, clock, UK).astimezone(zone):%H:%M}"


def _place(zone: ZoneInfo) -> str:
    """Return the place that a zone is named for: "New York"."""
    return zone.key.rsplit("/", maxsplit=1)[-1].replace("_", " ")
