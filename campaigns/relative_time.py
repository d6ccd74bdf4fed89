"""Times in the words of people: "21:49 today", "yesterday 21:49", "28 Nov". Knows nothing of Django."""

from datetime import date, datetime, timedelta


def relative(at: datetime, now: datetime) -> str:
    """Return when `at` was, seen from `now`. Both are in the zone of whoever reads it.

    Only times of yesterday, today and tomorrow have an hour. Only days of another year have their year.
    """
    days = (at.date() - now.date()) // timedelta(days=1)
    near = {-1: "yesterday {}", 0: "{} today", 1: "tomorrow {}"}.get(days)
    return near.format(f"{at:%H:%M}") if near else _day(at.date(), now.date())


def _day(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%b}{year}"


def full(at: datetime) -> str:
    """Return a time in the UK with its day and zone: "28 Nov 2026 21:49 UK time"."""
    return f"{at.day} {at:%b %Y %H:%M} UK time"
