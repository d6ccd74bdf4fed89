"""Working days where a client's time zone is: neither a weekend nor a bank holiday."""

from datetime import date
from zoneinfo import ZoneInfo

from campaigns.drafts.campaign import bank_holidays

SATURDAY = 5


def next_after(day: date, zone: ZoneInfo, count: int) -> list[date]:
    """Return the next `count` working days after a day, or fewer at the calendar's end."""
    found: list[date] = []
    for ordinal in range(day.toordinal() + 1, date.max.toordinal() + 1):
        if len(found) == count:
            break
        if is_working_day(following := date.fromordinal(ordinal), zone):
            found.append(following)
    return found


def is_working_day(day: date, zone: ZoneInfo) -> bool:
    return day.weekday() < SATURDAY and not bank_holidays.among([day], zone)
